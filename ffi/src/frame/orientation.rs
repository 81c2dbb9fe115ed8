use crate::error::Misuse;
use vultus::error::Result;
use vultus::geom::{Orientation, Rotation};

/// How stored pixels become upright, from the numbers of a struct.
pub(crate) fn orientation(rotation: u32, mirror: u32) -> Result<Orientation> {
    let allowed = "0, 90, 180 and 270";
    let turned = Rotation::from_degrees(rotation);
    Ok(Orientation {
        rotation: turned.ok_or(Misuse::choice("rotation", rotation, allowed))?,
        mirror: flag(mirror, "mirror")?,
    })
}

/// A number that says yes or no.
pub(crate) fn flag(value: u32, name: &'static str) -> Result<bool> {
    match value {
        0 => Ok(false),
        1 => Ok(true),
        other => Err(Misuse::choice(name, other, "0 and 1").into()),
    }
}
