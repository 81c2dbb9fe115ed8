//! `vultus models quantize`: a pack whose networks run on bytes, made with photographs.

use super::folder::{self, PackFile};
use super::manifest;
use super::tiled::Tiles;
use crate::Outcome;
use crate::args::QuantizeArgs;
use crate::dataset::pictures_below;
use crate::embed::is_no_face;
use crate::failure::{CliResult, Failure, WithFile};
use crate::output::Output;
use serde_json::{Value, json};
use std::fs;
use std::path::{Path, PathBuf};
use toml_edit::DocumentMut;
use vultus::frame::{Photo, PhotoLimits};
use vultus::internals::model::{
    InBytes, NetworkSpec, Pack, PackNetwork, Recorder, Role, quantise, sha256_hex, usual_snr_db,
};
use vultus::licensing::grant::Grant;
use vultus::{DetectOptions, Sdk};

/// Photographs with a face that are used.
const PHOTOGRAPHS: usize = 64;

/// Fewer make poor ranges, which a person should know.
const FEW_PHOTOGRAPHS: usize = 32;

/// Values of a network's inputs that are kept, at most: 256 MiB, which is 13 pictures of 1280 × 1280.
const MOST_VALUES: usize = 1 << 26;

/// Golden values hold within this much of the largest. Bytes are the same on every processor; f32 before
/// them is not to the last bit, and a value halfway between two bytes may go to the other one.
const GOLDEN_TOLERANCE: f32 = 5e-3;

const SNR_RANGE: std::ops::RangeInclusive<f64> = 5.0..=60.0;

/// Steps of the bar for one network.
const STEPS: usize = 100;

pub(crate) fn run(args: &QuantizeArgs, output: &Output) -> CliResult<Outcome> {
    let pack = Pack::open(&args.pack).map_err(|error| Failure::from(error).about(&args.pack))?;
    let job = Job::new(args, &pack)?;
    let names = job.chosen.iter().map(|spec| spec.name.as_str());
    let recorder = Recorder::new(names, MOST_VALUES);
    let photographs = exercise(pack.recorded(&recorder), &args.images, output)?;
    let done = quantise_all(&job, &recorder, output)?;
    let kept_float = job.write(&done)?;
    if job.had_curve {
        output.note(&format!(
            "{} has no curve: embeddings of bytes are another model. Measure one with\n  vultus calibrate --models {} --images PEOPLE --set NAME --install",
            job.model_id(),
            job.out.display()
        ));
    }
    let json = json!({
        "model_id": job.model_id(),
        "folder": job.out.display().to_string(),
        "photographs": photographs,
        "networks": done.iter().map(|(spec, done)| network_json(spec, done)).collect::<Vec<_>>(),
        "kept_float": kept_float,
        "calibration": Value::Null,
    });
    output.result(&json, || text(&job, photographs, &done, &kept_float));
    Ok(Outcome::Yes)
}

/// What is to be done, checked before anything is computed.
struct Job {
    from: PathBuf,
    out: PathBuf,
    id: String,
    version: String,
    description: String,
    snr_db: Option<f64>,
    chosen: Vec<NetworkSpec>,
    all: Vec<NetworkSpec>,
    had_curve: bool,
}

