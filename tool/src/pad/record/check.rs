//! What a sidecar may say.

use super::{FORMAT, LIVE, MAX_FRAME_BYTES, MAX_FRAMES};
use std::fmt;
use vultus::geom::Rotation;

/// How far outside the picture a landmark may be said to lie, in pixels.
const MAX_COORDINATE: f32 = 16_384.0;

pub(crate) fn check_format(found: u32) -> Result<(), RecordError> {
    if found == FORMAT {
        return Ok(());
    }
    Err(RecordError::Format(found))
}

/// Names are counted by and printed: letters, digits, `-`, `_` and `.`.
pub(super) fn check_name(field: &'static str, name: &str) -> Result<(), RecordError> {
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_.".contains(c);
    if (1..=64).contains(&name.len()) && name.chars().all(plain) {
        return Ok(());
    }
    Err(RecordError::Name(field))
}

/// A frame lies beside its sidecar and nowhere else.
pub(super) fn check_file(name: &str) -> Result<(), RecordError> {
    check_name("frames.file", name)?;
    if name.starts_with('.') {
        return Err(RecordError::Name("frames.file"));
    }
    Ok(())
}

pub(super) fn check_rotation(degrees: u32) -> Result<(), RecordError> {
    match Rotation::from_degrees(degrees) {
        Some(_) => Ok(()),
        None => Err(RecordError::Rotation(degrees)),
    }
}

pub(super) fn check_points(points: &[[f32; 2]; 5]) -> Result<(), RecordError> {
    let mut all = points.iter().flatten();
    all.try_for_each(|v| check_range("landmarks", *v, -MAX_COORDINATE, MAX_COORDINATE))
}

pub(super) fn check_range(
    field: &'static str,
    value: f32,
    least: f32,
    most: f32,
) -> Result<(), RecordError> {
    if (least..=most).contains(&value) {
        return Ok(());
    }
    Err(RecordError::Range {
        field,
        value,
        least,
        most,
    })
}

/// A sidecar that is refused, or a frame that is not what its sidecar says.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum RecordError {
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
        field: &'static str,
        value: f32,
        least: f32,
        most: f32,
    },
    /// Pixels that share their colour, and a side that ends in the middle of such a pair.
    OddSize { width: u32, height: u32 },
    /// Landmarks of one frame alone.
    NoRegistration,
    /// A registration of two cameras that are not known.
    NoIntrinsics,
    /// More bytes than a frame may have.
    FrameTooLarge(u64),
    /// A file that is shorter or longer than its frame.
    FrameLength { expected: u64, found: u64 },
}

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
