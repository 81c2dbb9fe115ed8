//! What files of frames have in common.

use super::error::RecordError;
use super::limits::MAX_FRAME_BYTES;
use crate::failure::{Failure, Result, WithFile};
use crate::inputs::read_at_most;
use std::fs;
use std::path::Path;
use vultus::geom::{Orientation, Rotation};

/// The product of any two sides has room.
pub(super) fn pixels(width: u32, height: u32) -> u64 {
    u64::from(width) * u64::from(height)
}

pub(super) fn orientation(degrees: u32, mirror: bool) -> Orientation {
    Orientation {
        rotation: Rotation::from_degrees(degrees).expect("checked when it was read"),
        mirror,
    }
}

/// Never more than a frame may have, and nothing before the file is known to have what it should.
pub(super) fn read_exactly(file: &Path, expected: u64) -> Result<Vec<u8>> {
    let refuse = |error: RecordError| Failure::text(error.to_string()).about(file);
    if expected > MAX_FRAME_BYTES as u64 {
        return Err(refuse(RecordError::FrameTooLarge(expected)));
    }
    let found = fs::metadata(file).with_file(file)?.len();
    if found != expected {
        return Err(refuse(RecordError::FrameLength { expected, found }));
    }
    let bytes = read_at_most(file, expected as usize)?;
    if bytes.len() as u64 == expected {
        return Ok(bytes);
    }
    let found = bytes.len() as u64;
    Err(refuse(RecordError::FrameLength { expected, found }))
}
