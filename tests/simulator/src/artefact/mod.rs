//! What is held before a camera, or worn, instead of a face.

mod print;
mod sheet;
mod worn;

pub(crate) use print::{Ink, Print};
pub(crate) use sheet::{Bend, screen, sheet};
pub(crate) use worn::{cut_mask, fabric, rigid_mask};
