//! Working memory of one thread.

use crate::frame::{LetterboxScratch, RgbImage};
use crate::model::PackError;
use crate::stages::align::AlignedFace;
use crate::stages::liveness::colour::ColourScratch;
use crate::stages::liveness::infrared::InfraredLiveness;
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
    pub(super) colour_liveness: ColourScratch,
    pub(super) depth: Lazy,
    pub(super) infrared: InfraredRunner,
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
            colour_liveness: ColourScratch::default(),
            depth: Lazy::default(),
            infrared: InfraredRunner::default(),
            letterbox: LetterboxScratch::default(),
            mesh_chip: RgbImage::default(),
            aligned: AlignedFace::default(),
        }
    }
}

/// A runner of the network that a judge of infrared frames brings. Made when first needed, and anew for a judge with
/// another network: running the wrong one would be noticed by nobody.
#[derive(Default)]
pub(super) struct InfraredRunner(Option<(String, Box<dyn Runner>)>);

impl InfraredRunner {
    pub(super) fn of(&mut self, judge: &InfraredLiveness) -> Result<&mut dyn Runner, PackError> {
        let sha256 = judge.network_sha256();
        let kept = self.0.take().filter(|(of, _)| of == sha256);
        let made = match kept {
            Some(kept) => kept,
            None => (sha256.to_owned(), judge.runner()?),
        };
        Ok(&mut *self.0.insert(made).1)
    }
}
