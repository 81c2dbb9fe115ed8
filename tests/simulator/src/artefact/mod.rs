//! What is held before a camera, or worn, instead of a face.

mod print;
mod sheet;
mod worn;

pub(crate) use print::{Ink, Print};
pub(crate) use sheet::{Bend, screen, sheet};
pub(crate) use worn::{cut_mask, fabric, rigid_mask};

use crate::space::V3;
use crate::wear::Part;

/// An artefact in its own axes: parts, and where the face's landmarks lie on it.
pub(crate) struct Artefact {
    pub(crate) parts: Vec<Part>,
    pub(crate) landmarks: [V3; 5],
    /// Real eyes look out of it.
    pub(crate) wet_eyes: bool,
}
