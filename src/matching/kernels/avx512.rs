//! AVX-512 with VNNI: `vpdpbusd` multiplies 64 nibbles with 64 codes of the probe and adds fours.

use super::avx2::fetch;
use super::block::{BLOCK, Cutoff, GROUP, ProbeCodes, Products, RowScales, WIDTH, fours};
use super::native::{SUMS, rest, total};
use std::arch::x86_64::*;

/// Bytes between the row at hand and what is prefetched: far enough for a memory access at full
/// speed, near enough for the second level cache.
const AHEAD: usize = 4096;

/// # Safety
/// Needs the features named, and `rows` of [`BLOCK`] strides.
#[target_feature(enable = "avx512f,avx512bw,avx512vl,avx512vnni,avx2")]
pub(super) unsafe fn products(rows: &[u8], probe: &ProbeCodes, products: &mut Products) {
    // SAFETY: the caller's promise is `all_products`'s.
    unsafe {
        match probe.stride() / WIDTH {
            1 => all_products::<1>(rows, probe, products),
            2 => all_products::<2>(rows, probe, products),
            4 => all_products::<4>(rows, probe, products),
            _ => all_products::<0>(rows, probe, products),
        }
    }
}

/// `GROUPS` is the stride in groups, known while compiling for the usual dimensions; 0 is any.
///
/// # Safety
/// As [`products`].
#[target_feature(enable = "avx512f,avx512bw,avx512vl,avx512vnni,avx2")]
unsafe fn all_products<const GROUPS: usize>(
    rows: &[u8],
    probe: &ProbeCodes,
    products: &mut Products,
) {
    let stride = if GROUPS > 0 {
        GROUPS * WIDTH
    } else {
        probe.stride()
    };
    let offset = _mm_set1_epi32(probe.offset);
    for (four, out) in products.chunks_exact_mut(4).enumerate() {
        // SAFETY: the four rows lie within `rows`, which holds BLOCK of them.
        let sums = unsafe {
            let row = rows.as_ptr().add(four * 4 * stride);
            let a = sums_of::<GROUPS>(row, probe);
            let b = sums_of::<GROUPS>(row.add(stride), probe);
            let c = sums_of::<GROUPS>(row.add(2 * stride), probe);
            let d = sums_of::<GROUPS>(row.add(3 * stride), probe);
            four_sums(a, b, c, d)
        };
        // SAFETY: `out` has four elements.
        unsafe {
            _mm_storeu_si128(
                out.as_mut_ptr().cast(),
                _mm_sub_epi32(_mm_slli_epi32::<1>(sums), offset),
            );
        };
    }
}

/// # Safety
/// As [`products`].
#[target_feature(enable = "avx512f,avx512bw,avx512vl,avx512vnni,avx2")]
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
            let (a, b) = (sums_of::<0>(a, probe), sums_of::<0>(b, probe));
            four_sums(a, b, sums_of::<0>(c, probe), sums_of::<0>(d, probe))
        };
        let mut sum = [0; 4];
        // SAFETY: `sum` has four elements.
        unsafe { _mm_storeu_si128(sum.as_mut_ptr().cast(), sums) };
        for (position, sum) in four.into_iter().zip(sum) {
            products[position] = 2 * sum - probe.offset;
        }
    }
}

/// # Safety
/// Needs the features named, and a stride of bytes at `row`.
#[inline]
#[target_feature(enable = "avx512f,avx512bw,avx512vl,avx512vnni,avx2")]
unsafe fn sums_of<const GROUPS: usize>(row: *const u8, probe: &ProbeCodes) -> __m512i {
    let count = if GROUPS > 0 {
        GROUPS
    } else {
        probe.stride() / WIDTH
    };
    let codes = probe.codes.as_ptr();
    let mask = _mm512_set1_epi8(15);
    let mut sums = [_mm512_setzero_si512(); 2];
    for group in 0..count {
        // SAFETY: `group` is within the stride of both; a prefetch never faults.
        unsafe {
            let at = row.add(group * WIDTH);
            _mm_prefetch::<_MM_HINT_T0>(at.wrapping_add(AHEAD).cast());
            let both = _mm512_loadu_si512(at.cast());
            let low = _mm512_and_si512(both, mask);
            let high = _mm512_and_si512(_mm512_srli_epi16::<4>(both), mask);
            let codes = codes.add(group * GROUP);
            sums[0] = _mm512_dpbusd_epi32(sums[0], low, _mm512_loadu_si512(codes.cast()));
            let codes = codes.add(WIDTH);
            sums[1] = _mm512_dpbusd_epi32(sums[1], high, _mm512_loadu_si512(codes.cast()));
        }
    }
    _mm512_add_epi32(sums[0], sums[1])
}