impl Job {
    fn new(args: &QuantizeArgs, pack: &Pack) -> CliResult<Self> {
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
        folder::check_vacant(&out)?;
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

    fn model_id(&self) -> String {
        format!("{}@{}", self.id, self.version)
    }

    /// Writes the pack whole or not at all. The networks that stay as they were.
    fn write(&self, done: &[(NetworkSpec, InBytes)]) -> CliResult<Vec<String>> {
        let mut files: Vec<PackFile> = Vec::new();
        let mut float = Vec::new();
        let mut document = folder::manifest(&self.from)?;
        self.rename(&mut document);
        let tables = document["network"].as_array_of_tables_mut();
        let tables = tables.expect("the pack was opened: it has [[network]] tables");
        for (table, spec) in tables.iter_mut().zip(&self.all) {
            // A device's pack: `sha256` still says which ONNX file it all came from.
            table.remove("file");
            let name = format!("{}.plan", spec.name);
            let bytes = match done.iter().find(|(other, _)| other.name == spec.name) {
                Some((_, done)) => {
                    table["golden"] = manifest::golden(spec, &done.golden, GOLDEN_TOLERANCE);
                    done.plan.clone()
                }
                None => {
                    float.push(spec.name.clone());
                    let plan = spec.plan.as_ref().expect("checked before");
                    let file = self.from.join(&plan.file);
                    fs::read(&file).with_file(&file)?
                }
            };
            table["plan"] = manifest::plan(&name, &bytes);
            files.push((name, bytes));
        }
        folder::create(&self.out, &document.to_string(), &files)?;
        Ok(float)
    }

    fn rename(&self, document: &mut DocumentMut) {
        let new = [
            ("id", &self.id),
            ("version", &self.version),
            ("description", &self.description),
        ];
        for (key, text) in new {
            document[key] = manifest::replaced(&document[key], text);
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

fn chosen(all: &[NetworkSpec], names: Option<&[String]>) -> CliResult<Vec<NetworkSpec>> {
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

/// Runs all networks of the pack on photographs, and its detectors on frames of many of them, too; says how many
/// photographs had a face.
fn exercise(pack: Pack, images: &Path, output: &Output) -> CliResult<usize> {
    let mut session = Sdk::from_pack(pack, Grant::demo())?.session()?;
    let bar = output.progress("photographs", PHOTOGRAPHS);
    let mut used = 0;
    let mut tiles = Tiles::default();
    for path in shuffled(images)? {
        let run = photograph(&path).and_then(|photo| {
            let options = DetectOptions::default();
            let done = session.exercise(&photo.frame(), &options);
            done.map_err(Failure::from).with_file(&path)?;
            for tiled in tiles.add(&photo) {
                session.exercise_detectors(&tiled.frame())?;
            }
            Ok(())
        });
        match run {
            Ok(()) => {
                used += 1;
                bar.inc(1);
            }
            Err(failure) if is_no_face(&failure) => {}
            Err(failure) => return Err(failure),
        }
        if used == PHOTOGRAPHS {
            break;
        }
    }
    bar.finish_and_clear();
    if used < FEW_PHOTOGRAPHS {
        output.warning(&format!(
            "{used} photographs with a face; {FEW_PHOTOGRAPHS} or more give better ranges"
        ));
    }
    Ok(used)
}

/// The folder's pictures by the SHA-256 of their paths inside it: the same choice on every machine, and
/// one that the order of names has no part in.
fn shuffled(images: &Path) -> CliResult<Vec<PathBuf>> {
    let mut pictures = pictures_below(images)?;
    pictures.sort_by_cached_key(|path| {
        let inside = path.strip_prefix(images).unwrap_or(path);
        let parts = inside.iter().map(|part| part.to_string_lossy());
        sha256_hex(parts.collect::<Vec<_>>().join("/").as_bytes())
    });
    if pictures.is_empty() {
        return Err(Failure::text("no JPEG, PNG or BMP files in it").about(images));
    }
    Ok(pictures)
}

fn photograph(path: &Path) -> CliResult<Photo> {
    let bytes = crate::context::read_at_most(path, PhotoLimits::MAX_BYTES)?;
    Photo::decode(&bytes).map_err(Failure::from).with_file(path)
}

fn quantise_all(
    job: &Job,
    recorder: &Recorder,
    output: &Output,
) -> CliResult<Vec<(NetworkSpec, InBytes)>> {
    let bar = output.progress("quantising", job.chosen.len() * STEPS);
    let mut all = Vec::new();
    for (number, spec) in job.chosen.iter().enumerate() {
        let inputs = recorder.take(&spec.name);
        let mut progress = |share: f64| {
            bar.set_position((number * STEPS) as u64 + (share * STEPS as f64) as u64);
        };
        let snr_db = job.snr_db.unwrap_or(usual_snr_db(spec.role));
        let done = quantise(&job.from, spec, &inputs, snr_db, &mut progress);
        let done = done.map_err(|error| Failure::from(error).about(&job.from))?;
        all.push((spec.clone(), done));
    }
    bar.finish_and_clear();
    Ok(all)
}

fn network_json(spec: &NetworkSpec, done: &InBytes) -> Value {
    let layers = done.layers.iter().filter(|layer| layer.float);
    json!({
        "network": spec.name,
        "layers": done.layers.len(),
        "float_layers": layers.map(|layer| json!({
            "operation": layer.operation,
            "layer": layer.what,
            "multiply_adds": layer.multiply_adds,
            "alone_db": layer.alone_db,
        })).collect::<Vec<_>>(),
        "calibrated": done.calibrated,
        "held_out": done.held_out,
        "snr_db": finite(done.fidelity.snr_db),
        "least_cosine": done.fidelity.least_cosine,
        "mean_cosine": done.fidelity.mean_cosine,
        "float_bytes": done.float_bytes,
        "plan_bytes": done.plan.len(),
    })
}

/// JSON has no infinity: outputs without any difference have no ratio.
fn finite(db: f64) -> Option<f64> {
    db.is_finite().then_some(db)
}

fn text(
    job: &Job,
    photographs: usize,
    done: &[(NetworkSpec, InBytes)],
    float: &[String],
) -> String {
    let mut text = format!(
        "{} written to {}, calibrated on {photographs} photographs\n{:<20} {:>8} {:>8} {:>7} {:>8} {:>8}  f32 layers",
        job.model_id(),
        job.out.display(),
        "network",
        "f32 KiB",
        "int8 KiB",
        "SNR dB",
        "least",
        "mean",
    );
    for (spec, done) in done {
        let layers: Vec<_> = done.layers.iter().filter(|layer| layer.float).collect();
        text += &format!(
            "\n{:<20} {:>8} {:>8} {:>7.1} {:>8.4} {:>8.4}  {} of {}",
            spec.name,
            done.float_bytes / 1024,
            done.plan.len() / 1024,
            done.fidelity.snr_db,
            done.fidelity.least_cosine,
            done.fidelity.mean_cosine,
            layers.len(),
            done.layers.len(),
        );
        for layer in layers {
            let why = match layer.alone_db {
                Some(db) => format!("in bytes it alone leaves {db:.1} dB"),
                None => "it has no form in bytes".to_owned(),
            };
            text += &format!("\n    {} stays f32: {why}", layer.what);
        }
    }
    for name in float {
        text += &format!("\n{name:<20} stays f32: not asked for");
    }
    text
}
