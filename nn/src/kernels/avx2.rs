//! AVX2 kernels. Eight lanes, 16 registers; every multiply-add is fused.
#![allow(unsafe_code)]

use super::x86::{Vector, instructions, portable, shapes, vector};
use super::{DenseKernel, DenseShape, Kernels};
use crate::cpu::CpuPath;
use std::arch::x86_64::{
    __m256, _mm256_add_ps, _mm256_fmadd_ps, _mm256_loadu_ps, _mm256_max_ps, _mm256_min_ps,
    _mm256_mul_ps, _mm256_set1_ps, _mm256_setzero_ps, _mm256_storeu_ps,
};

vector! { __m256, 8, _mm256_setzero_ps _mm256_set1_ps _mm256_loadu_ps _mm256_storeu_ps
_mm256_add_ps _mm256_mul_ps _mm256_fmadd_ps _mm256_max_ps _mm256_min_ps }

instructions! { __m256, "avx2,fma" }

/// Up to 6 pixels × 16 channels or 12 × 8.
const SHAPES: &[DenseShape] = shapes! {
    2: 1 2 3 4 5 6;
    1: 1 2 3 4 5 6 7 8 9 10 11 12;
};

/// The table of a processor with AVX2 and FMA.
pub(super) static KERNELS: Kernels = table(CpuPath::Avx2);

/// The same for a processor that has AVX-VNNI too: that has no instructions for f32.
pub(super) static WITH_VNNI: Kernels = table(CpuPath::AvxVnni);

const fn table(path: CpuPath) -> Kernels {
    Kernels {
        path,
        lanes: __m256::LANES,
        dense: SHAPES,
        depthwise,
        depthwise_inner,
        max: MAX,
        max_inner,
        mean: MEAN,
        add,
        scale,
        clip,
        prelu,
        curve,
    }
}
