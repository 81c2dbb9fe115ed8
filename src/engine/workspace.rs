//! Working memory of one thread.

use crate::frame::{LetterboxScratch, RgbImage};
use crate::model::PackError;
use crate::stages::align::AlignedFace;
use crate::stages::liveness;
use crate::stages::quality::QualityScratch;
use vultus_nn::Runner;

/// Working memory of one thread. Runners are made when a network is first needed.
pub(super) struct Workspace {
    pub(super) detectors: Vec<Lazy>,
    pub(super) mesher: Lazy,
    pub(super) judge: Lazy,
    pub(super) eyes: Lazy,
    pub(super) mask: Lazy,
    pub(super) quality: QualityScratch,
    pub(super) embedder: Lazy,
    pub(super) liveness: liveness::Scratch,
    pub(super) letterbox: LetterboxScratch,
    pub(super) mesh_chip: RgbImage,
    pub(super) aligned: AlignedFace,
}

/// A runner that is made on first use.
#[derive(Default)]
pub(super) struct Lazy(Option<Box<dyn Runner>>);

impl Lazy {
    pub(super) fn get(
        &mut self,
        make: impl FnOnce() -> Result<Box<dyn Runner>, PackError>,
    ) -> Result<&mut dyn Runner, PackError> {
        let runner = match self.0.take() {
            Some(runner) => runner,
            None => make()?,
        };
        Ok(&mut **self.0.insert(runner))
    }
}

impl Workspace {
    /// Empty, for a pack with so many detectors.
    pub(super) fn new(detectors: usize) -> Self {
        Self {
            detectors: std::iter::repeat_with(Lazy::default)
                .take(detectors)
                .collect(),
            mesher: Lazy::default(),
            judge: Lazy::default(),
            eyes: Lazy::default(),
            mask: Lazy::default(),
            quality: QualityScratch::default(),
            embedder: Lazy::default(),
            liveness: liveness::Scratch::default(),
            letterbox: LetterboxScratch::default(),
            mesh_chip: RgbImage::default(),
            aligned: AlignedFace::default(),
        }
    }
}
