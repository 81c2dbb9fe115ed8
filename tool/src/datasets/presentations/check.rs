//! What a sidecar may say.

use super::error::RecordError;
use super::limits::FORMAT;
use vultus::geom::Rotation;

/// How far outside the picture a landmark may be said to lie, in pixels.
const MAX_COORDINATE: f32 = 16_384.0;

pub(super) fn check_format(found: u32) -> Result<(), RecordError> {
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
