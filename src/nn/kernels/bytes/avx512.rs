//! AVX-512 with VNNI: four products of u8 and s8 a lane and instruction, exact.
#![allow(unsafe_code)]

use super::simple::{AddBytes, Quantise, Windows};
use super::{
    ByteKernels, DenseKernel, DenseShape, DenseTile, DepthwiseTile, End, FinishTile, FloatsTile,
    LANES, Line, Sums, native,
};
use std::arch::x86_64::*;

/// The table for AVX-512 F, BW, VL and VNNI.
pub(super) static KERNELS: ByteKernels = ByteKernels {
    offset: 0,
    dense: &[
        DenseShape {
            vectors: 4,
            pixels: 6,
            run: six::<4>,
        },
        DenseShape {
            vectors: 2,
            pixels: 12,
            run: twelve::<2>,
        },
        DenseShape {
            vectors: 1,
            pixels: 12,
            run: twelve::<1>,
        },
    ],
    slides: |_, _| false,
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

/// # Safety
/// See [`DenseKernel`].
#[target_feature(enable = "avx512f,avx512bw,avx512vl,avx512vnni")]
unsafe fn six<const VECTORS: usize>(t: &DenseTile) {
    let rest: &[DenseKernel] = &[
        pixels::<1, VECTORS>,
        pixels::<2, VECTORS>,
        pixels::<3, VECTORS>,
        pixels::<4, VECTORS>,
        pixels::<5, VECTORS>,
    ];
    // SAFETY: the caller's promise.
    unsafe { t.by(6, |tile| pixels::<6, VECTORS>(tile), rest) };
}

/// # Safety
/// See [`DenseKernel`].
#[target_feature(enable = "avx512f,avx512bw,avx512vl,avx512vnni")]
unsafe fn twelve<const VECTORS: usize>(t: &DenseTile) {
    let rest: &[DenseKernel] = &[
        pixels::<1, VECTORS>,
        pixels::<2, VECTORS>,
        pixels::<3, VECTORS>,
        pixels::<4, VECTORS>,
        pixels::<5, VECTORS>,
        pixels::<6, VECTORS>,
        pixels::<7, VECTORS>,
        pixels::<8, VECTORS>,
        pixels::<9, VECTORS>,
        pixels::<10, VECTORS>,
        pixels::<11, VECTORS>,
    ];
    // SAFETY: the caller's promise.
    unsafe { t.by(12, |tile| pixels::<12, VECTORS>(tile), rest) };
}

/// # Safety
/// See [`DenseKernel`].
#[inline]
#[target_feature(enable = "avx512f,avx512bw,avx512vl,avx512vnni")]
unsafe fn pixels<const PIXELS: usize, const VECTORS: usize>(t: &DenseTile) {
    let mut sums = [[_mm512_setzero_si512(); VECTORS]; PIXELS];
    let mut panel = t.panels;
    // SAFETY: the caller's promise about every field.
    unsafe {
        if let Some(bias) = t.end.early_bias() {
            for sums in &mut sums {
                for (v, sum) in sums.iter_mut().enumerate() {
                    *sum = _mm512_loadu_si512(bias.add(v * LANES).cast());
                }
            }
        }
        for row in 0..t.rows {
            let mut tap = (*t.taps.add(row)).add(t.first * t.step);
            for _ in 0..t.depth {
                let mut weights = [_mm512_setzero_si512(); VECTORS];
                for (v, weights) in weights.iter_mut().enumerate() {
                    *weights = _mm512_load_si512(panel.add(v * t.panel).cast());
                }
                for (p, sums) in sums.iter_mut().enumerate() {
                    let four = tap.add(p * t.step).cast::<i32>().read_unaligned();
                    let four = _mm512_set1_epi32(four);
                    for (sum, weights) in sums.iter_mut().zip(weights) {
                        *sum = _mm512_dpbusd_epi32(*sum, four, weights);
                    }
                }
                panel = panel.add(1);
                tap = tap.add(4);
            }
        }
        match &t.end {
            End::Floats(end) => keep(end, t.first, sums),
            End::Bytes(end) if end.plain => round(end, t.first, sums),
            End::Bytes(end) => {
                for (i, &sum) in sums.as_flattened().iter().enumerate() {
                    _mm512_storeu_si512(t.sums.add(i * LANES).cast(), sum);
                }
                finish(end, &t.written(VECTORS));
            }
        }
    }
}

/// Writes sums that have their bias as f32.
///
/// # Safety
/// `end` takes pixels from `first` on.
#[inline]
#[target_feature(enable = "avx512f,avx512bw,avx512vl,avx512vnni")]
unsafe fn keep<const PIXELS: usize, const VECTORS: usize>(
    end: &FloatsTile,
    first: usize,
    sums: [[__m512i; VECTORS]; PIXELS],
) {
    let (low, high) = (_mm512_set1_ps(end.low), _mm512_set1_ps(end.high));
    let last = u16::MAX >> (LANES - end.last);
    for v in 0..VECTORS {
        let mask = if v + 1 == VECTORS { last } else { u16::MAX };
        // SAFETY: the caller's promise; the mask ends at the last value that is written.
        unsafe {
            let factors = _mm512_loadu_ps(end.factors.add(v * LANES));
            for (p, sums) in sums.iter().enumerate() {
                let x = _mm512_mul_ps(_mm512_cvtepi32_ps(sums[v]), factors);
                let x = _mm512_min_ps(_mm512_max_ps(x, low), high);
                let place = end.output.add((first + p) * end.output_step + v * LANES);
                _mm512_mask_storeu_ps(place, mask, x);
            }
        }
    }
}

/// Writes sums that have their bias as bytes, four vectors at once.
///
/// # Safety
/// `end` is plain and takes pixels from `first` on.
#[inline]
#[target_feature(enable = "avx512f,avx512bw,avx512vl,avx512vnni")]
unsafe fn round<const PIXELS: usize, const VECTORS: usize>(
    end: &FinishTile,
    first: usize,
    sums: [[__m512i; VECTORS]; PIXELS],
) {
    let mut factors = [_mm512_setzero_ps(); VECTORS];
    for (v, factors) in factors.iter_mut().enumerate() {
        // SAFETY: the caller's promise: a factor for each channel.
        *factors = unsafe { _mm512_loadu_ps(end.factors.add(v * LANES)) };
    }
    let limits = Limits::new(end);
    // From quarter × vector to vector × quarter.
    let order = _mm512_setr_epi32(0, 4, 8, 12, 1, 5, 9, 13, 2, 6, 10, 14, 3, 7, 11, 15);
    let gapless = end.output_step == VECTORS * LANES;
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
            let place = end.output.add((first + i / VECTORS) * end.output_step);
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
                        let place = end.output.add((first + p) * end.output_step + v * LANES);
                        _mm_storeu_si128(place.cast(), four);
                    }
                }
            }
        }
        i += 4;
    }
}

