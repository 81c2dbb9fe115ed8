//! Pictures of faces that are kept, so that another pack can embed them later.

use super::face::{DetectOptions, Face};
use super::session::Session;
use super::transparent::check_opaque;
use crate::error::Result;
use crate::frame::{Frame, Photo};
use crate::model::AlignSpec;
use crate::stages::align::{AlignedFace, Aligner};
use crate::stages::embed::Embedding;

/// Sides of a crop in pixels.
pub const CROP_SIDE: u32 = 256;

/// Quality of its JPEG: on the committed photographs the embedding from a crop keeps a cosine of
/// more than 0.99 with that from the photograph (`tests/core/gallery_photos.rs`).
const CROP_QUALITY: u8 = 95;

/// Where left eye, right eye, nose and mouth corners lie: the places that ArcFace was trained
/// with, one and a half times as large and in the middle, so that the whole head is in the crop
/// and a detector finds it again. The eyes are 53 px apart.
const CROP_POINTS: [[f32; 2]; 5] = [
    [101.4, 121.5],
    [154.3, 121.3],
    [128.0, 151.6],
    [106.3, 182.6],
    [150.1, 182.3],
];

impl Session {
    /// A straightened picture of the whole head as a JPEG of 25 to 35 KB. It is cut by the face's
    /// landmarks, whatever the pack's embedder is aligned by, so that any pack can read it.
    ///
    /// # Errors
    /// [`AlignError`](crate::face::AlignError) when the face's points are no face, or
    /// [`TransparentFace`](crate::face::TransparentFace) where the photograph is transparent.
    pub fn crop(&self, frame: &Frame<'_>, face: &Face) -> Result<Vec<u8>> {
        check_opaque(frame, face)?;
        let aligner = Aligner::new(&AlignSpec {
            size: CROP_SIDE,
            template: CROP_POINTS,
            mesh_points: None,
            mirror_average: false,
        });
        let mut head = AlignedFace::default();
        aligner.align(frame, &face.landmarks.to_array(), &mut head)?;
        let jpeg = head.chip.to_jpeg(CROP_QUALITY);
        Ok(jpeg.expect("a crop has pixels and is small"))
    }
    /// The embedding of the face in a crop.
    ///
    /// # Errors
    /// As for a photograph: above all when this pack's detector sees no face in it.
    pub fn embed_crop(&mut self, crop: &[u8]) -> Result<Embedding> {
        let photo = Photo::decode(crop)?;
        let frame = photo.frame();
        let face = self.largest_face(&frame, &DetectOptions::default())?;
        self.embed(&frame, &face)
    }
}
