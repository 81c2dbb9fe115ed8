//! Dense convolution with SDOT: four products for each of four lanes in one instruction.

use super::epilogue::requantise;
use super::signed::signed;
use crate::kernels::int8::{DenseKernel, DenseShape, DenseTile, LANES, Line, native};
use std::arch::aarch64::*;
use std::arch::asm;

pub(super) static DENSE: &[DenseShape] = &[DenseShape {
    vectors: 1,
    pixels: 5,
    run: dense,
}];

/// # Safety
/// See [`DenseKernel`].
#[target_feature(enable = "neon,dotprod")]
unsafe fn dense(t: &DenseTile) {
    let rest: &[DenseKernel] = &[pixels::<1>, pixels::<2>, pixels::<3>, pixels::<4>];
    // SAFETY: the caller's promise.
    unsafe { t.by(5, |tile| pixels::<5>(tile), rest) };
}

/// # Safety
/// See [`DenseKernel`].
#[target_feature(enable = "neon,dotprod")]
unsafe fn pixels<const PIXELS: usize>(t: &DenseTile) {
    let mut sums = [[vdupq_n_s32(0); 4]; PIXELS];
    let mut panel = t.panels;
    // SAFETY: the caller's promise about every field.
    unsafe {
        for row in 0..t.rows {
            let mut tap = (*t.taps.add(row)).add(t.first * t.step);
            for _ in 0..t.depth / 4 {
                let mut values = [vdupq_n_s8(0); PIXELS];
                for (p, values) in values.iter_mut().enumerate() {
                    *values = signed(vld1q_u8(tap.add(p * t.step)));
                }
                line::<0, PIXELS>(&mut sums, &values, panel);
                line::<1, PIXELS>(&mut sums, &values, panel.add(1));
                line::<2, PIXELS>(&mut sums, &values, panel.add(2));
                line::<3, PIXELS>(&mut sums, &values, panel.add(3));
                panel = panel.add(4);
                tap = tap.add(16);
            }
            for _ in 0..t.depth % 4 {
                let mut values = [vdupq_n_s8(0); PIXELS];
                for (p, values) in values.iter_mut().enumerate() {
                    let four = tap.add(p * t.step).cast::<u32>().read_unaligned();
                    *values = signed(vreinterpretq_u8_u32(vdupq_n_u32(four)));
                }
                line::<0, PIXELS>(&mut sums, &values, panel);
                panel = panel.add(1);
                tap = tap.add(4);
            }
        }
        for (p, sums) in sums.iter().enumerate() {
            for (quarter, &sum) in sums.iter().enumerate() {
                vst1q_s32(t.sums.add(p * LANES + 4 * quarter), sum);
            }
        }
        t.epilogue
            .run(&t.written(1), requantise, native::dequantise);
    }
}

/// Four bytes of each pixel, those of a lane, times a line.
///
/// # Safety
/// SDOT is there, and a line can be read.
#[inline(always)]
unsafe fn line<const LANE: i32, const PIXELS: usize>(
    sums: &mut [[int32x4_t; 4]; PIXELS],
    values: &[int8x16_t; PIXELS],
    line: *const Line,
) {
    for quarter in 0..4 {
        // SAFETY: the caller's promise; the instruction reads and writes registers alone. The
        // compiler's intrinsic for it is not stable.
        unsafe {
            let weights = vld1q_s8(line.cast::<i8>().add(16 * quarter));
            for (sums, &values) in sums.iter_mut().zip(values) {
                asm!(
                    ".arch_extension dotprod",
                    "sdot {sum:v}.4s, {weights:v}.16b, {values:v}.4b[{lane}]",
                    sum = inout(vreg) sums[quarter],
                    weights = in(vreg) weights,
                    values = in(vreg) values,
                    lane = const LANE,
                    options(pure, nomem, nostack, preserves_flags),
                );
            }
        }
    }
}
