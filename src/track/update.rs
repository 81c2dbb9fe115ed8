//! What a tracker is given, and what it answers.

use crate::config::TrackId;
use crate::geom::Rect;

/// A face that a detector found in a frame.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Sighting {
    /// Its rectangle in pixels of the frame.
    pub rect: Rect,
    /// The detector's confidence, `0..=1`.
    pub score: f32,
}

/// What happened to a track.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum Change {
    /// A face was seen often enough to count; its number is new and never used again.
    Entered(TrackId),
    /// It was not seen in this frame.
    Lost(TrackId),
    /// It was lost and is seen again.
    Found(TrackId),
    /// It was not seen for so long that it counts as gone.
    Left(TrackId),
    /// Two tracks turned out to be one person: the older one goes on, the other one ends.
    Merged {
        /// The track that ends.
        ended: TrackId,
        /// The track that goes on.
        into: TrackId,
    },
}

/// The answer for one frame.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Update {
    /// Of each sighting, in the order they were handed over: the track it belongs to. `None` where it began no track, or one
    /// that was not seen often enough yet.
    pub tracks: Vec<Option<TrackId>>,
    /// What happened to tracks, in the order of their numbers.
    pub changes: Vec<Change>,
    /// So many sightings were left out, the weakest ones, because a frame may have 64.
    pub left_out: usize,
}
