//! AVX2: pairs of products in 16 bits, which a plan's weights keep from saturating.
#![allow(unsafe_code)]

use super::finish::Floats;
use super::simple::{AddBytes, Quantise};
use super::{
    ByteKernels, DenseKernel, DenseShape, DenseTile, DepthwiseTile, FinishTile, LANES, Line, native,
};
use std::arch::x86_64::*;

/// The table for AVX2.
pub(super) static KERNELS: ByteKernels = ByteKernels {
    offset: 0,
    dense: &[DenseShape {
        vectors: 1,
        kernels: &[
            dense::<1>, dense::<2>, dense::<3>, dense::<4>, dense::<5>, dense::<6>,
        ] as &[DenseKernel],
    }],
    pack_depthwise,
    depthwise,
    finish,
    // SAFETY: a table can be had only where its instruction set is.
    floats: |output, sums, by| unsafe { floats(output, sums, by) },
    // SAFETY: as above.
    quantise: |output, input, by| unsafe { quantise(output, input, by) },
    // SAFETY: as above.
    add: |output, terms, by| unsafe { add(output, terms, by) },
    // SAFETY: as above.
    max: |most, values| unsafe { max(most, values) },
};

/// The dense kernel over 256 bits: how eight sums grow by four products each differs, the rest does not.
macro_rules! dense_kernel {
    ($features:literal, |$sum:ident, $four:ident, $weights:ident| $grown:expr) => {
        /// # Safety
        /// See [`DenseKernel`].
        #[target_feature(enable = $features)]
        unsafe fn dense<const PIXELS: usize>(t: &DenseTile) {
            let mut sums = [[_mm256_setzero_si256(); 2]; PIXELS];
            let mut panel = t.panels;
            // SAFETY: the caller's promise about every field.
            unsafe {
                for row in 0..t.rows {
                    let mut tap = *t.taps.add(row);
                    for _ in 0..t.depth {
                        let weights: *const __m256i = panel.cast();
                        let weights = [
                            _mm256_load_si256(weights),
                            _mm256_load_si256(weights.add(1)),
                        ];
                        for (p, sums) in sums.iter_mut().enumerate() {
                            let four = tap.add(p * t.step).cast::<i32>().read_unaligned();
                            let $four = _mm256_set1_epi32(four);
                            for ($sum, $weights) in sums.iter_mut().zip(weights) {
                                *$sum = $grown;
                            }
                        }
                        panel = panel.add(1);
                        tap = tap.add(4);
                    }
                }
                for (p, sums) in sums.iter().enumerate() {
                    let place: *mut __m256i = t.sums.add(p * t.sums_step).cast();
                    _mm256_storeu_si256(place, sums[0]);
                    _mm256_storeu_si256(place.add(1), sums[1]);
                }
            }
        }
    };
}
pub(super) use dense_kernel;

dense_kernel! { "avx2", |sum, four, weights| {
    let pairs = _mm256_maddubs_epi16(four, weights);
    _mm256_add_epi32(*sum, _mm256_madd_epi16(pairs, _mm256_set1_epi16(1)))
} }

