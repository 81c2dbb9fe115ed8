//! Depthwise convolution and pooling of some pixels of a row at once, so that a pixel of
//! the input is loaded once for all windows that see it, and the weights once for all pixels.
#![allow(unsafe_code)]
#![allow(clippy::needless_range_loop)] // The numbers name registers.

use super::vector::Vector;
use crate::kernels::{EpilogueTile, WindowTile};

/// A window known at compile time.
///
/// # Safety
/// See [`WindowKernel`](crate::kernels::WindowKernel).
#[inline(always)]
pub(crate) unsafe fn fixed<V: Vector, const PIXELS: usize, const SIDE: usize, const STEP: usize>(
    t: &WindowTile,
) {
    let columns = (PIXELS - 1) * STEP + SIDE;
    // SAFETY: the caller's promise about every field.
    unsafe {
        for vector in 0..t.vectors {
            let first = vector * V::LANES;
            let mut sums = [V::load(t.bias.add(first)); PIXELS];
            for row in 0..SIDE {
                let pixels = t.pixels.add(row * columns);
                let mut weights = [V::zero(); SIDE];
                for (column, weight) in weights.iter_mut().enumerate() {
                    let cell = row * SIDE + column;
                    *weight = V::load(t.weights.add((cell * t.vectors + vector) * V::LANES));
                }
                for column in 0..columns {
                    let value = V::load((*pixels.add(column)).add(first));
                    for p in 0..PIXELS {
                        if column >= p * STEP && column < p * STEP + SIDE {
                            let weight = weights[column - p * STEP];
                            sums[p] = V::multiply_add(value, weight, sums[p]);
                        }
                    }
                }
            }
            store(&t.epilogue, first, t.output.add(first), t.output_step, sums);
        }
    }
}

/// Any window, one pixel.
///
/// # Safety
/// See [`WindowKernel`](crate::kernels::WindowKernel).
#[inline(always)]
pub(crate) unsafe fn any<V: Vector>(t: &WindowTile) {
    // SAFETY: the caller's promise about every field.
    unsafe {
        for vector in 0..t.vectors {
            let first = vector * V::LANES;
            let mut sum = V::load(t.bias.add(first));
            for row in 0..t.rows {
                for column in 0..t.width {
                    let value = V::load((*t.pixels.add(row * t.columns + column)).add(first));
                    let cell = row * t.width + column;
                    let weight = V::load(t.weights.add((cell * t.vectors + vector) * V::LANES));
                    sum = V::multiply_add(value, weight, sum);
                }
            }
            store(
                &t.epilogue,
                first,
                t.output.add(first),
                t.output_step,
                [sum],
            );
        }
    }
}

/// Applies the epilogue to the sums of neighbouring pixels and writes them.
///
/// # Safety
/// `epilogue.slopes` is null or has a vector for channel `first`; `output` takes a vector every `step`
/// values.
#[inline(always)]
pub(super) unsafe fn store<V: Vector, const PIXELS: usize>(
    epilogue: &EpilogueTile,
    first: usize,
    output: *mut f32,
    step: usize,
    sums: [V; PIXELS],
) {
    // SAFETY: the caller's promise.
    unsafe {
        if epilogue.slopes.is_null() {
            let low = V::splat(epilogue.low);
            let high = V::splat(epilogue.high);
            // ReLU and no activation have no upper limit: applying one would take a tenth of the time of a depthwise window.
            let limited = epilogue.high < f32::INFINITY;
            for (p, sum) in sums.into_iter().enumerate() {
                let mut value = V::larger(sum, low);
                if limited {
                    value = V::smaller(value, high);
                }
                V::store(output.add(p * step), value);
            }
        } else {
            let zero = V::zero();
            let slope = V::load(epilogue.slopes.add(first));
            for (p, sum) in sums.into_iter().enumerate() {
                let [above, below] = [V::larger(sum, zero), V::smaller(sum, zero)];
                let value = V::multiply_add(slope, below, above);
                V::store(output.add(p * step), value);
            }
        }
    }
}

/// Largest values or means.
///
/// # Safety
/// See [`WindowKernel`](crate::kernels::WindowKernel).
#[inline(always)]
pub(crate) unsafe fn pool<V: Vector, const PIXELS: usize, const LARGEST: bool>(t: &WindowTile) {
    // SAFETY: the caller's promise about every field.
    unsafe {
        for first in (0..t.vectors * V::LANES).step_by(V::LANES) {
            for p in 0..PIXELS {
                let mut all = V::splat(if LARGEST { f32::NEG_INFINITY } else { 0.0 });
                for row in 0..t.rows {
                    let pixels = t.pixels.add(row * t.columns + p * t.step);
                    for column in 0..t.width {
                        let value = V::load((*pixels.add(column)).add(first));
                        all = if LARGEST {
                            V::larger(all, value)
                        } else {
                            V::plus(all, value)
                        };
                    }
                }
                if !LARGEST {
                    all = V::times(all, V::splat(*t.weights.add(p)));
                }
                V::store(t.output.add(p * t.output_step + first), all);
            }
        }
    }
}
