//! AVX2: pairs of products in 16 bits, which a plan's weights keep from saturating.
#![allow(unsafe_code)]

use super::simple::{AddBytes, Quantise, Windows};
use super::{
    ByteKernels, DenseKernel, DenseShape, DenseTile, DepthwiseTile, End, FinishTile, FloatsTile,
    LANES, Line, Sums, avx2, native,
};
use std::arch::x86_64::*;

/// The table for AVX2.
pub(super) static KERNELS: ByteKernels = ByteKernels {
    offset: 0,
    dense: &[DenseShape {
        vectors: 1,
        pixels: 4,
        run: dense,
    }],
    slides: |size, stride| size == [3, 3] && stride == 1,
    pack_depthwise,
    depthwise,
    // SAFETY: a table can be had only where its instruction set is.
    quantise: |output, input, by| unsafe { quantise(output, input, by) },
    // SAFETY: as above.
    colours: |output, planes, by| unsafe { colours(output, planes, by) },
    // SAFETY: as above.
    add: |output, terms, by| unsafe { add(output, terms, by) },
    // SAFETY: as above.
    largest: |output, windows| unsafe { largest(output, windows) },
};

/// The dense kernel over 256 bits: how eight sums grow by four products each differs, the rest does not.
macro_rules! dense_kernel {
    ($features:literal, |$sum:ident, $four:ident, $weights:ident| $grown:expr) => {
        /// # Safety
        /// See [`DenseKernel`].
        #[inline]
        #[target_feature(enable = $features)]
        unsafe fn pixels<const PIXELS: usize>(t: &DenseTile) {
            let mut sums = [[_mm256_setzero_si256(); 2]; PIXELS];
            let mut panel = t.panels;
            // SAFETY: the caller's promise about every field.
            unsafe {
                if let Some(bias) = t.end.early_bias() {
                    let bias: *const __m256i = bias.cast();
                    let bias = [_mm256_loadu_si256(bias), _mm256_loadu_si256(bias.add(1))];
                    sums = [bias; PIXELS];
                }
                for row in 0..t.rows {
                    let mut tap = (*t.taps.add(row)).add(t.first * t.step);
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
                match &t.end {
                    End::Floats(end) => avx2::keep(end, t.first, sums),
                    End::Bytes(end) if end.plain => avx2::round(end, t.first, sums),
                    End::Bytes(end) => {
                        for (p, sums) in sums.iter().enumerate() {
                            let place: *mut __m256i = t.sums.add(p * LANES).cast();
                            _mm256_storeu_si256(place, sums[0]);
                            _mm256_storeu_si256(place.add(1), sums[1]);
                        }
                        avx2::finish(end, &t.written(1));
                    }
                }
            }
        }
    };
}
pub(super) use dense_kernel;

/// Four pixels: the sums of more leave too few registers for weights and products.
///
/// # Safety
/// See [`DenseKernel`].
#[target_feature(enable = "avx2")]
unsafe fn dense(t: &DenseTile) {
    let rest: &[DenseKernel] = &[pixels::<1>, pixels::<2>, pixels::<3>];
    // SAFETY: the caller's promise.
    unsafe { t.by(4, |tile| pixels::<4>(tile), rest) };
}

dense_kernel! { "avx2", |sum, four, weights| {
    let pairs = _mm256_maddubs_epi16(four, weights);
    _mm256_add_epi32(*sum, _mm256_madd_epi16(pairs, _mm256_set1_epi16(1)))
} }

/// Writes sums that have their bias as f32.
///
/// # Safety
/// `end` takes pixels from `first` on.
#[inline]
#[target_feature(enable = "avx2")]
pub(super) unsafe fn keep<const PIXELS: usize>(
    end: &FloatsTile,
    first: usize,
    sums: [[__m256i; 2]; PIXELS],
) {
    let (low, high) = (_mm256_set1_ps(end.low), _mm256_set1_ps(end.high));
    // SAFETY: the caller's promise: factors of a whole vector, and `last` values of each pixel.
    unsafe {
        let factors = [
            _mm256_loadu_ps(end.factors),
            _mm256_loadu_ps(end.factors.add(8)),
        ];
        for (p, sums) in sums.iter().enumerate() {
            let mut halves = [_mm256_setzero_ps(); 2];
            for (half, x) in halves.iter_mut().enumerate() {
                *x = _mm256_mul_ps(_mm256_cvtepi32_ps(sums[half]), factors[half]);
                *x = _mm256_min_ps(_mm256_max_ps(*x, low), high);
            }
            let place = end.output.add((first + p) * end.output_step);
            match end.last {
                LANES => {
                    _mm256_storeu_ps(place, halves[0]);
                    _mm256_storeu_ps(place.add(8), halves[1]);
                }
                8 => _mm256_storeu_ps(place, halves[0]),
                last => {
                    let mut values = [0.0_f32; LANES];
                    _mm256_storeu_ps(values.as_mut_ptr(), halves[0]);
                    _mm256_storeu_ps(values.as_mut_ptr().add(8), halves[1]);
                    std::ptr::copy_nonoverlapping(values.as_ptr(), place, last);
                }
            }
        }
    }
}

/// Writes sums that have their bias as bytes, two pixels at once.
///
/// # Safety
/// `end` is plain and takes pixels from `first` on.
#[inline]
#[target_feature(enable = "avx2")]
pub(super) unsafe fn round<const PIXELS: usize>(
    end: &FinishTile,
    first: usize,
    sums: [[__m256i; 2]; PIXELS],
) {
    let limits = Limits::new(end);
    // From four channels of each half, lane by lane, to the channels of a pixel.
    let order = _mm256_setr_epi32(0, 4, 1, 5, 2, 6, 3, 7);
    // SAFETY: the caller's promise: factors of a whole vector, and the pixels from `first` on.
    unsafe {
        let factors = [
            _mm256_loadu_ps(end.factors),
            _mm256_loadu_ps(end.factors.add(8)),
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
            let place = end.output.add((first + p) * end.output_step);
            _mm_storeu_si128(place.cast(), _mm256_castsi256_si128(bytes));
            if p + 1 < PIXELS {
                let place = place.add(end.output_step);
                _mm_storeu_si128(place.cast(), _mm256_extracti128_si256::<1>(bytes));
            }
            p += 2;
        }
    }
}

/// Sums that have their bias in steps of the output from its zero.
#[inline]
#[target_feature(enable = "avx2")]
pub(super) fn steps(sums: __m256i, factors: __m256) -> __m256i {
    _mm256_cvtps_epi32(_mm256_mul_ps(_mm256_cvtepi32_ps(sums), factors))
}

/// Which bytes whole steps become. Packing saturates, and steps that it makes others are far outside of the limits.
#[derive(Clone, Copy)]
pub(super) struct Limits {
    /// In words.
    zero: __m256i,
    low: __m256i,
    high: __m256i,
}

impl Limits {
    #[inline]
    #[target_feature(enable = "avx2")]
    pub(super) fn new(end: &FinishTile) -> Self {
        let [low, high] = end.limits.map(|byte| byte as i8);
        Self {
            zero: _mm256_set1_epi16(end.zero as i16),
            low: _mm256_set1_epi8(low),
            high: _mm256_set1_epi8(high),
        }
    }

    /// Within each lane, those of the two vectors one after another.
    #[inline]
    #[target_feature(enable = "avx2")]
    pub(super) fn words(&self, [a, b]: [__m256i; 2]) -> __m256i {
        _mm256_adds_epi16(_mm256_packs_epi32(a, b), self.zero)
    }

    /// Within each lane, those of the two vectors one after another.
    #[inline]
    #[target_feature(enable = "avx2")]
    pub(super) fn bytes(&self, [a, b]: [__m256i; 2]) -> __m256i {
        let bytes = _mm256_packus_epi16(a, b);
        _mm256_min_epu8(_mm256_max_epu8(bytes, self.low), self.high)
    }
}

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

/// # Safety
/// As for [`native::finish`].
#[target_feature(enable = "avx2")]
pub(super) unsafe fn finish(t: &FinishTile, sums: &Sums) {
    // A copy, which the bytes that are written cannot be taken to change.
    let (t, sums) = (*t, *sums);
    let zero = _mm256_set1_epi16(t.zero as i16);
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
/// As for [`finish`].
#[inline]
#[target_feature(enable = "avx2")]
unsafe fn eight(t: &FinishTile, sums: __m256i, place: usize, c: usize) -> __m256i {
    let nought = _mm256_setzero_ps();
    // SAFETY: the caller's promise.
    unsafe {
        let sum = _mm256_add_epi32(sums, _mm256_loadu_si256(t.bias.add(c).cast()));
        let factors = _mm256_loadu_ps(t.factors.add(c));
        let mut x = _mm256_mul_ps(_mm256_cvtepi32_ps(sum), factors);
        if !t.residual.is_null() {
            let bytes = _mm_loadl_epi64(t.residual.add(place * t.residual_step + c).cast());
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

/// # Safety
/// As for [`native::floats`].
#[target_feature(enable = "avx2")]
pub(super) unsafe fn floats(t: &FloatsTile, sums: &Sums) {
    // SAFETY: the caller's promise.
    unsafe { native::floats(t, sums) };
}

#[target_feature(enable = "avx2")]
pub(super) fn quantise(output: &mut [u8], input: &[f32], by: &Quantise) {
    let [factor, low, high] = [by.factor, by.low, by.high].map(|x| _mm256_set1_ps(x));
    let zero = _mm256_set1_epi16(by.zero as i16);
    // From four values of each register, lane by lane, to one register after the other.
    let order = _mm256_setr_epi32(0, 4, 1, 5, 2, 6, 3, 7);
    let (bytes, last_bytes) = output.as_chunks_mut::<32>();
    let (values, last_values) = input.as_chunks::<32>();
    for (bytes, values) in bytes.iter_mut().zip(values) {
        let steps = |eight: usize| {
            // SAFETY: 32 values can be read.
            let values = unsafe { _mm256_loadu_ps(values.as_ptr().add(8 * eight)) };
            let x = _mm256_max_ps(_mm256_mul_ps(values, factor), low);
            _mm256_cvtps_epi32(_mm256_min_ps(x, high))
        };
        let first = _mm256_add_epi16(_mm256_packs_epi32(steps(0), steps(1)), zero);
        let second = _mm256_add_epi16(_mm256_packs_epi32(steps(2), steps(3)), zero);
        let packed = _mm256_permutevar8x32_epi32(_mm256_packus_epi16(first, second), order);
        // SAFETY: 32 bytes can be written.
        unsafe { _mm256_storeu_si256(bytes.as_mut_ptr().cast(), packed) };
    }
    native::quantise(last_bytes, last_values, by);
}

#[target_feature(enable = "avx2")]
pub(super) fn colours(output: &mut [[u8; 4]], planes: [&[f32]; 3], by: &Quantise) {
    native::colours(output, planes, by);
}

#[target_feature(enable = "avx2")]
pub(super) fn add(output: &mut [u8], terms: [&[u8]; 2], by: &AddBytes) {
    native::add(output, terms, by);
}

#[target_feature(enable = "avx2")]
pub(super) fn largest(output: &mut [u8], windows: &Windows) {
    native::largest(output, windows);
}
