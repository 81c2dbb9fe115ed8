//! Pictures of cameras and sensors.

pub mod colour;

mod orientation;

pub(crate) use orientation::{flag, orientation};
