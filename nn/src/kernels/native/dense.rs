//! Dense convolution, portable.
#![allow(unsafe_code)]

use super::vector::{LANES, apply};
use crate::kernels::{DenseKernel, DenseShape, DenseTile};

pub(super) static SHAPES: &[DenseShape] = &[
    DenseShape {
        vectors: 2,
        kernels: &[tile::<1, 2>, tile::<2, 2>, tile::<3, 2>, tile::<4, 2>] as &[DenseKernel],
    },
    DenseShape {
        vectors: 1,
        kernels: &[tile::<1, 1>, tile::<2, 1>, tile::<3, 1>, tile::<4, 1>],
    },
];

/// # Safety
/// See [`DenseKernel`].
unsafe fn tile<const PIXELS: usize, const VECTORS: usize>(t: &DenseTile) {
    let mut sums = [[[0.0_f32; LANES]; VECTORS]; PIXELS];
    // SAFETY: the caller's promise about every field.
    unsafe {
        for (p, sums) in sums.iter_mut().enumerate() {
            for (v, sums) in sums.iter_mut().enumerate() {
                for (lane, sum) in sums.iter_mut().enumerate() {
                    *sum = *t.bias.add(v * LANES + lane);
                    if !t.residual.is_null() {
                        *sum += *t.residual.add(p * t.residual_step + v * LANES + lane);
                    }
                }
            }
        }
        let mut panel = t.panels;
        for row in 0..t.rows {
            let tap = *t.taps.add(row);
            for k in 0..t.depth {
                for (p, sums) in sums.iter_mut().enumerate() {
                    let value = *tap.add(p * t.step + k);
                    for (v, sums) in sums.iter_mut().enumerate() {
                        for (lane, sum) in sums.iter_mut().enumerate() {
                            *sum += value * *panel.add(v * t.panel + lane);
                        }
                    }
                }
                panel = panel.add(LANES);
            }
        }
        for (p, sums) in sums.iter().enumerate() {
            for (v, sums) in sums.iter().enumerate() {
                for (lane, &sum) in sums.iter().enumerate() {
                    let channel = v * LANES + lane;
                    *t.output.add(p * t.output_step + channel) = apply(&t.epilogue, channel, sum);
                }
            }
        }
    }
}
