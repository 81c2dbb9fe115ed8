//! Depthwise convolution, two cells of the window at a time.

use super::epilogue::requantise;
use super::signed::signed;
use crate::kernels::int8::{DepthwiseTile, LANES, native};
use std::arch::aarch64::*;

/// # Safety
/// As for [`DenseKernel`](crate::kernels::int8::DenseKernel).
pub(super) unsafe fn depthwise(t: &DepthwiseTile) {
    for v in 0..t.vectors {
        for p in 0..t.pixels {
            // SAFETY: NEON belongs to every processor of this architecture; the caller's promise
            // about every field.
            unsafe {
                let mut sums = [vdupq_n_s32(0); 4];
                let weights: *const i8 = t.weights.add(v * (t.count / 4)).cast();
                for cell in (0..t.count).step_by(2) {
                    let [a, b] = [cell, cell + 1].map(|cell| {
                        let values = (*t.cells.add(cell)).add(p * t.step + v * LANES);
                        let weights = vld1q_s8(weights.add(cell * LANES));
                        (signed(vld1q_u8(values)), weights)
                    });
                    // Two products of at most 128 · 127 fit 16 bits.
                    let low = vmull_s8(vget_low_s8(a.0), vget_low_s8(a.1));
                    let low = vmlal_s8(low, vget_low_s8(b.0), vget_low_s8(b.1));
                    let high = vmlal_high_s8(vmull_high_s8(a.0, a.1), b.0, b.1);
                    sums[0] = vaddw_s16(sums[0], vget_low_s16(low));
                    sums[1] = vaddw_high_s16(sums[1], low);
                    sums[2] = vaddw_s16(sums[2], vget_low_s16(high));
                    sums[3] = vaddw_high_s16(sums[3], high);
                }
                let place = t.sums.add((p * t.vectors + v) * LANES);
                for (quarter, sum) in sums.into_iter().enumerate() {
                    vst1q_s32(place.add(4 * quarter), sum);
                }
            }
        }
    }
    // SAFETY: all sums were just written; the caller's promise about what the epilogue writes.
    unsafe { t.epilogue.run(&t.written(), requantise, native::dequantise) };
}
