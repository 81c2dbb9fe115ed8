//! Depthwise convolution and pooling with AVX2: some pixels of a row at once, so that a pixel of
//! the input is loaded once for all windows that see it, and the weights once for all pixels.
#![allow(unsafe_code)]
#![allow(clippy::needless_range_loop)] // The numbers name registers.

use super::LANES;
use crate::nn::kernels::{Finish, WindowKernel, WindowTile};
use std::arch::x86_64::{
    __m256, _mm256_add_ps, _mm256_fmadd_ps, _mm256_loadu_ps, _mm256_max_ps, _mm256_min_ps,
    _mm256_mul_ps, _mm256_set1_ps, _mm256_setzero_ps, _mm256_storeu_ps,
};

pub(super) static MAX: &[WindowKernel] = &[
    pool::<1, true>,
    pool::<2, true>,
    pool::<3, true>,
    pool::<4, true>,
];
pub(super) static MEAN: &[WindowKernel] = &[
    pool::<1, false>,
    pool::<2, false>,
    pool::<3, false>,
    pool::<4, false>,
];

/// Kernels for 1 to 6 pixels.
macro_rules! pixels {
    ($kernel:ident, $rows:literal, $width:literal, $step:literal) => {
        &[
            $kernel::<1, $rows, $width, $step>,
            $kernel::<2, $rows, $width, $step>,
            $kernel::<3, $rows, $width, $step>,
            $kernel::<4, $rows, $width, $step>,
            $kernel::<5, $rows, $width, $step>,
            $kernel::<6, $rows, $width, $step>,
        ]
    };
}

pub(super) fn depthwise(window: [usize; 2], step: usize) -> &'static [WindowKernel] {
    match (window, step) {
        ([3, 3], 1) => pixels!(fixed, 3, 3, 1),
        ([3, 3], 2) => pixels!(fixed, 3, 3, 2),
        ([5, 5], 1) => pixels!(fixed, 5, 5, 1),
        ([5, 5], 2) => pixels!(fixed, 5, 5, 2),
        _ => &[any],
    }
}

/// A window known at compile time.
///
/// # Safety
/// See [`WindowKernel`].
#[target_feature(enable = "avx2,fma")]
unsafe fn fixed<const PIXELS: usize, const ROWS: usize, const WIDTH: usize, const STEP: usize>(
    t: &WindowTile,
) {
    let columns = (PIXELS - 1) * STEP + WIDTH;
    // SAFETY: the caller's promise about every field.
    unsafe {
        for vector in 0..t.vectors {
            let first = vector * LANES;
            let mut sums = [_mm256_loadu_ps(t.bias.add(first)); PIXELS];
            for row in 0..ROWS {
                let pixels = t.pixels.add(row * columns);
                let mut weights = [_mm256_setzero_ps(); WIDTH];
                for (column, weight) in weights.iter_mut().enumerate() {
                    let cell = row * WIDTH + column;
                    *weight = _mm256_loadu_ps(t.weights.add((cell * t.vectors + vector) * LANES));
                }
                for column in 0..columns {
                    let value = _mm256_loadu_ps((*pixels.add(column)).add(first));
                    for p in 0..PIXELS {
                        if column >= p * STEP && column < p * STEP + WIDTH {
                            let weight = weights[column - p * STEP];
                            sums[p] = _mm256_fmadd_ps(value, weight, sums[p]);
                        }
                    }
                }
            }
            store(&t.finish, first, t.output.add(first), t.output_step, sums);
        }
    }
}

/// Any window, one pixel.
///
/// # Safety
/// See [`WindowKernel`].
#[target_feature(enable = "avx2,fma")]
unsafe fn any(t: &WindowTile) {
    // SAFETY: the caller's promise about every field.
    unsafe {
        for vector in 0..t.vectors {
            let first = vector * LANES;
            let mut sum = _mm256_loadu_ps(t.bias.add(first));
            for row in 0..t.rows {
                for column in 0..t.width {
                    let value =
                        _mm256_loadu_ps((*t.pixels.add(row * t.columns + column)).add(first));
                    let cell = row * t.width + column;
                    let weight =
                        _mm256_loadu_ps(t.weights.add((cell * t.vectors + vector) * LANES));
                    sum = _mm256_fmadd_ps(value, weight, sum);
                }
            }
            store(&t.finish, first, t.output.add(first), t.output_step, [sum]);
        }
    }
}

/// Ends the sums of neighbouring pixels and writes them.
///
/// # Safety
/// `finish.slopes` is null or has a vector for channel `first`; `output` takes a vector every `step`
/// values.
#[inline]
#[target_feature(enable = "avx2,fma")]
pub(super) unsafe fn store<const PIXELS: usize>(
    finish: &Finish,
    first: usize,
    output: *mut f32,
    step: usize,
    sums: [__m256; PIXELS],
) {
    // SAFETY: the caller's promise.
    unsafe {
        if finish.slopes.is_null() {
            let low = _mm256_set1_ps(finish.low);
            let high = _mm256_set1_ps(finish.high);
            for (p, sum) in sums.into_iter().enumerate() {
                let value = _mm256_min_ps(_mm256_max_ps(sum, low), high);
                _mm256_storeu_ps(output.add(p * step), value);
            }
        } else {
            let zero = _mm256_setzero_ps();
            let slope = _mm256_loadu_ps(finish.slopes.add(first));
            for (p, sum) in sums.into_iter().enumerate() {
                let [above, below] = [_mm256_max_ps(sum, zero), _mm256_min_ps(sum, zero)];
                let value = _mm256_fmadd_ps(slope, below, above);
                _mm256_storeu_ps(output.add(p * step), value);
            }
        }
    }
}

/// Largest values or means.
///
/// # Safety
/// See [`WindowKernel`].
#[target_feature(enable = "avx2,fma")]
unsafe fn pool<const PIXELS: usize, const LARGEST: bool>(t: &WindowTile) {
    // SAFETY: the caller's promise about every field.
    unsafe {
        for first in (0..t.vectors * LANES).step_by(LANES) {
            for p in 0..PIXELS {
                let mut all = _mm256_set1_ps(if LARGEST { f32::NEG_INFINITY } else { 0.0 });
                for row in 0..t.rows {
                    let pixels = t.pixels.add(row * t.columns + p * t.step);
                    for column in 0..t.width {
                        let value = _mm256_loadu_ps((*pixels.add(column)).add(first));
                        all = if LARGEST {
                            _mm256_max_ps(all, value)
                        } else {
                            _mm256_add_ps(all, value)
                        };
                    }
                }
                if !LARGEST {
                    all = _mm256_mul_ps(all, _mm256_set1_ps(*t.weights.add(p)));
                }
                _mm256_storeu_ps(t.output.add(p * t.output_step + first), all);
            }
        }
    }
}
