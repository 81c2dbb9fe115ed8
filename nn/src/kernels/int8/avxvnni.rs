//! AVX-VNNI: four products of u8 and s8 a lane and instruction, exact, in 256 bits. All that multiplies no int8 is
//! AVX2's.
#![allow(unsafe_code)]

use super::{
    DenseKernel, DenseShape, DenseTile, DepthwiseKernel, DepthwiseTile, EpilogueTile, Int8Kernels,
    LANES, Line, RequantTile, avx2,
};
use avx2::epilogue::{Limits, dequantise, requantise, steps, store_f32, store_int8};
use std::arch::x86_64::*;

/// The table for AVX2 and AVX-VNNI.
pub(super) static KERNELS: Int8Kernels = Int8Kernels {
    offset: 0,
    dense: &[DenseShape {
        vectors: 1,
        pixels: 6,
        run: dense,
    }],
    depthwise: DepthwiseKernel {
        pack: pack_depthwise,
        run: depthwise,
    },
    sliding: Some(DepthwiseKernel {
        pack: avx2::pack_depthwise,
        run: sliding,
    }),
    quantise: avx2::KERNELS.quantise,
    colours: avx2::KERNELS.colours,
    add: avx2::KERNELS.add,
    max_pool: avx2::KERNELS.max_pool,
};

/// # Safety
/// See [`DenseKernel`].
#[target_feature(enable = "avx2,avxvnni")]
unsafe fn dense(t: &DenseTile) {
    let rest: &[DenseKernel] = &[
        pixels::<1>,
        pixels::<2>,
        pixels::<3>,
        pixels::<4>,
        pixels::<5>,
    ];
    // SAFETY: the caller's promise.
    unsafe { t.by(6, |tile| pixels::<6>(tile), rest) };
}

avx2::sliding_kernel! { "avx2,avxvnni", |sum, pairs, weights| {
    _mm256_dpwssd_avx_epi32(sum, pairs, weights)
} }

avx2::dense_kernel! { "avx2,avxvnni", |sum, four, weights| _mm256_dpbusd_avx_epi32(*sum, four, weights) }

/// Channels of a depthwise block: a register of bytes.
const BLOCK: usize = 32;

/// Lines of a block and four cells.
const LINES: usize = 2;

/// Block × four cells × quarter × 16-byte lane × 4 channels × 4 cells: what interleaving four registers of bytes
/// gives, whose instructions stay within lanes. 16 channels alone are repeated, for the next pixel.
fn pack_depthwise(weights: &[i8], channels: usize) -> Vec<Line> {
    let cells = weights.len() / channels;
    let groups = cells.div_ceil(4);
    let mut lines = vec![Line::ZERO; channels.div_ceil(BLOCK) * groups * LINES];
    for (cell, row) in weights.chunks_exact(channels).enumerate() {
        for (channel, &weight) in row.iter().enumerate() {
            let (lane, quarter, place) = (channel % BLOCK / 16, channel % 16 / 4, channel % 4);
            let line = (channel / BLOCK * groups + cell / 4) * LINES + quarter / 2;
            let lanes = if channels <= LANES {
                0..2
            } else {
                lane..lane + 1
            };
            for lane in lanes {
                lines[line].0[quarter % 2 * 32 + lane * 16 + place * 4 + cell % 4] = weight;
            }
        }
    }
    lines
}

