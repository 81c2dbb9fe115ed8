//! Pictures of cameras and sensors.

pub mod colour;
pub mod depth;
pub mod infrared;
mod orientation;
pub mod pairer;
pub mod registration;

pub(crate) use orientation::{flag, orientation};
