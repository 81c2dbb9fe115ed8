//! Conversions between f32 and int8.

use super::params::Quantise;
use super::{Int8Kernels, Shape};
use crate::ir::QuantParams;
use std::ops::Range;

impl Quantise {
    /// From pixels of `from` values to pixels of `to` bytes.
    ///
    /// # Panics
    /// When the two hold different numbers of pixels.
    pub(crate) fn run(
        &self,
        kernels: &Int8Kernels,
        (input, from): (&[f32], usize),
        (output, to): (&mut [u8], usize),
    ) {
        assert_eq!(input.len() / from * to, output.len());
        if from == to {
            return (kernels.quantise)(output, input, self);
        }
        let width = from.min(to);
        for (output, input) in output.chunks_exact_mut(to).zip(input.chunks_exact(from)) {
            (kernels.quantise)(&mut output[..width], &input[..width], self);
        }
    }

    /// From planes, one for each channel, to rows of int8 pixels.
    ///
    /// # Panics
    /// When the planes have another size than the picture, or the output than the rows.
    pub(crate) fn planes(
        &self,
        kernels: &Int8Kernels,
        input: &[f32],
        output: &mut [u8],
        (shape, rows): (Shape, Range<usize>),
    ) {
        let plane = shape.height * shape.width;
        assert!(
            input.len() == plane * shape.channels && output.len() == rows.len() * shape.row(),
            "planes of {shape:?}"
        );
        let pixels = rows.start * shape.width..rows.end * shape.width;
        let values = |channel: usize| &input[channel * plane..][pixels.clone()];
        if shape.channels == 3 {
            let planes = [values(0), values(1), values(2)];
            return (kernels.colours)(output.as_chunks_mut().0, planes, self);
        }
        let mut run = [0_u8; RUN];
        for channel in 0..shape.channels {
            let runs = values(channel).chunks(RUN);
            for (pixels, values) in output.chunks_mut(RUN * shape.pixel).zip(runs) {
                (kernels.quantise)(&mut run[..values.len()], values, self);
                for (pixel, &byte) in pixels.chunks_exact_mut(shape.pixel).zip(&run) {
                    pixel[channel] = byte;
                }
            }
        }
    }
}

/// Pixels of a plane that are quantised at a time.
const RUN: usize = 256;

/// From rows of int8 to f32, pixels of `to` values whose last ones are 0.
///
/// # Panics
/// When the two hold different numbers of pixels.
pub(crate) fn dequantise(
    params: QuantParams,
    (input, shape): (&[u8], Shape),
    (output, to): (&mut [f32], usize),
) {
    assert_eq!(output.len() / to * shape.pixel, input.len());
    let pixels = input.chunks_exact(shape.pixel);
    for (output, input) in output.chunks_exact_mut(to).zip(pixels) {
        let (values, rest) = output.split_at_mut(shape.channels);
        for (value, &byte) in values.iter_mut().zip(input) {
            *value = params.dequantise(byte);
        }
        rest.fill(0.0);
    }
}
