//! Stage B: the network. It is asked of faces that stage A calls live, and can only say no.

use super::geometry::DepthAssessment;
use super::picture::ReliefCells;
use crate::model::PackNetwork;
use crate::stages::liveness::classifier::Classifier;
use crate::stages::liveness::modality::Modality;
use crate::stages::liveness::rules::RulesError;
use crate::stages::liveness::verdict::{Check, Liveness, Reason, Reasons};

impl Classifier<ReliefCells> {
    /// A pack's network of depth liveness.
    ///
    /// # Errors
    /// [`RulesError::OtherRole`] for a network of another.
    pub fn new(network: &PackNetwork) -> Result<Self, RulesError> {
        let spec = network.spec();
        let depth = spec.liveness_depth.as_ref();
        let depth = depth.ok_or_else(|| RulesError::OtherRole {
            modality: Modality::Depth,
            network: spec.name.clone(),
        })?;
        let cells = ReliefCells {
            side: spec.input.side().0,
            cell_mm: depth.cell_mm,
        };
        Ok(Self::with_layout(network, cells))
    }
}

impl DepthAssessment {
    /// What stage A calls live, after the network's probability of a living face.
    pub(super) fn after_network(mut self, living: f32, threshold: f32) -> Self {
        self.networks.push(living);
        // Written so that no number is no life.
        if living >= threshold {
            self.evidence.insert(Check::DepthLook);
        } else {
            self.verdict = Liveness::Spoof(Reasons::default().with(Reason::DepthLook));
        }
        self
    }
}
