//! Dense convolution with NEON: tiles of eight pixels × eight channels.
//!
//! Four values of each pixel are loaded at once and multiplied lane by lane, so a step of four
//! weights takes 16 loads for 64 multiply-adds and leaves room for the next loads to start early,
//! which processors that work in order (Cortex-A53) need.
#![allow(unsafe_code)]

use super::vector::{LANES, apply};
use crate::kernels::{DenseKernel, DenseShape, DenseTile};
use std::arch::aarch64::{
    float32x4_t, vaddq_f32, vdupq_n_f32, vfmaq_f32, vfmaq_laneq_f32, vld1q_dup_f32, vld1q_f32,
    vst1q_f32,
};

pub(super) static SHAPES: &[DenseShape] = &[
    DenseShape {
        vectors: 2,
        kernels: &[
            tile::<1, 2>,
            tile::<2, 2>,
            tile::<3, 2>,
            tile::<4, 2>,
            tile::<5, 2>,
            tile::<6, 2>,
            tile::<7, 2>,
            tile::<8, 2>,
        ] as &[DenseKernel],
    },
    DenseShape {
        vectors: 1,
        kernels: &[
            tile::<1, 1>,
            tile::<2, 1>,
            tile::<3, 1>,
            tile::<4, 1>,
            tile::<5, 1>,
            tile::<6, 1>,
            tile::<7, 1>,
            tile::<8, 1>,
        ],
    },
];

type Sums<const PIXELS: usize, const VECTORS: usize> = [[float32x4_t; VECTORS]; PIXELS];

/// # Safety
/// See [`DenseKernel`].
unsafe fn tile<const PIXELS: usize, const VECTORS: usize>(t: &DenseTile) {
    // SAFETY: the caller's promise about every field.
    unsafe {
        let mut sums = start::<PIXELS, VECTORS>(t);
        let mut panel = t.panels;
        for row in 0..t.rows {
            let tap = *t.taps.add(row);
            let whole = t.depth - t.depth % LANES;
            for k in (0..whole).step_by(LANES) {
                let mut values = [vdupq_n_f32(0.0); PIXELS];
                for (p, value) in values.iter_mut().enumerate() {
                    *value = vld1q_f32(tap.add(p * t.step + k));
                }
                step::<0, PIXELS, VECTORS>(&mut sums, &values, panel, t.panel);
                step::<1, PIXELS, VECTORS>(&mut sums, &values, panel.add(LANES), t.panel);
                step::<2, PIXELS, VECTORS>(&mut sums, &values, panel.add(2 * LANES), t.panel);
                step::<3, PIXELS, VECTORS>(&mut sums, &values, panel.add(3 * LANES), t.panel);
                panel = panel.add(LANES * LANES);
            }
            for k in whole..t.depth {
                let weights = vectors::<VECTORS>(panel, t.panel);
                for (p, sums) in sums.iter_mut().enumerate() {
                    let value = vld1q_dup_f32(tap.add(p * t.step + k));
                    for (sum, weight) in sums.iter_mut().zip(weights) {
                        *sum = vfmaq_f32(*sum, weight, value);
                    }
                }
                panel = panel.add(LANES);
            }
        }
        for (p, sums) in sums.iter().enumerate() {
            for (v, &sum) in sums.iter().enumerate() {
                let target = t.output.add(p * t.output_step + v * LANES);
                vst1q_f32(target, apply(&t.epilogue, v * LANES, sum));
            }
        }
    }
}

/// Bias and residual.
///
/// # Safety
/// See [`DenseKernel`].
#[inline(always)]
unsafe fn start<const PIXELS: usize, const VECTORS: usize>(t: &DenseTile) -> Sums<PIXELS, VECTORS> {
    // SAFETY: the caller's promise about every field.
    unsafe {
        let mut sums = [vectors::<VECTORS>(t.bias, LANES); PIXELS];
        if !t.residual.is_null() {
            for (p, sums) in sums.iter_mut().enumerate() {
                for (v, sum) in sums.iter_mut().enumerate() {
                    let residual = vld1q_f32(t.residual.add(p * t.residual_step + v * LANES));
                    *sum = vaddq_f32(*sum, residual);
                }
            }
        }
        sums
    }
}

/// One lane of each pixel's values times its weights.
///
/// # Safety
/// `panel` has a vector every `distance` values.
#[inline(always)]
unsafe fn step<const LANE: i32, const PIXELS: usize, const VECTORS: usize>(
    sums: &mut Sums<PIXELS, VECTORS>,
    values: &[float32x4_t; PIXELS],
    panel: *const f32,
    distance: usize,
) {
    // SAFETY: the caller's promise.
    let weights = unsafe { vectors::<VECTORS>(panel, distance) };
    for (sums, &value) in sums.iter_mut().zip(values) {
        for (sum, weight) in sums.iter_mut().zip(weights) {
            // SAFETY: NEON belongs to every processor of this architecture.
            *sum = unsafe { vfmaq_laneq_f32::<LANE>(*sum, weight, value) };
        }
    }
}

/// # Safety
/// `from` has a vector every `distance` values.
#[inline(always)]
unsafe fn vectors<const VECTORS: usize>(
    from: *const f32,
    distance: usize,
) -> [float32x4_t; VECTORS] {
    // SAFETY: the caller's promise.
    unsafe {
        let mut vectors = [vdupq_n_f32(0.0); VECTORS];
        for (v, vector) in vectors.iter_mut().enumerate() {
            *vector = vld1q_f32(from.add(v * distance));
        }
        vectors
    }
}
