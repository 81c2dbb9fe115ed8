//! Why a frame is refused.

use crate::config::TrackId;
use crate::error::{Coded, Status};
use std::fmt;

/// A frame that a decision does not take.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[non_exhaustive]
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
    /// It shows another face.
    OtherTrack {
        /// The track that is decided about.
        expected: TrackId,
        /// The frame's.
        actual: TrackId,
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
            Self::OtherTrack { expected, actual } => write!(
                f,
                "the frame is of track {actual}, the decision of track {expected}"
            ),
        }
    }
}

impl std::error::Error for DecisionError {}

impl Coded for DecisionError {
    fn status(&self) -> Status {
        match self {
            Self::TimestampMissing | Self::OutOfOrder { .. } => Status::SensorFrameInvalid,
            Self::OtherTrack { .. } => Status::InvalidParameter,
        }
    }
}
