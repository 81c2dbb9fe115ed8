//! Picture files become pixels: JPEG, PNG and BMP, and frames of motion JPEG.

mod decoded;
mod error;
mod exif;
mod jpeg;
mod limits;
mod mjpg;
mod png;

pub use decoded::Photo;
pub use error::PhotoError;
pub use limits::PhotoLimits;
pub use mjpg::MjpgFrame;
