//! Runs the stages in order. Only this module sees them all.

mod engine;
mod finder;

pub use engine::{Engine, Workspace};
pub use finder::{DetectOptions, Face, FindError, FoundFaces};
