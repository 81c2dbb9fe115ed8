//! A model pack on disk: verified, then trusted.

use super::curve::Curve;
use super::error::PackError;
use super::golden::{self, GoldenReport};
use super::manifest::{DetectStrategy, FileRef, MANIFEST_FILE, MANIFEST_FORMAT, Manifest, Role};
use super::network::{PackNetwork, Verification};
use super::read::{MAX_MANIFEST_BYTES, read_limited, read_verified};
use super::record::Recorder;
use super::signature;
use super::trust::{PackKey, TrustedKeys};
use crate::error::Cause;
use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use vultus_nn::Threads;
use vultus_nn::cpu::CpuPath;

/// A model pack. Networks are planned on first use and shared by all sessions.
pub struct Pack {
    folder: PathBuf,
    manifest: Manifest,
    model_id: Arc<str>,
    networks: Vec<PackNetwork>,
    curve: Option<Arc<Curve>>,
    masked_curve: Option<Arc<Curve>>,
    signed_by: PackKey,
}

impl Pack {
    /// Reads a pack's folder, checks who signed it and compares all that it runs on with its hashes.
    ///
    /// # Errors
    /// [`PackError`] naming the file or field.
    pub fn open(folder: &Path) -> Result<Self, PackError> {
        Self::open_with(folder, Verification::OnOpening, &[])
    }

    /// The same with another time for comparing, and more keys than those of this build. A missing file is an error in either case.
    ///
    /// # Errors
    /// [`PackError`] naming the file or field.
    pub fn open_with(
        folder: &Path,
        verification: Verification,
        keys: &[PackKey],
    ) -> Result<Self, PackError> {
        let text = read_limited(folder, MANIFEST_FILE, MAX_MANIFEST_BYTES)?;
        let signed_by = signature::verify(folder, &text, &TrustedKeys::with(keys))?;
        let text = String::from_utf8(text).map_err(|_| PackError::manifest("not UTF-8"))?;
        let manifest = Manifest::parse(&text).map_err(|cause| refusal(&text, cause))?;
        let model_id: Arc<str> = format!("{}@{}", manifest.id, manifest.version).into();
        let networks = manifest
            .networks
            .iter()
            .map(|spec| PackNetwork::open(folder, spec, verification))
            .collect::<Result<Vec<_>, _>>()?;
        let read = |file: &Option<FileRef>| {
            file.as_ref()
                .map(|file| Ok::<_, PackError>(Arc::new(read_curve(folder, file, &model_id)?)))
                .transpose()
        };
        let curve = read(&manifest.calibration)?;
        let masked_curve = read(&manifest.masked_calibration)?;
        Ok(Self {
            folder: folder.to_owned(),
            manifest,
            model_id,
            networks,
            curve,
            masked_curve,
            signed_by,
        })
    }

    /// The same pack, whose networks keep in `recorder` what they are run on.
    #[must_use]
    pub fn recorded(mut self, recorder: &Recorder) -> Self {
        for network in &mut self.networks {
            network.record(recorder);
        }
        self
    }

    /// The same pack, whose networks share each inference among these threads.
    #[must_use]
    pub fn on_threads(mut self, threads: &Threads) -> Self {
        for network in &mut self.networks {
            network.run_on(threads);
        }
        self
    }

    /// The same pack, whose networks run on these kernels; `None` chooses as [`CpuPath::chosen`] does.
    #[must_use]
    pub fn on_cpu(mut self, path: Option<CpuPath>) -> Self {
        for network in &mut self.networks {
            network.run_with(path);
        }
        self
    }

    /// `id@version`: two embeddings compare only when theirs are equal.
    #[must_use]
    pub fn model_id(&self) -> &Arc<str> {
        &self.model_id
    }

    /// Where it lies.
    #[must_use]
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// The key that answers for it.
    #[must_use]
    pub fn signed_by(&self) -> PackKey {
        self.signed_by
    }

    /// The manifest, as written.
    #[must_use]
    pub fn manifest(&self) -> &Manifest {
        &self.manifest
    }

    /// The manifest's one line for people.
    #[must_use]
    pub fn description(&self) -> &str {
        &self.manifest.description
    }

    /// How its detectors work together.
    #[must_use]
    pub fn detect_strategy(&self) -> DetectStrategy {
        self.manifest.detect.strategy
    }

    /// All networks, in the manifest's order.
    #[must_use]
    pub fn networks(&self) -> &[PackNetwork] {
        &self.networks
    }

    /// The networks of one role, in the manifest's order.
    pub fn with_role(&self, role: Role) -> impl Iterator<Item = &PackNetwork> {
        self.networks
            .iter()
            .filter(move |network| network.spec().role == role)
    }

    /// The calibration curve, if the pack has one.
    #[must_use]
    pub fn curve(&self) -> Option<&Arc<Curve>> {
        self.curve.as_ref()
    }

    /// The curve measured on comparisons in which a face wears a mask, if the pack has one.
    #[must_use]
    pub fn masked_curve(&self) -> Option<&Arc<Curve>> {
        self.masked_curve.as_ref()
    }

    /// Compares every file that the manifest names with its hash, also ONNX files beside plans,
    /// which nothing runs on.
    ///
    /// # Errors
    /// [`PackError`] naming the file.
    pub fn check_files(&self) -> Result<(), PackError> {
        self.networks
            .iter()
            .try_for_each(|network| network.check_files(&self.folder))
    }

    /// Runs every network that has golden values and compares.
    ///
    /// # Errors
    /// [`PackError`] when a network cannot be run at all; a difference is part of the report.
    pub fn check_golden(&self) -> Result<Vec<GoldenReport>, PackError> {
        self.networks
            .iter()
            .filter_map(|network| golden::check(network).transpose())
            .collect()
    }
}

impl fmt::Debug for Pack {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Pack")
            .field("model_id", &self.model_id)
            .finish_non_exhaustive()
    }
}

/// Tells a newer format, whose fields may be unknown here, apart from a broken manifest.
fn refusal(text: &str, cause: Cause) -> PackError {
    let table: Option<toml::Table> = toml::from_str(text).ok();
    let format = table.and_then(|table| table.get("format")?.as_integer());
    match format {
        Some(found) if found > i64::from(MANIFEST_FORMAT) => PackError::NewerFormat { found },
        _ => PackError::Manifest { cause },
    }
}

fn read_curve(folder: &Path, file: &FileRef, model_id: &str) -> Result<Curve, PackError> {
    let bytes = read_verified(folder, &file.file, &file.sha256, MAX_MANIFEST_BYTES)?;
    let parsed = String::from_utf8(bytes).map_err(|_| "not UTF-8".into());
    let curve = parsed.and_then(|text| Curve::parse(&text));
    let curve = curve.and_then(|curve| match curve.model_id() == model_id {
        true => Ok(curve),
        false => {
            let of = curve.model_id();
            Err(format!("it belongs to {of}, the pack is {model_id}").into())
        }
    });
    curve.map_err(|cause| PackError::described(&file.file, cause))
}
