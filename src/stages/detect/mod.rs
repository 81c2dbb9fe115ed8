//! Finds faces in a frame.
//!
//! A detector is a network of the pack and the decoder that its manifest names. Results are in
//! stored pixels of the frame, best first.

mod blazeface;
mod decode;
mod detection;
mod detector;
#[cfg(test)]
mod fake;
mod grid;
mod scrfd;
mod suppress;
mod yunet;

pub use detection::Detection;
pub use detector::Detector;
pub use suppress::merge;
