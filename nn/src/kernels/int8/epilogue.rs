//! From sums to what a convolution writes.
#![allow(unsafe_code)]

use super::{ByteKernels, End, FinishTile, FloatsTile, LANES, Shape};
use crate::kernels::Kernels;
use crate::kernels::finish::Ending;
use crate::plan::{Activation, Grid};
use std::ops::Range;

/// Where a convolution writes: some rows, one after another.
pub(crate) enum Target<'a> {
    /// Of a picture of bytes.
    Bytes(&'a mut [u8]),
    /// Of a picture of f32.
    Floats(&'a mut [f32]),
}

/// What the sums of a convolution mean and become.
pub(super) struct Finish {
    /// Whole vectors.
    bias: Vec<i32>,
    factors: Vec<f32>,
    to: To,
}

#[derive(Clone, Copy)]
struct Residual {
    shape: Shape,
    zero: u8,
    /// Steps of the output in one of the residual's.
    factor: f32,
}

enum To {
    Bytes {
        slopes: Option<Vec<f32>>,
        low: f32,
        high: f32,
        limits: [u8; 2],
        /// Whether nothing but a product below 2^31 is limited where there is no residual.
        plain: bool,
        zero: u8,
        shape: Shape,
        residual: Option<Residual>,
    },
    Floats {
        floats: &'static Kernels,
        ending: Ending,
        channels: usize,
        /// Values from one pixel to the next.
        pixel: usize,
    },
}

/// Numbers that a convolution's sums are read with.
pub(super) struct Numbers<'a> {
    /// Of the input.
    pub(super) grid: Grid,
    /// Of each output channel's weights.
    pub(super) scales: &'a [f32],
    /// One value a channel.
    pub(super) bias: &'a [f32],
    /// Sum of each channel's weights.
    pub(super) sums: Vec<i32>,
}

impl Numbers<'_> {
    /// The bias in steps of the sums, less what the zero points add: [`bias_steps`] was checked to
    /// fit, sums of a checked plan do.
    fn bias(&self, offset: i32) -> Vec<i32> {
        let shift = i32::from(self.grid.zero) - offset;
        let channels = self.bias.iter().zip(self.scales).zip(&self.sums);
        let bias = channels.map(|((&bias, &scale), &sum)| {
            (bias_steps(bias, self.grid.scale, scale) as i32).wrapping_sub(shift.wrapping_mul(sum))
        });
        whole_vectors(bias)
    }
}

/// A bias in steps of sums, a whole number.
pub(crate) fn bias_steps(bias: f32, input: f32, weights: f32) -> f64 {
    (f64::from(bias) / (f64::from(input) * f64::from(weights))).round_ties_even()
}

impl Finish {
    /// Into bytes. The residual has the output's channels, or fewer in whole vectors.
    pub(super) fn bytes(
        kernels: &'static ByteKernels,
        numbers: &Numbers,
        activation: &Activation,
        (shape, grid): (Shape, Grid),
        residual: Option<(Shape, Grid)>,
    ) -> Self {
        let steps = f64::from(grid.scale);
        let limit = |value: f32, other: f32| {
            let value = (f64::from(value) / steps) as f32;
            if value.is_finite() { value } else { other }
        };
        let (least, most) = (-f32::from(grid.zero), 255.0 - f32::from(grid.zero));
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
                panic!("no byte kernel for {activation:?}: lowering refuses it")
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
            |&scale: &f32| (f64::from(numbers.grid.scale) * f64::from(scale) / steps) as f32;
        let factors = whole_vectors(numbers.scales.iter().map(factor));
        let byte = |steps: f32| (steps.round_ties_even() + f32::from(grid.zero)) as u8;
        Self {
            bias: numbers.bias(kernels.offset),
            to: To::Bytes {
                // A sum is below 2^31.
                plain: slopes.is_none() && factors.iter().all(|factor| *factor < 1.0),
                slopes: slopes.map(|slopes| whole_vectors(slopes.iter().copied())),
                low,
                high,
                limits: [low, high].map(byte),
                zero: grid.zero,
                shape,
                residual: residual.map(|(shape, grid)| Residual {
                    shape,
                    zero: grid.zero,
                    factor: (f64::from(grid.scale) / steps) as f32,
                }),
            },
            factors,
        }
    }

