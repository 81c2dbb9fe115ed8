//! The front door: an [`Sdk`] that all threads share and a [`Session`] for each of them. Only a
//! [`Grant`] opens it.

mod config;
mod enrol;
mod error;
#[cfg(feature = "internals")]
mod internals;
mod liveness;
mod upgrade;

pub use config::{Config, ConfigBuilder};
pub use enrol::{EnrolOptions, ImageCode};
pub use error::{CalibrationMissing, MaskUncalibrated};
pub use upgrade::UpgradeReport;

use crate::config::{TargetFmr, TargetFpir};
use crate::engine::{Session, Stages};
use crate::error::Result;
use crate::matching::{self, Comparison};
use crate::model::{Curve, Pack, Score};
use crate::stages::attribute::MaskState;
use crate::stages::embed::Embedding;
use std::fmt;
use std::sync::Arc;
use vultus_licensing::grant::Grant;

/// Models, calibration and the right to use them. Cheap to clone, shared by all threads.
#[derive(Clone)]
pub struct Sdk {
    pack: Arc<Pack>,
    stages: Arc<Stages>,
    grant: Grant,
}

impl Sdk {
    /// Opens a model pack; nothing of it is read before its signature was checked, and nothing used before it was compared
    /// with its hash.
    ///
    /// # Errors
    /// [`crate::model::PackError`] naming the file or manifest field, or
    /// [`NotEntitled`](vultus_licensing::error::LicenceError::NotEntitled) for a grant without
    /// detection.
    pub fn open(config: &Config, grant: Grant) -> Result<Self> {
        if let Some(path) = config.cpu {
            path.checked()?;
        }
        let pack = Pack::open_with(&config.pack, config.verification, &config.trusted)?;
        Self::with_pack(pack.on_threads(&config.threads).on_cpu(config.cpu), grant)
    }

    fn with_pack(pack: Pack, grant: Grant) -> Result<Self> {
        let stages = Stages::new(&pack, &grant)?;
        Ok(Self {
            pack: Arc::new(pack),
            stages: Arc::new(stages),
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
        Ok(Session::new(&self.stages))
    }

    /// What the SDK was opened with: what may be done, and for how long.
    #[must_use]
    pub fn grant(&self) -> &Grant {
        &self.grant
    }

    /// `id@version` of the open pack: embeddings compare only with those of the same one.
    #[must_use]
    pub fn model_id(&self) -> &Arc<str> {
        self.pack.model_id()
    }

    /// The pack's calibration curve for comparisons in which a face wears a mask, or none does.
    ///
    /// # Errors
    /// [`CalibrationMissing`] when the pack has no curve at all. [`MaskUncalibrated`] when a mask is
    /// worn and it has no curve for that: its scores for bare faces would promise too much.
    pub fn curve(&self, mask: MaskState) -> Result<&Curve> {
        if mask.worn {
            let curve = self.pack.masked_curve();
            return Ok(curve.ok_or(MaskUncalibrated)?);
        }
        let curve = self.pack.curve();
        Ok(curve.ok_or_else(|| CalibrationMissing {
            model_id: self.pack.model_id().to_string(),
        })?)
    }

    /// Compares two embeddings at a target FMR. `mask` is that of the face that wears one, where
    /// either does: [`Session::mask`] tells, [`MaskState::BARE`] is for faces without.
    ///
    /// # Errors
    /// [`NotEntitled`](vultus_licensing::error::LicenceError::NotEntitled) for a licence without
    /// recognition, as [`curve`](Self::curve), or [`MatchError`](crate::comparison::MatchError): embeddings of
    /// different packs or of another pack than the curve's, or a target that the curve cannot support.
    pub fn compare(
        &self,
        a: &Embedding,
        b: &Embedding,
        mask: MaskState,
        target: TargetFmr,
    ) -> Result<Comparison> {
        self.stages.check_recognise()?;
        Ok(matching::compare(a, b, self.curve(mask)?, target)?)
    }

    /// The score that a search among `enrolled` bare faces asks for at a target FPIR.
    ///
    /// # Errors
    /// [`CalibrationMissing`], or [`MatchError::SearchTooWide`](crate::comparison::MatchError::SearchTooWide) for more faces
    /// than the curve supports at this rate.
    pub fn search_threshold(&self, enrolled: usize, target: TargetFpir) -> Result<Score> {
        let curve = self.curve(MaskState::BARE)?;
        Ok(matching::search_threshold(curve, enrolled, target)?)
    }
}

impl fmt::Debug for Sdk {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Sdk")
            .field("model_id", &self.pack.model_id())
            .finish_non_exhaustive()
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