/// Which bytes whole steps become.
#[derive(Clone, Copy)]
struct Limits {
    /// In words.
    zero: __m512i,
    low: __m512i,
    high: __m512i,
}

impl Limits {
    #[inline]
    #[target_feature(enable = "avx512f,avx512bw")]
    fn new(end: &FinishTile) -> Self {
        let [low, high] = end.limits.map(|byte| byte as i8);
        Self {
            zero: _mm512_set1_epi16(end.zero as i16),
            low: _mm512_set1_epi8(low),
            high: _mm512_set1_epi8(high),
        }
    }

    /// Within each lane of 16 bytes, those of the four vectors one after another. Packing saturates, and
    /// steps that it makes others are far outside of the limits.
    #[inline]
    #[target_feature(enable = "avx512f,avx512bw")]
    fn bytes(&self, [a, b, c, d]: [__m512i; 4]) -> __m512i {
        let ab = _mm512_adds_epi16(_mm512_packs_epi32(a, b), self.zero);
        let cd = _mm512_adds_epi16(_mm512_packs_epi32(c, d), self.zero);
        let bytes = _mm512_packus_epi16(ab, cd);
        _mm512_min_epu8(_mm512_max_epu8(bytes, self.low), self.high)
    }
}

/// Channels of a depthwise block: a register of bytes.
const BLOCK: usize = 64;

/// Block × four cells × quarter × 16-byte lane × 4 channels × 4 cells: what interleaving four
/// registers of bytes gives, whose instructions stay within lanes. Channels that fill a part of a
/// register are repeated, for the pixels beside.
fn pack_depthwise(weights: &[i8], channels: usize) -> Vec<Line> {
    let cells = weights.len() / channels;
    let groups = cells.div_ceil(4);
    let mut lines = vec![Line::ZERO; channels.div_ceil(BLOCK) * groups * 4];
    let repeats = if fits_beside(channels.next_multiple_of(LANES)) {
        BLOCK / channels.next_multiple_of(LANES)
    } else {
        1
    };
    for (cell, row) in weights.chunks_exact(channels).enumerate() {
        for (channel, &weight) in row.iter().enumerate() {
            let (lane, quarter, place) = (channel % BLOCK / 16, channel % 16 / 4, channel % 4);
            let line = (channel / BLOCK * groups + cell / 4) * 4 + quarter;
            for lane in (lane..4).step_by(4 / repeats).take(repeats) {
                lines[line].0[lane * 16 + place * 4 + cell % 4] = weight;
            }
        }
    }
    lines
}

