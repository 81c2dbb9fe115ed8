//! The epilogue of an int8 convolution: from sums to what it writes.

use super::{DequantTile, EpilogueTile, Int8Kernels, LANES, RequantTile, Shape};
use crate::ir::{Activation, QuantParams};
use crate::kernels::Kernels;
use crate::kernels::epilogue::Epilogue;
use std::ops::Range;

/// Where a convolution writes: some rows, one after another.
pub(crate) enum Target<'a> {
    /// Of an int8 tensor.
    Int8(&'a mut [u8]),
    /// Of an f32 tensor.
    Float(&'a mut [f32]),
}

/// An epilogue, prepared once.
pub(super) struct Int8Epilogue {
    /// Whole vectors.
    bias: Vec<i32>,
    factors: Vec<f32>,
    output: Output,
}

#[derive(Clone, Copy)]
struct Residual {
    shape: Shape,
    zero_point: u8,
    /// Steps of the output in one of the residual's.
    factor: f32,
}

enum Output {
    Int8 {
        slopes: Option<Vec<f32>>,
        low: f32,
        high: f32,
        limits: [u8; 2],
        /// Whether limits are all that follows a product below 2^31, where there is no residual.
        limits_only: bool,
        zero_point: u8,
        shape: Shape,
        residual: Option<Residual>,
    },
    Float {
        kernels: &'static Kernels,
        epilogue: Epilogue,
        channels: usize,
        /// Values from one pixel to the next.
        pixel: usize,
    },
}

/// What the sums of a convolution stand for.
pub(super) struct Accumulators<'a> {
    /// Of the input.
    pub(super) input: QuantParams,
    /// Of each output channel's weights.
    pub(super) scales: &'a [f32],
    /// One value a channel.
    pub(super) bias: &'a [f32],
    /// Sum of each channel's weights.
    pub(super) sums: Vec<i32>,
}

impl Accumulators<'_> {
    /// The bias in steps of the sums, less what the zero points add: [`bias_steps`] was checked to
    /// fit, sums of a checked plan do.
    fn bias(&self, offset: i32) -> Vec<i32> {
        let shift = i32::from(self.input.zero_point) - offset;
        let channels = self.bias.iter().zip(self.scales).zip(&self.sums);
        let bias = channels.map(|((&bias, &scale), &sum)| {
            (bias_steps(bias, self.input.scale, scale) as i32).wrapping_sub(shift.wrapping_mul(sum))
        });
        whole_vectors(bias)
    }
}

/// A bias in steps of sums, a whole number.
pub(crate) fn bias_steps(bias: f32, input: f32, weights: f32) -> f64 {
    (f64::from(bias) / (f64::from(input) * f64::from(weights))).round_ties_even()
}

impl Int8Epilogue {
    /// Into int8. The residual has the output's channels, or fewer in whole vectors.
    pub(super) fn int8(
        kernels: &'static Int8Kernels,
        accumulators: &Accumulators,
        activation: &Activation,
        (shape, params): (Shape, QuantParams),
        residual: Option<(Shape, QuantParams)>,
    ) -> Self {
        let steps = f64::from(params.scale);
        let limit = |value: f32, other: f32| {
            let value = (f64::from(value) / steps) as f32;
            if value.is_finite() { value } else { other }
        };
        let zero_point = f32::from(params.zero_point);
        let (least, most) = (-zero_point, 255.0 - zero_point);
        let (low, high, slopes) = match activation {
            Activation::None => (least, most, None),
            Activation::Relu => (0.0, most, None),
            Activation::Clip { low, high } => (
                limit(*low, least).max(least).min(most),
                limit(*high, most).min(most).max(least),
                None,
            ),
            Activation::Prelu(slopes) => (least, most, Some(slopes)),
            Activation::Sigmoid | Activation::Swish => {
                panic!("no int8 kernel for {activation:?}: lowering refuses it")
            }
        };
        if let Some((narrow, _)) = residual {
            let ends_with_a_vector = narrow.channels % LANES == 0;
            assert!(
                (narrow.height, narrow.width) == (shape.height, shape.width)
                    && (narrow.channels == shape.channels
                        || narrow.channels < shape.channels && ends_with_a_vector),
                "{narrow:?} added to {shape:?}"
            );
        }
        assert!(shape.pixel % LANES == 0, "{shape:?} takes no whole vectors");
        let factor =
            |&scale: &f32| (f64::from(accumulators.input.scale) * f64::from(scale) / steps) as f32;
        let factors = whole_vectors(accumulators.scales.iter().map(factor));
        let byte = |steps: f32| (steps.round_ties_even() + zero_point) as u8;
        Self {
            bias: accumulators.bias(kernels.offset),
            output: Output::Int8 {
                // A sum is below 2^31.
                limits_only: slopes.is_none() && factors.iter().all(|factor| *factor < 1.0),
                slopes: slopes.map(|slopes| whole_vectors(slopes.iter().copied())),
                low,
                high,
                limits: [low, high].map(byte),
                zero_point: params.zero_point,
                shape,
                residual: residual.map(|(shape, params)| Residual {
                    shape,
                    zero_point: params.zero_point,
                    factor: (f64::from(params.scale) / steps) as f32,
                }),
            },
            factors,
        }
    }

