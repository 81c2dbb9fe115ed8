//! Frames of cameras and sensors, and how they fit together.

pub mod colour;
pub mod depth;
pub mod infrared;
pub mod landmarks;
pub mod mjpg;
mod orientation;
pub mod pairer;
pub mod registration;
