//! The networks, and what each of them sees.

use super::crop::Crop;
use crate::frame::{Frame, RgbImage};
use crate::geom::Rect;
use crate::model::{PackError, PackNetwork};
use crate::stages::liveness::classifier::Classifier;
use crate::stages::liveness::runners::Runners;

/// The part of a picture that a network sees, and which of its classes is a living face.
#[derive(Clone, Copy, Debug)]
pub(super) struct FaceCrop {
    /// Sides of the crop over those of the face, as far as the picture allows.
    pub(super) scale: f64,
    /// Pixels along each side of the network's input.
    side: u32,
    live_class: usize,
}

impl Classifier<FaceCrop> {
    /// A network of this role.
    ///
    /// # Errors
    /// [`PackError::Manifest`] for a network that does not answer with one value a class.
    pub(super) fn new(network: &PackNetwork) -> Result<Self, PackError> {
        let spec = network.spec();
        let classes = match &spec.outputs[..] {
            [output] => output.shape.iter().product(),
            _ => 0,
        };
        let colour = spec.liveness_colour.as_ref();
        let colour =
            colour.filter(|colour| (2..=16).contains(&classes) && colour.live_class < classes);
        let colour = colour.ok_or_else(|| PackError::Manifest {
            cause: format!(
                "network {}: liveness has one output of 2 to 16 classes, of which liveness_colour.live_class is one",
                spec.name
            )
            .into(),
        })?;
        let layout = FaceCrop {
            scale: colour.scale,
            side: spec.input.side().0,
            live_class: colour.live_class,
        };
        Ok(Self::with_layout(network, layout))
    }

    /// The probability of a living face, `0..=1`; 0 where the answer is no number, or nothing is left to see. `crop` is working
    /// memory.
    pub(super) fn asked(
        &self,
        runners: &mut Runners,
        crop: &mut RgbImage,
        frame: &Frame<'_>,
        rect: &Rect,
    ) -> Result<f32, PackError> {
        let layout = self.layout();
        let Some(seen) = Crop::around(frame, rect, layout.scale) else {
            return Ok(0.0);
        };
        frame.warp_unsmoothed(&seen.to_stored(frame, layout.side), layout.side, crop);
        let runner = self.run(runners, crop)?;
        let logits: Vec<f32> = runner.output(0).iter().copied().collect();
        Ok(softmax_of(&logits, layout.live_class))
    }
}

/// The softmax of one class; 0 where it is no number.
pub(super) fn softmax_of(logits: &[f32], class: usize) -> f32 {
    let most = logits.iter().copied().fold(f32::MIN, f32::max);
    let sum: f32 = logits.iter().map(|v| (v - most).exp()).sum();
    let share = (logits[class] - most).exp() / sum;
    if share.is_finite() { share } else { 0.0 }
}
