//! Windows that lie inside their rows, with no pointer a pixel is needed, so a load is
//! all that a value costs.
#![allow(unsafe_code)]
#![allow(clippy::needless_range_loop)] // The numbers name registers.

use super::vector::Vector;
use super::window::store;
use crate::kernels::{EdgeTile, InnerTile};

/// Pixels of a block.
pub(crate) const PIXELS: usize = 6;

/// Pixels of a block of two rows: as many sums as leave registers for the weights of both.
const PIXELS_OF_TWO: usize = 4;

/// # Safety
/// See [`InnerKernel`](crate::kernels::InnerKernel).
#[inline(always)]
pub(crate) unsafe fn convolve<V: Vector, const SIDE: usize, const STEP: usize>(t: &InnerTile) {
    // A copy, which the values that are written cannot be taken to change.
    let t = *t;
    for x in t.blocks(PIXELS) {
        for vector in 0..t.vectors {
            let first = vector * V::LANES;
            // SAFETY: the caller's promise about every field; a block ends with the last pixel.
            unsafe {
                let mut sums = [V::load(t.bias.add(first)); PIXELS];
                for row in 0..SIDE {
                    let line = (*t.rows.add(row)).add(x * STEP * t.distance + first);
                    let weights = t.weights.add((row * SIDE * t.vectors + vector) * V::LANES);
                    grow::<V, 1, PIXELS, SIDE, STEP>(&t, line, [(&mut sums, weights)]);
                }
                let output = t.output.add(x * t.output_step + first);
                store(&t.epilogue, first, output, t.output_step, sums);
            }
        }
    }
}

/// Two rows of the output, whose windows are a row apart: what both see is loaded once.
///
/// # Safety
/// See [`InnerKernel`](crate::kernels::InnerKernel).
#[inline(always)]
pub(crate) unsafe fn convolve_two<V: Vector, const SIDE: usize>(t: &InnerTile) {
    // A copy, which the values that are written cannot be taken to change.
    let t = *t;
    for x in t.blocks(PIXELS_OF_TWO) {
        for vector in 0..t.vectors {
            let first = vector * V::LANES;
            // SAFETY: the caller's promise about every field; a block ends with the last pixel.
            unsafe {
                let line = |row: usize| (*t.rows.add(row)).add(x * t.distance + first);
                let weights =
                    |row: usize| t.weights.add((row * SIDE * t.vectors + vector) * V::LANES);
                let bias = V::load(t.bias.add(first));
                let mut upper = [bias; PIXELS_OF_TWO];
                let mut lower = [bias; PIXELS_OF_TWO];
                let rows = [(&mut upper, weights(0))];
                grow::<V, 1, PIXELS_OF_TWO, SIDE, 1>(&t, line(0), rows);
                for row in 1..SIDE {
                    let rows = [(&mut upper, weights(row)), (&mut lower, weights(row - 1))];
                    grow::<V, 2, PIXELS_OF_TWO, SIDE, 1>(&t, line(row), rows);
                }
                let rows = [(&mut lower, weights(SIDE - 1))];
                grow::<V, 1, PIXELS_OF_TWO, SIDE, 1>(&t, line(SIDE), rows);
                let output = t.output.add(x * t.output_step + first);
                store(&t.epilogue, first, output, t.output_step, upper);
                let output = output.add(t.below);
                store(&t.epilogue, first, output, t.output_step, lower);
            }
        }
    }
}

/// Most columns that a block sees.
const COLUMNS: usize = 16;

/// Adds what windows see in a row of the input, from `line` on, to sums of some rows of the output, each with the
/// weights of that row of its window.
///
/// # Safety
/// As for [`convolve`]: all that the windows see can be read.
#[inline(always)]
unsafe fn grow<
    V: Vector,
    const ROWS: usize,
    const PIXELS: usize,
    const SIDE: usize,
    const STEP: usize,
>(
    t: &InnerTile,
    line: *const f32,
    mut rows: [(&mut [V; PIXELS], *const f32); ROWS],
) {
    // SAFETY: the caller's promise.
    unsafe {
        let mut values = [V::zero(); COLUMNS];
        for (column, value) in values[..(PIXELS - 1) * STEP + SIDE].iter_mut().enumerate() {
            *value = V::load(line.add(column * t.distance));
        }
        // All sums take a product in turn, so that none waits for itself.
        for column in 0..SIDE {
            for (sums, weights) in &mut rows {
                let weight = V::load(weights.add(column * t.vectors * V::LANES));
                for p in 0..PIXELS {
                    sums[p] = V::multiply_add(values[p * STEP + column], weight, sums[p]);
                }
            }
        }
    }
}

/// # Safety
/// See [`EdgeKernel`](crate::kernels::EdgeKernel).
#[inline(always)]
pub(crate) unsafe fn edge<V: Vector, const SIDE: usize>(t: &EdgeTile) {
    // A copy, which the values that are written cannot be taken to change.
    let t = *t;
    // SAFETY: the caller's promise.
    unsafe {
        match t.inside {
            // What is seen at both ends of a row by most windows, without loops.
            [1, 3] => columns::<V, SIDE>(&t, 1, 3),
            [0, 2] => columns::<V, SIDE>(&t, 0, 2),
            [start, end] => columns::<V, SIDE>(&t, start, end),
        }
    }
}

/// Of a window whose columns from `start` to `end` are inside.
///
/// # Safety
/// As for [`edge`].
#[inline(always)]
unsafe fn columns<V: Vector, const SIDE: usize>(t: &EdgeTile, start: usize, end: usize) {
    for vector in 0..t.vectors {
        let first = vector * V::LANES;
        // SAFETY: the caller's promise about every field.
        unsafe {
            let mut sum = V::load(t.bias.add(first));
            for row in 0..SIDE {
                let line = (*t.rows.add(row)).add(first);
                let weights = t.weights.add((row * SIDE * t.vectors + vector) * V::LANES);
                for column in start..end {
                    let value = V::load(line.add((column - start) * t.distance));
                    let weight = V::load(weights.add(column * t.vectors * V::LANES));
                    sum = V::multiply_add(value, weight, sum);
                }
            }
            store(&t.epilogue, first, t.output.add(first), 0, [sum]);
        }
    }
}

/// # Safety
/// See [`InnerKernel`](crate::kernels::InnerKernel).
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
