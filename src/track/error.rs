//! What a tracker refuses.

use crate::config::TrackId;
use crate::error::{Coded, Status};
use std::fmt;

/// A frame or a request that a tracker does not take; nothing changes then.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum TrackError {
    /// The frame is not later than the one before it.
    TimeNotRising {
        /// Time of the frame before, in microseconds.
        previous_us: u64,
        /// Time of this frame, in microseconds.
        value_us: u64,
    },
    /// A rectangle or a score is not a number, or not one that a face can have.
    SightingInvalid {
        /// Its place in the list.
        index: usize,
    },
    /// There is no such track, or it is over.
    Unknown {
        /// The track that was named.
        track: TrackId,
    },
    /// Both tracks are seen at the same time, so they are two people.
    BothSeen {
        /// The track that was to end.
        ended: TrackId,
        /// The track that was to go on.
        into: TrackId,
    },
}

impl fmt::Display for TrackError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TimeNotRising {
                previous_us,
                value_us,
            } => write!(
                f,
                "the frame's time is {value_us} us, the one before had {previous_us}: times have to rise"
            ),
            Self::SightingInvalid { index } => write!(
                f,
                "sighting {index} has a rectangle without area or a number that is not finite, or a score outside 0 to 1"
            ),
            Self::Unknown { track } => write!(f, "there is no track {track}"),
            Self::BothSeen { ended, into } => write!(
                f,
                "tracks {ended} and {into} are in one frame, so they cannot be one person"
            ),
        }
    }
}

impl std::error::Error for TrackError {}

impl Coded for TrackError {
    fn status(&self) -> Status {
        Status::InvalidParameter
    }
}