/// Vector of channels × two cells × half × 8 channels × 2 cells of 16 bits. The halves are what
/// interleaving two registers of 16 bits gives: channels 0–3 and 8–11, and the others.
fn pack_depthwise(weights: &[i8], channels: usize) -> Vec<Line> {
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
/// As for [`DenseKernel`].
#[target_feature(enable = "avx2")]
unsafe fn depthwise(t: &DepthwiseTile) {
    // A copy, which the sums that are written cannot be taken to change.
    let t = *t;
    let pairs = t.count / 2;
    // The other pairs are nothing but zeros.
    let used = t.seen.div_ceil(2);
    for p in 0..t.pixels {
        for v in 0..t.vectors {
            let mut sums = [_mm256_setzero_si256(); 2];
            // SAFETY: the caller's promise about every field.
            unsafe {
                for pair in 0..used {
                    let cell = |i: usize| {
                        let pixel = (*t.cells.add(2 * pair + i)).add(p * t.step + v * LANES);
                        _mm256_cvtepu8_epi16(_mm_loadu_si128(pixel.cast()))
                    };
                    let (a, b) = (cell(0), cell(1));
                    let weights: *const __m256i = t.weights.add(v * pairs + pair).cast();
                    let twos = [_mm256_unpacklo_epi16(a, b), _mm256_unpackhi_epi16(a, b)];
                    for (half, (sum, two)) in sums.iter_mut().zip(twos).enumerate() {
                        let products = _mm256_madd_epi16(two, _mm256_load_si256(weights.add(half)));
                        *sum = _mm256_add_epi32(*sum, products);
                    }
                }
                let [even, odd] = sums;
                let place: *mut __m256i = t.sums.add((p * t.vectors + v) * LANES).cast();
                _mm256_storeu_si256(place, _mm256_permute2x128_si256::<0x20>(even, odd));
                _mm256_storeu_si256(place.add(1), _mm256_permute2x128_si256::<0x31>(even, odd));
            }
        }
    }
}

/// # Safety
/// As for [`DenseKernel`].
#[target_feature(enable = "avx2")]
pub(super) unsafe fn finish(t: &FinishTile) {
    // A copy, which the bytes that are written cannot be taken to change.
    let t = *t;
    let zero = _mm256_set1_epi16(t.zero as i16);
    for p in 0..t.pixels {
        for c in (0..t.vectors * LANES).step_by(LANES) {
            // SAFETY: the caller's promise: whole vectors of all fields for each pixel.
            unsafe {
                let low = eight(&t, p, c);
                let high = eight(&t, p, c + 8);
                // Within 128-bit lanes; the permutation puts the four runs in order. Values are whole
                // steps between -255 and 255, so nothing saturates before the zero is added.
                let words = _mm256_add_epi16(_mm256_packs_epi32(low, high), zero);
                let words = _mm256_permute4x64_epi64::<0xd8>(words);
                let bytes = _mm_packus_epi16(
                    _mm256_castsi256_si128(words),
                    _mm256_extracti128_si256::<1>(words),
                );
                _mm_storeu_si128(t.output.add(p * t.output_step + c).cast(), bytes);
            }
        }
    }
}

/// Eight values from channel `c` on, in steps from the output's zero.
///
/// # Safety
/// As for [`finish`].
#[inline]
#[target_feature(enable = "avx2")]
unsafe fn eight(t: &FinishTile, p: usize, c: usize) -> __m256i {
    let nought = _mm256_setzero_ps();
    // SAFETY: the caller's promise.
    unsafe {
        let sum = _mm256_loadu_si256(t.sums.add(p * t.sums_step + c).cast());
        let sum = _mm256_add_epi32(sum, _mm256_loadu_si256(t.bias.add(c).cast()));
        let factors = _mm256_loadu_ps(t.factors.add(c));
        let mut x = _mm256_mul_ps(_mm256_cvtepi32_ps(sum), factors);
        if !t.residual.is_null() {
            let bytes = _mm_loadl_epi64(t.residual.add(p * t.residual_step + c).cast());
            let zero = _mm256_set1_epi32(t.residual_zero);
            let steps = _mm256_cvtepi32_ps(_mm256_sub_epi32(_mm256_cvtepu8_epi32(bytes), zero));
            let factor = _mm256_set1_ps(t.residual_factor);
            x = _mm256_add_ps(x, _mm256_mul_ps(steps, factor));
        }
        if !t.slopes.is_null() {
            let slopes = _mm256_loadu_ps(t.slopes.add(c));
            let below = _mm256_mul_ps(slopes, _mm256_min_ps(x, nought));
            x = _mm256_add_ps(_mm256_max_ps(x, nought), below);
        }
        let x = _mm256_max_ps(x, _mm256_set1_ps(t.low));
        let x = _mm256_min_ps(x, _mm256_set1_ps(t.high));
        _mm256_cvtps_epi32(x)
    }
}

#[target_feature(enable = "avx2")]
pub(super) fn floats(output: &mut [f32], sums: &[i32], by: &Floats) {
    native::floats(output, sums, by);
}

#[target_feature(enable = "avx2")]
pub(super) fn quantise(output: &mut [u8], input: &[f32], by: &Quantise) {
    native::quantise(output, input, by);
}

#[target_feature(enable = "avx2")]
pub(super) fn add(output: &mut [u8], terms: [&[u8]; 2], by: &AddBytes) {
    native::add(output, terms, by);
}

#[target_feature(enable = "avx2")]
pub(super) fn max(most: &mut [u8], values: &[u8]) {
    native::max(most, values);
}
