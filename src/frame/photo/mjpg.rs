//! Frames of cameras that send motion JPEG.

use super::decoded::Photo;
use super::error::PhotoError;
use super::jpeg;

/// What became of a frame of motion JPEG.
///
/// A camera's frame that lacks a part is no fault of a file: a packet was lost, and the next frame
/// is whole.
#[derive(Debug)]
pub enum MjpgFrame {
    /// All of it came.
    Whole(Photo),
    /// A part is missing; there are no pixels.
    Incomplete {
        /// The share that is missing, above 0 to 1.
        missing: f32,
    },
}

impl MjpgFrame {
    /// Decodes a frame of motion JPEG as USB cameras send it: with or without Huffman tables of its
    /// own, with or without an end marker, with padding behind it. Pixels stay as stored; a
    /// camera says otherwise how it is mounted, see [`Frame::turned`](crate::frame::Frame::turned).
    ///
    /// # Errors
    /// [`PhotoError`] for a frame that is no JPEG, beyond the limits of one, or damaged so that no
    /// decoder can follow it. A frame that is empty or ends early is none.
    pub fn decode(bytes: &[u8]) -> Result<Self, PhotoError> {
        // Of less than that nothing can be said.
        if jpeg::BEGINNING.starts_with(bytes) {
            return Ok(Self::Incomplete { missing: 1.0 });
        }
        if !bytes.starts_with(jpeg::BEGINNING) {
            return Err(PhotoError::NotAPicture);
        }
        match Photo::decode_ignoring_exif(bytes) {
            Ok(photo) => Ok(Self::Whole(photo)),
            Err(PhotoError::Incomplete { missing }) => Ok(Self::Incomplete { missing }),
            Err(error) => Err(error),
        }
    }
}
