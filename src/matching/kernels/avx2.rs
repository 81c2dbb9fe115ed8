//! AVX2: `vpmaddubsw` multiplies 32 nibbles with 32 codes of the probe and adds pairs. A pair is at
//! most 2 · 15 · 127, so the four of a group fit 16 bits together.

use super::block::{BLOCK, Cutoff, GROUP, ProbeCodes, Products, RowScales, WIDTH, fours, ones};
use super::native::{SUMS, rest, total};
use std::arch::x86_64::*;

/// Bytes between the row at hand and what is prefetched.
const AHEAD: usize = 4096;

/// Bytes of a register.
const REGISTER: usize = 32;

/// # Safety
/// Needs the features named, and `rows` of [`BLOCK`] strides.
#[target_feature(enable = "avx2,fma")]
pub(super) unsafe fn products(rows: &[u8], probe: &ProbeCodes, products: &mut Products) {
    let stride = probe.stride();
    let offset = _mm_set1_epi32(probe.offset);
    for (four, out) in products.chunks_exact_mut(4).enumerate() {
        // SAFETY: the four rows lie within `rows`, which holds BLOCK of them; `out` has four
        // elements.
        unsafe {
            let row = rows.as_ptr().add(four * 4 * stride);
            let a = sums_of(row, probe);
            let b = sums_of(row.add(stride), probe);
            let c = sums_of(row.add(2 * stride), probe);
            let d = sums_of(row.add(3 * stride), probe);
            let twice = _mm_slli_epi32::<1>(four_sums(a, b, c, d));
            _mm_storeu_si128(out.as_mut_ptr().cast(), _mm_sub_epi32(twice, offset));
        }
    }
}

/// # Safety
/// As [`products`].
#[target_feature(enable = "avx2,fma")]
pub(super) unsafe fn products_of(
    rows: &[u8],
    chosen: u64,
    probe: &ProbeCodes,
    products: &mut Products,
) {
    let stride = probe.stride();
    fetch(rows, chosen, stride);
    for four in fours(chosen) {
        // SAFETY: a position is below BLOCK, and `rows` holds that many rows.
        let sums = unsafe {
            let [a, b, c, d] = four.map(|position| rows.as_ptr().add(position * stride));
            let (a, b) = (sums_of(a, probe), sums_of(b, probe));
            four_sums(a, b, sums_of(c, probe), sums_of(d, probe))
        };
        let mut sum = [0; 4];
        // SAFETY: `sum` has four elements.
        unsafe { _mm_storeu_si128(sum.as_mut_ptr().cast(), sums) };
        for (position, sum) in four.into_iter().zip(sum) {
            products[position] = 2 * sum - probe.offset;
        }
    }
}

/// Prefetches the rows of `stride` bytes that `chosen` has a bit for.
pub(super) fn fetch(rows: &[u8], chosen: u64, stride: usize) {
    for position in ones(chosen) {
        for line in rows[position * stride..][..stride].chunks(WIDTH) {
            // SAFETY: a prefetch never faults.
            unsafe { _mm_prefetch::<_MM_HINT_T0>(line.as_ptr().cast()) };
        }
    }
}

/// # Safety
/// Needs the features named, and a stride of bytes at `row`.
#[inline]
#[target_feature(enable = "avx2,fma")]
unsafe fn sums_of(row: *const u8, probe: &ProbeCodes) -> __m256i {
    let (mask, ones) = (_mm256_set1_epi8(15), _mm256_set1_epi16(1));
    let mut sums = _mm256_setzero_si256();
    for group in 0..probe.stride() / WIDTH {
        let mut pairs = _mm256_setzero_si256();
        for at in (0..WIDTH).step_by(REGISTER) {
            // SAFETY: `group` and `at` are within the stride of both; a prefetch never faults.
            unsafe {
                let row = row.add(group * WIDTH + at);
                if at == 0 {
                    _mm_prefetch::<_MM_HINT_T0>(row.wrapping_add(AHEAD).cast());
                }
                let both = _mm256_loadu_si256(row.cast());
                let low = _mm256_and_si256(both, mask);
                let high = _mm256_and_si256(_mm256_srli_epi16::<4>(both), mask);
                let codes = probe.codes.as_ptr().add(group * GROUP + at);
                let first = _mm256_loadu_si256(codes.cast());
                let second = _mm256_loadu_si256(codes.add(WIDTH).cast());
                pairs = _mm256_add_epi16(pairs, _mm256_maddubs_epi16(low, first));
                pairs = _mm256_add_epi16(pairs, _mm256_maddubs_epi16(high, second));
            }
        }
        sums = _mm256_add_epi32(sums, _mm256_madd_epi16(pairs, ones));
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
pub(super) unsafe fn reaching(products: &Products, scales: &RowScales, cutoff: Cutoff) -> u64 {
    let (gain, length) = (_mm256_set1_ps(cutoff.gain), _mm256_set1_ps(cutoff.length));
    let least = _mm256_set1_ps(cutoff.least);
    let mut reached = 0;
    for group in 0..BLOCK / 8 {
        // SAFETY: the eight values lie within the arrays.
        let (product, scale, high_residual) = unsafe {
            (
                _mm256_loadu_si256(products.as_ptr().add(group * 8).cast()),
                _mm256_loadu_ps(scales.scales.as_ptr().add(group * 8)),
                _mm256_loadu_ps(scales.high_residuals.as_ptr().add(group * 8)),
            )
        };
        let gained = _mm256_mul_ps(_mm256_cvtepi32_ps(product), gain);
        let most = _mm256_fmadd_ps(scale, gained, _mm256_mul_ps(length, high_residual));
        let above = _mm256_cmp_ps::<_CMP_GE_OQ>(most, least);
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
        // SAFETY: the chunk has four elements.
        unsafe { _mm256_storeu_pd(lane.as_mut_ptr(), sum) };
    }
    total(lanes) + rest(&a[whole..], &b[whole..])
}
