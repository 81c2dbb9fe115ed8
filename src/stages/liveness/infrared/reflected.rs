//! What a module of fixed exposure gets back of a face.

use crate::geom::{Intrinsics, Landmarks5};
use crate::stages::liveness::face::size_px;
use crate::stages::liveness::modality::Modality;
use crate::stages::liveness::rules::RulesError;

/// Mean distance of adults' eyes in millimetres: their distance in pixels says how far away a face is.
const EYES_MM: f32 = 65.0;

/// Light that a module of fixed exposure gets back from a face, times the square of its distance: full scales · mm².
/// Nearly the same for all people before one module, whatever their distance.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ReflectedLight(f32);

impl ReflectedLight {
    /// A value measured with people.
    ///
    /// # Errors
    /// [`RulesError::File`] outside 100 to 10,000,000 full scales · mm².
    pub fn new(value: f32) -> Result<Self, RulesError> {
        if (100.0..=1e7).contains(&value) {
            return Ok(Self(value));
        }
        Err(RulesError::File {
            modality: Modality::Infrared,
            cause: format!("reflected light is {value}, allowed is 100 to 10000000"),
        })
    }

    /// Of one face: its mean light of the lamp (share of full scale) and landmarks in stored pixels.
    #[must_use]
    pub fn of(light: f32, landmarks: &Landmarks5, camera: &Intrinsics) -> Self {
        let mm = (camera.fx + camera.fy) / 2.0 * EYES_MM / size_px(landmarks);
        Self(light * mm * mm)
    }

    /// The value.
    #[must_use]
    pub fn get(self) -> f32 {
        self.0
    }

    pub(super) fn is_like(self, other: Self, most_factor: f32) -> bool {
        let factor = other.0 / self.0;
        (1.0 / most_factor..=most_factor).contains(&factor)
    }
}
