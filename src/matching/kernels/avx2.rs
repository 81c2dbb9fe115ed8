//! AVX2: `vpmaddubsw` takes the probe's magnitudes as its unsigned operand and the row's codes
//! with the probe's signs as the signed one. Neither exceeds 127, so a sum of two products stays
//! below 2^15 and nothing saturates.

use super::native::{SUMS, rest, total};
use super::{BLOCK, CODE_ZERO, Line, ProbeCodes, Products};
use std::arch::x86_64::*;

/// How far ahead of the row at hand memory is asked for.
const AHEAD: usize = 4096;

/// Bytes of a register.
const WIDTH: usize = 32;

/// # Safety
/// Needs the features named, and `rows` of [`BLOCK`] strides.
#[target_feature(enable = "avx2,fma")]
pub(super) unsafe fn products(rows: &[u8], probe: &ProbeCodes, products: &mut Products) {
    let stride = probe.stride();
    for (four, out) in products.chunks_exact_mut(4).enumerate() {
        // SAFETY: the four rows lie within `rows`, which holds BLOCK of them; `out` has four
        // places.
        unsafe {
            let row = rows.as_ptr().add(four * 4 * stride);
            let a = lanes(row, probe);
            let b = lanes(row.add(stride), probe);
            let c = lanes(row.add(2 * stride), probe);
            let d = lanes(row.add(3 * stride), probe);
            _mm_storeu_si128(out.as_mut_ptr().cast(), four_sums(a, b, c, d));
        }
    }
}

/// # Safety
/// Needs the features named, and `row` of the probe's stride.
#[target_feature(enable = "avx2,fma")]
pub(super) unsafe fn product(row: &[u8], probe: &ProbeCodes) -> i32 {
    // SAFETY: the caller's promise.
    let sums = unsafe { lanes(row.as_ptr(), probe) };
    let zero = _mm256_setzero_si256();
    _mm_cvtsi128_si32(four_sums(sums, zero, zero, zero))
}

/// # Safety
/// Needs the features named, and a stride of bytes at `row`.
#[inline]
#[target_feature(enable = "avx2,fma")]
unsafe fn lanes(row: *const u8, probe: &ProbeCodes) -> __m256i {
    let (codes, magnitudes) = (probe.codes.as_ptr(), probe.magnitudes.as_ptr());
    let zero = _mm256_set1_epi8(CODE_ZERO as i8);
    let ones = _mm256_set1_epi16(1);
    let mut sums = _mm256_setzero_si256();
    for at in (0..probe.stride()).step_by(WIDTH) {
        // SAFETY: `at` is within the stride of all three; asking for memory ahead never faults.
        unsafe {
            if at % 64 == 0 {
                _mm_prefetch::<_MM_HINT_T0>(row.wrapping_add(at + AHEAD).cast());
            }
            // Flipping the top bit takes the offset away.
            let value = _mm256_xor_si256(_mm256_loadu_si256(row.add(at).cast()), zero);
            let code = _mm256_loadu_si256(codes.add(at).cast());
            let magnitude = _mm256_loadu_si256(magnitudes.add(at).cast());
            let pairs = _mm256_maddubs_epi16(magnitude, _mm256_sign_epi8(value, code));
            sums = _mm256_add_epi32(sums, _mm256_madd_epi16(pairs, ones));
        }
    }
    sums
}

/// The sums of the four registers' lanes.
#[inline]
#[target_feature(enable = "avx2,fma")]
fn four_sums(a: __m256i, b: __m256i, c: __m256i, d: __m256i) -> __m128i {
    let all = _mm256_hadd_epi32(_mm256_hadd_epi32(a, b), _mm256_hadd_epi32(c, d));
    _mm_add_epi32(
        _mm256_castsi256_si128(all),
        _mm256_extracti128_si256::<1>(all),
    )
}

/// # Safety
/// Needs the features named.
#[target_feature(enable = "avx2,fma")]
pub(super) unsafe fn reaching(products: &Products, scales: &[f32; BLOCK], line: Line) -> u64 {
    let (gain, lift) = (_mm256_set1_ps(line.gain), _mm256_set1_ps(line.lift));
    let least = _mm256_set1_ps(line.least);
    let mut reached = 0;
    for group in 0..BLOCK / 8 {
        // SAFETY: the eight values lie within both arrays.
        let (product, scale) = unsafe {
            (
                _mm256_loadu_si256(products.as_ptr().add(group * 8).cast()),
                _mm256_loadu_ps(scales.as_ptr().add(group * 8)),
            )
        };
        let raised = _mm256_fmadd_ps(_mm256_cvtepi32_ps(product), gain, lift);
        let above = _mm256_cmp_ps::<_CMP_GE_OQ>(_mm256_mul_ps(scale, raised), least);
        reached |= (_mm256_movemask_ps(above) as u64) << (group * 8);
    }
    reached
}

/// # Safety
/// Needs the features named, and slices of one length.
#[target_feature(enable = "avx2,fma")]
pub(super) unsafe fn exact(a: &[f32], b: &[f32]) -> f64 {
    let whole = a.len() / SUMS * SUMS;
    let mut sums = [_mm256_setzero_pd(); SUMS / 4];
    for at in (0..whole).step_by(SUMS) {
        for (four, sum) in sums.iter_mut().enumerate() {
            let at = at + four * 4;
            // SAFETY: four values from `at` lie within both slices.
            let (a, b) = unsafe {
                (
                    _mm256_cvtps_pd(_mm_loadu_ps(a.as_ptr().add(at))),
                    _mm256_cvtps_pd(_mm_loadu_ps(b.as_ptr().add(at))),
                )
            };
            *sum = _mm256_fmadd_pd(a, b, *sum);
        }
    }
    let mut lanes = [0.0; SUMS];
    for (lane, sum) in lanes.chunks_exact_mut(4).zip(sums) {
        // SAFETY: the chunk has four places.
        unsafe { _mm256_storeu_pd(lane.as_mut_ptr(), sum) };
    }
    total(lanes) + rest(&a[whole..], &b[whole..])
}
