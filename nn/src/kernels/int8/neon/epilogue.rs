//! The epilogue: from sums to int8.

use crate::kernels::int8::{LANES, RequantTile, Sums};
use std::arch::aarch64::*;

/// # Safety
/// As for [`native::requantise`](crate::kernels::int8::native::requantise).
pub(super) unsafe fn requantise(t: &RequantTile, sums: &Sums) {
    let width = sums.vectors * LANES;
    for p in 0..sums.pixels {
        let place = sums.first + p;
        for c in (0..width).step_by(LANES) {
            // SAFETY: NEON belongs to every processor of this architecture; the caller's promise:
            // whole vectors of all fields for each pixel.
            unsafe {
                let residual = if t.residual.is_null() {
                    None
                } else {
                    let bytes = vld1q_u8(t.residual.add(place * t.residual_step + c));
                    let [low, high] = [vmovl_u8(vget_low_u8(bytes)), vmovl_high_u8(bytes)];
                    Some([
                        vmovl_u16(vget_low_u16(low)),
                        vmovl_high_u16(low),
                        vmovl_u16(vget_low_u16(high)),
                        vmovl_high_u16(high),
                    ])
                };
                let mut words = [vdupq_n_s32(0); 4];
                for (quarter, word) in words.iter_mut().enumerate() {
                    let residual = residual.map(|quarters| quarters[quarter]);
                    let c = c + 4 * quarter;
                    *word = four(t, vld1q_s32(sums.at.add(p * width + c)), c, residual);
                }
                let [a, b, c2, d] = words.map(|words| vqmovun_s32(words));
                let (low, high) = (vcombine_u16(a, b), vcombine_u16(c2, d));
                let bytes = vcombine_u8(vqmovn_u16(low), vqmovn_u16(high));
                vst1q_u8(t.output.add(place * t.output_step + c), bytes);
            }
        }
    }
}

/// Four values from channel `c` on. Products and sums are rounded one by one, as everywhere.
///
/// # Safety
/// As for [`requantise`].
#[inline(always)]
unsafe fn four(
    t: &RequantTile,
    sum: int32x4_t,
    c: usize,
    residual: Option<uint32x4_t>,
) -> int32x4_t {
    // SAFETY: the caller's promise.
    unsafe {
        let sum = vaddq_s32(sum, vld1q_s32(t.bias.add(c)));
        let mut x = vmulq_f32(vcvtq_f32_s32(sum), vld1q_f32(t.factors.add(c)));
        if let Some(bytes) = residual {
            let steps = vsubq_s32(
                vreinterpretq_s32_u32(bytes),
                vdupq_n_s32(t.residual_zero_point),
            );
            x = vaddq_f32(x, vmulq_n_f32(vcvtq_f32_s32(steps), t.residual_factor));
        }
        if !t.slopes.is_null() {
            let zero = vdupq_n_f32(0.0);
            let below = vmulq_f32(vld1q_f32(t.slopes.add(c)), vminnmq_f32(x, zero));
            x = vaddq_f32(vmaxnmq_f32(x, zero), below);
        }
        let x = vmaxnmq_f32(x, vdupq_n_f32(t.low));
        let x = vminnmq_f32(x, vdupq_n_f32(t.high));
        vaddq_s32(vcvtnq_s32_f32(x), vdupq_n_s32(t.zero_point))
    }
}
