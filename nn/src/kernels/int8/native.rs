//! Portable kernels: plain Rust, the reference for all others.
#![allow(unsafe_code)]

use super::params::{Int8Add, PoolWindows, Quantise};
use super::round::{limited, round};
use super::{
    DenseKernel, DenseShape, DenseTile, DepthwiseKernel, DepthwiseTile, DequantTile, Int8Kernels,
    LANES, Line, RequantTile, Sums, line,
};

/// The portable table.
pub(super) static KERNELS: Int8Kernels = Int8Kernels {
    offset: 0,
    dense: &[DenseShape {
        vectors: 1,
        pixels: 4,
        run: dense,
    }],
    depthwise: DepthwiseKernel {
        pack: line::pack,
        run: depthwise,
    },
    sliding: None,
    quantise,
    colours,
    add,
    max_pool,
};

/// # Safety
/// See [`DenseKernel`].
unsafe fn dense(t: &DenseTile) {
    let rest: &[DenseKernel] = &[pixels::<1>, pixels::<2>, pixels::<3>];
    // SAFETY: the caller's promise.
    unsafe { t.by(4, |tile| pixels::<4>(tile), rest) };
}

/// # Safety
/// See [`DenseKernel`].
unsafe fn pixels<const PIXELS: usize>(t: &DenseTile) {
    let mut sums = [[0_i32; LANES]; PIXELS];
    let mut panel = t.panels;
    for row in 0..t.rows {
        for k in 0..t.depth {
            // SAFETY: the caller's promise about `taps` and `panels`.
            let (tap, line) = unsafe {
                let tap = (*t.taps.add(row)).add(t.first * t.step);
                (tap.add(4 * k), &*panel)
            };
            for (p, sums) in sums.iter_mut().enumerate() {
                // SAFETY: the caller's promise: four bytes for each pixel.
                let values = unsafe { tap.add(p * t.step).cast::<[u8; 4]>().read() };
                dot(sums, |_| values, line);
            }
            panel = panel.wrapping_add(1);
        }
    }
    // SAFETY: the caller's promise about `sums` and what the epilogue writes.
    unsafe {
        t.sums.cast::<[[i32; LANES]; PIXELS]>().write(sums);
        t.epilogue.run(&t.written(1), requantise, dequantise);
    }
}

/// # Safety
/// As for [`DenseKernel`].
unsafe fn depthwise(t: &DepthwiseTile) {
    for p in 0..t.pixels {
        for v in 0..t.vectors {
            let mut sums = [0_i32; LANES];
            for group in 0..t.count / 4 {
                // SAFETY: the caller's promise about `cells`, `step` and `weights`.
                let (cells, line) = unsafe {
                    let at = p * t.step + v * LANES;
                    let cell = |i: usize| (*t.cells.add(4 * group + i)).add(at);
                    let cells = [0, 1, 2, 3].map(|i| cell(i).cast::<[u8; LANES]>().read());
                    (cells, &*t.weights.add(v * (t.count / 4) + group))
                };
                dot(&mut sums, |lane| [0, 1, 2, 3].map(|i| cells[i][lane]), line);
            }
            let place = (p * t.vectors + v) * LANES;
            // SAFETY: the caller's promise about `sums`.
            unsafe { t.sums.add(place).cast::<[i32; LANES]>().write(sums) };
        }
    }
    // SAFETY: all sums were just written; the caller's promise about what the epilogue writes.
    unsafe { t.epilogue.run(&t.written(), requantise, dequantise) };
}

/// Four products for each lane. Sums of a checked plan fit; others wrap, on every path alike.
#[inline(always)]
fn dot(sums: &mut [i32; LANES], values: impl Fn(usize) -> [u8; 4], line: &Line) {
    for (lane, sum) in sums.iter_mut().enumerate() {
        let weights = &line.0[4 * lane..4 * lane + 4];
        let products = values(lane).into_iter().zip(weights);
        let dot: i32 = products.map(|(a, &w)| i32::from(a) * i32::from(w)).sum();
        *sum = sum.wrapping_add(dot);
    }
}

