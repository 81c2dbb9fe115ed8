//! Liveness from one colour frame: the convenience tier.
//!
//! Networks compare a face and what surrounds it with pictures of faces. They know what they were
//! trained on, which nobody has published; a good screen, or a print whose edge is out of the picture, passes.
//! They are asked only where they can know anything: see [`ColourRules`]. Infrared frames are of another
//! type, and what has no colours is not judged.

mod classifier;
mod crop;
mod judge;
mod rules;
mod validity;

pub use judge::{ColourAssessment, ColourLiveness};
pub use rules::{ColourFile, ColourRules};
pub use validity::ColourMeasures;

#[cfg(test)]
mod tests;
