//! AVX-512 kernels. Sixteen lanes, 32 registers; every multiply-add is fused.
#![allow(unsafe_code)]

use super::x86::{Vector, instructions, portable, shapes, vector};
use super::{DenseKernel, DenseShape, Kernels};
use crate::cpu::CpuPath;
use std::arch::x86_64::{
    __m512, _mm512_add_ps, _mm512_fmadd_ps, _mm512_loadu_ps, _mm512_max_ps, _mm512_min_ps,
    _mm512_mul_ps, _mm512_set1_ps, _mm512_setzero_ps, _mm512_storeu_ps,
};

vector! { __m512, 16, _mm512_setzero_ps _mm512_set1_ps _mm512_loadu_ps _mm512_storeu_ps
_mm512_add_ps _mm512_mul_ps _mm512_fmadd_ps _mm512_max_ps _mm512_min_ps }

instructions! { __m512, "avx512f,avx512vl,avx512bw,avx512dq,fma" }

/// Up to 6 pixels × 64 channels, 14 × 32 or 14 × 16.
static SHAPES: &[DenseShape] = shapes! {
    4: 1 2 3 4 5 6;
    2: 1 2 3 4 5 6 7 8 9 10 11 12 13 14;
    1: 1 2 3 4 5 6 7 8 9 10 11 12 13 14;
};

/// The table of a processor with AVX-512 F, BW, DQ and VL.
pub(super) static KERNELS: Kernels = Kernels {
    path: CpuPath::Avx512,
    lanes: __m512::LANES,
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
};
