//! Working memory of one thread.

use super::runners::Runners;
use crate::frame::RgbImage;

/// Working memory of one thread for judges of every modality.
#[derive(Debug, Default)]
pub struct Scratch {
    /// Of the networks that were asked.
    pub runners: Runners,
    /// What a network sees of a colour picture.
    pub(super) crop: RgbImage,
    pub(super) chip: FaceChip,
}

/// A face in a small picture.
#[derive(Debug, Default)]
pub(super) struct FaceChip {
    pub(super) image: RgbImage,
    pub(super) luma: Vec<f32>,
}
