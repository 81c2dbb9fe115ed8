//! NEON of 64-bit ARM: SDOT where the processor has it (Cortex-A55, A75 and later), widening
//! multiplications elsewhere (A53, A72, A73).

use super::block::{GROUP, ProbeCodes, Products, WIDTH};
use super::native::{SUMS, rest, total};
use std::arch::aarch64::*;
use std::arch::asm;

/// Bytes of a register.
const REGISTER: usize = 16;

/// # Safety
/// Needs NEON, and `rows` of 64 strides.
#[target_feature(enable = "neon")]
pub(super) unsafe fn products(rows: &[u8], probe: &ProbeCodes, products: &mut Products) {
    for (row, out) in rows.chunks_exact(probe.stride()).zip(products) {
        // SAFETY: the row has the probe's stride.
        *out = unsafe { product(row, probe) };
    }
}

/// # Safety
/// Needs NEON with SDOT, and `rows` of 64 strides.
#[target_feature(enable = "neon,dotprod")]
pub(super) unsafe fn products_dot(rows: &[u8], probe: &ProbeCodes, products: &mut Products) {
    for (row, out) in rows.chunks_exact(probe.stride()).zip(products) {
        // SAFETY: the row has the probe's stride.
        *out = unsafe { product_dot(row, probe) };
    }
}

/// # Safety
/// Needs NEON, and `row` of the probe's stride.
#[target_feature(enable = "neon")]
pub(super) unsafe fn product(row: &[u8], probe: &ProbeCodes) -> i32 {
    let mut sums = vdupq_n_s32(0);
    for group in 0..probe.stride() / WIDTH {
        // Sixteen products of at most 15 · 127 fit 16 bits.
        let mut pairs = vdupq_n_s16(0);
        for at in (0..WIDTH).step_by(REGISTER) {
            // SAFETY: `group` and `at` are within the stride.
            let terms = unsafe { load(row, probe, group, at) };
            for (nibble, code) in terms {
                pairs = vmlal_s8(pairs, vget_low_s8(nibble), vget_low_s8(code));
                pairs = vmlal_s8(pairs, vget_high_s8(nibble), vget_high_s8(code));
            }
        }
        sums = vpadalq_s16(sums, pairs);
    }
    2 * vaddvq_s32(sums) - probe.offset
}

/// # Safety
/// Needs NEON with SDOT, and `row` of the probe's stride.
#[target_feature(enable = "neon,dotprod")]
pub(super) unsafe fn product_dot(row: &[u8], probe: &ProbeCodes) -> i32 {
    // Four sums run beside each other.
    let mut sums = [vdupq_n_s32(0); WIDTH / REGISTER];
    for group in 0..probe.stride() / WIDTH {
        for (lane, sum) in sums.iter_mut().enumerate() {
            // SAFETY: `group` and the lane are within the stride.
            let terms = unsafe { load(row, probe, group, lane * REGISTER) };
            for (nibble, code) in terms {
                // SAFETY: the instruction reads and writes registers alone. The compiler's
                // intrinsic for it is not stable.
                unsafe {
                    asm!(
                        "sdot {sum:v}.4s, {nibble:v}.16b, {code:v}.16b",
                        sum = inout(vreg) *sum,
                        nibble = in(vreg) nibble,
                        code = in(vreg) code,
                        options(pure, nomem, nostack, preserves_flags),
                    );
                }
            }
        }
    }
    let [a, b, c, d] = sums;
    2 * vaddvq_s32(vaddq_s32(vaddq_s32(a, b), vaddq_s32(c, d))) - probe.offset
}

/// The nibbles in the lower and in the upper bits of sixteen bytes, each with the codes of the
/// probe that it meets.
///
/// # Safety
/// Needs NEON, and the group and sixteen bytes of it from `at` within the probe's stride.
#[inline]
#[target_feature(enable = "neon")]
unsafe fn load(
    row: &[u8],
    probe: &ProbeCodes,
    group: usize,
    at: usize,
) -> [(int8x16_t, int8x16_t); 2] {
    // SAFETY: the caller's promise.
    let (both, first, second) = unsafe {
        let codes = probe.codes.as_ptr().add(group * GROUP + at);
        (
            vld1q_u8(row.as_ptr().add(group * WIDTH + at)),
            vld1q_s8(codes),
            vld1q_s8(codes.add(WIDTH)),
        )
    };
    let low = vreinterpretq_s8_u8(vandq_u8(both, vdupq_n_u8(15)));
    let high = vreinterpretq_s8_u8(vshrq_n_u8::<4>(both));
    [(low, first), (high, second)]
}

/// # Safety
/// Needs NEON, and slices of one length.
#[target_feature(enable = "neon")]
pub(super) unsafe fn exact(a: &[f32], b: &[f32]) -> f64 {
    let whole = a.len() / SUMS * SUMS;
    let mut sums = [vdupq_n_f64(0.0); SUMS / 2];
    for at in (0..whole).step_by(SUMS) {
        for (two, sum) in sums.iter_mut().enumerate() {
            let at = at + two * 2;
            // SAFETY: two values from `at` lie within both slices.
            let (a, b) = unsafe {
                (
                    vcvt_f64_f32(vld1_f32(a.as_ptr().add(at))),
                    vcvt_f64_f32(vld1_f32(b.as_ptr().add(at))),
                )
            };
            *sum = vfmaq_f64(*sum, a, b);
        }
    }
    let mut lanes = [0.0; SUMS];
    for (lane, sum) in lanes.chunks_exact_mut(2).zip(sums) {
        // SAFETY: the chunk has two elements.
        unsafe { vst1q_f64(lane.as_mut_ptr(), sum) };
    }
    total(lanes) + rest(&a[whole..], &b[whole..])
}
