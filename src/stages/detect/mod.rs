//! Finds faces in a frame.
//!
//! A detector is a network of the pack and the decoder that its manifest names. Results are in
//! stored pixels of the frame, best first.

mod blazeface;
mod grid;
mod scrfd;
mod suppress;
mod yunet;

pub use suppress::merge;

use crate::frame::{Frame, Letterbox, LetterboxScratch};
use crate::geom::{Landmarks5, Point, Rect};
use crate::model::{DecodeKind, DecodeSpec, PackError, PackNetwork};
use vultus_nn::{NetworkError, Runner};

/// No face lies this many pixels away; a network that says so was fed noise.
const FAR_OUTSIDE: f32 = 1e6;

/// A face as a detector sees it.
#[derive(Clone, Debug, PartialEq)]
pub struct Detection {
    /// Its rectangle in stored pixels; it may reach outside the frame.
    pub rect: Rect,
    /// Confidence, `0..=1`; detectors of different families are not comparable.
    pub score: f32,
    /// Eye centres in stored pixels: first the one on the upright picture's left.
    pub eyes: [Point; 2],
    /// All five alignment points, where the detector gives them.
    pub landmarks: Option<Landmarks5>,
}

impl Detection {
    /// Every coordinate moved by `f`, which keeps axis-parallel rectangles axis-parallel.
    fn map(&self, f: impl Fn(Point) -> Point) -> Self {
        Self {
            rect: Rect::from_corners(f(self.rect.top_left()), f(self.rect.bottom_right())),
            score: self.score,
            eyes: self.eyes.map(&f),
            landmarks: self.landmarks.map(|landmarks| landmarks.map(&f)),
        }
    }

    fn is_valid(&self) -> bool {
        let points = self.landmarks.map(Landmarks5::to_array);
        self.rect.is_valid()
            && self.rect.long_side() < FAR_OUTSIDE
            && self.score.is_finite()
            && self
                .eyes
                .iter()
                .chain(points.iter().flatten())
                .all(|p| p.x.abs() < FAR_OUTSIDE && p.y.abs() < FAR_OUTSIDE)
    }
}

/// Turns the outputs of one run into faces in canvas pixels, in any order, duplicates included.
trait Decode: Send + Sync {
    fn decode(&self, outputs: &dyn Runner) -> Vec<Detection>;

    /// Whether overlapping findings are averaged instead of dropped.
    fn blends(&self) -> bool {
        false
    }
}

/// A detector network of a pack.
pub struct Detector {
    network: PackNetwork,
    decoder: Box<dyn Decode>,
    min_face_px: Option<f32>,
}

impl Detector {
    /// Checks that the network's outputs have the shapes that its decoder reads.
    ///
    /// # Errors
    /// [`PackError::Manifest`] naming the network and the shape.
    pub fn new(network: &PackNetwork) -> Result<Self, PackError> {
        let spec = network.spec();
        let invalid =
            |cause: String| PackError::manifest(format!("network {}: {cause}", spec.name));
        let decode: &DecodeSpec = spec
            .decode
            .as_ref()
            .ok_or_else(|| invalid("it has no [network.decode]".to_owned()))?;
        let side = spec.input.side();
        let outputs: Vec<&[usize]> = spec.outputs.iter().map(|o| o.shape.as_slice()).collect();
        let decoder: Box<dyn Decode> = match decode.kind {
            DecodeKind::Blazeface => {
                Box::new(blazeface::BlazeFace::new(decode, side, &outputs).map_err(invalid)?)
            }
            DecodeKind::Yunet => {
                Box::new(yunet::YuNet::new(decode, side, &outputs).map_err(invalid)?)
            }
            DecodeKind::Scrfd => {
                Box::new(scrfd::Scrfd::new(decode, side, &outputs).map_err(invalid)?)
            }
        };
        Ok(Self {
            network: network.clone(),
            decoder,
            min_face_px: decode.min_face_px,
        })
    }

    /// Working memory for one thread.
    ///
    /// # Errors
    /// [`PackError`] when the network cannot be read or the engine refuses it.
    pub fn runner(&self) -> Result<Box<dyn Runner>, PackError> {
        self.network.runner()
    }

    /// Pixels of the network's input.
    #[must_use]
    pub fn input_area(&self) -> u64 {
        let (width, height) = self.network.spec().input.side();
        u64::from(width) * u64::from(height)
    }

    /// Whether a face of `face_px` in an upright picture of this size is still as large in the
    /// network's input as the manifest asks for.
    #[must_use]
    pub fn suffices(&self, upright: (u32, u32), face_px: u32) -> bool {
        let (width, height) = self.network.spec().input.side();
        let shrink = f32::max(
            upright.0 as f32 / width as f32,
            upright.1 as f32 / height as f32,
        );
        self.min_face_px
            .is_some_and(|least| face_px as f32 / shrink >= least)
    }

    /// Faces of the frame, best first.
    ///
    /// # Errors
    /// [`NetworkError`] when the engine fails.
    pub fn detect(
        &self,
        runner: &mut dyn Runner,
        scratch: &mut LetterboxScratch,
        frame: &Frame<'_>,
    ) -> Result<Vec<Detection>, NetworkError> {
        let (width, height) = self.network.spec().input.side();
        let (canvas, letterbox): (_, Letterbox) = scratch.fit(frame, width, height);
        self.network.input().fill(canvas, runner.input_mut());
        runner.run()?;
        let mut found = self.decoder.decode(runner);
        found.retain(Detection::is_valid);
        let kept = suppress::suppress(found, self.decoder.blends()).into_iter();
        Ok(kept
            .map(|face| face.map(|p| letterbox.to_stored(p)))
            .filter(Detection::is_valid)
            .collect())
    }
}

/// A runner whose outputs a test writes by hand.
#[cfg(test)]
pub(crate) mod fake {
    use super::*;
    use ndarray::ArrayD;
    use vultus_nn::TensorView;

    pub(crate) struct FakeRun(pub(crate) Vec<ArrayD<f32>>);

    impl FakeRun {
        pub(crate) fn zeros(shapes: &[&[usize]]) -> Self {
            Self(shapes.iter().map(|shape| ArrayD::zeros(*shape)).collect())
        }
    }

    impl Runner for FakeRun {
        fn input_mut(&mut self) -> &mut [f32] {
            &mut []
        }
        fn run(&mut self) -> Result<(), NetworkError> {
            Ok(())
        }
        fn output(&self, index: usize) -> TensorView<'_> {
            let values = self.0[index].as_slice().expect("in standard order");
            TensorView::new(self.0[index].shape(), values)
        }
    }
}
