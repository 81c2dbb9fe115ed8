//! Windows that lie inside their rows, with no pointer a pixel is needed, so a load is
//! all that a value costs.
#![allow(unsafe_code)]
#![allow(clippy::needless_range_loop)] // The numbers name registers.

use super::Vector;
use super::window::store;
use crate::nn::kernels::{EdgeTile, InnerTile};

/// Pixels of a block.
pub(crate) const PIXELS: usize = 6;

/// # Safety
/// See [`InnerKernel`](crate::nn::kernels::InnerKernel).
#[inline(always)]
pub(crate) unsafe fn convolve<V: Vector, const SIDE: usize, const STEP: usize>(t: &InnerTile) {
    let columns = (PIXELS - 1) * STEP + SIDE;
    for x in t.blocks(PIXELS) {
        for vector in 0..t.vectors {
            let first = vector * V::LANES;
            // SAFETY: the caller's promise about every field; a block ends with the last pixel.
            unsafe {
                let mut sums = [V::load(t.bias.add(first)); PIXELS];
                for row in 0..SIDE {
                    let mut weights = [V::zero(); SIDE];
                    for (column, weight) in weights.iter_mut().enumerate() {
                        let cell = row * SIDE + column;
                        *weight = V::load(t.weights.add((cell * t.vectors + vector) * V::LANES));
                    }
                    let line = (*t.rows.add(row)).add(x * STEP * t.distance + first);
                    for column in 0..columns {
                        let value = V::load(line.add(column * t.distance));
                        for p in 0..PIXELS {
                            if column >= p * STEP && column < p * STEP + SIDE {
                                let weight = weights[column - p * STEP];
                                sums[p] = V::multiply_add(value, weight, sums[p]);
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
/// See [`EdgeKernel`](crate::nn::kernels::EdgeKernel).
#[inline(always)]
pub(crate) unsafe fn edge<V: Vector>(t: &EdgeTile) {
    let [start, end] = t.inside;
    for vector in 0..t.vectors {
        let first = vector * V::LANES;
        // SAFETY: the caller's promise about every field.
        unsafe {
            let mut sum = V::load(t.bias.add(first));
            for row in 0..t.size[0] {
                let mut pixel = (*t.rows.add(row)).add(first);
                for column in start..end {
                    let cell = row * t.size[1] + column;
                    let weight = V::load(t.weights.add((cell * t.vectors + vector) * V::LANES));
                    sum = V::multiply_add(V::load(pixel), weight, sum);
                    pixel = pixel.wrapping_add(t.distance);
                }
            }
            store(&t.finish, first, t.output.add(first), 0, [sum]);
        }
    }
}

/// # Safety
/// See [`InnerKernel`](crate::nn::kernels::InnerKernel).
#[inline(always)]
pub(crate) unsafe fn largest<V: Vector, const SIDE: usize, const STEP: usize>(t: &InnerTile) {
    for x in t.blocks(PIXELS) {
        for first in (0..t.vectors * V::LANES).step_by(V::LANES) {
            for p in x..x + PIXELS {
                // SAFETY: the caller's promise about every field; a block ends with the last pixel.
                unsafe {
                    let start = p * STEP * t.distance + first;
                    let mut most = V::load((*t.rows).add(start));
                    for row in 0..SIDE {
                        let line = (*t.rows.add(row)).add(start);
                        for column in 0..SIDE {
                            let value = V::load(line.add(column * t.distance));
                            most = V::larger(most, value);
                        }
                    }
                    V::store(t.output.add(p * t.output_step + first), most);
                }
            }
        }
    }
}
