//! What a frame is refused for, and the checks that find it.

use crate::error::{Coded, Status};
use std::fmt;

/// Longest side of a frame in pixels.
pub const MAX_FRAME_SIDE: u32 = 8192;

/// A frame whose bytes do not fit its layout.
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum FrameError {
    /// Width or height outside `1..=8192`.
    Side {
        /// "width" or "height".
        side: &'static str,
        /// Its value in pixels.
        value: u32,
    },
    /// The stride is too small for a row, or absurd.
    Stride {
        /// What was passed, in bytes.
        stride: usize,
        /// The least stride of this format and width.
        least: usize,
        /// The largest stride accepted.
        most: usize,
    },
    /// The slice ends before the last pixel.
    TooFewBytes {
        /// Its length.
        length: usize,
        /// The bytes needed.
        needed: usize,
    },
}

impl fmt::Display for FrameError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Side { side, value } => {
                write!(
                    f,
                    "frame {side} is {value} px, allowed is 1 to {MAX_FRAME_SIDE}"
                )
            }
            Self::Stride {
                stride,
                least,
                most,
            } => {
                write!(
                    f,
                    "row stride is {stride} bytes, allowed is {least} to {most}"
                )
            }
            Self::TooFewBytes { length, needed } => {
                write!(f, "frame has {length} bytes, its layout needs {needed}")
            }
        }
    }
}

impl std::error::Error for FrameError {}

impl Coded for FrameError {
    fn status(&self) -> Status {
        Status::FrameLayoutInvalid
    }
}

pub(super) fn check_sides(width: u32, height: u32) -> Result<(), FrameError> {
    for (side, value) in [("width", width), ("height", height)] {
        if !(1..=MAX_FRAME_SIDE).contains(&value) {
            return Err(FrameError::Side { side, value });
        }
    }
    Ok(())
}

pub(super) fn check_stride(stride: usize, least: usize) -> Result<(), FrameError> {
    // The upper bound keeps every later product of stride and rows inside usize on 32 bits.
    let most = MAX_FRAME_SIDE as usize * 4;
    if (least..=most).contains(&stride) {
        return Ok(());
    }
    Err(FrameError::Stride {
        stride,
        least,
        most,
    })
}

pub(super) fn check_length(bytes: &[u8], needed: usize) -> Result<(), FrameError> {
    if bytes.len() < needed {
        return Err(FrameError::TooFewBytes {
            length: bytes.len(),
            needed,
        });
    }
    Ok(())
}
