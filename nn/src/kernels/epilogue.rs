//! The epilogue of a convolution, prepared once: activations as kernels take them.

use super::{Aligned, Curve, EpilogueTile, Kernels, copy_pixels};
use crate::ir::Activation;

/// An activation with its slopes in whole vectors.
pub(super) struct Epilogue {
    low: f32,
    high: f32,
    slopes: Option<Aligned>,
    /// A function that no tile computes; applied to what the tiles wrote.
    curve: Option<Curve>,
}

impl Epilogue {
    pub(super) fn new(activation: &Activation, lanes: usize) -> Self {
        let mut epilogue = Self {
            low: f32::NEG_INFINITY,
            high: f32::INFINITY,
            slopes: None,
            curve: None,
        };
        match activation {
            Activation::None => {}
            Activation::Relu => epilogue.low = 0.0,
            Activation::Clip { low, high } => (epilogue.low, epilogue.high) = (*low, *high),
            Activation::Prelu(slopes) => epilogue.slopes = Some(padded(slopes, lanes)),
            Activation::Sigmoid => epilogue.curve = Some(Curve::Sigmoid),
            Activation::Swish => epilogue.curve = Some(Curve::Swish),
        }
        epilogue
    }

    /// For a tile whose first channel is `channel`.
    pub(super) fn tile(&self, channel: usize) -> EpilogueTile {
        EpilogueTile {
            low: self.low,
            high: self.high,
            slopes: self
                .slopes
                .as_ref()
                .map_or(std::ptr::null(), |slopes| slopes[channel..].as_ptr()),
        }
    }

    /// Between which values a tile's are kept.
    pub(super) fn limits(&self) -> [f32; 2] {
        [self.low, self.high]
    }

    /// The slopes, on pixels of which tiles have computed the limits.
    pub(super) fn apply_slopes(&self, kernels: &Kernels, values: &mut [f32]) {
        if let Some(slopes) = &self.slopes {
            (kernels.prelu)(values, slopes);
        }
    }

    /// Slopes and limits, on pixels that no tile has limited yet.
    pub(super) fn apply(&self, kernels: &Kernels, values: &mut [f32]) {
        self.apply_slopes(kernels, values);
        if self.low > f32::NEG_INFINITY || self.high < f32::INFINITY {
            (kernels.clip)(values, self.low, self.high);
        }
    }

    /// What is left to do with pixels that tiles wrote: the curve, and zeros in the lanes past the
    /// last channel where the function has written other values.
    pub(super) fn apply_rest(
        &self,
        kernels: &Kernels,
        values: &mut [f32],
        channels: usize,
        pixel: usize,
    ) {
        if let Some(curve) = self.curve {
            if 2 * channels <= pixel {
                curve_of_few(kernels, curve, values, (channels, pixel));
            } else {
                (kernels.curve)(values, curve);
            }
        }
        let keeps_zero =
            self.curve != Some(Curve::Sigmoid) && (self.low..=self.high).contains(&0.0);
        if !keeps_zero && channels < pixel {
            for pixel in values.chunks_exact_mut(pixel) {
                pixel[channels..].fill(0.0);
            }
        }
    }
}

/// Applies a curve where most lanes of a pixel are padding: to the channels alone, packed.
fn curve_of_few(
    kernels: &Kernels,
    curve: Curve,
    values: &mut [f32],
    (channels, pixel): (usize, usize),
) {
    let mut packed = [0.0_f32; 256];
    let pixels = packed.len() / channels;
    for values in values.chunks_mut(pixels * pixel) {
        let packed = &mut packed[..values.len() / pixel * channels];
        copy_pixels((values, pixel), (packed, channels), channels);
        (kernels.curve)(packed, curve);
        copy_pixels((packed, channels), (values, pixel), channels);
    }
}

/// `values` followed by zeros up to whole vectors.
pub(super) fn padded(values: &[f32], lanes: usize) -> Aligned {
    let mut padded = Aligned::zeroed(values.len().next_multiple_of(lanes));
    padded[..values.len()].copy_from_slice(values);
    padded
}

/// A weight as it is, but 0 where it is subnormal: such a factor changes nothing that a sum of f32
/// can hold, and costs many processors a hundred times the time of any other.
pub(super) fn normal(weight: f32) -> f32 {
    if weight.is_subnormal() { 0.0 } else { weight }
}
