//! Depthwise convolution and pooling with NEON.
//!
//! The usual windows keep the weights of one row of the window in registers, two vectors of
//! channels wide, while up to four output pixels pass under it; channels are innermost in memory, so
//! every load is a neighbour of the last.
#![allow(unsafe_code)]

use super::vector::{LANES, apply};
use crate::kernels::{WindowKernel, WindowTile};
use std::arch::aarch64::{
    float32x4_t, vaddq_f32, vdupq_n_f32, vfmaq_f32, vld1q_f32, vmaxnmq_f32, vmulq_n_f32, vst1q_f32,
};

pub(super) static MAX: &[WindowKernel] = &[max];
pub(super) static MEAN: &[WindowKernel] = &[mean];

pub(super) fn depthwise(window: [usize; 2], step: usize) -> &'static [WindowKernel] {
    match (window[1], step) {
        (3, 1) => &[
            convolve::<1, 3, 1, 3>,
            convolve::<2, 3, 1, 4>,
            convolve::<3, 3, 1, 5>,
            convolve::<4, 3, 1, 6>,
        ],
        (3, 2) => &[
            convolve::<1, 3, 2, 3>,
            convolve::<2, 3, 2, 5>,
            convolve::<3, 3, 2, 7>,
        ],
        (5, 1) => &[
            convolve::<1, 5, 1, 5>,
            convolve::<2, 5, 1, 6>,
            convolve::<3, 5, 1, 7>,
            convolve::<4, 5, 1, 8>,
        ],
        (5, 2) => &[convolve::<1, 5, 2, 5>, convolve::<2, 5, 2, 7>],
        _ => &[convolve_any],
    }
}

/// # Safety
/// See [`WindowKernel`]; the window is `WIDTH` wide and moves by `STEP`.
unsafe fn convolve<
    const PIXELS: usize,
    const WIDTH: usize,
    const STEP: usize,
    const COLUMNS: usize,
>(
    t: &WindowTile,
) {
    const { assert!(COLUMNS == (PIXELS - 1) * STEP + WIDTH) };
    debug_assert!(t.width == WIDTH && t.step == STEP && t.columns == COLUMNS);
    let mut vector = 0;
    // SAFETY: the caller's promise about every field.
    unsafe {
        while vector + 2 <= t.vectors {
            block::<PIXELS, WIDTH, STEP, COLUMNS, 2>(t, vector * LANES);
            vector += 2;
        }
        if vector < t.vectors {
            block::<PIXELS, WIDTH, STEP, COLUMNS, 1>(t, vector * LANES);
        }
    }
}

/// Some vectors of channels of every pixel.
///
/// # Safety
/// See [`convolve`]; `first` and the following vectors are channels of the tile.
#[inline(always)]
unsafe fn block<
    const PIXELS: usize,
    const WIDTH: usize,
    const STEP: usize,
    const COLUMNS: usize,
    const VECTORS: usize,
>(
    t: &WindowTile,
    first: usize,
) {
    // SAFETY: the caller's promise about every field.
    unsafe {
        let mut sums = [load::<VECTORS>(t.bias.add(first)); PIXELS];
        for row in 0..t.rows {
            let pixels = t.pixels.add(row * COLUMNS);
            let weights = t.weights.add(row * WIDTH * t.vectors * LANES + first);
            let mut cells = [[vdupq_n_f32(0.0); VECTORS]; WIDTH];
            for (cell, weight) in cells.iter_mut().enumerate() {
                *weight = load(weights.add(cell * t.vectors * LANES));
            }
            let mut values = [[vdupq_n_f32(0.0); VECTORS]; COLUMNS];
            for (column, values) in values.iter_mut().enumerate() {
                *values = load((*pixels.add(column)).add(first));
            }
            for (p, sums) in sums.iter_mut().enumerate() {
                for (cell, weights) in cells.iter().enumerate() {
                    for (v, sum) in sums.iter_mut().enumerate() {
                        *sum = vfmaq_f32(*sum, values[p * STEP + cell][v], weights[v]);
                    }
                }
            }
        }
        for (p, sums) in sums.iter().enumerate() {
            for (v, &sum) in sums.iter().enumerate() {
                let channel = first + v * LANES;
                let target = t.output.add(p * t.output_step + channel);
                vst1q_f32(target, apply(&t.epilogue, channel, sum));
            }
        }
    }
}

