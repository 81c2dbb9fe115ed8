//! Stage B: the network. It is asked of faces that stage A calls live, and can only say no.

use super::picture::{ReliefCells, ReliefPicture};
use super::{DepthAssessment, DepthFace, DepthLiveness, DepthRulesError};
use crate::error::{Coded, Status};
use crate::frame::{DepthFrame, FrameUnsynced};
use crate::model::{PackError, PackNetwork};
use crate::stages::liveness::{Check, Liveness, Reason, Reasons, score};
use std::fmt;
use vultus_nn::{NetworkError, Runner};

/// A pack's network of depth liveness.
#[derive(Clone)]
pub struct DepthLook {
    network: PackNetwork,
    cells: ReliefCells,
}

impl DepthLook {
    /// With a pack's network of this role.
    ///
    /// # Errors
    /// [`DepthRulesError::OtherRole`] for a network of another.
    pub fn new(network: &PackNetwork) -> Result<Self, DepthRulesError> {
        let spec = network.spec();
        let depth = spec.liveness_depth.as_ref();
        let depth = depth.ok_or_else(|| DepthRulesError::OtherRole {
            network: spec.name.clone(),
        })?;
        Ok(Self {
            cells: ReliefCells {
                side: spec.input.side().0,
                cell_mm: depth.cell_mm,
            },
            network: network.clone(),
        })
    }

    /// The cells of a relief that the network wants.
    #[must_use]
    pub fn cells(&self) -> ReliefCells {
        self.cells
    }

    /// Working memory for one thread.
    ///
    /// # Errors
    /// [`PackError`] when its file is not what the manifest says, or the engine refuses it.
    pub fn runner(&self) -> Result<Box<dyn Runner>, PackError> {
        self.network.runner()
    }

    /// Judges a face by both stages: where the first calls it live, the network may still refuse it with
    /// [`Reason::DepthLook`]. With rules that have no thresholds for a network the first stage answers alone, and
    /// [`DepthAssessment::look`] is `None`.
    ///
    /// # Errors
    /// [`DepthError`] where the landmarks are of another moment, the rules of another network, or the engine fails.
    pub fn assess(
        &self,
        runner: &mut dyn Runner,
        judge: &DepthLiveness,
        frame: &DepthFrame<'_>,
        face: &DepthFace,
    ) -> Result<DepthAssessment, DepthError> {
        let threshold = judge.look_threshold(&self.network.spec().sha256)?;
        let found = judge.assess(frame, face)?;
        let Some(threshold) = threshold.filter(|_| found.verdict.is_live()) else {
            return Ok(found);
        };
        let picture = match ReliefPicture::of(self.cells, frame, &face.landmarks) {
            Ok(picture) => picture,
            Err(reason) => return Ok(found.unsure(reason)),
        };
        Ok(found.looked_at(self.score(runner, &picture)?, threshold))
    }

    /// The network's probability of a living face.
    ///
    /// # Errors
    /// [`DepthError`] when the engine fails.
    pub fn score(
        &self,
        runner: &mut dyn Runner,
        picture: &ReliefPicture,
    ) -> Result<f32, DepthError> {
        let living = score::living(&self.network, runner, picture.image())?;
        living.ok_or_else(|| DepthError::NoNumber {
            network: self.network.spec().name.clone(),
        })
    }
}

impl DepthAssessment {
    /// What the first stage saw was enough for it, and is not for the second.
    fn unsure(self, reason: Reason) -> Self {
        Self {
            verdict: Liveness::Inconclusive(Reasons::default().with(reason)),
            ..self
        }
    }

    pub(super) fn looked_at(self, look: f32, threshold: f32) -> Self {
        let seen = Self {
            look: Some(look),
            ..self
        };
        // Written so that no number is no life.
        if look >= threshold {
            Self {
                evidence: self.evidence.with(Check::DepthLook),
                ..seen
            }
        } else {
            Self {
                verdict: Liveness::Spoof(Reasons::default().with(Reason::DepthLook)),
                ..seen
            }
        }
    }
}

/// Frames that do not belong together, rules of another network, or an engine that fails.
#[derive(Clone, Debug, PartialEq)]
pub enum DepthError {
    /// The landmarks and the depth frame are of different moments.
    Unsynced(FrameUnsynced),
    /// The thresholds were fitted to another network.
    Rules(DepthRulesError),
    /// The network failed.
    Network(NetworkError),
    /// The network answered with something that is no number.
    NoNumber {
        /// Its name in the pack.
        network: String,
    },
}

impl fmt::Display for DepthError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unsynced(error) => error.fmt(f),
            Self::Rules(error) => error.fmt(f),
            Self::Network(error) => error.fmt(f),
            Self::NoNumber { network } => write!(f, "network {network} answers with no number"),
        }
    }
}

impl std::error::Error for DepthError {}

impl From<FrameUnsynced> for DepthError {
    fn from(error: FrameUnsynced) -> Self {
        Self::Unsynced(error)
    }
}

impl From<DepthRulesError> for DepthError {
    fn from(error: DepthRulesError) -> Self {
        Self::Rules(error)
    }
}

impl From<NetworkError> for DepthError {
    fn from(error: NetworkError) -> Self {
        Self::Network(error)
    }
}

impl Coded for DepthError {
    fn status(&self) -> Status {
        match self {
            Self::Unsynced(error) => error.status(),
            Self::Rules(error) => error.status(),
            Self::Network(_) | Self::NoNumber { .. } => Status::ModelNetworkInvalid,
        }
    }
}
