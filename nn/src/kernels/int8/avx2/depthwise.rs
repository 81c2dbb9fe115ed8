//! Depthwise convolution: activations widened to 16 bits, two cells of the window at a time.

use super::halves::{Halves, each_vector, start};
use crate::kernels::int8::{DepthwiseTile, LANES, Line};
use std::arch::x86_64::*;

/// Vector of channels × two cells × half × 8 channels × 2 cells of 16 bits, in the order of [`Halves`].
pub(in crate::kernels::int8) fn pack_depthwise(weights: &[i8], channels: usize) -> Vec<Line> {
    let cells = weights.len() / channels;
    let pairs = cells.next_multiple_of(4) / 2;
    let mut lines = vec![Line::ZERO; channels.div_ceil(LANES) * pairs];
    for (cell, row) in weights.chunks_exact(channels).enumerate() {
        for (channel, &weight) in row.iter().enumerate() {
            let at = channel % LANES;
            let (half, place) = (at / 4 % 2, at / 8 * 4 + at % 4);
            let byte = half * 32 + place * 4 + cell % 2 * 2;
            let line = &mut lines[channel / LANES * pairs + cell / 2];
            line.0[byte] = weight;
            // The sign fills the upper byte.
            line.0[byte + 1] = weight >> 7;
        }
    }
    lines
}

/// # Safety
/// As for [`DenseKernel`](crate::kernels::int8::DenseKernel).
#[target_feature(enable = "avx2")]
pub(super) unsafe fn depthwise(t: &DepthwiseTile) {
    // SAFETY: the caller's promise.
    unsafe { each_vector!(t, windows) };
}

/// Hands over the sums of all windows of vector `v`.
///
/// # Safety
/// As for [`depthwise`].
#[inline]
#[target_feature(enable = "avx2")]
unsafe fn windows(t: &DepthwiseTile, v: usize, each: impl Fn(usize, Halves)) {
    // SAFETY: the caller's promise.
    unsafe {
        let start = start(&t.epilogue, v);
        let mut p = 0;
        while p + 1 < t.pixels {
            let [one, other] = window_sums::<2>(t, (v, p), start);
            each(p, one);
            each(p + 1, other);
            p += 2;
        }
        if p < t.pixels {
            let [sums] = window_sums::<1>(t, (v, p), start);
            each(p, sums);
        }
    }
}

/// The sums of vector `v` for neighbouring pixels from `p` on, added to what they start from.
///
/// # Safety
/// As for [`depthwise`].
#[inline]
#[target_feature(enable = "avx2")]
unsafe fn window_sums<const PIXELS: usize>(
    t: &DepthwiseTile,
    (v, p): (usize, usize),
    start: Halves,
) -> [Halves; PIXELS] {
    let mut sums = [start; PIXELS];
    // SAFETY: the caller's promise about every field.
    unsafe {
        let weights = t.weights.add(v * (t.count / 2));
        // The other pairs are nothing but zeros.
        for pair in 0..t.seen.div_ceil(2) {
            let weights: *const __m256i = weights.add(pair).cast();
            let weights = [
                _mm256_load_si256(weights),
                _mm256_load_si256(weights.add(1)),
            ];
            let [a, b] = [*t.cells.add(2 * pair), *t.cells.add(2 * pair + 1)];
            for (number, sums) in sums.iter_mut().enumerate() {
                let at = (p + number) * t.step + v * LANES;
                let a = _mm256_cvtepu8_epi16(_mm_loadu_si128(a.add(at).cast()));
                let b = _mm256_cvtepu8_epi16(_mm_loadu_si128(b.add(at).cast()));
                let twos = [_mm256_unpacklo_epi16(a, b), _mm256_unpackhi_epi16(a, b)];
                for (half, sum) in sums.iter_mut().enumerate() {
                    let products = _mm256_madd_epi16(twos[half], weights[half]);
                    *sum = _mm256_add_epi32(*sum, products);
                }
            }
        }
    }
    sums
}
