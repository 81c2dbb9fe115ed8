//! How the pixels of a frame lie, from the numbers of a struct.

use crate::misuse::Misuse;
use crate::numbers::flag;
use vultus::error::Result;
use vultus::geom::{Orientation, Rotation};

/// How stored pixels are turned upright.
pub(crate) fn orientation(rotation: u32, mirror: u32) -> Result<Orientation> {
    let allowed = "0, 90, 180 and 270";
    let turned = Rotation::from_degrees(rotation);
    Ok(Orientation {
        rotation: turned.ok_or(Misuse::choice("rotation", rotation, allowed))?,
        mirror: flag(mirror, "mirror")?,
    })
}