    /// Into f32 whose pixels take `pixel` values.
    pub(super) fn floats(
        kernels: &'static ByteKernels,
        floats: &'static Kernels,
        numbers: &Numbers,
        activation: &Activation,
        pixel: usize,
    ) -> Self {
        let factor = |&scale: &f32| (f64::from(numbers.grid.scale) * f64::from(scale)) as f32;
        Self {
            bias: numbers.bias(kernels.offset),
            factors: whole_vectors(numbers.scales.iter().map(factor)),
            to: To::Floats {
                floats,
                ending: Ending::new(activation, floats.lanes),
                channels: numbers.scales.len(),
                pixel,
            },
        }
    }

    /// The channel that is the first without a residual, where one begins and ends with others.
    pub(super) fn cut(&self) -> Option<usize> {
        match &self.to {
            To::Bytes { residual, .. } => residual.map(|residual| residual.shape.pixel),
            To::Floats { .. } => None,
        }
    }

    /// What becomes of sums of pixels of `target`, and of the residual beside it, × whole vectors of channels.
    /// All channels lie before the residual's end or behind it.
    ///
    /// # Panics
    /// When the target or the residual ends before those pixels do.
    pub(super) fn end(
        &self,
        channels: &Range<usize>,
        pixels: &Range<usize>,
        residual: Option<&[u8]>,
        target: &mut Target,
    ) -> End {
        // Slices end where the last vector of the last pixel does.
        let from = |pixel: usize| pixels.start * pixel + channels.start;
        let reach = |pixel: usize, width: usize| (pixels.len() - 1) * pixel + width;
        let bias = self.bias[channels.clone()].as_ptr();
        let factors = self.factors[channels.clone()].as_ptr();
        match (&self.to, target) {
            (
                To::Bytes {
                    slopes,
                    low,
                    high,
                    limits,
                    plain,
                    zero,
                    shape,
                    residual: added,
                },
                Target::Bytes(target),
            ) => {
                let width = channels.len();
                let target = &mut target[from(shape.pixel)..][..reach(shape.pixel, width)];
                let added = added.filter(|added| channels.start < added.shape.pixel);
                let bytes = added.map(|added| {
                    let step = added.shape.pixel;
                    let bytes = residual.expect("the convolution was made with a residual");
                    bytes[from(step)..][..reach(step, width)].as_ptr()
                });
                End::Bytes(FinishTile {
                    bias,
                    factors,
                    slopes: slopes
                        .as_ref()
                        .map_or(std::ptr::null(), |slopes| slopes[channels.clone()].as_ptr()),
                    residual: bytes.unwrap_or(std::ptr::null()),
                    residual_step: added.map_or(0, |added| added.shape.pixel),
                    residual_zero: added.map_or(0, |added| i32::from(added.zero)),
                    residual_factor: added.map_or(0.0, |added| added.factor),
                    low: *low,
                    high: *high,
                    zero: i32::from(*zero),
                    limits: *limits,
                    plain: *plain && added.is_none(),
                    output: target.as_mut_ptr(),
                    output_step: shape.pixel,
                })
            }
            (To::Floats { ending, pixel, .. }, Target::Floats(target)) => {
                let width = channels.len().min(pixel - channels.start);
                let [low, high] = ending.limits();
                let target = &mut target[from(*pixel)..][..reach(*pixel, width)];
                End::Floats(FloatsTile {
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

    /// What is left to do with pixels of f32 that sums became.
    pub(super) fn complete(&self, target: &mut Target) {
        if let (
            To::Floats {
                floats,
                ending,
                channels,
                pixel,
            },
            Target::Floats(values),
        ) = (&self.to, target)
        {
            ending.bend(floats, values);
            ending.complete(floats, values, *channels, *pixel);
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
