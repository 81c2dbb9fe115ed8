//! Pictures of cameras and sensors.

pub mod colour;
pub mod depth;
pub mod infrared;
pub mod landmarks;
mod orientation;
pub mod pairer;
pub mod registration;
