//! Dense convolution with widening multiplications.
//!
//! Two lines of weights at a time: a product and the one four bytes on meet in 16 bits, neighbours
//! are then added into 32. Per 32 products: two multiplications, two multiply-adds, two sums.

use super::epilogue::requantise;
use super::signed::signed;
use crate::kernels::int8::{DenseKernel, DenseShape, DenseTile, LANES, Line, native};
use std::arch::aarch64::*;

pub(super) static DENSE: &[DenseShape] = &[DenseShape {
    vectors: 1,
    pixels: 2,
    run: dense,
}];

/// # Safety
/// See [`DenseKernel`].
unsafe fn dense(t: &DenseTile) {
    let rest: &[DenseKernel] = &[pixels::<1>];
    // SAFETY: the caller's promise.
    unsafe { t.by(2, |tile| pixels::<2>(tile), rest) };
}

/// # Safety
/// See [`DenseKernel`].
unsafe fn pixels<const PIXELS: usize>(t: &DenseTile) {
    // SAFETY: NEON belongs to every processor of this architecture; the caller's promise about
    // every field.
    unsafe {
        // Two channels of a register, two partial sums a channel.
        let mut sums = [[vdupq_n_s32(0); 8]; PIXELS];
        let mut panel = t.panels;
        for row in 0..t.rows {
            let mut tap = (*t.taps.add(row)).add(t.first * t.step);
            for _ in 0..t.depth / 2 {
                let mut values = [[vdupq_n_s8(0); 2]; PIXELS];
                for (p, values) in values.iter_mut().enumerate() {
                    *values = [group(tap.add(p * t.step)), group(tap.add(p * t.step + 4))];
                }
                two_lines(&mut sums, &values, panel);
                panel = panel.add(2);
                tap = tap.add(8);
            }
            if t.depth % 2 == 1 {
                let mut values = [vdupq_n_s8(0); PIXELS];
                for (p, value) in values.iter_mut().enumerate() {
                    *value = group(tap.add(p * t.step));
                }
                one_line(&mut sums, &values, panel);
                panel = panel.add(1);
            }
        }
        for (p, sums) in sums.iter().enumerate() {
            let place = t.sums.add(p * LANES);
            for (quarter, pair) in sums.chunks_exact(2).enumerate() {
                vst1q_s32(place.add(4 * quarter), vpaddq_s32(pair[0], pair[1]));
            }
        }
        t.epilogue
            .run(&t.written(1), requantise, native::dequantise);
    }
}

/// Four bytes less 128, in each quarter of a register.
///
/// # Safety
/// Four bytes can be read.
#[inline(always)]
unsafe fn group(from: *const u8) -> int8x16_t {
    // SAFETY: NEON belongs to every processor of this architecture; the caller's promise.
    unsafe {
        let four = vdupq_n_u32(from.cast::<u32>().read_unaligned());
        signed(vreinterpretq_u8_u32(four))
    }
}

/// # Safety
/// Two lines can be read.
#[inline(always)]
unsafe fn two_lines<const PIXELS: usize>(
    sums: &mut [[int32x4_t; 8]; PIXELS],
    values: &[[int8x16_t; 2]; PIXELS],
    lines: *const Line,
) {
    // SAFETY: NEON belongs to every processor of this architecture; the caller's promise.
    unsafe {
        let [first, second]: [*const i8; 2] = [lines.cast(), lines.add(1).cast()];
        for quarter in 0..4 {
            let a = vld1q_s8(first.add(16 * quarter));
            let b = vld1q_s8(second.add(16 * quarter));
            for (sums, values) in sums.iter_mut().zip(values) {
                // Two products of at most 128 · 127 fit 16 bits.
                let low = vmull_s8(vget_low_s8(values[0]), vget_low_s8(a));
                let low = vmlal_s8(low, vget_low_s8(values[1]), vget_low_s8(b));
                let high = vmlal_high_s8(vmull_high_s8(values[0], a), values[1], b);
                sums[2 * quarter] = vpadalq_s16(sums[2 * quarter], low);
                sums[2 * quarter + 1] = vpadalq_s16(sums[2 * quarter + 1], high);
            }
        }
    }
}

/// # Safety
/// A line can be read.
#[inline(always)]
unsafe fn one_line<const PIXELS: usize>(
    sums: &mut [[int32x4_t; 8]; PIXELS],
    values: &[int8x16_t; PIXELS],
    line: *const Line,
) {
    // SAFETY: NEON belongs to every processor of this architecture; the caller's promise.
    unsafe {
        for quarter in 0..4 {
            let a = vld1q_s8(line.cast::<i8>().add(16 * quarter));
            for (sums, &value) in sums.iter_mut().zip(values) {
                let low = vmull_s8(vget_low_s8(value), vget_low_s8(a));
                sums[2 * quarter] = vpadalq_s16(sums[2 * quarter], low);
                let high = vmull_high_s8(value, a);
                sums[2 * quarter + 1] = vpadalq_s16(sums[2 * quarter + 1], high);
            }
        }
    }
}
