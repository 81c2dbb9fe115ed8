//! What kernels without weights are told.

use crate::ir::{Activation, QuantParams};

/// From f32 to int8: `round(value · factor) + zero_point`, kept between `low` and `high` before the zero point is
/// added.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Quantise {
    /// Steps in 1.
    pub(crate) factor: f32,
    /// Least number of steps: the byte 0.
    pub(crate) low: f32,
    /// Most steps: the byte 255.
    pub(crate) high: f32,
    /// The byte that stands for 0.
    pub(crate) zero_point: i32,
}

impl Quantise {
    pub(crate) fn new(params: QuantParams) -> Self {
        Self {
            factor: 1.0 / params.scale,
            low: -f32::from(params.zero_point),
            high: 255.0 - f32::from(params.zero_point),
            zero_point: i32::from(params.zero_point),
        }
    }
}

/// Makes int8 pixels of three planes of f32.
pub(crate) type Colours = fn(output: &mut [[u8; 4]], planes: [&[f32]; 3], quantise: &Quantise);

/// Sum of two tensors with parameters of its own: `round(Σ (byte − zero_points) · factors)`, limited and shifted as in
/// [`Quantise`].
#[derive(Clone, Copy, Debug)]
pub(crate) struct Int8Add {
    /// The bytes that stand for 0.
    pub(crate) zero_points: [i32; 2],
    /// Steps of the output in one of each term's.
    pub(crate) factors: [f32; 2],
    /// Least number of steps.
    pub(crate) low: f32,
    /// Most steps.
    pub(crate) high: f32,
    /// The byte of the output that stands for 0.
    pub(crate) zero_point: i32,
}

impl Int8Add {
    /// For `activation(left + right)`; the activation is none, ReLU or clip.
    pub(crate) fn new(
        terms: [QuantParams; 2],
        output: QuantParams,
        activation: &Activation,
    ) -> Self {
        let whole = Quantise::new(output);
        let steps = |value: f32| (f64::from(value) / f64::from(output.scale)) as f32;
        let (low, high) = match activation {
            Activation::Relu => (0.0, whole.high),
            Activation::Clip { low, high } => (
                steps(*low).max(whole.low).min(whole.high),
                steps(*high).min(whole.high).max(whole.low),
            ),
            _ => (whole.low, whole.high),
        };
        Self {
            zero_points: terms.map(|params| i32::from(params.zero_point)),
            factors: terms.map(|params| steps(params.scale)),
            low,
            high,
            zero_point: whole.zero_point,
        }
    }

    /// From some parameters to others: the sum with nothing.
    pub(crate) fn convert(from: QuantParams, to: QuantParams) -> Self {
        Self {
            factors: [(f64::from(from.scale) / f64::from(to.scale)) as f32, 0.0],
            ..Self::new([from, from], to, &Activation::None)
        }
    }
}

/// Windows over neighbouring pixels.
pub(crate) struct PoolWindows<'a> {
    /// The rows that they see, from the first column of the first window on.
    pub(crate) rows: &'a [&'a [u8]],
    /// Columns that each sees.
    pub(crate) columns: usize,
    /// Pixels from one window to the next.
    pub(crate) stride: usize,
    /// Bytes of a pixel.
    pub(crate) pixel: usize,
}

impl PoolWindows<'_> {
    /// Where in a row the pixel starts that window number `x` sees in a column.
    #[inline(always)]
    pub(super) fn cell(&self, x: usize, column: usize) -> usize {
        (x * self.stride + column) * self.pixel
    }
}
