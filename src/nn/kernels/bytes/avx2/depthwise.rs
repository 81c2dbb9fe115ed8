//! Depthwise convolution: bytes widened to 16 bits, two cells of the window at a time.

use super::ending::{Limits, finish, floats, steps};
use crate::nn::kernels::bytes::{DepthwiseTile, End, FinishTile, LANES, Line};
use std::arch::x86_64::*;

/// Vector of channels × two cells × half × 8 channels × 2 cells of 16 bits. The halves are what
/// interleaving two registers of 16 bits gives: channels 0–3 and 8–11, and the others.
pub(super) fn pack_depthwise(weights: &[i8], channels: usize) -> Vec<Line> {
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
/// As for [`DenseKernel`](crate::nn::kernels::bytes::DenseKernel).
#[target_feature(enable = "avx2")]
pub(super) unsafe fn depthwise(t: &DepthwiseTile) {
    // A copy, which the bytes that are written cannot be taken to change.
    let t = *t;
    let round = match &t.end {
        End::Bytes(end) if end.plain => Some((end, Limits::new(end))),
        _ => None,
    };
    for v in 0..t.vectors {
        // SAFETY: the caller's promise about every field.
        unsafe {
            let Some((end, limits)) = round else {
                for p in 0..t.pixels {
                    let [[even, odd]] = window_sums::<1>(&t, v, p);
                    let place: *mut __m256i = t.sums.add((p * t.vectors + v) * LANES).cast();
                    let low = _mm256_permute2x128_si256::<0x20>(even, odd);
                    let high = _mm256_permute2x128_si256::<0x31>(even, odd);
                    _mm256_storeu_si256(place, low);
                    _mm256_storeu_si256(place.add(1), high);
                }
                continue;
            };
            let channel = v * LANES;
            let bias = halves(end.bias.add(channel).cast());
            let factors = halves(end.factors.add(channel).cast());
            let words = |[even, odd]: [__m256i; 2]| {
                let sums = [
                    _mm256_add_epi32(even, bias[0]),
                    _mm256_add_epi32(odd, bias[1]),
                ];
                limits.words([
                    steps(sums[0], _mm256_castsi256_ps(factors[0])),
                    steps(sums[1], _mm256_castsi256_ps(factors[1])),
                ])
            };
            if t.slides {
                slide(&t, v, (end, &limits), &words);
                continue;
            }
            for p in (0..t.pixels).step_by(2) {
                let two = p + 1 < t.pixels;
                let [one, other] = if two {
                    window_sums::<2>(&t, v, p).map(words)
                } else {
                    [words(window_sums::<1>(&t, v, p)[0]); 2]
                };
                write(end, &limits, (p, channel), [one, other], two);
            }
        }
    }
    if round.is_none() {
        // SAFETY: all sums were just written; the caller's promise about what they end in.
        unsafe { t.end.run(&t.written(), finish, floats) };
    }
}

/// Writes the words of a pixel's vector and, if there are two, of the next pixel's.
///
/// # Safety
/// `end` takes them.
#[inline]
#[target_feature(enable = "avx2")]
unsafe fn write(
    end: &FinishTile,
    limits: &Limits,
    (p, channel): (usize, usize),
    words: [__m256i; 2],
    two: bool,
) {
    let bytes = _mm256_permute4x64_epi64::<0xd8>(limits.bytes(words));
    // SAFETY: the caller's promise.
    unsafe {
        let place = end.output.add(p * end.output_step + channel);
        _mm_storeu_si128(place.cast(), _mm256_castsi256_si128(bytes));
        if two {
            let place = place.add(end.output_step);
            _mm_storeu_si128(place.cast(), _mm256_extracti128_si256::<1>(bytes));
        }
    }
}

/// Windows of 3 × 3 over neighbouring columns: each column's rows are interleaved once and meet the windows of
/// which it is the first, the middle and the last column.
///
/// # Safety
/// As for [`depthwise`]; cells are by columns.
#[inline]
#[target_feature(enable = "avx2")]
unsafe fn slide(
    t: &DepthwiseTile,
    v: usize,
    (end, limits): (&FinishTile, &Limits),
    words: &impl Fn([__m256i; 2]) -> __m256i,
) {
    // SAFETY: the caller's promise about every field; the last window's last column is the last there is.
    unsafe {
        let weights: *const [__m256i; 4] = t.weights.add(v * (t.count / 2)).cast();
        let weights = [&*weights, &*weights.add(1), &*weights.add(2)];
        let rows = [*t.cells, *t.cells.add(1), *t.cells.add(2)].map(|row| row.add(v * LANES));
        let column = |x: usize| {
            let [a, b, c] =
                rows.map(|row| _mm256_cvtepu8_epi16(_mm_loadu_si128(row.add(x * t.step).cast())));
            let zero = _mm256_setzero_si256();
            [
                _mm256_unpacklo_epi16(a, b),
                _mm256_unpackhi_epi16(a, b),
                _mm256_unpacklo_epi16(c, zero),
                _mm256_unpackhi_epi16(c, zero),
            ]
        };
        let products = |column: &[__m256i; 4], weights: &[__m256i; 4]| {
            let half = |half: usize| {
                _mm256_add_epi32(
                    _mm256_madd_epi16(column[half], weights[half]),
                    _mm256_madd_epi16(column[half + 2], weights[half + 2]),
                )
            };
            [half(0), half(1)]
        };
        let sum = |a: [__m256i; 2], b: [__m256i; 2]| {
            [_mm256_add_epi32(a[0], b[0]), _mm256_add_epi32(a[1], b[1])]
        };
        let (first, second) = (column(0), column(1));
        // Windows that lack their last column, and their last two.
        let mut lacks_one = sum(products(&first, weights[0]), products(&second, weights[1]));
        let mut lacks_two = products(&second, weights[0]);
        let mut next = |x: usize| {
            let column = column(x);
            let done = sum(lacks_one, products(&column, weights[2]));
            lacks_one = sum(lacks_two, products(&column, weights[1]));
            lacks_two = products(&column, weights[0]);
            words(done)
        };
        for p in (0..t.pixels).step_by(2) {
            let two = p + 1 < t.pixels;
            let one = next(p + 2);
            let other = if two { next(p + 3) } else { one };
            write(end, limits, (p, v * LANES), [one, other], two);
        }
    }
}

/// Sixteen values of 32 bits as [`window_sums`] has them: 0–3 and 8–11, and the others.
///
/// # Safety
/// So many can be read.
#[inline]
#[target_feature(enable = "avx2")]
unsafe fn halves(from: *const __m256i) -> [__m256i; 2] {
    // SAFETY: the caller's promise.
    let [low, high] = unsafe { [_mm256_loadu_si256(from), _mm256_loadu_si256(from.add(1))] };
    [
        _mm256_permute2x128_si256::<0x20>(low, high),
        _mm256_permute2x128_si256::<0x31>(low, high),
    ]
}

/// For neighbouring pixels from `p` on, the sums of channels 0–3 and 8–11 of vector `v`, and those of the others.
///
/// # Safety
/// As for [`depthwise`].
#[inline]
#[target_feature(enable = "avx2")]
unsafe fn window_sums<const PIXELS: usize>(
    t: &DepthwiseTile,
    v: usize,
    p: usize,
) -> [[__m256i; 2]; PIXELS] {
    let mut sums = [[_mm256_setzero_si256(); 2]; PIXELS];
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