/// Whether a register holds several pixels.
const fn fits_beside(pixel: usize) -> bool {
    pixel < BLOCK && BLOCK.is_multiple_of(pixel)
}

/// # Safety
/// As for [`DenseKernel`].
#[target_feature(enable = "avx512f,avx512bw,avx512vl,avx512vnni")]
unsafe fn depthwise(t: &DepthwiseTile) {
    // A copy, which the bytes that are written cannot be taken to change.
    let t = *t;
    let channels = t.vectors * LANES;
    // Neighbouring windows over narrow pixels are one run of bytes.
    let beside = t.step == channels && fits_beside(channels);
    let (pixels, run) = if beside {
        (1, t.pixels * channels)
    } else {
        (t.pixels, channels)
    };
    let round = match &t.end {
        // Bytes of the run follow each other where they are written, too.
        End::Bytes(end) if end.plain && end.output_step == channels => Some(end),
        _ => None,
    };
    for first in (0..run).step_by(BLOCK) {
        let (block, channel) = if beside {
            (0, 0)
        } else {
            (first / BLOCK, first)
        };
        let left = (run - first).min(BLOCK);
        let mask = u64::MAX >> (BLOCK - left);
        // SAFETY: the caller's promise about every field; the mask ends at the last channel.
        unsafe {
            let rounding = round.map(|end| {
                let period = if beside { channels } else { BLOCK };
                (end, Rounding::new(end, channel, period, channels))
            });
            for p in 0..pixels {
                let start = p * t.step + first;
                let sums = block_sums(&t, block, start, mask);
                if let Some((end, rounding)) = &rounding {
                    let bytes = rounding.bytes(sums);
                    let place = end.output.add(p * run + first);
                    _mm512_mask_storeu_epi8(place.cast(), mask, bytes);
                    continue;
                }
                let sums = exchanged(sums);
                let place = t.sums.add(p * run + first);
                for (v, &sum) in sums.iter().enumerate().take(left / LANES) {
                    _mm512_storeu_si512(place.add(v * LANES).cast(), sum);
                }
            }
        }
    }
    if round.is_none() {
        // SAFETY: all sums were just written; the caller's promise about what they end in.
        unsafe { t.end.run(&t.written(), finish, floats) };
    }
}

/// Sums of a block, quarter × lane × 4 channels.
///
/// # Safety
/// As for [`depthwise`]; `mask` covers bytes that can be read `start` bytes behind each cell.
#[inline]
#[target_feature(enable = "avx512f,avx512bw,avx512vl,avx512vnni")]
unsafe fn block_sums(t: &DepthwiseTile, block: usize, start: usize, mask: u64) -> [__m512i; 4] {
    let groups = t.count / 4;
    let mut sums = [_mm512_setzero_si512(); 4];
    // SAFETY: the caller's promise.
    unsafe {
        for group in 0..groups {
            let cells = t.cells.add(4 * group);
            let cell = |i: usize| _mm512_maskz_loadu_epi8(mask, (*cells.add(i)).add(start).cast());
            let (a, b, c, d) = (cell(0), cell(1), cell(2), cell(3));
            let (ab, cd) = (_mm512_unpacklo_epi8(a, b), _mm512_unpacklo_epi8(c, d));
            let (ef, gh) = (_mm512_unpackhi_epi8(a, b), _mm512_unpackhi_epi8(c, d));
            let fours = [
                _mm512_unpacklo_epi16(ab, cd),
                _mm512_unpackhi_epi16(ab, cd),
                _mm512_unpacklo_epi16(ef, gh),
                _mm512_unpackhi_epi16(ef, gh),
            ];
            let weights = t.weights.add((block * groups + group) * 4);
            for (quarter, (sum, four)) in sums.iter_mut().zip(fours).enumerate() {
                let weights = _mm512_load_si512(weights.add(quarter).cast());
                *sum = _mm512_dpbusd_epi32(*sum, four, weights);
            }
        }
    }
    sums
}

/// How a block's sums become bytes, in the order that the sums have.
struct Rounding {
    bias: [__m512i; 4],
    factors: [__m512; 4],
    limits: Limits,
}