/// The sums of the four registers' lanes.
#[inline]
#[target_feature(enable = "avx512f,avx512bw,avx512vl,avx512vnni,avx2")]
fn four_sums(a: __m512i, b: __m512i, c: __m512i, d: __m512i) -> __m128i {
    let ab = _mm512_add_epi32(_mm512_unpacklo_epi32(a, b), _mm512_unpackhi_epi32(a, b));
    let cd = _mm512_add_epi32(_mm512_unpacklo_epi32(c, d), _mm512_unpackhi_epi32(c, d));
    let all = _mm512_add_epi32(_mm512_unpacklo_epi64(ab, cd), _mm512_unpackhi_epi64(ab, cd));
    let half = _mm256_add_epi32(
        _mm512_castsi512_si256(all),
        _mm512_extracti64x4_epi64::<1>(all),
    );
    _mm_add_epi32(
        _mm256_castsi256_si128(half),
        _mm256_extracti128_si256::<1>(half),
    )
}

/// # Safety
/// Needs the features named.
#[target_feature(enable = "avx512f,avx512bw,avx512vl,avx512vnni,avx2")]
pub(super) unsafe fn reaching(products: &Products, scales: &RowScales, cutoff: Cutoff) -> u64 {
    let (gain, length) = (_mm512_set1_ps(cutoff.gain), _mm512_set1_ps(cutoff.length));
    let least = _mm512_set1_ps(cutoff.least);
    let mut reached = 0;
    for group in 0..BLOCK / 16 {
        // SAFETY: the sixteen values lie within the arrays.
        let (product, scale, high_residual) = unsafe {
            (
                _mm512_loadu_si512(products.as_ptr().add(group * 16).cast()),
                _mm512_loadu_ps(scales.scales.as_ptr().add(group * 16)),
                _mm512_loadu_ps(scales.high_residuals.as_ptr().add(group * 16)),
            )
        };
        let gained = _mm512_mul_ps(_mm512_cvtepi32_ps(product), gain);
        let most = _mm512_fmadd_ps(scale, gained, _mm512_mul_ps(length, high_residual));
        let mask = _mm512_cmp_ps_mask::<_CMP_GE_OQ>(most, least);
        reached |= u64::from(mask) << (group * 16);
    }
    reached
}

/// # Safety
/// Needs the features named, and slices of one length.
#[target_feature(enable = "avx512f,avx512bw,avx512vl,avx512vnni,avx2")]
pub(super) unsafe fn exact(a: &[f32], b: &[f32]) -> f64 {
    let whole = a.len() / SUMS * SUMS;
    let mut low = _mm512_setzero_pd();
    let mut high = _mm512_setzero_pd();
    for at in (0..whole).step_by(SUMS) {
        // SAFETY: sixteen values from `at` lie within both slices.
        unsafe {
            let (a, b) = (a.as_ptr().add(at), b.as_ptr().add(at));
            low = _mm512_fmadd_pd(wide(a), wide(b), low);
            high = _mm512_fmadd_pd(wide(a.add(8)), wide(b.add(8)), high);
        }
    }
    let mut sums = [0.0; SUMS];
    // SAFETY: the array holds two registers.
    unsafe {
        _mm512_storeu_pd(sums.as_mut_ptr(), low);
        _mm512_storeu_pd(sums.as_mut_ptr().add(8), high);
    }
    total(sums) + rest(&a[whole..], &b[whole..])
}

/// # Safety
/// Needs the features named, and eight values at `from`.
#[inline]
#[target_feature(enable = "avx512f,avx512bw,avx512vl,avx512vnni,avx2")]
unsafe fn wide(from: *const f32) -> __m512d {
    // SAFETY: the caller's promise.
    _mm512_cvtps_pd(unsafe { _mm256_loadu_ps(from) })
}
