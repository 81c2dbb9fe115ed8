//! Dense convolution with AVX2: up to 6 pixels × 16 channels or 12 × 8, so that the sums, the
//! weights and a value take the 16 registers, and both multipliers are always busy.
#![allow(unsafe_code)]
#![allow(clippy::needless_range_loop)] // The numbers name registers.

use super::LANES;
use crate::nn::kernels::{DenseKernel, DenseShape, DenseTile};
use std::arch::x86_64::{
    __m256, _mm256_add_ps, _mm256_fmadd_ps, _mm256_loadu_ps, _mm256_max_ps, _mm256_min_ps,
    _mm256_set1_ps, _mm256_setzero_ps, _mm256_storeu_ps,
};

pub(super) static SHAPES: &[DenseShape] = &[
    DenseShape {
        vectors: 2,
        kernels: kernels!(tile, 2, 1 2 3 4 5 6),
    },
    DenseShape {
        vectors: 1,
        kernels: kernels!(tile, 1, 1 2 3 4 5 6 7 8 9 10 11 12),
    },
];

/// # Safety
/// See [`DenseKernel`].
#[target_feature(enable = "avx2,fma")]
unsafe fn tile<const PIXELS: usize, const VECTORS: usize>(t: &DenseTile) {
    // SAFETY: the caller's promise about every field.
    unsafe {
        let mut sums = [[_mm256_setzero_ps(); VECTORS]; PIXELS];
        for v in 0..VECTORS {
            let bias = _mm256_loadu_ps(t.bias.add(v * LANES));
            for sums in &mut sums {
                sums[v] = bias;
            }
        }
        if !t.residual.is_null() {
            for p in 0..PIXELS {
                for v in 0..VECTORS {
                    let residual = t.residual.add(p * t.residual_step + v * LANES);
                    sums[p][v] = _mm256_add_ps(sums[p][v], _mm256_loadu_ps(residual));
                }
            }
        }
        let mut panel = t.panels;
        for row in 0..t.rows {
            let mut tap = *t.taps.add(row);
            for _ in 0..t.depth / 2 {
                // Two at once: the addresses of the pixels are worked out half as often.
                for k in 0..2 {
                    sums = step(t, tap.add(k), panel.add(k * LANES), sums);
                }
                tap = tap.add(2);
                panel = panel.add(2 * LANES);
            }
            if t.depth % 2 == 1 {
                sums = step(t, tap, panel, sums);
                panel = panel.add(LANES);
            }
        }
        store(t, sums);
    }
}

/// One value of each pixel times its weights.
///
/// # Safety
/// See [`DenseKernel`].
#[inline]
#[target_feature(enable = "avx2,fma")]
unsafe fn step<const PIXELS: usize, const VECTORS: usize>(
    t: &DenseTile,
    tap: *const f32,
    panel: *const f32,
    mut sums: [[__m256; VECTORS]; PIXELS],
) -> [[__m256; VECTORS]; PIXELS] {
    // SAFETY: the caller's promise about every field.
    unsafe {
        let mut weights = [_mm256_setzero_ps(); VECTORS];
        for v in 0..VECTORS {
            weights[v] = _mm256_loadu_ps(panel.add(v * t.panel));
        }
        for p in 0..PIXELS {
            let value = _mm256_set1_ps(*tap.add(p * t.step));
            for v in 0..VECTORS {
                sums[p][v] = _mm256_fmadd_ps(value, weights[v], sums[p][v]);
            }
        }
        sums
    }
}

/// # Safety
/// See [`DenseKernel`].
#[inline]
#[target_feature(enable = "avx2,fma")]
unsafe fn store<const PIXELS: usize, const VECTORS: usize>(
    t: &DenseTile,
    sums: [[__m256; VECTORS]; PIXELS],
) {
    // SAFETY: the caller's promise about every field.
    unsafe {
        if t.finish.slopes.is_null() {
            let low = _mm256_set1_ps(t.finish.low);
            let high = _mm256_set1_ps(t.finish.high);
            for p in 0..PIXELS {
                for v in 0..VECTORS {
                    let value = _mm256_min_ps(_mm256_max_ps(sums[p][v], low), high);
                    _mm256_storeu_ps(t.output.add(p * t.output_step + v * LANES), value);
                }
            }
        } else {
            let zero = _mm256_setzero_ps();
            for v in 0..VECTORS {
                let slope = _mm256_loadu_ps(t.finish.slopes.add(v * LANES));
                for p in 0..PIXELS {
                    let [above, below] = [
                        _mm256_max_ps(sums[p][v], zero),
                        _mm256_min_ps(sums[p][v], zero),
                    ];
                    let value = _mm256_fmadd_ps(slope, below, above);
                    _mm256_storeu_ps(t.output.add(p * t.output_step + v * LANES), value);
                }
            }
        }
    }
}
