//! The epilogue: from sums to int8 and to f32.

use crate::kernels::int8::{DequantTile, LANES, RequantTile, Sums, native};
use std::arch::x86_64::*;

/// Writes sums that have their bias as f32.
///
/// # Safety
/// `tile` takes pixels from `first` on.
#[inline]
#[target_feature(enable = "avx512f,avx512bw,avx512vl,avx512vnni")]
pub(super) unsafe fn store_f32<const PIXELS: usize, const VECTORS: usize>(
    tile: &DequantTile,
    first: usize,
    sums: [[__m512i; VECTORS]; PIXELS],
) {
    let (low, high) = (_mm512_set1_ps(tile.low), _mm512_set1_ps(tile.high));
    let last = u16::MAX >> (LANES - tile.last);
    for v in 0..VECTORS {
        let mask = if v + 1 == VECTORS { last } else { u16::MAX };
        // SAFETY: the caller's promise; the mask ends at the last value that is written.
        unsafe {
            let factors = _mm512_loadu_ps(tile.factors.add(v * LANES));
            for (p, sums) in sums.iter().enumerate() {
                let x = _mm512_mul_ps(_mm512_cvtepi32_ps(sums[v]), factors);
                let x = _mm512_min_ps(_mm512_max_ps(x, low), high);
                let place = tile.output.add((first + p) * tile.output_step + v * LANES);
                _mm512_mask_storeu_ps(place, mask, x);
            }
        }
    }
}

/// Writes sums that have their bias as int8, four vectors at once.
///
/// # Safety
/// `tile` has limits only and takes pixels from `first` on.
#[inline]
#[target_feature(enable = "avx512f,avx512bw,avx512vl,avx512vnni")]
pub(super) unsafe fn store_int8<const PIXELS: usize, const VECTORS: usize>(
    tile: &RequantTile,
    first: usize,
    sums: [[__m512i; VECTORS]; PIXELS],
) {
    let mut factors = [_mm512_setzero_ps(); VECTORS];
    for (v, factors) in factors.iter_mut().enumerate() {
        // SAFETY: the caller's promise: a factor for each channel.
        *factors = unsafe { _mm512_loadu_ps(tile.factors.add(v * LANES)) };
    }
    let limits = Limits::new(tile);
    // From quarter × vector to vector × quarter.
    let order = _mm512_setr_epi32(0, 4, 8, 12, 1, 5, 9, 13, 2, 6, 10, 14, 3, 7, 11, 15);
    let gapless = tile.output_step == VECTORS * LANES;
    let mut i = 0;
    while i < PIXELS * VECTORS {
        let mut steps = [_mm512_setzero_si512(); 4];
        for (j, steps) in steps.iter_mut().enumerate() {
            let (p, v) = ((i + j) / VECTORS, (i + j) % VECTORS);
            if p < PIXELS {
                let x = _mm512_mul_ps(_mm512_cvtepi32_ps(sums[p][v]), factors[v]);
                *steps = _mm512_cvtps_epi32(x);
            }
        }
        let bytes = _mm512_permutexvar_epi32(order, limits.bytes(steps));
        // SAFETY: the caller's promise about the pixels from `first` on.
        unsafe {
            let place = tile.output.add((first + i / VECTORS) * tile.output_step);
            if VECTORS == 4 || gapless && i + 4 <= PIXELS * VECTORS {
                _mm512_storeu_si512(place.cast(), bytes);
            } else {
                let mut four = [_mm_setzero_si128(); 4];
                four[0] = _mm512_extracti32x4_epi32::<0>(bytes);
                four[1] = _mm512_extracti32x4_epi32::<1>(bytes);
                four[2] = _mm512_extracti32x4_epi32::<2>(bytes);
                four[3] = _mm512_extracti32x4_epi32::<3>(bytes);
                for (j, &four) in four.iter().enumerate() {
                    let (p, v) = ((i + j) / VECTORS, (i + j) % VECTORS);
                    if p < PIXELS {
                        let place = tile.output.add((first + p) * tile.output_step + v * LANES);
                        _mm_storeu_si128(place.cast(), four);
                    }
                }
            }
        }
        i += 4;
    }
}