/// # Safety
/// Whole vectors of all fields can be read for each pixel of the sums, and the output written.
#[inline(always)]
pub(super) unsafe fn requantise(t: &RequantTile, sums: &Sums) {
    let width = sums.vectors * LANES;
    for p in 0..sums.pixels {
        let place = sums.first + p;
        for c in 0..width {
            // SAFETY: the caller's promise: whole vectors of all fields for each pixel.
            unsafe {
                let sum = (*sums.at.add(p * width + c)).wrapping_add(*t.bias.add(c));
                let mut x = sum as f32 * *t.factors.add(c);
                if !t.residual.is_null() {
                    let byte = i32::from(*t.residual.add(place * t.residual_step + c));
                    x += (byte - t.residual_zero_point) as f32 * t.residual_factor;
                }
                if !t.slopes.is_null() {
                    x = x.max(0.0) + *t.slopes.add(c) * x.min(0.0);
                }
                let x = limited(x, t.low, t.high);
                *t.output.add(place * t.output_step + c) = (round(x) + t.zero_point) as u8;
            }
        }
    }
}

/// # Safety
/// Whole vectors of all fields can be read for each pixel of the sums, and what the last writes of the output written.
#[inline(always)]
pub(super) unsafe fn dequantise(t: &DequantTile, sums: &Sums) {
    let width = sums.vectors * LANES;
    let written = width - LANES + t.last;
    for p in 0..sums.pixels {
        // SAFETY: the caller's promise about every field.
        unsafe {
            let found = std::slice::from_raw_parts(sums.at.add(p * width), written);
            let bias = std::slice::from_raw_parts(t.bias, written);
            let factors = std::slice::from_raw_parts(t.factors, written);
            let output = t.output.add((sums.first + p) * t.output_step);
            let output = std::slice::from_raw_parts_mut(output, written);
            let values = found.iter().zip(bias).zip(factors);
            for (output, ((sum, bias), factor)) in output.iter_mut().zip(values) {
                let x = sum.wrapping_add(*bias) as f32 * factor;
                *output = limited(x, t.low, t.high);
            }
        }
    }
}

#[inline(always)]
pub(super) fn quantise(output: &mut [u8], input: &[f32], by: &Quantise) {
    for (output, input) in output.iter_mut().zip(input) {
        let x = limited(input * by.factor, by.low, by.high);
        *output = (round(x) + by.zero_point) as u8;
    }
}

#[inline(always)]
pub(super) fn colours(output: &mut [[u8; 4]], [a, b, c]: [&[f32]; 3], by: &Quantise) {
    let byte = |value: f32| {
        let x = limited(value * by.factor, by.low, by.high);
        (round(x) + by.zero_point) as u32
    };
    for (pixel, (&a, (&b, &c))) in output.iter_mut().zip(a.iter().zip(b.iter().zip(c))) {
        // One store a pixel, of which the compiler makes vectors.
        *pixel = (byte(a) | byte(b) << 8 | byte(c) << 16).to_le_bytes();
    }
}

#[inline(always)]
pub(super) fn add(output: &mut [u8], [left, right]: [&[u8]; 2], by: &Int8Add) {
    for ((output, left), right) in output.iter_mut().zip(left).zip(right) {
        let left = (i32::from(*left) - by.zero_points[0]) as f32 * by.factors[0];
        let right = (i32::from(*right) - by.zero_points[1]) as f32 * by.factors[1];
        let x = limited(left + right, by.low, by.high);
        *output = (round(x) + by.zero_point) as u8;
    }
}

#[inline(always)]
pub(super) fn max_pool(output: &mut [u8], windows: &PoolWindows) {
    for (x, output) in output.chunks_exact_mut(windows.pixel).enumerate() {
        let (vectors, rest) = output.as_chunks_mut::<LANES>();
        let first = vectors.len() * LANES;
        for (vector, most) in vectors.iter_mut().enumerate() {
            for row in windows.rows {
                for column in 0..windows.columns {
                    let cell = &row[windows.cell(x, column) + vector * LANES..];
                    // A fixed length, of which the compiler makes a vector.
                    let cell: &[u8; LANES] = cell.first_chunk().expect("a whole vector");
                    *most = std::array::from_fn(|i| most[i].max(cell[i]));
                }
            }
        }
        for (channel, most) in rest.iter_mut().enumerate() {
            for row in windows.rows {
                for column in 0..windows.columns {
                    *most = row[windows.cell(x, column) + first + channel].max(*most);
                }
            }
        }
    }
}
