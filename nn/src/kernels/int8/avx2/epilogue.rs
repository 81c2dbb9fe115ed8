//! The epilogue: from sums to int8 and to f32.

use crate::kernels::int8::{DequantTile, LANES, RequantTile, Sums, native};
use std::arch::x86_64::*;

/// Writes sums that have their bias as f32.
///
/// # Safety
/// `tile` takes pixels from `first` on.
#[inline]
#[target_feature(enable = "avx2")]
pub(in crate::kernels::int8) unsafe fn store_f32<const PIXELS: usize>(
    tile: &DequantTile,
    first: usize,
    sums: [[__m256i; 2]; PIXELS],
) {
    let (low, high) = (_mm256_set1_ps(tile.low), _mm256_set1_ps(tile.high));
    let unlimited = tile.low == f32::NEG_INFINITY && tile.high == f32::INFINITY;
    // SAFETY: the caller's promise: factors of a whole vector, and `last` values of each pixel.
    unsafe {
        let factors = [
            _mm256_loadu_ps(tile.factors),
            _mm256_loadu_ps(tile.factors.add(8)),
        ];
        for (p, sums) in sums.iter().enumerate() {
            let mut halves = [_mm256_setzero_ps(); 2];
            for (half, x) in halves.iter_mut().enumerate() {
                *x = _mm256_mul_ps(_mm256_cvtepi32_ps(sums[half]), factors[half]);
                if !unlimited {
                    *x = _mm256_min_ps(_mm256_max_ps(*x, low), high);
                }
            }
            let place = tile.output.add((first + p) * tile.output_step);
            if tile.last == LANES {
                _mm256_storeu_ps(place, halves[0]);
                _mm256_storeu_ps(place.add(8), halves[1]);
            } else {
                store_some(place, tile.last, halves);
            }
        }
    }
}

/// Writes the first `last` values.
///
/// # Safety
/// So many can be written.
#[inline(never)]
#[target_feature(enable = "avx2")]
unsafe fn store_some(place: *mut f32, last: usize, halves: [__m256; 2]) {
    let mut values = [0.0_f32; LANES];
    // SAFETY: the caller's promise.
    unsafe {
        _mm256_storeu_ps(values.as_mut_ptr(), halves[0]);
        _mm256_storeu_ps(values.as_mut_ptr().add(8), halves[1]);
        place.copy_from_nonoverlapping(values.as_ptr(), last);
    }
}

/// Writes sums that have their bias as int8, two pixels at once.
///
/// # Safety
/// `tile` has limits only and takes pixels from `first` on.
#[inline]
#[target_feature(enable = "avx2")]
pub(in crate::kernels::int8) unsafe fn store_int8<const PIXELS: usize>(
    tile: &RequantTile,
    first: usize,
    sums: [[__m256i; 2]; PIXELS],
) {
    let limits = Limits::new(tile);
    // From four channels of each half, lane by lane, to the channels of a pixel.
    let order = _mm256_setr_epi32(0, 4, 1, 5, 2, 6, 3, 7);
    // SAFETY: the caller's promise: factors of a whole vector, and the pixels from `first` on.
    unsafe {
        let factors = [
            _mm256_loadu_ps(tile.factors),
            _mm256_loadu_ps(tile.factors.add(8)),
        ];
        let words = |p: usize| {
            let [low, high] = sums[p];
            limits.words([steps(low, factors[0]), steps(high, factors[1])])
        };
        let mut p = 0;
        while p < PIXELS {
            let one = words(p);
            let other = if p + 1 < PIXELS { words(p + 1) } else { one };
            let bytes = _mm256_permutevar8x32_epi32(limits.bytes([one, other]), order);
            let place = tile.output.add((first + p) * tile.output_step);
            _mm_storeu_si128(place.cast(), _mm256_castsi256_si128(bytes));
            if p + 1 < PIXELS {
                let place = place.add(tile.output_step);
                _mm_storeu_si128(place.cast(), _mm256_extracti128_si256::<1>(bytes));
            }
            p += 2;
        }
    }
}

/// Sums that have their bias in steps of the output from its zero.
#[inline]
#[target_feature(enable = "avx2")]
pub(in crate::kernels::int8) fn steps(sums: __m256i, factors: __m256) -> __m256i {
    _mm256_cvtps_epi32(_mm256_mul_ps(_mm256_cvtepi32_ps(sums), factors))
}

/// Which bytes steps become. Packing saturates, and steps that it makes others are far outside of the limits.
#[derive(Clone, Copy)]
pub(in crate::kernels::int8) struct Limits {
    /// In words.
    zero_point: __m256i,
    low: __m256i,
    high: __m256i,
}

impl Limits {
    #[inline]
    #[target_feature(enable = "avx2")]
    pub(in crate::kernels::int8) fn new(tile: &RequantTile) -> Self {
        let [low, high] = tile.limits.map(|byte| byte as i8);
        Self {
            zero_point: _mm256_set1_epi16(tile.zero_point as i16),
            low: _mm256_set1_epi8(low),
            high: _mm256_set1_epi8(high),
        }
    }

