//! AVX-VNNI: four products of u8 and s8 a lane and instruction, exact, in 256 bits. What does not multiply bytes
//! is AVX2's.
#![allow(unsafe_code)]

use super::{ByteKernels, DenseKernel, DenseShape, DenseTile, DepthwiseTile, LANES, Line, avx2};
use std::arch::x86_64::*;

/// The table for AVX2 and AVX-VNNI.
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
    finish: avx2::finish,
    // SAFETY: a table can be had only where its instruction set is, and this one includes AVX2.
    floats: |output, sums, by| unsafe { avx2::floats(output, sums, by) },
    // SAFETY: as above.
    quantise: |output, input, by| unsafe { avx2::quantise(output, input, by) },
    // SAFETY: as above.
    add: |output, terms, by| unsafe { avx2::add(output, terms, by) },
    // SAFETY: as above.
    max: |most, values| unsafe { avx2::max(most, values) },
};

avx2::dense_kernel! { "avx2,avxvnni", |sum, four, weights| _mm256_dpbusd_avx_epi32(*sum, four, weights) }

/// Channels of a depthwise block: a register of bytes.
const BLOCK: usize = 32;

/// Lines of a block and four cells.
const LINES: usize = 2;

/// Block × four cells × quarter × 16-byte lane × 4 channels × 4 cells: what interleaving four registers of bytes
/// gives, whose instructions stay within lanes. 16 channels alone are repeated, for the pixel beside.
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
    // A copy, which the sums that are written cannot be taken to change.
    let t = *t;
    let groups = t.count / 4;
    // The other cells are nothing but zeros.
    let used = t.seen.div_ceil(4);
    let channels = t.vectors * LANES;
    // Neighbouring windows over pixels of half a register are one run of bytes.
    let beside = t.step == channels && channels == LANES;
    let (pixels, run) = if beside {
        (1, t.pixels * channels)
    } else {
        (t.pixels, channels)
    };
    for p in 0..pixels {
        for first in (0..run).step_by(BLOCK) {
            let block = if beside { 0 } else { first / BLOCK };
            let whole = run - first >= BLOCK;
            let mut sums = [_mm256_setzero_si256(); 4];
            // SAFETY: the caller's promise about every field; half a register is read where half is left.
            unsafe {
                for group in 0..used {
                    let cells = t.cells.add(4 * group);
                    let cell = |i: usize| {
                        let pixel = (*cells.add(i)).add(p * t.step + first);
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
}
