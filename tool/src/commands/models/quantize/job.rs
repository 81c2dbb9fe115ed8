//! The pack that is to be made, checked before anything is computed and written whole or not at all.

use super::args::QuantizeArgs;
use crate::failure::{Failure, Result, WithFile};
use crate::packs::{self, PackFile, Signer};
use std::fs;
use std::path::{Path, PathBuf};
use toml_edit::DocumentMut;
use vultus::internals::model::{InBytes, NetworkSpec, Pack, PackNetwork, Role};

/// Golden values hold within this much of the largest. Bytes are the same on every processor; f32 before
/// them is not to the last bit, and a value halfway between two bytes may go to the other one.
const GOLDEN_TOLERANCE: f32 = 5e-3;

const SNR_RANGE: std::ops::RangeInclusive<f64> = 5.0..=60.0;

/// What is to be done, checked before anything is computed.
pub(super) struct Job {
    pub(super) from: PathBuf,
    pub(super) out: PathBuf,
    id: String,
    version: String,
    description: String,
    pub(super) snr_db: Option<f64>,
    pub(super) chosen: Vec<NetworkSpec>,
    all: Vec<NetworkSpec>,
    pub(super) had_curve: bool,
}

impl Job {
    pub(super) fn new(args: &QuantizeArgs, pack: &Pack) -> Result<Self> {
        if let Some(db) = args.min_snr
            && !SNR_RANGE.contains(&db)
        {
            let message = format!(
                "--min-snr is {db}, allowed is {} to {} dB",
                SNR_RANGE.start(),
                SNR_RANGE.end()
            );
            return Err(Failure::text(message));
        }
        let out = args.out.clone().unwrap_or_else(|| beside(&args.pack));
        packs::check_vacant(&out)?;
        let specs = pack.networks().iter().map(PackNetwork::spec);
        let all: Vec<NetworkSpec> = specs.cloned().collect();
        if let Some(bare) = all.iter().find(|spec| spec.plan.is_none()) {
            let message = format!(
                "network {} has no plan; compile the pack first (`vultus models compile`)",
                bare.name
            );
            return Err(Failure::text(message).about(&args.pack));
        }
        let old = pack.manifest();
        let job = Self {
            from: args.pack.clone(),
            out,
            id: args
                .id
                .clone()
                .unwrap_or_else(|| format!("{}-int8", old.id)),
            version: args.version.clone().unwrap_or_else(|| old.version.clone()),
            description: format!("{} In bytes (int8).", old.description),
            snr_db: args.min_snr,
            chosen: chosen(&all, args.networks.as_deref())?,
            all,
            had_curve: pack.curve().is_some(),
        };
        if job.model_id() == **pack.model_id() {
            let message = format!(
                "the new pack would be {} too, but embeddings of bytes are another model: name another --id or --version",
                job.model_id()
            );
            return Err(Failure::text(message));
        }
        Ok(job)
    }

    pub(super) fn model_id(&self) -> String {
        format!("{}@{}", self.id, self.version)
    }

    /// Writes the pack whole or not at all. The networks that stay as they were.
    pub(super) fn write(
        &self,
        done: &[(NetworkSpec, InBytes)],
        signer: &Signer,
    ) -> Result<Vec<String>> {
        let mut files: Vec<PackFile> = Vec::new();
        let mut float = Vec::new();
        let mut document = packs::manifest(&self.from)?;
        self.rename(&mut document);
        let tables = document["network"].as_array_of_tables_mut();
        let tables = tables.expect("the pack was opened: it has [[network]] tables");
        for (table, spec) in tables.iter_mut().zip(&self.all) {
            // A device's pack: `sha256` still says which ONNX file it all came from.
            table.remove("file");
            let name = format!("{}.plan", spec.name);
            let bytes = match done.iter().find(|(other, _)| other.name == spec.name) {
                Some((_, done)) => {
                    table["golden"] = packs::golden(spec, &done.golden, GOLDEN_TOLERANCE);
                    done.plan.clone()
                }
                None => {
                    float.push(spec.name.clone());
                    let plan = spec.plan.as_ref().expect("checked before");
                    let file = self.from.join(&plan.file);
                    fs::read(&file).with_file(&file)?
                }
            };
            table["plan"] = packs::plan(&name, &bytes);
            files.push((name, bytes));
        }
        packs::create(&self.out, &document.to_string(), &files, signer)?;
        Ok(float)
    }

    fn rename(&self, document: &mut DocumentMut) {
        let new = [
            ("id", &self.id),
            ("version", &self.version),
            ("description", &self.description),
        ];
        for (key, text) in new {
            document[key] = packs::replaced(&document[key], text);
        }
        for curve in ["calibration", "masked_calibration"] {
            document.remove(curve);
        }
    }
}

fn beside(pack: &Path) -> PathBuf {
    let mut name = pack.file_name().unwrap_or_default().to_owned();
    name.push("-int8");
    pack.with_file_name(name)
}

fn chosen(all: &[NetworkSpec], names: Option<&[String]>) -> Result<Vec<NetworkSpec>> {
    let Some(names) = names else {
        // Photographs do not show what infrared cameras and depth sensors see.
        let unseen = [Role::LivenessInfrared, Role::LivenessDepth];
        let seen = all.iter().filter(|spec| !unseen.contains(&spec.role));
        return Ok(seen.cloned().collect());
    };
    let find = |name: &String| {
        let found = all.iter().find(|spec| spec.name == *name).cloned();
        found.ok_or_else(|| {
            let there: Vec<&str> = all.iter().map(|spec| spec.name.as_str()).collect();
            Failure::text(format!(
                "the pack has no network {name}; it has {}",
                there.join(", ")
            ))
        })
    };
    names.iter().map(find).collect()
}
