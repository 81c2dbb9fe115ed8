//! What goes into a decision, and what comes out.

use crate::stages::liveness::verdict::{Evidence, Liveness};

/// What was found in one frame, by whatever modality.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct FrameLiveness {
    /// Capture time in microseconds, not 0: the only clock there is.
    pub timestamp_us: u64,
    /// The answer.
    pub verdict: Liveness,
    /// Its score, `0..=1`, where there is one.
    pub score: Option<f32>,
    /// The checks that passed.
    pub evidence: Evidence,
}

/// What the frames of a track say together.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Decided {
    /// Live or spoof where enough frames agree, with the reasons of all frames that do; else inconclusive,
    /// with [`Reason::TooFewFrames`](crate::liveness::Reason::TooFewFrames) and those of inconclusive frames.
    pub verdict: Liveness,
    /// The median of the scores of the frames that count, the lower one of two; on the scale of the frames'.
    pub score: Option<f32>,
    /// The checks that passed in every frame that agrees; none where too few do.
    pub evidence: Evidence,
    /// Frames that count.
    pub frames: usize,
}
