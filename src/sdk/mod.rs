//! The front door: an [`Sdk`] that all threads share and a [`Session`] for each of them. Only a
//! [`Grant`] opens it.

mod alive;
mod enrol;
mod upgrade;

pub use enrol::{EnrolOptions, ImageCode};
pub use upgrade::UpgradeReport;

use crate::align::AlignedFace;
use crate::attribute::MaskState;
use crate::config::{QualityControl, TargetFmr, TargetFpir};
use crate::embed::Embedding;
use crate::error::{Coded, Result, Status};
use crate::frame::Frame;
use crate::geom::Pose;
use crate::matching::{self, Comparison, Identification, Template};
use crate::mesh::FaceMesh;
use crate::model::{Curve, Pack, Score, Verification};
use crate::nn::Threads;
use crate::pipeline::{DetectOptions, Engine, Face, FoundFaces, Workspace};
use crate::quality::{Measured, QualityReport};
use std::fmt;
use std::path::PathBuf;
use std::sync::Arc;
use vultus_licensing::grant::Grant;

/// What an [`Sdk`] is opened with.
#[derive(Clone, Debug)]
pub struct Config {
    /// Folder of the model pack.
    pub pack: PathBuf,
    /// When its files are compared with their hashes.
    pub verification: Verification,
    /// Among how many threads each inference is shared: the caller's alone, unless set. One pool serves all sessions.
    pub threads: Threads,
}

impl Config {
    /// Everything as usual, with the model pack in this folder.
    #[must_use]
    pub fn new(pack: impl Into<PathBuf>) -> Self {
        Self {
            pack: pack.into(),
            verification: Verification::default(),
            threads: Threads::default(),
        }
    }
}

/// Models, calibration and the right to use them. Cheap to clone, shared by all threads.
#[derive(Clone)]
pub struct Sdk {
    pack: Arc<Pack>,
    engine: Arc<Engine>,
    grant: Grant,
}

impl Sdk {
    /// Opens a model pack; nothing of it is used before it was compared with its hash.
    ///
    /// # Errors
    /// [`crate::model::PackError`] naming the file or manifest field, or
    /// [`NotEntitled`](vultus_licensing::error::LicenceError::NotEntitled) for a grant without
    /// detection.
    pub fn open(config: &Config, grant: Grant) -> Result<Self> {
        let pack = Pack::open_with(&config.pack, config.verification)?.on_threads(&config.threads);
        let engine = Engine::new(&pack, &grant)?;
        Ok(Self {
            pack: Arc::new(pack),
            engine: Arc::new(engine),
            grant,
        })
    }

    /// Working memory for one thread or camera. A trial's time is looked at here; while sessions
    /// run it is looked at every 60 seconds, and after its end the next call is refused.
    ///
    /// # Errors
    /// [`Expired`](vultus_licensing::error::LicenceError::Expired) after a trial, or why its time
    /// cannot be told.
    pub fn session(&self) -> Result<Session> {
        self.grant.check_now()?;
        Ok(Session {
            work: self.engine.workspace(),
            engine: Arc::clone(&self.engine),
        })
    }

    /// What the SDK was opened with: what may be done, and for how long.
    #[must_use]
    pub fn grant(&self) -> &Grant {
        &self.grant
    }

    /// The open pack.
    #[must_use]
    pub fn pack(&self) -> &Pack {
        &self.pack
    }

    /// The pack's calibration curve.
    ///
    /// # Errors
    /// [`CalibrationMissing`] when it has none.
    pub fn curve(&self) -> Result<&Curve> {
        match self.pack.curve() {
            Some(curve) => Ok(curve),
            None => Err(CalibrationMissing {
                model_id: self.pack.model_id().to_string(),
            }
            .into()),
        }
    }

    /// The curve for a comparison, by whether a face in it wears a mask.
    ///
    /// # Errors
    /// [`MaskUncalibrated`] when one does and the pack has no curve for that: its scores for bare
    /// faces would promise too much. [`CalibrationMissing`] as for [`curve`](Self::curve).
    pub fn curve_for(&self, masked: bool) -> Result<&Curve> {
        if !masked {
            return self.curve();
        }
        match self.pack.masked_curve() {
            Some(curve) => Ok(curve),
            None => Err(MaskUncalibrated.into()),
        }
    }

    /// Compares two embeddings of which at least one is of a face with a mask.
    ///
    /// # Errors
    /// [`MaskUncalibrated`], or as [`compare`](Self::compare).
    pub fn compare_masked(
        &self,
        a: &Embedding,
        b: &Embedding,
        target: TargetFmr,
    ) -> Result<Comparison> {
        self.engine.check_recognise()?;
        Ok(matching::compare(a, b, self.curve_for(true)?, target)?)
    }

    /// Compares two embeddings at a target FMR.
    ///
    /// # Errors
    /// As [`Engine::check_recognise`], [`CalibrationMissing`], or as [`matching::compare`].
    pub fn compare(&self, a: &Embedding, b: &Embedding, target: TargetFmr) -> Result<Comparison> {
        self.engine.check_recognise()?;
        Ok(matching::compare(a, b, self.curve()?, target)?)
    }

    /// The score that a search among `enrolled` faces asks for at a target FPIR.
    ///
    /// # Errors
    /// [`CalibrationMissing`], or as [`matching::search_threshold`].
    pub fn search_threshold(&self, enrolled: usize, target: TargetFpir) -> Result<Score> {
        Ok(matching::search_threshold(self.curve()?, enrolled, target)?)
    }

