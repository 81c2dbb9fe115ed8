//! NEON of 64-bit ARM: SDOT where the processor has it (Cortex-A55, A75 and later), widening
//! multiplications elsewhere (A53, A72, A73).
//!
//! Neither multiplies u8 by s8. Bytes are read as signed ones, which takes 128 from each; the bias
//! gives it back ([`ByteKernels::offset`]).
#![allow(unsafe_code)]

mod dot;
mod plain;

use super::{ByteKernels, Depthwise, DepthwiseTile, FinishTile, LANES, Line, Sums, native};
use std::arch::aarch64::*;

/// The table for processors without SDOT.
pub(super) static PLAIN: ByteKernels = ByteKernels {
    offset: OFFSET,
    dense: plain::DENSE,
    depthwise: Depthwise {
        pack: pack_depthwise,
        run: depthwise,
    },
    sliding: None,
    // What works value by value is the portable code, of which the compiler makes vectors.
    quantise: native::KERNELS.quantise,
    colours: native::KERNELS.colours,
    add: native::KERNELS.add,
    largest: native::KERNELS.largest,
};

/// The table for processors with it.
pub(super) static DOT: ByteKernels = ByteKernels {
    offset: OFFSET,
    dense: dot::DENSE,
    depthwise: Depthwise {
        pack: pack_depthwise,
        run: depthwise,
    },
    sliding: None,
    quantise: native::KERNELS.quantise,
    colours: native::KERNELS.colours,
    add: native::KERNELS.add,
    largest: native::KERNELS.largest,
};

/// What reading a byte as signed takes from it once its first bit is turned over.
const OFFSET: i32 = 128;

/// Sixteen bytes less [`OFFSET`].
#[inline(always)]
fn signed(bytes: uint8x16_t) -> int8x16_t {
    // SAFETY: NEON belongs to every processor of this architecture.
    unsafe { vreinterpretq_s8_u8(veorq_u8(bytes, vdupq_n_u8(0x80))) }
}

/// Vector of channels × cell × channel.
fn pack_depthwise(weights: &[i8], channels: usize) -> Vec<Line> {
    let groups = (weights.len() / channels).div_ceil(4);
    let mut lines = vec![Line::ZERO; channels.div_ceil(LANES) * groups];
    for (cell, row) in weights.chunks_exact(channels).enumerate() {
        for (channel, &weight) in row.iter().enumerate() {
            let line = channel / LANES * groups + cell / 4;
            lines[line].0[cell % 4 * LANES + channel % LANES] = weight;
        }
    }
    lines
}

/// # Safety
/// As for [`DenseKernel`](super::DenseKernel).
unsafe fn depthwise(t: &DepthwiseTile) {
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
    // SAFETY: all sums were just written; the caller's promise about what they end in.
    unsafe { t.end.run(&t.written(), finish, native::floats) };
}

/// # Safety
/// As for [`native::finish`].
unsafe fn finish(t: &FinishTile, sums: &Sums) {
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
/// As for [`finish`].
#[inline(always)]
unsafe fn four(
    t: &FinishTile,
    sum: int32x4_t,
    c: usize,
    residual: Option<uint32x4_t>,
) -> int32x4_t {
    // SAFETY: the caller's promise.
    unsafe {
        let sum = vaddq_s32(sum, vld1q_s32(t.bias.add(c)));
        let mut x = vmulq_f32(vcvtq_f32_s32(sum), vld1q_f32(t.factors.add(c)));
        if let Some(bytes) = residual {
            let steps = vsubq_s32(vreinterpretq_s32_u32(bytes), vdupq_n_s32(t.residual_zero));
            x = vaddq_f32(x, vmulq_n_f32(vcvtq_f32_s32(steps), t.residual_factor));
        }
        if !t.slopes.is_null() {
            let zero = vdupq_n_f32(0.0);
            let below = vmulq_f32(vld1q_f32(t.slopes.add(c)), vminnmq_f32(x, zero));
            x = vaddq_f32(vmaxnmq_f32(x, zero), below);
        }
        let x = vmaxnmq_f32(x, vdupq_n_f32(t.low));
        let x = vminnmq_f32(x, vdupq_n_f32(t.high));
        vaddq_s32(vcvtnq_s32_f32(x), vdupq_n_s32(t.zero))
    }
}
