//! The decision about one face.

use super::error::DecisionError;
use super::frame::{Decided, FrameLiveness};
use super::rules::DecisionRules;
use crate::config::TrackId;
use crate::stages::liveness::verdict::{Check, Evidence, Liveness, Reason, Reasons};
use std::collections::VecDeque;

/// Decides over the frames of one track: one face that a host follows. Where several come before a camera at once, see
/// [`TrackDecisions`](super::TrackDecisions).
#[derive(Clone, Debug)]
pub struct LivenessDecision {
    track: TrackId,
    rules: DecisionRules,
    /// With rising times.
    frames: VecDeque<FrameLiveness>,
}

impl LivenessDecision {
    /// Knows no frame of the track yet.
    #[must_use]
    pub fn new(track: TrackId, rules: DecisionRules) -> Self {
        Self {
            track,
            rules,
            frames: VecDeque::with_capacity(rules.of + 1),
        }
    }

    /// The track that is decided about.
    #[must_use]
    pub fn track(&self) -> TrackId {
        self.track
    }

    /// Takes the answer of a frame and decides over it and those before it.
    ///
    /// A frame counts once, by its time. Of two answers for it, as when a colour frame was paired twice, the worse
    /// one counts: spoof, then inconclusive, then live.
    ///
    /// # Errors
    /// [`DecisionError`] for a frame of another track, without a capture time, or of one before that of the last frame;
    /// nothing changes then.
    pub fn add(&mut self, track: TrackId, frame: FrameLiveness) -> Result<Decided, DecisionError> {
        if track != self.track {
            return Err(DecisionError::OtherTrack {
                expected: self.track,
                actual: track,
            });
        }
        if frame.timestamp_us == 0 {
            return Err(DecisionError::TimestampMissing);
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

pub(super) fn badness(verdict: Liveness) -> u8 {
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
