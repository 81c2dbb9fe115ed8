//! Why a sidecar or a frame is refused.

use super::limits::{FORMAT, LIVE, MAX_FRAME_BYTES, MAX_FRAMES};
use std::fmt;

/// A sidecar that is refused, or a frame that is not what its sidecar says.
#[derive(Clone, Debug, PartialEq)]
pub enum RecordError {
    /// Not the JSON of a sidecar.
    Json(String),
    /// Another format.
    Format(u32),
    /// No frame or too many.
    FrameCount(usize),
    /// A name that is none.
    Name(&'static str),
    /// An artefact with a living person, or none with another species.
    Artefact(String),
    /// No quarter turn.
    Rotation(u32),
    /// A number outside its range.
    Range {
        /// Which number.
        field: &'static str,
        /// What it is.
        value: f32,
        /// The least that is allowed.
        least: f32,
        /// The most that is allowed.
        most: f32,
    },
    /// Pixels that share their colour, and a side that ends in the middle of such a pair.
    OddSize {
        /// In pixels.
        width: u32,
        /// In pixels.
        height: u32,
    },
    /// Landmarks of one frame alone.
    NoRegistration,
    /// A registration of two cameras that are not known.
    NoIntrinsics,
    /// More bytes than a frame may have.
    FrameTooLarge(u64),
    /// A file that is shorter or longer than its frame.
    FrameLength {
        /// Bytes that the sidecar says.
        expected: u64,
        /// Bytes that there are.
        found: u64,
    },
}

impl std::error::Error for RecordError {}

impl fmt::Display for RecordError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Json(cause) => write!(f, "{cause}"),
            Self::Format(found) => {
                write!(f, "format is {found}, this tool reads {FORMAT}")
            }
            Self::FrameCount(found) => {
                write!(
                    f,
                    "frames has {found} entries, allowed is 1 to {MAX_FRAMES}"
                )
            }
            Self::Name(field) => write!(
                f,
                "{field} must be 1 to 64 of A-Z a-z 0-9 - _ . and no path"
            ),
            Self::Artefact(species) => write!(
                f,
                "label.species is {species}: every species but {LIVE} has a label.artefact, and that has none"
            ),
            Self::Rotation(degrees) => {
                write!(f, "rotation is {degrees}, allowed is 0, 90, 180 and 270")
            }
            Self::Range {
                field,
                value,
                least,
                most,
            } => write!(f, "{field} is {value}, allowed is {least} to {most}"),
            Self::OddSize { width, height } => write!(
                f,
                "colour is {width} by {height}, a format whose pixels share their colour has even sides"
            ),
            Self::NoRegistration => f.write_str(
                "landmarks.infrared is null: without a registration nobody knows where the face is in infrared",
            ),
            Self::NoIntrinsics => f.write_str(
                "registration.cameras needs camera.intrinsics and colour.intrinsics",
            ),
            Self::FrameTooLarge(bytes) => write!(
                f,
                "a frame of this size has {bytes} bytes, allowed is {MAX_FRAME_BYTES}"
            ),
            Self::FrameLength { expected, found } => {
                write!(f, "it has {found} bytes, its sidecar says {expected}")
            }
        }
    }
}
