//! Why two infrared frames are no pair.

use crate::error::{Coded, Status};
use crate::frame::{Emitter, InfraredFormat};
use std::fmt;

/// Frames with the lamp on and off that do not belong together.
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum InfraredPairError {
    /// They are too far apart in time.
    Unsynced {
        /// How far, in microseconds.
        skew_us: u64,
        /// What is allowed, in microseconds.
        most_us: u64,
    },
    /// They differ in size, orientation or format.
    Differs {
        /// Of the frame with the lamp on: width and height in pixels, and encoding.
        lit: ((u32, u32), InfraredFormat),
        /// Of the frame with the lamp off.
        unlit: ((u32, u32), InfraredFormat),
    },
    /// The frame that should show the room's light alone was not taken with the lamp off.
    UnlitFrame {
        /// What its layout says.
        emitter: Emitter,
    },
}

impl fmt::Display for InfraredPairError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unsynced { skew_us, most_us } => write!(
                f,
                "the infrared frames with the lamp on and off are {:.1} ms apart, allowed is {:.1}",
                *skew_us as f64 / 1000.0,
                *most_us as f64 / 1000.0
            ),
            Self::Differs { lit, unlit } => write!(
                f,
                "the infrared frame with the lamp on is {lit:?}, the one with it off {unlit:?}; or they are turned differently"
            ),
            Self::UnlitFrame { emitter } => write!(
                f,
                "the frame of the room's light was taken with the emitter {emitter:?}"
            ),
        }
    }
}

impl std::error::Error for InfraredPairError {}

impl Coded for InfraredPairError {
    fn status(&self) -> Status {
        match self {
            Self::Unsynced { .. } => Status::FrameUnsynced,
            Self::Differs { .. } | Self::UnlitFrame { .. } => Status::SensorFrameInvalid,
        }
    }
}
