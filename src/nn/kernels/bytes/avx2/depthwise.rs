//! Depthwise convolution: bytes widened to 16 bits, two cells of the window at a time.

use super::ending::{Limits, finish, keep, steps};
use crate::nn::kernels::bytes::{DepthwiseTile, End, FinishTile, FloatsTile, LANES, Line};
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

/// The sums of a vector of channels: 0–3 and 8–11, and the others.
type Halves = [__m256i; 2];

/// # Safety
/// As for [`DenseKernel`](crate::nn::kernels::bytes::DenseKernel).
#[target_feature(enable = "avx2")]
pub(super) unsafe fn depthwise(t: &DepthwiseTile) {
    // A copy, which the bytes that are written cannot be taken to change.
    let t = *t;
    for v in 0..t.vectors {
        // SAFETY: the caller's promise about every field.
        unsafe {
            match &t.end {
                End::Bytes(end) if end.plain => {
                    let bytes = ToBytes::new(end, v);
                    windows(&t, v, |p, sums| bytes.write(p, sums));
                }
                End::Floats(end) => {
                    let floats = ToFloats::new(end, (v, t.vectors));
                    windows(&t, v, |p, sums| floats.write(p, sums));
                }
                End::Bytes(_) => windows(&t, v, |p, sums| {
                    let [low, high] = in_order(sums);
                    let place: *mut __m256i = t.sums.add((p * t.vectors + v) * LANES).cast();
                    _mm256_storeu_si256(place, low);
                    _mm256_storeu_si256(place.add(1), high);
                }),
            }
        }
    }
    if let End::Bytes(end) = &t.end
        && !end.plain
    {
        // SAFETY: all sums were just written; the caller's promise about what they end in.
        unsafe { finish(end, &t.written()) };
    }
}

/// Hands over the sums of all windows of vector `v`, those of an even pixel with the next one's if there is one.
///
/// # Safety
/// As for [`depthwise`].
#[inline]
#[target_feature(enable = "avx2")]
unsafe fn windows(t: &DepthwiseTile, v: usize, mut each: impl FnMut(usize, Halves)) {
    // SAFETY: the caller's promise.
    unsafe {
        if t.slides {
            return slide(t, v, each);
        }
        let mut p = 0;
        while p + 1 < t.pixels {
            let [one, other] = window_sums::<2>(t, v, p);
            each(p, one);
            each(p + 1, other);
            p += 2;
        }
        if p < t.pixels {
            let [sums] = window_sums::<1>(t, v, p);
            each(p, sums);
        }
    }
}

/// What ends a vector of channels in bytes.
struct ToBytes {
    output: *mut u8,
    step: usize,
    bias: Halves,
    factors: [__m256; 2],
    limits: Limits,
}

impl ToBytes {
    /// # Safety
    /// `end` is plain and has a vector `v`.
    #[inline]
    #[target_feature(enable = "avx2")]
    unsafe fn new(end: &FinishTile, v: usize) -> Self {
        // SAFETY: the caller's promise.
        unsafe {
            Self {
                output: end.output.add(v * LANES),
                step: end.output_step,
                bias: halves(end.bias.add(v * LANES).cast()),
                factors: halves(end.factors.add(v * LANES).cast()).map(|x| _mm256_castsi256_ps(x)),
                limits: Limits::new(end),
            }
        }
    }

    /// Writes a pixel.
    ///
    /// # Safety
    /// The output has it.
    #[inline]
    #[target_feature(enable = "avx2")]
    unsafe fn write(&self, p: usize, sums: Halves) {
        let words = self.limits.words([
            steps(_mm256_add_epi32(sums[0], self.bias[0]), self.factors[0]),
            steps(_mm256_add_epi32(sums[1], self.bias[1]), self.factors[1]),
        ]);
        let bytes = self.limits.sixteen(words);
        // SAFETY: the caller's promise.
        unsafe { _mm_storeu_si128(self.output.add(p * self.step).cast(), bytes) };
    }
}

/// What ends a vector of channels in f32.
struct ToFloats {
    /// Of these channels alone.
    end: FloatsTile,
    bias: Halves,
}

impl ToFloats {
    /// # Safety
    /// `end` has a vector `v` of so many.
    #[inline]
    #[target_feature(enable = "avx2")]
    unsafe fn new(end: &FloatsTile, (v, vectors): (usize, usize)) -> Self {
        // SAFETY: the caller's promise.
        unsafe {
            Self {
                end: FloatsTile {
                    factors: end.factors.add(v * LANES),
                    output: end.output.add(v * LANES),
                    last: if v + 1 == vectors { end.last } else { LANES },
                    ..*end
                },
                bias: halves(end.bias.add(v * LANES).cast()),
            }
        }
    }

