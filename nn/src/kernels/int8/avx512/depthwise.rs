//! Depthwise convolution: four cells of the window interleaved for one instruction.

use super::epilogue::{Limits, dequantise, requantise};
use crate::kernels::int8::{DepthwiseTile, EpilogueTile, LANES, Line, RequantTile};
use std::arch::x86_64::*;

/// Channels of a depthwise block: a register of bytes.
const BLOCK: usize = 64;

/// Block × four cells × quarter × 16-byte lane × 4 channels × 4 cells: what interleaving four
/// registers of bytes gives, whose instructions stay within lanes. Channels that fill a part of a
/// register are repeated, for the next pixels.
pub(super) fn pack_depthwise(weights: &[i8], channels: usize) -> Vec<Line> {
    let cells = weights.len() / channels;
    let groups = cells.div_ceil(4);
    let mut lines = vec![Line::ZERO; channels.div_ceil(BLOCK) * groups * 4];
    let repeats = if fits_in_register(channels.next_multiple_of(LANES)) {
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
const fn fits_in_register(pixel: usize) -> bool {
    pixel < BLOCK && BLOCK.is_multiple_of(pixel)
}

/// # Safety
/// As for [`DenseKernel`](crate::kernels::int8::DenseKernel).
#[target_feature(enable = "avx512f,avx512bw,avx512vl,avx512vnni")]
pub(super) unsafe fn depthwise(t: &DepthwiseTile) {
    // A copy, so that the compiler knows that what is written does not change it.
    let t = *t;
    let channels = t.vectors * LANES;
    // Neighbouring windows over narrow pixels are one run of bytes.
    let contiguous = t.step == channels && fits_in_register(channels);
    let (pixels, run) = if contiguous {
        (1, t.pixels * channels)
    } else {
        (t.pixels, channels)
    };
    let in_registers = match &t.epilogue {
        // Bytes of the run follow each other where they are written, too.
        EpilogueTile::Int8(tile) if tile.limits_only && tile.output_step == channels => Some(tile),
        _ => None,
    };
    for first in (0..run).step_by(BLOCK) {
        let (block, channel) = if contiguous {
            (0, 0)
        } else {
            (first / BLOCK, first)
        };
        let left = (run - first).min(BLOCK);
        let mask = u64::MAX >> (BLOCK - left);
        // SAFETY: the caller's promise about every field; the mask ends at the last channel.
        unsafe {
            let rounding = in_registers.map(|tile| {
                let period = if contiguous { channels } else { BLOCK };
                (tile, Rounding::new(tile, channel, period, channels))
            });
            for p in 0..pixels {
                let start = p * t.step + first;
                let sums = block_sums(&t, block, start, mask);
                if let Some((tile, rounding)) = &rounding {
                    let bytes = rounding.bytes(sums);
                    let place = tile.output.add(p * run + first);
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
    if in_registers.is_none() {
        // SAFETY: all sums were just written; the caller's promise about what the epilogue writes.
        unsafe { t.epilogue.run(&t.written(), requantise, dequantise) };
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

/// The epilogue of a block, in the order that its sums have.
struct Rounding {
    bias: [__m512i; 4],
    factors: [__m512; 4],
    limits: Limits,
}

impl Rounding {
    /// For a block whose first channel is `channel`, of a run in which channels repeat after `period`.
    ///
    /// # Safety
    /// `tile` has values for so many channels.
    #[inline]
    #[target_feature(enable = "avx512f,avx512bw,avx512vl")]
    unsafe fn new(tile: &RequantTile, channel: usize, period: usize, channels: usize) -> Self {
        let mut bias = [_mm512_setzero_si512(); 4];
        let mut factors = bias;
        for v in 0..4 {
            let at = channel + v * LANES % period;
            if at < channels {
                // SAFETY: the caller's promise: channels come in whole vectors.
                unsafe {
                    bias[v] = _mm512_loadu_si512(tile.bias.add(at).cast());
                    factors[v] = _mm512_loadu_si512(tile.factors.add(at).cast());
                }
            }
        }
        Self {
            bias: exchanged(bias),
            factors: exchanged(factors).map(|factors| _mm512_castsi512_ps(factors)),
            limits: Limits::new(tile),
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
