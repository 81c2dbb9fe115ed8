//! Liveness from a depth frame. Stage A is geometry in millimetres, stage B a small network that looks at the relief
//! of what stage A calls live.
//!
//! A face has a nose, in every direction across it; sheets, however bent or folded, do not: a surface
//! that is bent without stretching is straight in one direction at each of its points. Masks worn
//! on a face have a nose: they are what stage B is there for, where a pack has a network for it.

mod classifier;
mod fit;
mod geometry;
mod input;
mod judge;
mod measure;
mod measures;
mod picture;
mod relief;
mod rules;
mod sensor;

pub use geometry::{DepthAssessment, Geometry};
pub use input::DepthFace;
pub use judge::DepthLiveness;
pub use measures::{DepthMeasures, MEASURES};
pub use picture::{ReliefCells, ReliefPicture};
pub use rules::{DepthFile, DepthRules};
pub use sensor::{SensorClass, Subjects};

#[cfg(test)]
mod tests;
