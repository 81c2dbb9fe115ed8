//! Decisions about several faces before one camera.

use super::error::DecisionError;
use super::frame::{Decided, FrameLiveness};
use super::rules::DecisionRules;
use super::track::LivenessDecision;
use crate::config::TrackId;

/// One decision for each track: faces whose frames take turns do not disturb one another.
#[derive(Clone, Debug)]
pub struct TrackDecisions {
    rules: DecisionRules,
    /// Whose last frame came last is last.
    kept: Vec<LivenessDecision>,
}

impl TrackDecisions {
    /// Most tracks that are kept at once. One more takes the place of the one that got no frame for longest.
    pub const MOST: usize = 64;

    /// Knows no track yet.
    #[must_use]
    pub fn new(rules: DecisionRules) -> Self {
        Self {
            rules,
            kept: Vec::new(),
        }
    }

    /// Takes the answer of a frame of a track and decides over it and those before it, as
    /// [`LivenessDecision::add`] does. A track that is not known begins.
    ///
    /// # Errors
    /// [`DecisionError`] for a frame without a capture time, or of one before that of the last frame of its track; nothing
    /// changes then.
    pub fn add(&mut self, track: TrackId, frame: FrameLiveness) -> Result<Decided, DecisionError> {
        if let Some(at) = self.position(track) {
            let decided = self.kept[at].add(track, frame)?;
            self.kept[at..].rotate_left(1);
            return Ok(decided);
        }
        let mut decision = LivenessDecision::new(track, self.rules);
        let decided = decision.add(track, frame)?;
        if self.kept.len() == Self::MOST {
            self.kept.remove(0);
        }
        self.kept.push(decision);
        Ok(decided)
    }

    /// Forgets a track whose face is gone; says whether it was known. Those that nobody forgets make room when it is needed.
    pub fn forget(&mut self, track: TrackId) -> bool {
        let known = self.position(track);
        if let Some(at) = known {
            self.kept.remove(at);
        }
        known.is_some()
    }

    /// The tracks that are known, the one whose last frame came last at the end.
    pub fn tracks(&self) -> impl ExactSizeIterator<Item = TrackId> {
        self.kept.iter().map(LivenessDecision::track)
    }

    fn position(&self, track: TrackId) -> Option<usize> {
        self.kept.iter().position(|kept| kept.track() == track)
    }
}

impl Default for TrackDecisions {
    /// 3 of 5 within 1.5 s.
    fn default() -> Self {
        Self::new(DecisionRules::default())
    }
}