    /// Writes a pixel.
    ///
    /// # Safety
    /// The output has it.
    #[inline]
    #[target_feature(enable = "avx2")]
    unsafe fn write(&self, p: usize, sums: Halves) {
        let sums = in_order([
            _mm256_add_epi32(sums[0], self.bias[0]),
            _mm256_add_epi32(sums[1], self.bias[1]),
        ]);
        // SAFETY: the caller's promise.
        unsafe { keep(&self.end, p, [sums]) };
    }
}

/// Windows of 3 × 3 over neighbouring columns: each column is read once and meets the windows of which it is the
/// first, the middle and the last.
///
/// # Safety
/// As for [`depthwise`]; cells are by columns.
#[inline]
#[target_feature(enable = "avx2")]
unsafe fn slide(t: &DepthwiseTile, v: usize, mut each: impl FnMut(usize, Halves)) {
    // SAFETY: the caller's promise about every field; the last window's last column is the last there is.
    unsafe {
        let weights: *const Halves = t.weights.add(v * (t.count / 2)).cast();
        // Of two upper rows, by column; of the lowest row's second and third column; of its first alone.
        let [first, middle, last, beside, alone] = [0, 1, 2, 3, 4].map(|pair| &*weights.add(pair));
        let rows = [0, 1, 9].map(|cell| (*t.cells.add(cell)).add(v * LANES));
        let words = |row: usize, x: usize| {
            _mm256_cvtepu8_epi16(_mm_loadu_si128(rows[row].add(x * t.step).cast()))
        };
        let pairs = |a, b| [_mm256_unpacklo_epi16(a, b), _mm256_unpackhi_epi16(a, b)];
        let grown = |sums: Halves, pairs: Halves, weights: &Halves| {
            [
                _mm256_add_epi32(sums[0], _mm256_madd_epi16(pairs[0], weights[0])),
                _mm256_add_epi32(sums[1], _mm256_madd_epi16(pairs[1], weights[1])),
            ]
        };
        let started = |pairs: Halves, weights: &Halves| {
            [
                _mm256_madd_epi16(pairs[0], weights[0]),
                _mm256_madd_epi16(pairs[1], weights[1]),
            ]
        };
        // Of the column before, what the lowest row has there.
        let mut before = _mm256_setzero_si256();
        let mut column = |x: usize| {
            let (upper, lowest) = (pairs(words(0, x), words(1, x)), words(2, x));
            let lower = pairs(before, lowest);
            before = lowest;
            [upper, lower]
        };
        // Windows that lack their last column, and their last two.
        let [upper, lower] = column(0);
        let mut lacks_one = grown(started(upper, first), lower, alone);
        let [upper, lower] = column(1);
        lacks_one = grown(lacks_one, upper, middle);
        let mut lacks_two = grown(started(upper, first), lower, alone);
        let mut next = |x: usize| {
            let [upper, lower] = column(x);
            let done = grown(grown(lacks_one, upper, last), lower, beside);
            lacks_one = grown(lacks_two, upper, middle);
            lacks_two = grown(started(upper, first), lower, alone);
            done
        };
        for p in 0..t.pixels {
            each(p, next(p + 2));
        }
    }
}

/// Sixteen values of 32 bits as [`Halves`].
///
/// # Safety
/// So many can be read.
#[inline]
#[target_feature(enable = "avx2")]
unsafe fn halves(from: *const __m256i) -> Halves {
    // SAFETY: the caller's promise.
    in_order(unsafe { [_mm256_loadu_si256(from), _mm256_loadu_si256(from.add(1))] })
}

/// From [`Halves`] to eight channels after eight, or back.
#[inline]
#[target_feature(enable = "avx2")]
fn in_order([a, b]: [__m256i; 2]) -> [__m256i; 2] {
    [
        _mm256_permute2x128_si256::<0x20>(a, b),
        _mm256_permute2x128_si256::<0x31>(a, b),
    ]
}

/// The sums of vector `v` for neighbouring pixels from `p` on.
///
/// # Safety
/// As for [`depthwise`].
#[inline]
#[target_feature(enable = "avx2")]
unsafe fn window_sums<const PIXELS: usize>(
    t: &DepthwiseTile,
    v: usize,
    p: usize,
) -> [Halves; PIXELS] {
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
