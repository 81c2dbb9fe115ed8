//! What one moment says of a face.

use super::decision::FrameLiveness;
use super::verdict::{Check, Evidence, Liveness, Reason, Reasons};

/// What the frames of one moment say of a face, by one modality; `M` is what that modality measures.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Assessment<M> {
    /// The answer, with its reasons.
    pub verdict: Liveness,
    /// A probability of a living face, `0..=1`, on the data that it was fitted to: of colour the mean of the networks', of
    /// infrared the network's, of depth that of the relief's measures. `None` where the face came to no score.
    pub score: Option<f32>,
    /// The checks that passed.
    pub evidence: Evidence,
    /// What was measured, as far as it was.
    pub measures: Option<M>,
    /// The probability of a living face by each network that was asked, in the order of the pack, `0..=1`. Empty where none
    /// was: because what comes before them speaks against the face or leaves it undecided, or because there is none.
    pub networks: Vec<f32>,
}

impl<M> Assessment<M> {
    /// The same as one of several frames, for a decision over them. `timestamp_us` is the capture time of the frame that was
    /// judged, in microseconds.
    #[must_use]
    pub fn of_frame(&self, timestamp_us: u64) -> FrameLiveness {
        FrameLiveness {
            timestamp_us,
            verdict: self.verdict,
            score: self.score,
            evidence: self.evidence,
        }
    }

    /// The same face, which cannot be judged after all.
    pub(super) fn inconclusive(self, reason: Reason) -> Self {
        Self {
            verdict: Liveness::Inconclusive(Reasons::default().with(reason)),
            ..self
        }
    }
}

/// What the checks of a face have said so far.
#[derive(Clone, Debug)]
pub(super) struct Findings<M> {
    pub(super) score: Option<f32>,
    pub(super) measures: Option<M>,
    pub(super) networks: Vec<f32>,
    evidence: Evidence,
    reasons: Reasons,
}

impl<M> Default for Findings<M> {
    /// Nothing was checked.
    fn default() -> Self {
        Self {
            score: None,
            measures: None,
            networks: Vec::new(),
            evidence: Evidence::default(),
            reasons: Reasons::default(),
        }
    }
}

impl<M> Findings<M> {
    /// A check that was made.
    pub(super) fn check(&mut self, passes: bool, check: Check, reason: Reason) {
        if passes {
            self.passed(check);
        } else {
            self.failed(reason);
        }
    }

    pub(super) fn passed(&mut self, check: Check) {
        self.evidence.insert(check);
    }

    pub(super) fn failed(&mut self, reason: Reason) {
        self.reasons.insert(reason);
    }

    /// Whether every check that was made passed.
    pub(super) fn all_passed(&self) -> bool {
        self.reasons.is_empty()
    }

    /// After the last check.
    pub(super) fn judged(self) -> Assessment<M> {
        let verdict = if self.reasons.is_empty() {
            Liveness::Live
        } else {
            Liveness::Spoof(self.reasons)
        };
        self.with(verdict)
    }

    /// Where a check could not be made.
    pub(super) fn inconclusive(self, reasons: Reasons) -> Assessment<M> {
        self.with(Liveness::Inconclusive(reasons))
    }

    fn with(self, verdict: Liveness) -> Assessment<M> {
        Assessment {
            verdict,
            score: self.score,
            evidence: self.evidence,
            measures: self.measures,
            networks: self.networks,
        }
    }
}
