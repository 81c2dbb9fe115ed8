//! AVX-512 with VNNI: four products of u8 and s8 a lane and instruction, exact.
#![allow(unsafe_code)]

use super::finish::Floats;
use super::simple::{AddBytes, Quantise};
use super::{
    ByteKernels, DenseKernel, DenseShape, DenseTile, DepthwiseTile, FinishTile, LANES, Line, native,
};
use std::arch::x86_64::*;

/// The table for AVX-512 F, BW, VL and VNNI.
pub(super) static KERNELS: ByteKernels = ByteKernels {
    offset: 0,
    dense: &[
        DenseShape {
            vectors: 4,
            kernels: &[
                dense::<1, 4>,
                dense::<2, 4>,
                dense::<3, 4>,
                dense::<4, 4>,
                dense::<5, 4>,
                dense::<6, 4>,
            ] as &[DenseKernel],
        },
        DenseShape {
            vectors: 2,
            kernels: &[
                dense::<1, 2>,
                dense::<2, 2>,
                dense::<3, 2>,
                dense::<4, 2>,
                dense::<5, 2>,
                dense::<6, 2>,
                dense::<7, 2>,
                dense::<8, 2>,
                dense::<9, 2>,
                dense::<10, 2>,
                dense::<11, 2>,
                dense::<12, 2>,
            ],
        },
        DenseShape {
            vectors: 1,
            kernels: &[
                dense::<1, 1>,
                dense::<2, 1>,
                dense::<3, 1>,
                dense::<4, 1>,
                dense::<5, 1>,
                dense::<6, 1>,
                dense::<7, 1>,
                dense::<8, 1>,
                dense::<9, 1>,
                dense::<10, 1>,
                dense::<11, 1>,
                dense::<12, 1>,
            ],
        },
    ],
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

/// # Safety
/// See [`DenseKernel`].
#[target_feature(enable = "avx512f,avx512bw,avx512vl,avx512vnni")]
unsafe fn dense<const PIXELS: usize, const VECTORS: usize>(t: &DenseTile) {
    let mut sums = [[_mm512_setzero_si512(); VECTORS]; PIXELS];
    let mut panel = t.panels;
    // SAFETY: the caller's promise about every field.
    unsafe {
        for row in 0..t.rows {
            let mut tap = *t.taps.add(row);
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
        for (p, sums) in sums.iter().enumerate() {
            for (v, &sum) in sums.iter().enumerate() {
                let place = t.sums.add(p * t.sums_step + v * LANES);
                _mm512_storeu_si512(place.cast(), sum);
            }
        }
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
    let groups = t.count / 4;
    let channels = t.vectors * LANES;
    // Neighbouring windows over narrow pixels are one run of bytes.
    let beside = t.step == channels && fits_beside(channels);
    let (pixels, run) = if beside {
        (1, t.pixels * channels)
    } else {
        (t.pixels, channels)
    };
    for p in 0..pixels {
        for first in (0..run).step_by(BLOCK) {
            let block = if beside { 0 } else { first / BLOCK };
            let left = (run - first).min(BLOCK);
            let mask = u64::MAX >> (BLOCK - left);
            let mut sums = [_mm512_setzero_si512(); 4];
            // SAFETY: the caller's promise about every field; the mask ends at the last channel.
            unsafe {
                for group in 0..groups {
                    let cells = t.cells.add(4 * group);
                    let cell = |i: usize| {
                        _mm512_maskz_loadu_epi8(
                            mask,
                            (*cells.add(i)).add(p * t.step + first).cast(),
                        )
                    };
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
                let sums = in_order(sums);
                let place = t.sums.add(p * run + first);
                for (v, &sum) in sums.iter().enumerate().take(left / LANES) {
                    _mm512_storeu_si512(place.add(v * LANES).cast(), sum);
                }
            }
        }
    }
}

/// From quarter × lane × 4 channels to lane × quarter × 4 channels.
#[target_feature(enable = "avx512f")]
fn in_order([a, b, c, d]: [__m512i; 4]) -> [__m512i; 4] {
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
/// As for [`DenseKernel`].
#[target_feature(enable = "avx512f,avx512bw,avx512vl,avx512vnni")]
unsafe fn finish(t: &FinishTile) {
    // A copy, which the bytes that are written cannot be taken to change.
    let t = *t;
    let (low, high) = (_mm512_set1_ps(t.low), _mm512_set1_ps(t.high));
    let (zero, nought) = (_mm512_set1_epi32(t.zero), _mm512_setzero_ps());
    let residual_zero = _mm512_set1_epi32(t.residual_zero);
    let residual_factor = _mm512_set1_ps(t.residual_factor);
    for p in 0..t.pixels {
        for c in (0..t.vectors * LANES).step_by(LANES) {
            // SAFETY: the caller's promise: whole vectors of all fields for each pixel.
            unsafe {
                let sum = _mm512_loadu_si512(t.sums.add(p * t.sums_step + c).cast());
                let sum = _mm512_add_epi32(sum, _mm512_loadu_si512(t.bias.add(c).cast()));
                let factors = _mm512_loadu_ps(t.factors.add(c));
                let mut x = _mm512_mul_ps(_mm512_cvtepi32_ps(sum), factors);
                if !t.residual.is_null() {
                    let bytes = _mm_loadu_si128(t.residual.add(p * t.residual_step + c).cast());
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
                _mm_storeu_si128(t.output.add(p * t.output_step + c).cast(), bytes);
            }
        }
    }
}

#[target_feature(enable = "avx512f,avx512bw,avx512vl")]
fn floats(output: &mut [f32], sums: &[i32], by: &Floats) {
    native::floats(output, sums, by);
}

#[target_feature(enable = "avx512f,avx512bw,avx512vl")]
fn quantise(output: &mut [u8], input: &[f32], by: &Quantise) {
    native::quantise(output, input, by);
}

#[target_feature(enable = "avx512f,avx512bw,avx512vl")]
fn add(output: &mut [u8], terms: [&[u8]; 2], by: &AddBytes) {
    native::add(output, terms, by);
}

#[target_feature(enable = "avx512f,avx512bw,avx512vl")]
fn max(most: &mut [u8], values: &[u8]) {
    native::max(most, values);
}
