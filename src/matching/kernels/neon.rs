//! NEON of 64-bit ARM: SDOT where the processor has it (Cortex-A55, A75 and later), widening
//! multiplications elsewhere (A53, A72, A73).

use super::native::{SUMS, rest, total};
use super::{CODE_ZERO, ProbeCodes, Products};
use std::arch::aarch64::*;
use std::arch::asm;

/// Bytes of a register.
const WIDTH: usize = 16;

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
    for at in (0..probe.stride()).step_by(WIDTH) {
        // SAFETY: `at` is within the stride of both.
        let (value, code) = unsafe { load(row, probe, at) };
        // Two products of at most 127 · 127 fit 16 bits.
        let pairs = vmull_s8(vget_low_s8(value), vget_low_s8(code));
        let pairs = vmlal_s8(pairs, vget_high_s8(value), vget_high_s8(code));
        sums = vpadalq_s16(sums, pairs);
    }
    vaddvq_s32(sums)
}

/// # Safety
/// Needs NEON with SDOT, and `row` of the probe's stride.
#[target_feature(enable = "neon,dotprod")]
pub(super) unsafe fn product_dot(row: &[u8], probe: &ProbeCodes) -> i32 {
    // A stride is a multiple of 64: four sums run beside each other.
    let mut sums = [vdupq_n_s32(0); 4];
    for at in (0..probe.stride()).step_by(4 * WIDTH) {
        for (lane, sum) in sums.iter_mut().enumerate() {
            // SAFETY: `at + lane · WIDTH` is within the stride of both.
            let (value, code) = unsafe { load(row, probe, at + lane * WIDTH) };
            // SAFETY: the instruction reads and writes registers alone. The compiler's
            // intrinsic for it is not stable.
            unsafe {
                asm!(
                    "sdot {sum:v}.4s, {value:v}.16b, {code:v}.16b",
                    sum = inout(vreg) *sum,
                    value = in(vreg) value,
                    code = in(vreg) code,
                    options(pure, nomem, nostack, preserves_flags),
                );
            }
        }
    }
    let [a, b, c, d] = sums;
    vaddvq_s32(vaddq_s32(vaddq_s32(a, b), vaddq_s32(c, d)))
}

/// Sixteen codes of the row and of the probe.
///
/// # Safety
/// Needs NEON, and sixteen bytes from `at` in both.
#[inline]
#[target_feature(enable = "neon")]
unsafe fn load(row: &[u8], probe: &ProbeCodes, at: usize) -> (int8x16_t, int8x16_t) {
    // SAFETY: the caller's promise.
    let (stored, code) = unsafe {
        (
            vld1q_u8(row.as_ptr().add(at)),
            vld1q_s8(probe.codes.as_ptr().add(at)),
        )
    };
    // Flipping the top bit takes the offset away.
    let value = vreinterpretq_s8_u8(veorq_u8(stored, vdupq_n_u8(CODE_ZERO)));
    (value, code)
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
        // SAFETY: the chunk has two places.
        unsafe { vst1q_f64(lane.as_mut_ptr(), sum) };
    }
    total(lanes) + rest(&a[whole..], &b[whole..])
}
