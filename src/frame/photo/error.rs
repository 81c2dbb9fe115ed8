use super::limits::PhotoLimits;
use crate::error::{Coded, Status};
use std::fmt;

/// Why a picture file was refused.
#[derive(Debug)]
#[non_exhaustive]
pub enum PhotoError {
    /// No bytes at all.
    Empty,
    /// Larger than 5 MB as base64.
    TooManyBytes {
        /// The file's length.
        bytes: usize,
    },
    /// A known picture format that is not supported.
    Format {
        /// Its name, such as "GIF".
        name: String,
    },
    /// The first bytes belong to no known picture format.
    NotAPicture,
    /// The long side exceeds the limit of the format.
    TooLarge {
        /// In pixels.
        width: u32,
        /// In pixels.
        height: u32,
        /// The limit in pixels.
        most: u32,
    },
    /// The short side is below 64 px.
    TooSmall {
        /// In pixels.
        width: u32,
        /// In pixels.
        height: u32,
    },
    /// A JPEG with less in it than its header promises: the file was cut short, or a part was lost.
    Incomplete {
        /// The share of the picture that is missing, above 0 to 1.
        missing: f32,
    },
    /// A JPEG that no decoder can follow.
    Malformed {
        /// What it has, in words that go on "the JPEG ...".
        what: &'static str,
    },
    /// The file is too short for the size in its header.
    Implausible {
        /// In pixels.
        width: u32,
        /// In pixels.
        height: u32,
        /// The file's length.
        bytes: usize,
    },
    /// The decoder gave up; the cause is kept.
    Decode(image::ImageError),
}

impl fmt::Display for PhotoError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Empty => write!(f, "the picture has no bytes"),
            Self::TooManyBytes { bytes } => write!(
                f,
                "the file has {bytes} bytes, allowed are {} (5 MB as base64)",
                PhotoLimits::MAX_BYTES
            ),
            Self::Format { name } => {
                write!(f, "{name} is not supported, use JPEG, PNG or BMP")
            }
            Self::NotAPicture => write!(f, "the file is not a JPEG, PNG or BMP picture"),
            Self::TooLarge {
                width,
                height,
                most,
            } => write!(
                f,
                "the picture is {width}×{height} px, its long side may be {most} px"
            ),
            Self::TooSmall { width, height } => write!(
                f,
                "the picture is {width}×{height} px, its short side must be at least {} px",
                PhotoLimits::MIN_SIDE
            ),
            Self::Incomplete { missing } => write!(
                f,
                "the JPEG lacks {:.1} % of its picture: the file was cut short, or a part was lost",
                (missing * 100.0).max(0.1)
            ),
            Self::Malformed { what } => write!(f, "the JPEG {what}"),
            Self::Implausible {
                width,
                height,
                bytes,
            } => write!(
                f,
                "the header promises {width}×{height} px, more than {bytes} bytes can hold"
            ),
            Self::Decode(cause) => write!(f, "the picture cannot be decoded: {cause}"),
        }
    }
}

impl std::error::Error for PhotoError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Decode(cause) => Some(cause),
            _ => None,
        }
    }
}

impl Coded for PhotoError {
    fn status(&self) -> Status {
        match self {
            Self::Empty => Status::ImageEmpty,
            Self::TooManyBytes { .. } => Status::ImageSizeExceed,
            Self::Format { .. } => Status::ImageFormatUnsupported,
            Self::TooLarge { .. } => Status::ImageResolutionExceed,
            Self::TooSmall { .. } => Status::ImageResolutionTooSmall,
            Self::NotAPicture
            | Self::Incomplete { .. }
            | Self::Malformed { .. }
            | Self::Implausible { .. }
            | Self::Decode(_) => Status::ImageDecodeFailed,
        }
    }
}