    /// Into f32 whose pixels take `pixel` values.
    pub(super) fn float(
        kernels: &'static Int8Kernels,
        floats: &'static Kernels,
        accumulators: &Accumulators,
        activation: &Activation,
        pixel: usize,
    ) -> Self {
        let factor = |&scale: &f32| (f64::from(accumulators.input.scale) * f64::from(scale)) as f32;
        Self {
            bias: accumulators.bias(kernels.offset),
            factors: whole_vectors(accumulators.scales.iter().map(factor)),
            output: Output::Float {
                kernels: floats,
                epilogue: Epilogue::new(activation, floats.lanes),
                channels: accumulators.scales.len(),
                pixel,
            },
        }
    }

    /// The first channel behind the residual's, where there is a residual.
    pub(super) fn residual_end(&self) -> Option<usize> {
        match &self.output {
            Output::Int8 { residual, .. } => residual.map(|residual| residual.shape.pixel),
            Output::Float { .. } => None,
        }
    }

    /// The epilogue of a tile: `pixels` of `target`, and of the residual at the same pixels, × whole vectors of channels.
    /// All channels lie before the residual's end or behind it.
    ///
    /// # Panics
    /// When the target or the residual ends before those pixels do.
    pub(super) fn tile(
        &self,
        channels: &Range<usize>,
        pixels: &Range<usize>,
        residual: Option<&[u8]>,
        target: &mut Target,
    ) -> EpilogueTile {
        // Slices end where the last vector of the last pixel does.
        let from = |pixel: usize| pixels.start * pixel + channels.start;
        let reach = |pixel: usize, width: usize| (pixels.len() - 1) * pixel + width;
        let bias = self.bias[channels.clone()].as_ptr();
        let factors = self.factors[channels.clone()].as_ptr();
        match (&self.output, target) {
            (
                Output::Int8 {
                    slopes,
                    low,
                    high,
                    limits,
                    limits_only,
                    zero_point,
                    shape,
                    residual: added,
                },
                Target::Int8(target),
            ) => {
                let width = channels.len();
                let target = &mut target[from(shape.pixel)..][..reach(shape.pixel, width)];
                let added = added.filter(|added| channels.start < added.shape.pixel);
                let bytes = added.map(|added| {
                    let step = added.shape.pixel;
                    let bytes = residual.expect("the convolution was made with a residual");
                    bytes[from(step)..][..reach(step, width)].as_ptr()
                });
                EpilogueTile::Int8(RequantTile {
                    bias,
                    factors,
                    slopes: slopes
                        .as_ref()
                        .map_or(std::ptr::null(), |slopes| slopes[channels.clone()].as_ptr()),
                    residual: bytes.unwrap_or(std::ptr::null()),
                    residual_step: added.map_or(0, |added| added.shape.pixel),
                    residual_zero_point: added.map_or(0, |added| i32::from(added.zero_point)),
                    residual_factor: added.map_or(0.0, |added| added.factor),
                    low: *low,
                    high: *high,
                    zero_point: i32::from(*zero_point),
                    limits: *limits,
                    limits_only: *limits_only && added.is_none(),
                    output: target.as_mut_ptr(),
                    output_step: shape.pixel,
                })
            }
            (
                Output::Float {
                    epilogue, pixel, ..
                },
                Target::Float(target),
            ) => {
                let width = channels.len().min(pixel - channels.start);
                let [low, high] = epilogue.limits();
                let target = &mut target[from(*pixel)..][..reach(*pixel, width)];
                EpilogueTile::Float(DequantTile {
                    bias,
                    factors,
                    low,
                    high,
                    output: target.as_mut_ptr(),
                    output_step: *pixel,
                    last: LANES - (channels.len() - width),
                })
            }
            _ => panic!("a target of another kind than the convolution was made for"),
        }
    }

    /// What is left to do with f32 that tiles wrote.
    pub(super) fn apply_rest(&self, target: &mut Target) {
        if let (
            Output::Float {
                kernels,
                epilogue,
                channels,
                pixel,
            },
            Target::Float(values),
        ) = (&self.output, target)
        {
            epilogue.apply_slopes(kernels, values);
            epilogue.apply_rest(kernels, values, *channels, *pixel);
        }
    }
}

/// Values followed by zeros up to whole vectors.
fn whole_vectors<T: Copy + Default>(values: impl ExactSizeIterator<Item = T>) -> Vec<T> {
    let len = values.len().next_multiple_of(LANES);
    let mut values: Vec<T> = values.collect();
    values.resize(len, T::default());
    values
}
