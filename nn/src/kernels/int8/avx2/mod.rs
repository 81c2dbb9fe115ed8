//! AVX2: pairs of products in 16 bits, which a plan's weights keep from saturating.
#![allow(unsafe_code)]

mod depthwise;
mod elementwise;
pub(super) mod epilogue;
pub(super) mod halves;
mod sliding;

use super::{
    DenseKernel, DenseShape, DenseTile, DepthwiseKernel, DepthwiseTile, EpilogueTile, Int8Kernels,
    LANES,
};
use depthwise::depthwise;
pub(super) use depthwise::pack_depthwise;
use elementwise::{add, colours, max_pool, quantise};
use epilogue::{requantise, store_f32, store_int8};
use std::arch::x86_64::*;

/// The table for AVX2.
pub(super) static KERNELS: Int8Kernels = Int8Kernels {
    offset: 0,
    dense: &[DenseShape {
        vectors: 1,
        pixels: 4,
        run: dense,
    }],
    depthwise: DepthwiseKernel {
        pack: pack_depthwise,
        run: depthwise,
    },
    sliding: Some(DepthwiseKernel {
        pack: pack_depthwise,
        run: sliding,
    }),
    // SAFETY: a table can be had only where its instruction set is.
    quantise: |output, input, by| unsafe { quantise(output, input, by) },
    // SAFETY: as above.
    colours: |output, planes, by| unsafe { colours(output, planes, by) },
    // SAFETY: as above.
    add: |output, terms, by| unsafe { add(output, terms, by) },
    // SAFETY: as above.
    max_pool: |output, windows| unsafe { max_pool(output, windows) },
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
                if let Some(bias) = t.epilogue.initial_bias() {
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
                match &t.epilogue {
                    EpilogueTile::Float(tile) => store_f32(tile, t.first, sums),
                    EpilogueTile::Int8(tile) if tile.limits_only => {
                        store_int8(tile, t.first, sums);
                    }
                    EpilogueTile::Int8(tile) => {
                        for (p, sums) in sums.iter().enumerate() {
                            let place: *mut __m256i = t.sums.add(p * LANES).cast();
                            _mm256_storeu_si256(place, sums[0]);
                            _mm256_storeu_si256(place.add(1), sums[1]);
                        }
                        requantise(tile, &t.written(1));
                    }
                }
            }
        }
    };
}
pub(super) use dense_kernel;
pub(super) use sliding::sliding_kernel;

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

sliding_kernel! { "avx2", |sum, pairs, weights| {
    _mm256_add_epi32(sum, _mm256_madd_epi16(pairs, weights))
} }