/// # Safety
/// As for [`DenseKernel`].
#[target_feature(enable = "avx2,avxvnni")]
unsafe fn depthwise(t: &DepthwiseTile) {
    // A copy, so that the compiler knows that what is written does not change it.
    let t = *t;
    let channels = t.vectors * LANES;
    // Neighbouring windows over pixels of half a register are one run of bytes.
    let contiguous = t.step == channels && channels == LANES;
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
        let whole = run - first >= BLOCK;
        // SAFETY: the caller's promise about every field; half a register is read where half is left.
        unsafe {
            let second = if contiguous || !whole {
                channel
            } else {
                channel + LANES
            };
            let rounding = in_registers.map(|tile| (tile, Rounding::new(tile, [channel, second])));
            for p in 0..pixels {
                let sums = block_sums(&t, block, p * t.step + first, whole);
                if let Some((tile, rounding)) = &rounding {
                    let bytes = rounding.bytes(sums);
                    let place = tile.output.add(p * run + first);
                    if whole {
                        _mm256_storeu_si256(place.cast(), bytes);
                    } else {
                        _mm_storeu_si128(place.cast(), _mm256_castsi256_si128(bytes));
                    }
                    continue;
                }
                let [a, b, c, d] = sums;
                let place: *mut __m256i = t.sums.add(p * run + first).cast();
                _mm256_storeu_si256(place, _mm256_permute2x128_si256::<0x20>(a, b));
                _mm256_storeu_si256(place.add(1), _mm256_permute2x128_si256::<0x20>(c, d));
                if whole {
                    _mm256_storeu_si256(place.add(2), _mm256_permute2x128_si256::<0x31>(a, b));
                    _mm256_storeu_si256(place.add(3), _mm256_permute2x128_si256::<0x31>(c, d));
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
/// As for [`depthwise`]; a register, or half of one, can be read `start` bytes behind each cell.
#[inline]
#[target_feature(enable = "avx2,avxvnni")]
unsafe fn block_sums(t: &DepthwiseTile, block: usize, start: usize, whole: bool) -> [__m256i; 4] {
    let groups = t.count / 4;
    let mut sums = [_mm256_setzero_si256(); 4];
    // SAFETY: the caller's promise.
    unsafe {
        // The other cells are nothing but zeros.
        for group in 0..t.seen.div_ceil(4) {
            let cells = t.cells.add(4 * group);
            let cell = |i: usize| {
                let pixel = (*cells.add(i)).add(start);
                if whole {
                    _mm256_loadu_si256(pixel.cast())
                } else {
                    _mm256_zextsi128_si256(_mm_loadu_si128(pixel.cast()))
                }
            };
            let (a, b, c, d) = (cell(0), cell(1), cell(2), cell(3));
            let (ab, cd) = (_mm256_unpacklo_epi8(a, b), _mm256_unpacklo_epi8(c, d));
            let (ef, gh) = (_mm256_unpackhi_epi8(a, b), _mm256_unpackhi_epi8(c, d));
            let fours = [
                _mm256_unpacklo_epi16(ab, cd),
                _mm256_unpackhi_epi16(ab, cd),
                _mm256_unpacklo_epi16(ef, gh),
                _mm256_unpackhi_epi16(ef, gh),
            ];
            let weights = t.weights.add((block * groups + group) * LINES);
            let weights: *const __m256i = weights.cast();
            for (quarter, (sum, four)) in sums.iter_mut().zip(fours).enumerate() {
                let weights = _mm256_load_si256(weights.add(quarter));
                *sum = _mm256_dpbusd_avx_epi32(*sum, four, weights);
            }
        }
    }
    sums
}

/// The epilogue of a block, in the order that its sums have.
struct Rounding {
    bias: [__m256i; 4],
    factors: [__m256i; 4],
    limits: Limits,
}

impl Rounding {
    /// For a block whose lanes start with these channels.
    ///
    /// # Safety
    /// `tile` has values for a vector from each of them on.
    #[inline]
    #[target_feature(enable = "avx2")]
    unsafe fn new(tile: &RequantTile, lanes: [usize; 2]) -> Self {
        // SAFETY: the caller's promise.
        let quarters = |numbers: *const __m128i| unsafe {
            let [low, high] = lanes.map(|channel| numbers.add(channel / 4));
            let quarter = |q| _mm256_loadu2_m128i(high.add(q), low.add(q));
            [quarter(0), quarter(1), quarter(2), quarter(3)]
        };
        Self {
            bias: quarters(tile.bias.cast()),
            factors: quarters(tile.factors.cast()),
            limits: Limits::new(tile),
        }
    }

    /// Bytes in the order of the channels: packing four quarters gives just that.
    #[inline]
    #[target_feature(enable = "avx2")]
    fn bytes(&self, sums: [__m256i; 4]) -> __m256i {
        let mut quarters = sums;
        for (quarter, sums) in quarters.iter_mut().enumerate() {
            let sum = _mm256_add_epi32(*sums, self.bias[quarter]);
            *sums = steps(sum, _mm256_castsi256_ps(self.factors[quarter]));
        }
        let [a, b, c, d] = quarters;
        let limits = &self.limits;
        limits.bytes([limits.words([a, b]), limits.words([c, d])])
    }
}
