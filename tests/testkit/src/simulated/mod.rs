//! From the simulator's pictures to the SDK's frames.

pub mod depth;
pub mod infrared;
mod scene;

pub use scene::{TIME_US, distance_mm};
