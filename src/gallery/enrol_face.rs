//! A face on its way into a gallery.

use super::error::LibraryError;
use super::limits::CROP_BYTES;
use crate::stages::embed::Embedding;
use std::fmt;

/// A face that is ready to be enrolled: what a picture has become.
#[derive(Clone, PartialEq)]
pub struct EnrolFace {
    /// Its embedding.
    pub embedding: Embedding,
    /// Its quality in points, `0..=100`: its weight in the person's fused feature.
    pub quality: f32,
    /// A picture of the face to keep, encrypted, so that another pack can embed it later; 1 byte
    /// to 1 MiB. Its form is the caller's.
    pub crop: Option<Vec<u8>>,
}

impl EnrolFace {
    /// Without a crop.
    #[must_use]
    pub fn new(embedding: Embedding, quality: f32) -> Self {
        Self {
            embedding,
            quality,
            crop: None,
        }
    }

    /// Whether quality and crop are within their ranges, as every call that enrols it checks.
    ///
    /// # Errors
    /// [`LibraryError::QualityIllegal`], [`LibraryError::CropBytes`].
    pub fn check(&self) -> Result<(), LibraryError> {
        let quality = self.quality;
        if !(0.0..=100.0).contains(&quality) {
            return Err(LibraryError::QualityIllegal { quality });
        }
        match self.crop.as_ref().map(Vec::len) {
            Some(bytes) if !(1..=CROP_BYTES).contains(&bytes) => {
                Err(LibraryError::CropBytes { bytes })
            }
            _ => Ok(()),
        }
    }
}

impl fmt::Debug for EnrolFace {
    /// Never shows the crop: it is personal data.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("EnrolFace")
            .field("embedding", &self.embedding)
            .field("quality", &self.quality)
            .field("crop", &self.crop.as_ref().map(Vec::len))
            .finish()
    }
}
