//! One answer from several frames of one track.
//!
//! A frame is often wrong where five in a row seldom are, as long as their errors have different causes. Attacks that pass
//! for a reason pass in every frame: a decision over time lowers BPCER and chance, not what a kind of artefact
//! can do.

use super::{Check, Evidence, Liveness, Reason, Reasons};
use crate::config::OutOfRange;
use crate::error::{Coded, Status};
use std::collections::VecDeque;
use std::fmt;

/// How many frames have to agree, of how many, within what time.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct DecisionRules {
    needed: usize,
    of: usize,
    within_us: u64,
}

impl DecisionRules {
    /// `needed` of the newest `of` frames (1 to 32), of which it has to be more than half, so that frames cannot agree on
    /// both; all of them within `within_us` microseconds (0.1 to 10 s).
    ///
    /// # Errors
    /// [`OutOfRange`] with the offending value.
    pub fn new(needed: usize, of: usize, within_us: u64) -> Result<Self, OutOfRange> {
        let refuse = |name, value, range| Err(OutOfRange { name, value, range });
        if !(1..=32).contains(&of) {
            return refuse("frames of a decision", of as f64, "1 to 32");
        }
        if needed <= of / 2 || needed > of {
            let range = "more than half of the frames, and no more than all";
            return refuse("frames that have to agree", needed as f64, range);
        }
        if !(100_000..=10_000_000).contains(&within_us) {
            return refuse(
                "time of a decision",
                within_us as f64,
                "100000 to 10000000 us",
            );
        }
        Ok(Self {
            needed,
            of,
            within_us,
        })
    }
}

impl Default for DecisionRules {
    /// 3 of 5 within 1.5 s.
    fn default() -> Self {
        Self {
            needed: 3,
            of: 5,
            within_us: 1_500_000,
        }
    }
}

/// What was found in one frame, of whatever kind.
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
    /// with [`Reason::TooFewFrames`] and those of inconclusive frames.
    pub verdict: Liveness,
    /// The median of the scores of the frames that count, the lower one of two; on the scale of the frames'.
    pub score: Option<f32>,
    /// The checks that passed in every frame that agrees; none where too few do.
    pub evidence: Evidence,
    /// Frames that count.
    pub frames: usize,
}

/// Decides over the frames of one track after the other.
#[derive(Clone, Debug)]
pub struct LivenessDecision {
    rules: DecisionRules,
    track: Option<u64>,
    /// With rising times.
    frames: VecDeque<FrameLiveness>,
}

impl LivenessDecision {
    /// Knows no frame yet.
    #[must_use]
    pub fn new(rules: DecisionRules) -> Self {
        Self {
            rules,
            track: None,
            frames: VecDeque::with_capacity(rules.of + 1),
        }
    }

    /// Takes the answer of a frame and decides over it and those before it. A frame of another track than the last one
    /// begins anew: another face may have come before the camera.
    ///
    /// A frame counts once, by its time. Of two answers for it, as when a colour frame was paired twice, the worse
    /// one counts: spoof, then inconclusive, then live.
    ///
    /// # Errors
    /// [`DecisionError`] for a frame without a capture time, or of one before that of the last frame of the track; nothing
    /// changes then.
    pub fn add(&mut self, track: u64, frame: FrameLiveness) -> Result<Decided, DecisionError> {
        if frame.timestamp_us == 0 {
            return Err(DecisionError::TimestampMissing);
        }
        if self.track != Some(track) {
            self.track = Some(track);
            self.frames.clear();
        }
        match self.frames.back_mut() {
            Some(last) if frame.timestamp_us < last.timestamp_us => {
                return Err(DecisionError::OutOfOrder {
                    previous_us: last.timestamp_us,
                    value_us: frame.timestamp_us,
                });
            }
            Some(last) if frame.timestamp_us == last.timestamp_us => {
                if badness(frame.verdict) > badness(last.verdict) {
                    *last = frame;
                }
            }
            _ => self.frames.push_back(frame),
        }
        while self.frames.len() > self.rules.of {
            self.frames.pop_front();
        }
        let within_us = self.rules.within_us;
        self.frames
            .retain(|old| frame.timestamp_us - old.timestamp_us <= within_us);
        Ok(self.decide())
    }

    fn decide(&self) -> Decided {
        let agree = |kind: fn(Liveness) -> bool| {
            let these = self.frames.iter().filter(move |f| kind(f.verdict));
            (these.clone().count() >= self.rules.needed).then_some(these)
        };
        let live = |verdict: Liveness| verdict == Liveness::Live;
        let spoof = |verdict: Liveness| matches!(verdict, Liveness::Spoof(_));
        let (verdict, evidence) = if let Some(these) = agree(live) {
            (Liveness::Live, common(these))
        } else if let Some(these) = agree(spoof) {
            (Liveness::Spoof(reasons(these.clone())), common(these))
        } else {
            let unclear = self
                .frames
                .iter()
                .filter(|f| matches!(f.verdict, Liveness::Inconclusive(_)));
            let reasons = reasons(unclear).with(Reason::TooFewFrames);
            (Liveness::Inconclusive(reasons), Evidence::default())
        };
        Decided {
            verdict,
            score: self.score(),
            evidence,
            frames: self.frames.len(),
        }
    }

    fn score(&self) -> Option<f32> {
        let mut scores: Vec<f32> = self.frames.iter().filter_map(|f| f.score).collect();
        scores.sort_by(f32::total_cmp);
        scores.get(scores.len().checked_sub(1)? / 2).copied()
    }
}

impl Default for LivenessDecision {
    /// 3 of 5 within 1.5 s.
    fn default() -> Self {
        Self::new(DecisionRules::default())
    }
}

fn badness(verdict: Liveness) -> u8 {
    match verdict {
        Liveness::Live => 0,
        Liveness::Inconclusive(_) => 1,
        Liveness::Spoof(_) => 2,
    }
}

/// The reasons of all frames.
fn reasons<'a>(frames: impl Iterator<Item = &'a FrameLiveness>) -> Reasons {
    frames.fold(Reasons::default(), |all, frame| match frame.verdict {
        Liveness::Live => all,
        Liveness::Spoof(reasons) | Liveness::Inconclusive(reasons) => all.union(reasons),
    })
}

/// The checks that passed in every frame, and that there are several.
fn common<'a>(frames: impl Iterator<Item = &'a FrameLiveness>) -> Evidence {
    let mut evidence = frames.map(|frame| frame.evidence);
    let first = evidence.next().unwrap_or_default();
    evidence
        .fold(first, Evidence::intersection)
        .with(Check::SeveralFrames)
}

/// A frame that a decision does not take.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum DecisionError {
    /// It has no capture time.
    TimestampMissing,
    /// It was captured before the last frame of its track.
    OutOfOrder {
        /// The last one, in microseconds.
        previous_us: u64,
        /// Its own, in microseconds.
        value_us: u64,
    },
}

impl fmt::Display for DecisionError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TimestampMissing => f.write_str("the frame has no capture time"),
            Self::OutOfOrder {
                previous_us,
                value_us,
            } => write!(
                f,
                "the frame is of {value_us} us, the one before it of {previous_us} us"
            ),
        }
    }
}

impl std::error::Error for DecisionError {}

impl Coded for DecisionError {
    fn status(&self) -> Status {
        Status::SensorFrameInvalid
    }
}

#[cfg(test)]
mod tests;
