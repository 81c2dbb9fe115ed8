//! Runs the stages in order. Only this module sees them all.

mod alive;
mod assess;
mod crop;
mod engine;
mod exercise;
mod finder;

pub use alive::{NoColourLiveness, NoInfraredLiveness};
pub use assess::NoMesh;
pub use crop::CROP_SIDE;
pub use engine::{Engine, Workspace};
pub use finder::{DetectOptions, Face, FindError, FoundFaces};
