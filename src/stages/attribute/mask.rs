use super::{invalid, output_sizes};
use crate::frame::{Frame, RgbImage};
use crate::geom::{Affine2, Rect};
use crate::model::{MaskSpec, PackError, PackNetwork};
use vultus_nn::{NetworkError, Runner};

/// What the mask network saw.
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub struct MaskState {
    /// Whether a mask is worn: its score is higher than that of a bare face.
    pub worn: bool,
    /// Share of the mask's score in both, `0..=1`; 0.5 is undecided.
    pub probability: f32,
}

impl MaskState {
    /// No mask is worn: what holds where nothing looked for one.
    pub const BARE: Self = Self {
        worn: false,
        probability: 0.0,
    };
    /// A mask is worn, known by other means than a network.
    pub const WORN: Self = Self {
        worn: true,
        probability: 1.0,
    };
}

/// The mask network of a pack: an anchor detector of masked and bare faces, asked only which of
/// the two it sees anywhere in the crop.
#[derive(Debug)]
pub struct MaskReader {
    network: PackNetwork,
    spec: MaskSpec,
}

impl MaskReader {
    /// Checks that the network answers with two scores an anchor.
    ///
    /// # Errors
    /// [`PackError::Manifest`] naming the network.
    pub fn new(network: &PackNetwork) -> Result<Self, PackError> {
        let spec = network.spec().mask.clone();
        let spec = spec.ok_or_else(|| invalid(network, "it has no [network.mask]"))?;
        let pairs = network.spec().outputs.first().map(|o| o.shape.last());
        if output_sizes(network).len() != 1 || pairs != Some(Some(&2)) {
            return Err(invalid(
                network,
                "masks have one output of two scores an anchor",
            ));
        }
        Ok(Self {
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

    /// Looks at the square around a face's rectangle (stored pixels). `None` when the rectangle is
    /// empty or the answer is no number.
    ///
    /// # Errors
    /// [`NetworkError`] when the engine fails.
    pub fn read(
        &self,
        runner: &mut dyn Runner,
        chip: &mut RgbImage,
        frame: &Frame<'_>,
        rect: &Rect,
    ) -> Result<Option<MaskState>, NetworkError> {
        if !rect.is_valid() {
            return Ok(None);
        }
        let side = self.network.spec().input.side().0;
        let scale = rect.long_side() * self.spec.roi_scale / side as f32;
        let centre = frame.stored_to_upright().apply(rect.centre());
        let half = scale * side as f32 / 2.0;
        let to_upright =
            Affine2::from_rows([scale, 0.0, centre.x - half], [0.0, scale, centre.y - half]);
        frame.warp(&frame.upright_to_stored().after(&to_upright), side, chip);
        self.network.input().fill(chip, runner.input_mut());
        runner.run()?;
        let mut best = [0.0_f32; 2];
        for (i, &score) in runner.output(0).iter().enumerate() {
            if !score.is_finite() {
                return Ok(None);
            }
            best[i % 2] = best[i % 2].max(score);
        }
        let (mask, bare) = (best[self.spec.mask_class], best[1 - self.spec.mask_class]);
        let sum = mask + bare;
        Ok((sum > 0.0).then(|| MaskState {
            worn: mask > bare,
            probability: mask / sum,
        }))
    }
}
