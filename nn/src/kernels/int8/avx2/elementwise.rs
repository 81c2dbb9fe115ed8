//! Conversions, sums and max pools.

use crate::kernels::int8::native;
use crate::kernels::int8::params::{Int8Add, PoolWindows, Quantise};
use std::arch::x86_64::*;

/// Values to whole steps. Values below all limits, and NaN, become the least integer, which stays below
/// all bytes when it is packed.
#[inline]
#[target_feature(enable = "avx2")]
fn steps(values: __m256, factor: __m256, high: __m256) -> __m256i {
    // The second operand is the result when either is NaN.
    _mm256_cvtps_epi32(_mm256_min_ps(high, _mm256_mul_ps(values, factor)))
}

#[target_feature(enable = "avx2")]
pub(super) fn quantise(output: &mut [u8], input: &[f32], by: &Quantise) {
    let [factor, high] = [by.factor, by.high].map(|x| _mm256_set1_ps(x));
    let zero = _mm256_set1_epi16(by.zero_point as i16);
    // From four values of each register, lane by lane, to one register after the other.
    let order = _mm256_setr_epi32(0, 4, 1, 5, 2, 6, 3, 7);
    let (bytes, last_bytes) = output.as_chunks_mut::<32>();
    let (values, last_values) = input.as_chunks::<32>();
    for (bytes, values) in bytes.iter_mut().zip(values) {
        let steps = |eight: usize| {
            // SAFETY: 32 values can be read.
            let values = unsafe { _mm256_loadu_ps(values.as_ptr().add(8 * eight)) };
            steps(values, factor, high)
        };
        let first = _mm256_adds_epi16(_mm256_packs_epi32(steps(0), steps(1)), zero);
        let second = _mm256_adds_epi16(_mm256_packs_epi32(steps(2), steps(3)), zero);
        let packed = _mm256_permutevar8x32_epi32(_mm256_packus_epi16(first, second), order);
        // SAFETY: 32 bytes can be written.
        unsafe { _mm256_storeu_si256(bytes.as_mut_ptr().cast(), packed) };
    }
    native::quantise(last_bytes, last_values, by);
}

/// How many values ahead a plane is prefetched.
const AHEAD: usize = 1024;

#[target_feature(enable = "avx2")]
pub(super) fn colours(output: &mut [[u8; 4]], planes: [&[f32]; 3], by: &Quantise) {
    let [factor, high] = [by.factor, by.high].map(|x| _mm256_set1_ps(x));
    let zeros = _mm256_set1_epi16(by.zero_point as i16);
    // The fourth byte of a pixel is 0, not the zero point.
    let nothing = _mm256_setzero_si256();
    let last_zeros = _mm256_unpacklo_epi64(zeros, nothing);
    // From four bytes of each plane to four pixels.
    let pixels = _mm256_broadcastsi128_si256(_mm_setr_epi8(
        0, 4, 8, 12, 1, 5, 9, 13, 2, 6, 10, 14, 3, 7, 11, 15,
    ));
    let (eights, rest) = output.as_chunks_mut::<8>();
    let parts = planes.map(|plane| plane.as_chunks::<8>());
    let [a, b, c] = parts.map(|(eights, _)| eights);
    for (pixel, (a, (b, c))) in eights.iter_mut().zip(a.iter().zip(b.iter().zip(c))) {
        // The caller's values are read once and come from main memory, a page at a time.
        let steps = |values: &[f32; 8]| {
            _mm_prefetch::<_MM_HINT_T0>(values.as_ptr().wrapping_add(AHEAD).cast());
            // SAFETY: eight values can be read.
            steps(unsafe { _mm256_loadu_ps(values.as_ptr()) }, factor, high)
        };
        let first = _mm256_adds_epi16(_mm256_packs_epi32(steps(a), steps(b)), zeros);
        let last = _mm256_adds_epi16(_mm256_packs_epi32(steps(c), nothing), last_zeros);
        let bytes = _mm256_shuffle_epi8(_mm256_packus_epi16(first, last), pixels);
        // SAFETY: 32 bytes can be written.
        unsafe { _mm256_storeu_si256(pixel.as_mut_ptr().cast(), bytes) };
    }
    native::colours(rest, parts.map(|(_, rest)| rest), by);
}

#[target_feature(enable = "avx2")]
pub(super) fn add(output: &mut [u8], terms: [&[u8]; 2], by: &Int8Add) {
    native::add(output, terms, by);
}

#[target_feature(enable = "avx2")]
pub(super) fn max_pool(output: &mut [u8], windows: &PoolWindows) {
    match windows.columns {
        2 if windows.pixel.is_multiple_of(32) => max_of::<2>(output, windows),
        3 if windows.pixel.is_multiple_of(32) => max_of::<3>(output, windows),
        _ => native::max_pool(output, windows),
    }
}

/// PoolWindows of so many columns over pixels of whole registers.
#[inline]
#[target_feature(enable = "avx2")]
fn max_of<const COLUMNS: usize>(output: &mut [u8], windows: &PoolWindows) {
    let pixel = windows.pixel;
    let Some(last) = (output.len() / pixel).checked_sub(1) else {
        return;
    };
    let end = windows.cell(last, COLUMNS - 1) + pixel;
    assert!(windows.rows.iter().all(|row| row.len() >= end));
    for (x, output) in output.chunks_exact_mut(pixel).enumerate() {
        for (vector, most) in output.as_chunks_mut::<32>().0.iter_mut().enumerate() {
            // SAFETY: a register is in `most`; no cell ends behind the last window's last, which was checked to end
            // inside each row.
            unsafe {
                let mut largest = _mm256_loadu_si256(most.as_ptr().cast());
                for row in windows.rows {
                    let cells = row.as_ptr().add(windows.cell(x, 0) + vector * 32);
                    for column in 0..COLUMNS {
                        let cell = _mm256_loadu_si256(cells.add(column * pixel).cast());
                        largest = _mm256_max_epu8(largest, cell);
                    }
                }
                _mm256_storeu_si256(most.as_mut_ptr().cast(), largest);
            }
        }
    }
}