/// One output pixel, any window.
///
/// # Safety
/// See [`WindowKernel`].
unsafe fn convolve_any(t: &WindowTile) {
    // SAFETY: the caller's promise about every field.
    unsafe {
        for first in (0..t.vectors * LANES).step_by(LANES) {
            let mut sum = vld1q_f32(t.bias.add(first));
            for row in 0..t.rows {
                for column in 0..t.width {
                    let weight = ((row * t.width + column) * t.vectors) * LANES + first;
                    let value = vld1q_f32((*t.pixels.add(row * t.columns + column)).add(first));
                    sum = vfmaq_f32(sum, value, vld1q_f32(t.weights.add(weight)));
                }
            }
            vst1q_f32(t.output.add(first), apply(&t.epilogue, first, sum));
        }
    }
}

/// # Safety
/// See [`WindowKernel`].
unsafe fn max(t: &WindowTile) {
    // SAFETY: the caller's promise about every field.
    unsafe {
        each_block(
            t,
            f32::NEG_INFINITY,
            |most, value| vmaxnmq_f32(most, value),
            |most| most,
        );
    }
}

/// # Safety
/// See [`WindowKernel`].
unsafe fn mean(t: &WindowTile) {
    // SAFETY: the caller's promise about every field.
    unsafe {
        let factor = *t.weights;
        each_block(
            t,
            0.0,
            |sum, value| vaddq_f32(sum, value),
            |sum| vmulq_n_f32(sum, factor),
        );
    }
}

/// Folds the cells of one output pixel, four vectors of channels at a time.
///
/// # Safety
/// See [`WindowKernel`].
#[inline(always)]
unsafe fn each_block(
    t: &WindowTile,
    start: f32,
    join: impl Fn(float32x4_t, float32x4_t) -> float32x4_t + Copy,
    end: impl Fn(float32x4_t) -> float32x4_t + Copy,
) {
    let mut vector = 0;
    // SAFETY: the caller's promise about every field.
    unsafe {
        while vector + 4 <= t.vectors {
            fold::<4>(t, vector * LANES, start, join, end);
            vector += 4;
        }
        while vector < t.vectors {
            fold::<1>(t, vector * LANES, start, join, end);
            vector += 1;
        }
    }
}

/// # Safety
/// See [`WindowKernel`]; `first` and the following vectors are channels of the tile.
#[inline(always)]
unsafe fn fold<const VECTORS: usize>(
    t: &WindowTile,
    first: usize,
    start: f32,
    join: impl Fn(float32x4_t, float32x4_t) -> float32x4_t,
    end: impl Fn(float32x4_t) -> float32x4_t,
) {
    // SAFETY: the caller's promise about every field.
    unsafe {
        let mut folded = [vdupq_n_f32(start); VECTORS];
        for row in 0..t.rows {
            for column in 0..t.width {
                let values = load::<VECTORS>((*t.pixels.add(row * t.columns + column)).add(first));
                for (folded, value) in folded.iter_mut().zip(values) {
                    *folded = join(*folded, value);
                }
            }
        }
        for (v, &folded) in folded.iter().enumerate() {
            vst1q_f32(t.output.add(first + v * LANES), end(folded));
        }
    }
}

/// # Safety
/// `from` has as many vectors.
#[inline(always)]
unsafe fn load<const VECTORS: usize>(from: *const f32) -> [float32x4_t; VECTORS] {
    // SAFETY: the caller's promise.
    unsafe {
        let mut vectors = [vdupq_n_f32(0.0); VECTORS];
        for (v, vector) in vectors.iter_mut().enumerate() {
            *vector = vld1q_f32(from.add(v * LANES));
        }
        vectors
    }
}
