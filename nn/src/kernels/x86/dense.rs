//! Dense convolution: some pixels by some vectors of channels, so that the sums, the weights and a
//! value stay in registers and both multipliers are always busy.
#![allow(unsafe_code)]
#![allow(clippy::needless_range_loop)] // The numbers name registers.

use super::vector::Vector;
use crate::kernels::DenseTile;

/// # Safety
/// See [`DenseKernel`](crate::kernels::DenseKernel).
#[inline(always)]
pub(crate) unsafe fn tile<V: Vector, const PIXELS: usize, const VECTORS: usize>(t: &DenseTile) {
    // SAFETY: the caller's promise about every field.
    unsafe {
        let mut sums = [[V::zero(); VECTORS]; PIXELS];
        for v in 0..VECTORS {
            let bias = V::load(t.bias.add(v * V::LANES));
            for sums in &mut sums {
                sums[v] = bias;
            }
        }
        if !t.residual.is_null() {
            for p in 0..PIXELS {
                for v in 0..VECTORS {
                    let residual = t.residual.add(p * t.residual_step + v * V::LANES);
                    sums[p][v] = V::plus(sums[p][v], V::load(residual));
                }
            }
        }
        let mut panel = t.panels;
        for row in 0..t.rows {
            let mut tap = *t.taps.add(row);
            for _ in 0..t.depth / 2 {
                // Two at once: the addresses of the pixels are worked out half as often.
                for k in 0..2 {
                    sums = step(t, tap.add(k), panel.add(k * V::LANES), sums);
                }
                tap = tap.add(2);
                panel = panel.add(2 * V::LANES);
            }
            if t.depth % 2 == 1 {
                sums = step(t, tap, panel, sums);
                panel = panel.add(V::LANES);
            }
        }
        store(t, sums);
    }
}

/// One value of each pixel times its weights.
///
/// # Safety
/// See [`DenseKernel`](crate::kernels::DenseKernel).
#[inline(always)]
unsafe fn step<V: Vector, const PIXELS: usize, const VECTORS: usize>(
    t: &DenseTile,
    tap: *const f32,
    panel: *const f32,
    mut sums: [[V; VECTORS]; PIXELS],
) -> [[V; VECTORS]; PIXELS] {
    // SAFETY: the caller's promise about every field.
    unsafe {
        let mut weights = [V::zero(); VECTORS];
        for v in 0..VECTORS {
            weights[v] = V::load(panel.add(v * t.panel));
        }
        for p in 0..PIXELS {
            let value = V::splat(*tap.add(p * t.step));
            for v in 0..VECTORS {
                sums[p][v] = V::multiply_add(value, weights[v], sums[p][v]);
            }
        }
        sums
    }
}

/// # Safety
/// See [`DenseKernel`](crate::kernels::DenseKernel).
#[inline(always)]
unsafe fn store<V: Vector, const PIXELS: usize, const VECTORS: usize>(
    t: &DenseTile,
    sums: [[V; VECTORS]; PIXELS],
) {
    // SAFETY: the caller's promise about every field.
    unsafe {
        if t.epilogue.slopes.is_null() {
            let low = V::splat(t.epilogue.low);
            let high = V::splat(t.epilogue.high);
            for p in 0..PIXELS {
                for v in 0..VECTORS {
                    let value = V::smaller(V::larger(sums[p][v], low), high);
                    V::store(t.output.add(p * t.output_step + v * V::LANES), value);
                }
            }
        } else {
            let zero = V::zero();
            for v in 0..VECTORS {
                let slope = V::load(t.epilogue.slopes.add(v * V::LANES));
                for p in 0..PIXELS {
                    let [above, below] =
                        [V::larger(sums[p][v], zero), V::smaller(sums[p][v], zero)];
                    let value = V::multiply_add(slope, below, above);
                    V::store(t.output.add(p * t.output_step + v * V::LANES), value);
                }
            }
        }
    }
}
