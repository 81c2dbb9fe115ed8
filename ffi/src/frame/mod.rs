//! Frames of cameras and sensors, and how they fit together.

pub mod colour;
pub mod depth;
pub mod infrared;
pub mod landmarks;
mod orientation;
pub mod pairer;
pub mod registration;