impl Rounding {
    /// For a block whose first channel is `channel`, of a run in which channels repeat after `period`.
    ///
    /// # Safety
    /// `end` has numbers for so many channels.
    #[inline]
    #[target_feature(enable = "avx512f,avx512bw,avx512vl")]
    unsafe fn new(end: &FinishTile, channel: usize, period: usize, channels: usize) -> Self {
        let mut bias = [_mm512_setzero_si512(); 4];
        let mut factors = bias;
        for v in 0..4 {
            let at = channel + v * LANES % period;
            if at < channels {
                // SAFETY: the caller's promise: channels come in whole vectors.
                unsafe {
                    bias[v] = _mm512_loadu_si512(end.bias.add(at).cast());
                    factors[v] = _mm512_loadu_si512(end.factors.add(at).cast());
                }
            }
        }
        Self {
            bias: exchanged(bias),
            factors: exchanged(factors).map(|factors| _mm512_castsi512_ps(factors)),
            limits: Limits::new(end),
        }
    }

    /// Bytes in the order of the channels: packing four quarters gives just that.
    #[inline]
    #[target_feature(enable = "avx512f,avx512bw")]
    fn bytes(&self, sums: [__m512i; 4]) -> __m512i {
        let mut steps = sums;
        for (quarter, steps) in steps.iter_mut().enumerate() {
            let sum = _mm512_add_epi32(*steps, self.bias[quarter]);
            let x = _mm512_mul_ps(_mm512_cvtepi32_ps(sum), self.factors[quarter]);
            *steps = _mm512_cvtps_epi32(x);
        }
        self.limits.bytes(steps)
    }
}

/// From quarter × lane × 4 channels to lane × quarter × 4 channels, or back.
#[target_feature(enable = "avx512f")]
fn exchanged([a, b, c, d]: [__m512i; 4]) -> [__m512i; 4] {
    let (ab, cd) = (
        _mm512_shuffle_i32x4::<0x44>(a, b),
        _mm512_shuffle_i32x4::<0x44>(c, d),
    );
    let (ef, gh) = (
        _mm512_shuffle_i32x4::<0xee>(a, b),
        _mm512_shuffle_i32x4::<0xee>(c, d),
    );
    [
        _mm512_shuffle_i32x4::<0x88>(ab, cd),
        _mm512_shuffle_i32x4::<0xdd>(ab, cd),
        _mm512_shuffle_i32x4::<0x88>(ef, gh),
        _mm512_shuffle_i32x4::<0xdd>(ef, gh),
    ]
}

/// # Safety
/// As for [`native::finish`].
#[target_feature(enable = "avx512f,avx512bw,avx512vl,avx512vnni")]
unsafe fn finish(t: &FinishTile, sums: &Sums) {
    // A copy, which the bytes that are written cannot be taken to change.
    let (t, sums) = (*t, *sums);
    let (low, high) = (_mm512_set1_ps(t.low), _mm512_set1_ps(t.high));
    let (zero, nought) = (_mm512_set1_epi32(t.zero), _mm512_setzero_ps());
    let residual_zero = _mm512_set1_epi32(t.residual_zero);
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
                    let below = _mm512_mul_ps(slopes, _mm512_min_ps(x, nought));
                    x = _mm512_add_ps(_mm512_max_ps(x, nought), below);
                }
                let x = _mm512_min_ps(_mm512_max_ps(x, low), high);
                let bytes = _mm512_cvtepi32_epi8(_mm512_add_epi32(_mm512_cvtps_epi32(x), zero));
                _mm_storeu_si128(t.output.add(place * t.output_step + c).cast(), bytes);
            }
        }
    }
}

/// # Safety
/// As for [`native::floats`].
#[target_feature(enable = "avx512f,avx512bw,avx512vl")]
unsafe fn floats(t: &FloatsTile, sums: &Sums) {
    // SAFETY: the caller's promise.
    unsafe { native::floats(t, sums) };
}

#[target_feature(enable = "avx512f,avx512bw,avx512vl")]
fn quantise(output: &mut [u8], input: &[f32], by: &Quantise) {
    native::quantise(output, input, by);
}

#[target_feature(enable = "avx512f,avx512bw,avx512vl")]
fn colours(output: &mut [[u8; 4]], planes: [&[f32]; 3], by: &Quantise) {
    native::colours(output, planes, by);
}

#[target_feature(enable = "avx512f,avx512bw,avx512vl")]
fn add(output: &mut [u8], terms: [&[u8]; 2], by: &AddBytes) {
    native::add(output, terms, by);
}

#[target_feature(enable = "avx512f,avx512bw,avx512vl")]
fn largest(output: &mut [u8], windows: &Windows) {
    native::largest(output, windows);
}
