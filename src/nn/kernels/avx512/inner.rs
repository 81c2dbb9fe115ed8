//! Windows that lie inside their rows, with AVX-512: no pointer a pixel is needed, so a load is
//! all that a value costs.
#![allow(unsafe_code)]
#![allow(clippy::needless_range_loop)] // The numbers name registers.

use super::LANES;
use super::window::store;
use crate::nn::kernels::{InnerKernel, InnerTile};
use std::arch::x86_64::{
    _mm512_fmadd_ps, _mm512_loadu_ps, _mm512_max_ps, _mm512_setzero_ps, _mm512_storeu_ps,
};

/// Pixels of a block.
const PIXELS: usize = 6;

pub(super) fn depthwise(window: [usize; 2], step: usize) -> Option<InnerKernel> {
    let run = match (window, step) {
        ([3, 3], 1) => convolve::<3, 3, 1>,
        ([3, 3], 2) => convolve::<3, 3, 2>,
        ([5, 5], 1) => convolve::<5, 5, 1>,
        ([5, 5], 2) => convolve::<5, 5, 2>,
        _ => return None,
    };
    Some(InnerKernel { least: PIXELS, run })
}

pub(super) fn max(window: [usize; 2], step: usize) -> Option<InnerKernel> {
    let run = match (window, step) {
        ([2, 2], 2) => largest::<2, 2, 2>,
        ([3, 3], 2) => largest::<3, 3, 2>,
        _ => return None,
    };
    Some(InnerKernel { least: PIXELS, run })
}

/// # Safety
/// See [`InnerKernel`].
#[target_feature(enable = "avx512f")]
unsafe fn convolve<const ROWS: usize, const WIDTH: usize, const STEP: usize>(t: &InnerTile) {
    let columns = (PIXELS - 1) * STEP + WIDTH;
    for x in t.blocks(PIXELS) {
        for vector in 0..t.vectors {
            let first = vector * LANES;
            // SAFETY: the caller's promise about every field; a block ends with the last pixel.
            unsafe {
                let mut sums = [_mm512_loadu_ps(t.bias.add(first)); PIXELS];
                for row in 0..ROWS {
                    let mut weights = [_mm512_setzero_ps(); WIDTH];
                    for (column, weight) in weights.iter_mut().enumerate() {
                        let cell = row * WIDTH + column;
                        *weight =
                            _mm512_loadu_ps(t.weights.add((cell * t.vectors + vector) * LANES));
                    }
                    let line = (*t.rows.add(row)).add(x * STEP * t.distance + first);
                    for column in 0..columns {
                        let value = _mm512_loadu_ps(line.add(column * t.distance));
                        for p in 0..PIXELS {
                            if column >= p * STEP && column < p * STEP + WIDTH {
                                let weight = weights[column - p * STEP];
                                sums[p] = _mm512_fmadd_ps(value, weight, sums[p]);
                            }
                        }
                    }
                }
                let output = t.output.add(x * t.output_step + first);
                store(&t.finish, first, output, t.output_step, sums);
            }
        }
    }
}

/// # Safety
/// See [`InnerKernel`].
#[target_feature(enable = "avx512f")]
unsafe fn largest<const ROWS: usize, const WIDTH: usize, const STEP: usize>(t: &InnerTile) {
    for x in t.blocks(PIXELS) {
        for first in (0..t.vectors * LANES).step_by(LANES) {
            for p in x..x + PIXELS {
                // SAFETY: the caller's promise about every field; a block ends with the last pixel.
                unsafe {
                    let start = p * STEP * t.distance + first;
                    let mut most = _mm512_loadu_ps((*t.rows).add(start));
                    for row in 0..ROWS {
                        let line = (*t.rows.add(row)).add(start);
                        for column in 0..WIDTH {
                            let value = _mm512_loadu_ps(line.add(column * t.distance));
                            most = _mm512_max_ps(most, value);
                        }
                    }
                    _mm512_storeu_ps(t.output.add(p * t.output_step + first), most);
                }
            }
        }
    }
}
