//! AVX-512 with VNNI: four products of u8 and s8 a lane and instruction, exact.
#![allow(unsafe_code)]

mod depthwise;
mod epilogue;

use super::{
    DenseKernel, DenseShape, DenseTile, DepthwiseKernel, DepthwiseTile, EpilogueTile, Int8Kernels,
    LANES, avx2,
};
use depthwise::{depthwise, pack_depthwise};
use epilogue::{requantise, store_f32, store_int8};
use std::arch::x86_64::*;

/// The table for AVX-512 F, BW, VL and VNNI.
pub(super) static KERNELS: Int8Kernels = Int8Kernels {
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
    depthwise: DepthwiseKernel {
        pack: pack_depthwise,
        run: depthwise,
    },
    sliding: Some(DepthwiseKernel {
        pack: avx2::pack_depthwise,
        run: sliding,
    }),
    // Bound by memory: wider registers gain nothing.
    quantise: avx2::KERNELS.quantise,
    colours: avx2::KERNELS.colours,
    add: avx2::KERNELS.add,
    max_pool: avx2::KERNELS.max_pool,
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
        if let Some(bias) = t.epilogue.initial_bias() {
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
        match &t.epilogue {
            EpilogueTile::Float(tile) => store_f32(tile, t.first, sums),
            EpilogueTile::Int8(tile) if tile.limits_only => store_int8(tile, t.first, sums),
            EpilogueTile::Int8(tile) => {
                for (i, &sum) in sums.as_flattened().iter().enumerate() {
                    _mm512_storeu_si512(t.sums.add(i * LANES).cast(), sum);
                }
                requantise(tile, &t.written(VECTORS));
            }
        }
    }
}

// Half a register: pixels seldom have enough channels for a whole one.
avx2::sliding_kernel! { "avx2,avx512f,avx512vl,avx512vnni", |sum, pairs, weights| {
    _mm256_dpwssd_epi32(sum, pairs, weights)
} }
