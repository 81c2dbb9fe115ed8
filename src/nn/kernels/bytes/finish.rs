//! From sums to what a convolution writes.
#![allow(unsafe_code)]

use super::{ByteKernels, FinishTile, LANES, Shape};
use crate::nn::kernels::Kernels;
use crate::nn::kernels::finish::Ending;
use crate::nn::plan::{Activation, Grid};

/// Where a convolution writes.
pub(crate) enum Target<'a> {
    /// A picture of bytes.
    Bytes(&'a mut [u8]),
    /// A picture of f32.
    Floats(&'a mut [f32]),
}

/// From sums to f32 before their activation: `(sum + bias) · factor`.
pub(crate) struct Floats<'a> {
    /// Values from one pixel of the output to the next.
    pub(crate) pixel: usize,
    /// Sums from one pixel to the next.
    pub(crate) step: usize,
    /// One value a channel; as many channels are written.
    pub(crate) bias: &'a [i32],
    /// One value a channel.
    pub(crate) factors: &'a [f32],
}

/// What the sums of a convolution mean and become.
pub(super) struct Finish {
    kernels: &'static ByteKernels,
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
        Self {
            kernels,
            bias: numbers.bias(kernels.offset),
            factors: whole_vectors(numbers.scales.iter().map(factor)),
            to: To::Bytes {
                slopes: slopes.map(|slopes| whole_vectors(slopes.iter().copied())),
                low,
                high,
                zero: grid.zero,
                shape,
                residual: residual.map(|(shape, grid)| Residual {
                    shape,
                    zero: grid.zero,
                    factor: (f64::from(grid.scale) / steps) as f32,
                }),
            },
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
            kernels,
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

    /// Ends some pixels × some vectors of channels.
    ///
    /// # Panics
    /// When the sums, the target or the residual end before those pixels do.
    pub(super) fn run(
        &self,
        sums: &[i32],
        place: &Place,
        residual: Option<&[u8]>,
        target: &mut Target,
    ) {
        let &Place {
            step,
            first,
            pixels,
            channel,
            vectors,
        } = place;
        let width = vectors * LANES;
        assert!(pixels > 0 && (pixels - 1) * step + width <= sums.len());
        match (&self.to, target) {
            (To::Bytes { .. }, Target::Bytes(target)) => {
                let block = Block {
                    sums,
                    step,
                    first,
                    pixels,
                };
                self.block(&block, channel..channel + width, residual, target);
            }
            (
                To::Floats {
                    channels, pixel, ..
                },
                Target::Floats(target),
            ) => {
                let end = (channel + width).min(*channels);
                let from = first * pixel + channel;
                let reach = (pixels - 1) * pixel + end - channel;
                let by = Floats {
                    pixel: *pixel,
                    step,
                    bias: &self.bias[channel..end],
                    factors: &self.factors[channel..end],
                };
                (self.kernels.floats)(&mut target[from..][..reach], sums, &by);
            }
            _ => panic!("a target of another kind than the convolution was made for"),
        }
    }

    /// Cuts channels where a narrower residual ends.
    fn block(
        &self,
        block: &Block,
        channels: std::ops::Range<usize>,
        residual: Option<&[u8]>,
        target: &mut [u8],
    ) {
        let To::Bytes {
            residual: Some(narrow),
            ..
        } = &self.to
        else {
            return self.tile(block, channels, 0, None, target);
        };
        let residual = residual.expect("the convolution was made with a residual");
        let cut = narrow.shape.pixel.clamp(channels.start, channels.end);
        let start = channels.start;
        if cut > start {
            self.tile(block, start..cut, 0, Some((residual, *narrow)), target);
        }
        if cut < channels.end {
            self.tile(block, cut..channels.end, cut - start, None, target);
        }
    }

    fn tile(
        &self,
        block: &Block,
        channels: std::ops::Range<usize>,
        skip: usize,
        residual: Option<(&[u8], Residual)>,
        target: &mut [u8],
    ) {
        let To::Bytes {
            slopes,
            low,
            high,
            zero,
            shape,
            ..
        } = &self.to
        else {
            unreachable!("only called for bytes")
        };
        let (channel, width) = (channels.start, channels.len());
        let &Block {
            sums,
            step,
            first,
            pixels,
        } = block;
        // Slices end where the last vector of the last pixel does; each is checked here.
        let reach = |pixel: usize| (pixels - 1) * pixel + width;
        let from = |pixel: usize| first * pixel + channel;
        let target = &mut target[from(shape.pixel)..][..reach(shape.pixel)];
        let bytes = residual.map_or(std::ptr::null(), |(bytes, residual)| {
            let step = residual.shape.pixel;
            bytes[from(step)..][..reach(step)].as_ptr()
        });
        let residual = residual.map(|(_, residual)| residual);
        let tile = FinishTile {
            pixels,
            vectors: width / LANES,
            sums: sums[skip..][..reach(step)].as_ptr(),
            sums_step: step,
            bias: self.bias[channels.clone()].as_ptr(),
            factors: self.factors[channels.clone()].as_ptr(),
            slopes: slopes
                .as_ref()
                .map_or(std::ptr::null(), |slopes| slopes[channels.clone()].as_ptr()),
            residual: bytes,
            residual_step: residual.map_or(0, |residual| residual.shape.pixel),
            residual_zero: residual.map_or(0, |residual| i32::from(residual.zero)),
            residual_factor: residual.map_or(0.0, |residual| residual.factor),
            low: *low,
            high: *high,
            zero: i32::from(*zero),
            output: target.as_mut_ptr(),
            output_step: shape.pixel,
        };
        // SAFETY: the table's instruction set is there; every pointer was made of a slice that ends
        // where the tile does.
        unsafe { (self.kernels.finish)(&tile) };
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
            if channels < pixel {
                for values in values.chunks_exact_mut(*pixel) {
                    values[*channels..].fill(0.0);
                }
            }
            ending.apply(floats, values);
            ending.complete(floats, values, *channels, *pixel);
        }
    }
}

/// Which pixels and channels sums belong to.
pub(super) struct Place {
    /// Sums from one pixel to the next.
    pub(super) step: usize,
    /// Number of the first pixel in the picture.
    pub(super) first: usize,
    /// Pixels.
    pub(super) pixels: usize,
    /// The first channel.
    pub(super) channel: usize,
    /// Vectors of channels.
    pub(super) vectors: usize,
}

/// Pixels of sums.
struct Block<'a> {
    sums: &'a [i32],
    /// Sums from one pixel to the next.
    step: usize,
    /// Number of the first pixel in the picture.
    first: usize,
    pixels: usize,
}

/// Values followed by zeros up to whole vectors.
fn whole_vectors<T: Copy + Default>(values: impl ExactSizeIterator<Item = T>) -> Vec<T> {
    let len = values.len().next_multiple_of(LANES);
    let mut values: Vec<T> = values.collect();
    values.resize(len, T::default());
    values
}