/// Which bytes steps become.
#[derive(Clone, Copy)]
pub(super) struct Limits {
    /// In words.
    zero_point: __m512i,
    low: __m512i,
    high: __m512i,
}

impl Limits {
    #[inline]
    #[target_feature(enable = "avx512f,avx512bw")]
    pub(super) fn new(tile: &RequantTile) -> Self {
        let [low, high] = tile.limits.map(|byte| byte as i8);
        Self {
            zero_point: _mm512_set1_epi16(tile.zero_point as i16),
            low: _mm512_set1_epi8(low),
            high: _mm512_set1_epi8(high),
        }
    }

    /// Within each lane of 16 bytes, those of the four vectors one after another. Packing saturates, and
    /// steps that it makes others are far outside of the limits.
    #[inline]
    #[target_feature(enable = "avx512f,avx512bw")]
    pub(super) fn bytes(&self, [a, b, c, d]: [__m512i; 4]) -> __m512i {
        let ab = _mm512_adds_epi16(_mm512_packs_epi32(a, b), self.zero_point);
        let cd = _mm512_adds_epi16(_mm512_packs_epi32(c, d), self.zero_point);
        let bytes = _mm512_packus_epi16(ab, cd);
        _mm512_min_epu8(_mm512_max_epu8(bytes, self.low), self.high)
    }
}

/// # Safety
/// As for [`native::requantise`].
#[target_feature(enable = "avx512f,avx512bw,avx512vl,avx512vnni")]
pub(super) unsafe fn requantise(t: &RequantTile, sums: &Sums) {
    // A copy, so that the compiler knows that what is written does not change it.
    let (t, sums) = (*t, *sums);
    let (low, high) = (_mm512_set1_ps(t.low), _mm512_set1_ps(t.high));
    let (zero, none) = (_mm512_set1_epi32(t.zero_point), _mm512_setzero_ps());
    let residual_zero = _mm512_set1_epi32(t.residual_zero_point);
    let residual_factor = _mm512_set1_ps(t.residual_factor);
    let width = sums.vectors * LANES;
    for p in 0..sums.pixels {
        let place = sums.first + p;
        for c in (0..width).step_by(LANES) {
            // SAFETY: the caller's promise: whole vectors of all fields for each pixel.
            unsafe {
                let sum = _mm512_loadu_si512(sums.at.add(p * width + c).cast());
                let sum = _mm512_add_epi32(sum, _mm512_loadu_si512(t.bias.add(c).cast()));
                let factors = _mm512_loadu_ps(t.factors.add(c));
                let mut x = _mm512_mul_ps(_mm512_cvtepi32_ps(sum), factors);
                if !t.residual.is_null() {
                    let bytes = _mm_loadu_si128(t.residual.add(place * t.residual_step + c).cast());
                    let steps = _mm512_sub_epi32(_mm512_cvtepu8_epi32(bytes), residual_zero);
                    let add = _mm512_mul_ps(_mm512_cvtepi32_ps(steps), residual_factor);
                    x = _mm512_add_ps(x, add);
                }
                if !t.slopes.is_null() {
                    let slopes = _mm512_loadu_ps(t.slopes.add(c));
                    let below = _mm512_mul_ps(slopes, _mm512_min_ps(x, none));
                    x = _mm512_add_ps(_mm512_max_ps(x, none), below);
                }
                let x = _mm512_min_ps(_mm512_max_ps(x, low), high);
                let bytes = _mm512_cvtepi32_epi8(_mm512_add_epi32(_mm512_cvtps_epi32(x), zero));
                _mm_storeu_si128(t.output.add(place * t.output_step + c).cast(), bytes);
            }
        }
    }
}

/// # Safety
/// As for [`native::dequantise`].
#[target_feature(enable = "avx512f,avx512bw,avx512vl")]
pub(super) unsafe fn dequantise(t: &DequantTile, sums: &Sums) {
    // SAFETY: the caller's promise.
    unsafe { native::dequantise(t, sums) };
}
