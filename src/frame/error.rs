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
    /// The slice is longer than the layout by exactly as much as another layout would make it.
    OtherLayout {
        /// Its length.
        length: usize,
        /// What it fits.
        fits: OtherLayout,
    },
    /// Rows from one plane to the next outside `height..=16384`.
    PlaneRows {
        /// What was passed.
        rows: u32,
        /// The height.
        least: u32,
        /// The most accepted.
        most: u32,
    },
    /// The row stride of a chroma plane is too small for a row, or absurd.
    PlaneStride {
        /// "u" or "v".
        plane: &'static str,
        /// What was passed, in bytes.
        stride: usize,
        /// The least stride of this width and pixel stride.
        least: usize,
        /// The largest stride accepted.
        most: usize,
    },
    /// A pixel stride of a chroma plane outside `1..=4`.
    PixelStride {
        /// "u" or "v".
        plane: &'static str,
        /// What was passed, in bytes.
        value: usize,
    },
    /// A chroma plane that begins inside the plane of luma; or an offset for a plane that has a
    /// buffer of its own, where only 0 is allowed.
    PlaneOffset {
        /// "u" or "v".
        plane: &'static str,
        /// What was passed, in bytes.
        offset: usize,
        /// The least offset; 0 for a plane with a buffer of its own.
        least: usize,
    },
    /// The bytes of a chroma plane end before its last sample.
    PlaneTooShort {
        /// "u" or "v".
        plane: &'static str,
        /// How many there are.
        length: usize,
        /// The bytes needed.
        needed: usize,
    },
    /// Something is said of a plane that the format does not have.
    NoSuchPlane {
        /// "u" or "v".
        plane: &'static str,
    },
    /// More or fewer buffers than the format has planes.
    PlaneCount {
        /// How many were passed.
        count: usize,
        /// How many there may be.
        allowed: &'static str,
    },
}

/// The layout that a buffer's length fits exactly, where the one that was said leaves bytes over.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum OtherLayout {
    /// Another row stride in bytes, another number of rows from one plane to the next, or both.
    Aligned {
        /// Bytes from one row to the next.
        stride: usize,
        /// Rows from the start of the first plane to the next plane.
        rows: usize,
    },
    /// Another row stride of the chroma planes, in bytes.
    ChromaStride {
        /// Bytes from one row of U or V to the next.
        stride: usize,
    },
    /// Samples of another format.
    Format {
        /// What it looks like, and what to do about it.
        name: &'static str,
    },
}

impl fmt::Display for OtherLayout {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Aligned { stride, rows } => {
                write!(
                    f,
                    "a row stride of {stride} bytes and planes of {rows} rows"
                )
            }
            Self::ChromaStride { stride } => {
                write!(f, "chroma planes with a row stride of {stride} bytes")
            }
            Self::Format { name } => f.write_str(name),
        }
    }
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
            Self::OtherLayout { length, fits } => write!(
                f,
                "frame has {length} bytes, more than its layout needs and exactly those of {fits}; say where the \
                 planes lie, or plane_rows = height if the rest is not the picture's"
            ),
            Self::PlaneRows { rows, least, most } => {
                write!(f, "plane_rows is {rows}, allowed is 0 or {least} to {most}")
            }
            Self::PlaneStride {
                plane,
                stride,
                least,
                most,
            } => write!(
                f,
                "row stride of plane {plane} is {stride} bytes, allowed is {least} to {most}"
            ),
            Self::PixelStride { plane, value } => {
                write!(
                    f,
                    "pixel stride of plane {plane} is {value} bytes, allowed is 1 to 4"
                )
            }
            Self::PlaneOffset {
                plane,
                offset,
                least: 0,
            } => write!(
                f,
                "offset of plane {plane} is {offset} bytes, allowed is 0: it has a buffer of its own"
            ),
            Self::PlaneOffset {
                plane,
                offset,
                least,
            } => write!(
                f,
                "offset of plane {plane} is {offset} bytes, luma ends at {least}"
            ),
            Self::PlaneTooShort {
                plane,
                length,
                needed,
            } => write!(
                f,
                "plane {plane} has {length} bytes, its layout needs {needed}"
            ),
            Self::NoSuchPlane { plane } => write!(f, "the format has no plane {plane}"),
            Self::PlaneCount { count, allowed } => {
                write!(f, "frame has {count} buffers, its format allows {allowed}")
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
