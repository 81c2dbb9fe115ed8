//! Pictures with what was found in them: faces, names, scores, quality.
//!
//! Larger pictures are shrunk to sides of 1600 pixels, so that the lettering stays legible. A picture made under a
//! demonstration's grant says so on itself.

mod annotate;
mod canvas;
mod colour;

pub use annotate::{Mark, annotated, annotated_quality, save_png};
pub use colour::Colour;
