//! Depthwise convolution and pooling, portable: one output pixel at a time, any window.
#![allow(unsafe_code)]

use super::vector::{LANES, apply};
use crate::kernels::{WindowKernel, WindowTile};

pub(super) static MAX: &[WindowKernel] = &[max];
pub(super) static MEAN: &[WindowKernel] = &[mean];

pub(super) fn depthwise(_window: [usize; 2], _step: usize) -> &'static [WindowKernel] {
    &[convolve]
}

/// # Safety
/// See [`WindowKernel`].
unsafe fn convolve(t: &WindowTile) {
    // SAFETY: the caller's promise about every field.
    unsafe {
        for first in (0..t.vectors * LANES).step_by(LANES) {
            let mut sums = [0.0_f32; LANES];
            for (lane, sum) in sums.iter_mut().enumerate() {
                *sum = *t.bias.add(first + lane);
            }
            fold(t, first, |cell, values| {
                let weights = t.weights.add(cell * t.vectors * LANES + first);
                for (lane, sum) in sums.iter_mut().enumerate() {
                    *sum += *values.add(lane) * *weights.add(lane);
                }
            });
            for (lane, &sum) in sums.iter().enumerate() {
                *t.output.add(first + lane) = apply(&t.epilogue, first + lane, sum);
            }
        }
    }
}

/// # Safety
/// See [`WindowKernel`].
unsafe fn max(t: &WindowTile) {
    // SAFETY: the caller's promise about every field.
    unsafe {
        for first in (0..t.vectors * LANES).step_by(LANES) {
            let mut most = [f32::NEG_INFINITY; LANES];
            fold(t, first, |_, values| {
                for (lane, most) in most.iter_mut().enumerate() {
                    *most = most.max(*values.add(lane));
                }
            });
            for (lane, &most) in most.iter().enumerate() {
                *t.output.add(first + lane) = most;
            }
        }
    }
}

/// # Safety
/// See [`WindowKernel`].
unsafe fn mean(t: &WindowTile) {
    // SAFETY: the caller's promise about every field.
    unsafe {
        for first in (0..t.vectors * LANES).step_by(LANES) {
            let mut sums = [0.0_f32; LANES];
            fold(t, first, |_, values| {
                for (lane, sum) in sums.iter_mut().enumerate() {
                    *sum += *values.add(lane);
                }
            });
            for (lane, &sum) in sums.iter().enumerate() {
                *t.output.add(first + lane) = sum * *t.weights;
            }
        }
    }
}

/// Calls `each` with the number of every cell of the first window and its values from `first` on.
///
/// # Safety
/// See [`WindowKernel`].
#[inline(always)]
unsafe fn fold(t: &WindowTile, first: usize, mut each: impl FnMut(usize, *const f32)) {
    for row in 0..t.rows {
        for column in 0..t.width {
            // SAFETY: the caller's promise: rows × columns pixels of `vectors` vectors.
            let values = unsafe { (*t.pixels.add(row * t.columns + column)).add(first) };
            each(row * t.width + column, values);
        }
    }
}
