//! Fused multiply-adds that depend on nothing but registers: the fastest that a path can go.
#![allow(unsafe_code)]

#[cfg(target_arch = "x86_64")]
use std::arch::x86_64::*;
#[cfg(target_arch = "x86_64")]
use std::hint::black_box;

/// Does some milliseconds of work and says how many floating-point operations it was.
pub(crate) type Peak = fn() -> u64;

/// The work of a path; `None` where this machine lacks it.
pub(crate) fn peak(path: &str) -> Option<Peak> {
    match path {
        #[cfg(target_arch = "x86_64")]
        "avx2" if is_x86_feature_detected!("avx2") && is_x86_feature_detected!("fma") => {
            // SAFETY: avx2 and fma were detected in the arm's guard.
            Some(|| unsafe { avx2() })
        }
        #[cfg(target_arch = "x86_64")]
        "avx512" if is_x86_feature_detected!("avx512f") => {
            // SAFETY: avx512f was detected in the arm's guard.
            Some(|| unsafe { avx512() })
        }
        _ => None,
    }
}

#[cfg(target_arch = "x86_64")]
const ROUNDS: u64 = 1_000_000;

/// Chains that hide the latency of 4 cycles on two ports, and still fit the registers.
#[cfg(target_arch = "x86_64")]
const CHAINS: usize = 12;

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2,fma")]
fn avx2() -> u64 {
    // Converges to 2, so that no value overflows or becomes denormal.
    let (factor, term) = (
        _mm256_set1_ps(black_box(0.5)),
        _mm256_set1_ps(black_box(1.0)),
    );
    let mut sums = [_mm256_set1_ps(black_box(1.0)); CHAINS];
    for _ in 0..ROUNDS {
        for sum in &mut sums {
            *sum = _mm256_fmadd_ps(*sum, factor, term);
        }
    }
    black_box(sums);
    ROUNDS * CHAINS as u64 * 8 * 2
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx512f")]
fn avx512() -> u64 {
    let (factor, term) = (
        _mm512_set1_ps(black_box(0.5)),
        _mm512_set1_ps(black_box(1.0)),
    );
    let mut sums = [_mm512_set1_ps(black_box(1.0)); CHAINS];
    for _ in 0..ROUNDS {
        for sum in &mut sums {
            *sum = _mm512_fmadd_ps(*sum, factor, term);
        }
    }
    black_box(sums);
    ROUNDS * CHAINS as u64 * 16 * 2
}