    /// Searches templates for the `top` people most similar to `probe` at a target FPIR.
    ///
    /// # Errors
    /// As [`Engine::check_recognise`], [`CalibrationMissing`], or as [`matching::identify`].
    pub fn identify(
        &self,
        probe: &Embedding,
        templates: &[Template],
        target: TargetFpir,
        top: usize,
    ) -> Result<Identification> {
        self.engine.check_recognise()?;
        Ok(matching::identify(
            probe,
            templates,
            self.curve()?,
            target,
            top,
        )?)
    }
}

/// Scratch memory of one thread. Sending it to another thread is fine, sharing it is not.
pub struct Session {
    engine: Arc<Engine>,
    work: Workspace,
}

impl Session {
    /// Faces of a camera frame or photograph, best first; none is an empty list.
    ///
    /// # Errors
    /// [`crate::nn::NetworkError`] when a network fails, or when the trial is over.
    pub fn detect(&mut self, frame: &Frame<'_>, options: &DetectOptions) -> Result<FoundFaces> {
        self.engine.find(&mut self.work, frame, options)
    }

    /// The largest face of a photograph, where having none is an error.
    ///
    /// # Errors
    /// [`crate::pipeline::FindError`] when there is no face or only smaller ones.
    pub fn largest_face(&mut self, frame: &Frame<'_>, options: &DetectOptions) -> Result<Face> {
        Ok(self.detect(frame, options)?.largest(options.min_face)?)
    }

    /// Straightens a face as the embedder will see it; valid until the next call.
    ///
    /// # Errors
    /// [`crate::align::AlignError`] when the face's points are no face.
    pub fn align(&mut self, frame: &Frame<'_>, face: &Face) -> Result<&AlignedFace> {
        self.engine.align(&mut self.work, frame, face)
    }

    /// How good a face that [`detect`](Self::detect) found in this frame is for recognition.
    ///
    /// # Errors
    /// [`crate::pipeline::NoMesh`] when the face has no usable mesh, or
    /// [`crate::nn::NetworkError`] when a network fails.
    pub fn quality(&mut self, frame: &Frame<'_>, face: &Face) -> Result<QualityReport> {
        self.engine.assess(&mut self.work, frame, face)
    }

    /// What [`quality`](Self::quality) measures without any network but the mesh.
    ///
    /// # Errors
    /// As [`quality`](Self::quality).
    pub fn measure(&mut self, frame: &Frame<'_>, face: &Face) -> Result<(Measured, Pose)> {
        self.engine.measure(&mut self.work, frame, face)
    }

    /// The face's 468 points: those it was found with, or made now.
    ///
    /// # Errors
    /// As [`quality`](Self::quality).
    pub fn mesh(&mut self, frame: &Frame<'_>, face: &Face) -> Result<FaceMesh> {
        Ok(self
            .engine
            .mesh_of(&mut self.work, frame, face)?
            .into_owned())
    }

    /// Judges a face by the default rules, where not being good enough is an error.
    ///
    /// # Errors
    /// [`crate::quality::QualityRefused`] naming every flaw, or as [`quality`](Self::quality).
    /// At level 0 nothing is refused.
    pub fn qualify(
        &mut self,
        frame: &Frame<'_>,
        face: &Face,
        control: QualityControl,
    ) -> Result<QualityReport> {
        let report = self.quality(frame, face)?;
        self.engine.rules().check(&report, control)?;
        Ok(report)
    }

    /// Whether a face wears a mask.
    ///
    /// # Errors
    /// [`MaskUnknown`] when the pack has no network that sees masks, or it gives no answer;
    /// [`crate::nn::NetworkError`] when it fails.
    pub fn mask(&mut self, frame: &Frame<'_>, face: &Face) -> Result<MaskState> {
        let seen = self.engine.mask(&mut self.work, frame, face)?;
        Ok(seen.ok_or(MaskUnknown)?)
    }

    /// The embedding of a face that [`detect`](Self::detect) found in this frame.
    ///
    /// # Errors
    /// As [`align`](Self::align), or [`crate::embed::EmbedError`] when the network fails.
    pub fn embed(&mut self, frame: &Frame<'_>, face: &Face) -> Result<Embedding> {
        self.engine.embed(&mut self.work, frame, face)
    }
}

/// The pack has no calibration curve, so there are no scores and no decisions.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct CalibrationMissing {
    /// `id@version` of the pack.
    pub model_id: String,
}

impl fmt::Display for CalibrationMissing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "pack {} has no calibration curve; run `vultus calibrate`",
            self.model_id
        )
    }
}

impl std::error::Error for CalibrationMissing {}

impl Coded for CalibrationMissing {
    fn status(&self) -> Status {
        Status::CalibrationMissing
    }
}

/// The pack has no network that sees masks, or it gave no answer.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct MaskUnknown;

impl fmt::Display for MaskUnknown {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the pack has no network that sees masks")
    }
}

impl std::error::Error for MaskUnknown {}

impl Coded for MaskUnknown {
    fn status(&self) -> Status {
        Status::FeatureNotAvailable
    }
}

/// The pack has no curve for comparisons in which a face wears a mask.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct MaskUncalibrated;

impl fmt::Display for MaskUncalibrated {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the pack has no curve for faces with masks (masked_calibration)")
    }
}

impl std::error::Error for MaskUncalibrated {}

impl Coded for MaskUncalibrated {
    fn status(&self) -> Status {
        Status::CalibrationMissing
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn threads_share_the_sdk_and_own_a_session() {
        fn shared<T: Send + Sync>() {}
        fn sent<T: Send>() {}
        shared::<Sdk>();
        sent::<Session>();
    }
}
