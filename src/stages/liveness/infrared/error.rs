use crate::error::{Coded, Status};
use crate::frame::{Emitter, FrameUnsynced, InfraredFormat};
use std::fmt;
use vultus_nn::NetworkError;

/// Frames that do not belong together, or an engine that fails.
#[derive(Clone, Debug, PartialEq)]
pub enum InfraredError {
    /// The colour frame and the infrared frame are of different moments.
    Unsynced(FrameUnsynced),
    /// The frames with the lamp on and off are too far apart in time.
    PairUnsynced {
        /// How far, in microseconds.
        skew_us: u64,
        /// What is allowed, in microseconds.
        most_us: u64,
    },
    /// The frames with the lamp on and off differ in size, orientation or format.
    PairDiffers {
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
    /// The network failed.
    Network(NetworkError),
    /// The network answered with something that is no number.
    NoNumber {
        /// Its name in the pack.
        network: String,
    },
}

impl fmt::Display for InfraredError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unsynced(error) => error.fmt(f),
            Self::PairUnsynced { skew_us, most_us } => write!(
                f,
                "the infrared frames with the lamp on and off are {:.1} ms apart, allowed is {:.1}",
                *skew_us as f64 / 1000.0,
                *most_us as f64 / 1000.0
            ),
            Self::PairDiffers { lit, unlit } => write!(
                f,
                "the infrared frame with the lamp on is {lit:?}, the one with it off {unlit:?}; or they are turned differently"
            ),
            Self::UnlitFrame { emitter } => write!(
                f,
                "the frame of the room's light was taken with the emitter {emitter:?}"
            ),
            Self::Network(error) => error.fmt(f),
            Self::NoNumber { network } => write!(f, "network {network} answers with no number"),
        }
    }
}

impl std::error::Error for InfraredError {}

impl From<FrameUnsynced> for InfraredError {
    fn from(error: FrameUnsynced) -> Self {
        Self::Unsynced(error)
    }
}

impl From<NetworkError> for InfraredError {
    fn from(error: NetworkError) -> Self {
        Self::Network(error)
    }
}

impl Coded for InfraredError {
    fn status(&self) -> Status {
        match self {
            Self::Unsynced(_) | Self::PairUnsynced { .. } => Status::FrameUnsynced,
            Self::PairDiffers { .. } | Self::UnlitFrame { .. } => Status::SensorFrameInvalid,
            Self::Network(_) | Self::NoNumber { .. } => Status::ModelNetworkInvalid,
        }
    }
}