    /// Within each lane, those of the two vectors one after another.
    #[inline]
    #[target_feature(enable = "avx2")]
    pub(in crate::kernels::int8) fn words(&self, [a, b]: [__m256i; 2]) -> __m256i {
        _mm256_adds_epi16(_mm256_packs_epi32(a, b), self.zero_point)
    }

    /// Within each lane, those of the two vectors one after another.
    #[inline]
    #[target_feature(enable = "avx2")]
    pub(in crate::kernels::int8) fn bytes(&self, [a, b]: [__m256i; 2]) -> __m256i {
        let bytes = _mm256_packus_epi16(a, b);
        _mm256_min_epu8(_mm256_max_epu8(bytes, self.low), self.high)
    }

    /// Sixteen bytes: of the words of the lower lane, then of the upper.
    #[inline]
    #[target_feature(enable = "avx2")]
    pub(super) fn sixteen(&self, words: __m256i) -> __m128i {
        let low = _mm256_castsi256_si128(words);
        let bytes = _mm_packus_epi16(low, _mm256_extracti128_si256::<1>(words));
        let [least, most] = [self.low, self.high].map(|limit| _mm256_castsi256_si128(limit));
        _mm_min_epu8(_mm_max_epu8(bytes, least), most)
    }
}

/// # Safety
/// As for [`native::requantise`].
#[target_feature(enable = "avx2")]
pub(in crate::kernels::int8) unsafe fn requantise(t: &RequantTile, sums: &Sums) {
    // A copy, so that the compiler knows that what is written does not change it.
    let (t, sums) = (*t, *sums);
    let zero = _mm256_set1_epi16(t.zero_point as i16);
    let width = sums.vectors * LANES;
    for p in 0..sums.pixels {
        let place = sums.first + p;
        for c in (0..width).step_by(LANES) {
            // SAFETY: the caller's promise: whole vectors of all fields for each pixel.
            unsafe {
                let from: *const __m256i = sums.at.add(p * width + c).cast();
                let low = eight(&t, _mm256_loadu_si256(from), place, c);
                let high = eight(&t, _mm256_loadu_si256(from.add(1)), place, c + 8);
                // Within 128-bit lanes; the permutation puts the four runs in order. Values are whole
                // steps between -255 and 255, so nothing saturates before the zero is added.
                let words = _mm256_add_epi16(_mm256_packs_epi32(low, high), zero);
                let words = _mm256_permute4x64_epi64::<0xd8>(words);
                let bytes = _mm_packus_epi16(
                    _mm256_castsi256_si128(words),
                    _mm256_extracti128_si256::<1>(words),
                );
                _mm_storeu_si128(t.output.add(place * t.output_step + c).cast(), bytes);
            }
        }
    }
}

/// Eight sums of a pixel from channel `c` on, in steps from the output's zero.
///
/// # Safety
/// As for [`requantise`].
#[inline]
#[target_feature(enable = "avx2")]
unsafe fn eight(t: &RequantTile, sums: __m256i, place: usize, c: usize) -> __m256i {
    let none = _mm256_setzero_ps();
    // SAFETY: the caller's promise.
    unsafe {
        let sum = _mm256_add_epi32(sums, _mm256_loadu_si256(t.bias.add(c).cast()));
        let factors = _mm256_loadu_ps(t.factors.add(c));
        let mut x = _mm256_mul_ps(_mm256_cvtepi32_ps(sum), factors);
        if !t.residual.is_null() {
            let bytes = _mm_loadl_epi64(t.residual.add(place * t.residual_step + c).cast());
            let zero = _mm256_set1_epi32(t.residual_zero_point);
            let steps = _mm256_cvtepi32_ps(_mm256_sub_epi32(_mm256_cvtepu8_epi32(bytes), zero));
            let factor = _mm256_set1_ps(t.residual_factor);
            x = _mm256_add_ps(x, _mm256_mul_ps(steps, factor));
        }
        if !t.slopes.is_null() {
            let slopes = _mm256_loadu_ps(t.slopes.add(c));
            let below = _mm256_mul_ps(slopes, _mm256_min_ps(x, none));
            x = _mm256_add_ps(_mm256_max_ps(x, none), below);
        }
        let x = _mm256_max_ps(x, _mm256_set1_ps(t.low));
        let x = _mm256_min_ps(x, _mm256_set1_ps(t.high));
        _mm256_cvtps_epi32(x)
    }
}

/// # Safety
/// As for [`native::dequantise`].
#[target_feature(enable = "avx2")]
pub(in crate::kernels::int8) unsafe fn dequantise(t: &DequantTile, sums: &Sums) {
    // SAFETY: the caller's promise.
    unsafe { native::dequantise(t, sums) };
}
