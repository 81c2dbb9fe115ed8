use super::InfraredMeasures;
use crate::stages::liveness::{Evidence, Liveness, Reason, Reasons};

/// What the infrared frames of one moment say of a face.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct InfraredAssessment {
    /// The answer.
    pub verdict: Liveness,
    /// The network's probability of a living face on the simulated training set, `0..=1`; `None` where it was not asked.
    pub score: Option<f32>,
    /// The checks that passed.
    pub evidence: Evidence,
    /// What was measured, as far as it was.
    pub measures: Option<InfraredMeasures>,
    /// What speaks against a living face so far.
    pub(super) reasons: Reasons,
}

impl Default for InfraredAssessment {
    /// Nothing was looked at.
    fn default() -> Self {
        Self {
            verdict: Liveness::Inconclusive(Reasons::default()),
            score: None,
            evidence: Evidence::default(),
            measures: None,
            reasons: Reasons::default(),
        }
    }
}

impl InfraredAssessment {
    pub(super) fn inconclusive(self, reason: Reason) -> Self {
        Self {
            verdict: Liveness::Inconclusive(Reasons::default().with(reason)),
            ..self
        }
    }

    /// After the last check.
    pub(super) fn judged(self) -> Self {
        let verdict = if self.reasons.is_empty() {
            Liveness::Live
        } else {
            Liveness::Spoof(self.reasons)
        };
        Self { verdict, ..self }
    }
}
