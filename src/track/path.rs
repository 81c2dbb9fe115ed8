//! One face over time.

use super::motion::Motion;
use super::update::Sighting;
use crate::config::TrackId;
use crate::geom::Rect;

/// One face over time: not yet a track while it has no number.
#[derive(Clone, Copy, Debug)]
pub(super) struct Path {
    pub(super) id: Option<TrackId>,
    pub(super) motion: Motion,
    /// Time of the last frame that showed it, in microseconds.
    pub(super) seen_us: u64,
    /// Not in the last frame.
    pub(super) lost: bool,
    /// Frames that showed it, counted until it has a number.
    pub(super) sightings: u32,
}

impl Path {
    pub(super) fn first(sighting: &Sighting, at_us: u64) -> Self {
        Self {
            id: None,
            motion: Motion::first(&sighting.rect, at_us),
            seen_us: at_us,
            lost: false,
            sightings: 1,
        }
    }

    pub(super) fn expected(&self, at_us: u64) -> Rect {
        self.motion.at(at_us).rect()
    }

    /// Says whether it was lost.
    pub(super) fn see(&mut self, sighting: &Sighting, at_us: u64) -> bool {
        self.motion = self.motion.at(at_us).seen(&sighting.rect);
        self.seen_us = at_us;
        self.sightings = self.sightings.saturating_add(1);
        std::mem::replace(&mut self.lost, false)
    }

    pub(super) fn unseen_us(&self, at_us: u64) -> u64 {
        at_us.saturating_sub(self.seen_us)
    }
}
