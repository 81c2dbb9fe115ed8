use super::{invalid, output_sizes};
use crate::frame::{Frame, RgbImage};
use crate::geom::{Landmarks5, Point, Similarity2};
use crate::model::{PackError, PackNetwork, QualitySpec};
use vultus_nn::{NetworkError, Runner};

/// The network of learned quality of a pack.
#[derive(Debug)]
pub struct QualityJudge {
    network: PackNetwork,
    spec: QualitySpec,
    template: [Point; 5],
}

impl QualityJudge {
    /// Checks that the network answers with one value.
    ///
    /// # Errors
    /// [`PackError::Manifest`] naming the network.
    pub fn new(network: &PackNetwork) -> Result<Self, PackError> {
        let spec = network.spec().quality.clone();
        let spec = spec.ok_or_else(|| invalid(network, "it has no [network.quality]"))?;
        if output_sizes(network) != [1] {
            return Err(invalid(
                network,
                "learned quality has one output of 1 value",
            ));
        }
        Ok(Self {
            template: spec.template.map(|[x, y]| Point::new(x, y)),
            network: network.clone(),
            spec,
        })
    }

    /// Working memory for one thread.
    ///
    /// # Errors
    /// [`PackError`] when the network cannot be read or the engine refuses it.
    pub fn runner(&self) -> Result<Box<dyn Runner>, PackError> {
        self.network.runner()
    }

    /// Points, `0..=100`: the network's value on the manifest's linear scale. `None` when the
    /// landmarks (stored pixels) are no face or the answer is no number.
    ///
    /// # Errors
    /// [`NetworkError`] when the engine fails.
    pub fn judge(
        &self,
        runner: &mut dyn Runner,
        chip: &mut RgbImage,
        frame: &Frame<'_>,
        landmarks: &Landmarks5,
    ) -> Result<Option<f32>, NetworkError> {
        let to_upright = frame.stored_to_upright();
        let points = landmarks.to_array().map(|p| to_upright.apply(p));
        let to_chip = Similarity2::estimate(&points, &self.template);
        let Some(to_upright) = to_chip.and_then(|s| s.to_affine().inverse()) else {
            return Ok(None);
        };
        let side = self.network.spec().input.side().0;
        frame.warp(&frame.upright_to_stored().after(&to_upright), side, chip);
        self.network.input().fill(chip, runner.input_mut());
        runner.run()?;
        let value = runner.output(0).iter().copied().next();
        Ok(value.filter(|v| v.is_finite()).map(|value| {
            let share = (value - self.spec.low) / (self.spec.high - self.spec.low);
            // The ends of the scale are its definition, not a repair.
            (share * 100.0).clamp(0.0, 100.0)
        }))
    }
}
