//! The epilogue of a vector of channels whose sums are in two registers.

use super::epilogue::{Limits, steps, store_f32};
use crate::kernels::int8::{DequantTile, EpilogueTile, LANES, RequantTile};
use std::arch::x86_64::*;

/// Sixteen sums as interleaving two registers of 16 bits gives them: channels 0–3 and 8–11, and the others.
pub(in crate::kernels::int8) type Halves = [__m256i; 2];

/// Applies the epilogue to the sums that a function hands over for each vector of a tile.
macro_rules! each_vector {
    ($tile:ident, $windows:ident) => {{
        use $crate::kernels::int8::EpilogueTile;
        use $crate::kernels::int8::avx2::epilogue::requantise;
        use $crate::kernels::int8::avx2::halves::{ToFloat, ToInt8, ToMemory};
        // A copy, so that the compiler knows that what is written does not change it.
        let t = *$tile;
        for v in 0..t.vectors {
            match &t.epilogue {
                EpilogueTile::Int8(tile) if tile.limits_only => {
                    let target = ToInt8::new(tile, v);
                    $windows(&t, v, |p, sums| target.write(p, sums));
                }
                EpilogueTile::Float(tile) => {
                    let target = ToFloat::new(tile, (v, t.vectors));
                    $windows(&t, v, |p, sums| target.write(p, sums));
                }
                EpilogueTile::Int8(_) => {
                    let target = ToMemory::new(t.sums, (v, t.vectors));
                    $windows(&t, v, |p, sums| target.write(p, sums));
                }
            }
        }
        match &t.epilogue {
            EpilogueTile::Int8(tile) if !tile.limits_only => requantise(tile, &t.written()),
            _ => {}
        }
    }};
}
pub(in crate::kernels::int8) use each_vector;

/// What the sums of vector `v` start from: their bias, unless it is added when they are read from memory.
///
/// # Safety
/// `epilogue` has a vector `v`.
#[inline]
#[target_feature(enable = "avx2")]
pub(in crate::kernels::int8) unsafe fn start(epilogue: &EpilogueTile, v: usize) -> Halves {
    let Some(bias) = epilogue.initial_bias() else {
        return [_mm256_setzero_si256(); 2];
    };
    // SAFETY: the caller's promise.
    unsafe { halves(bias.add(v * LANES).cast()) }
}

/// Writes int8.
pub(in crate::kernels::int8) struct ToInt8 {
    output: *mut u8,
    step: usize,
    factors: [__m256; 2],
    limits: Limits,
}

impl ToInt8 {
    /// # Safety
    /// `tile` has limits only and has a vector `v`.
    #[inline]
    #[target_feature(enable = "avx2")]
    pub(in crate::kernels::int8) unsafe fn new(tile: &RequantTile, v: usize) -> Self {
        // SAFETY: the caller's promise.
        unsafe {
            Self {
                output: tile.output.add(v * LANES),
                step: tile.output_step,
                factors: halves(tile.factors.add(v * LANES).cast()).map(|x| _mm256_castsi256_ps(x)),
                limits: Limits::new(tile),
            }
        }
    }

    /// Writes a pixel.
    ///
    /// # Safety
    /// The output has it.
    #[inline]
    #[target_feature(enable = "avx2")]
    pub(in crate::kernels::int8) unsafe fn write(&self, p: usize, sums: Halves) {
        let words = self.limits.words([
            steps(sums[0], self.factors[0]),
            steps(sums[1], self.factors[1]),
        ]);
        let bytes = self.limits.sixteen(words);
        // SAFETY: the caller's promise.
        unsafe { _mm_storeu_si128(self.output.add(p * self.step).cast(), bytes) };
    }
}

/// Writes f32.
pub(in crate::kernels::int8) struct ToFloat {
    /// Of these channels alone.
    tile: DequantTile,
}

impl ToFloat {
    /// # Safety
    /// `tile` has a vector `v` of so many.
    #[inline]
    #[target_feature(enable = "avx2")]
    pub(in crate::kernels::int8) unsafe fn new(
        tile: &DequantTile,
        (v, vectors): (usize, usize),
    ) -> Self {
        // SAFETY: the caller's promise.
        let (factors, output) =
            unsafe { (tile.factors.add(v * LANES), tile.output.add(v * LANES)) };
        Self {
            tile: DequantTile {
                factors,
                output,
                last: if v + 1 == vectors { tile.last } else { LANES },
                ..*tile
            },
        }
    }

    /// Writes a pixel.
    ///
    /// # Safety
    /// The output has it.
    #[inline]
    #[target_feature(enable = "avx2")]
    pub(in crate::kernels::int8) unsafe fn write(&self, p: usize, sums: Halves) {
        // SAFETY: the caller's promise.
        unsafe { store_f32(&self.tile, p, [in_order(sums)]) };
    }
}

/// Writes sums, to be read again.
pub(in crate::kernels::int8) struct ToMemory {
    sums: *mut i32,
    step: usize,
}

impl ToMemory {
    /// # Safety
    /// `sums` has so many vectors of each pixel.
    #[inline]
    #[target_feature(enable = "avx2")]
    pub(in crate::kernels::int8) unsafe fn new(
        sums: *mut i32,
        (v, vectors): (usize, usize),
    ) -> Self {
        Self {
            // SAFETY: the caller's promise.
            sums: unsafe { sums.add(v * LANES) },
            step: vectors * LANES,
        }
    }

    /// Writes a pixel.
    ///
    /// # Safety
    /// The sums have it.
    #[inline]
    #[target_feature(enable = "avx2")]
    pub(in crate::kernels::int8) unsafe fn write(&self, p: usize, sums: Halves) {
        let [low, high] = in_order(sums);
        // SAFETY: the caller's promise.
        unsafe {
            let place: *mut __m256i = self.sums.add(p * self.step).cast();
            _mm256_storeu_si256(place, low);
            _mm256_storeu_si256(place.add(1), high);
        }
    }
}

/// Sixteen values of 32 bits as [`Halves`].
///
/// # Safety
/// So many can be read.
#[inline]
#[target_feature(enable = "avx2")]
unsafe fn halves(from: *const __m256i) -> Halves {
    // SAFETY: the caller's promise.
    in_order(unsafe { [_mm256_loadu_si256(from), _mm256_loadu_si256(from.add(1))] })
}

/// From [`Halves`] to eight channels after eight, or back.
#[inline]
#[target_feature(enable = "avx2")]
fn in_order([a, b]: [__m256i; 2]) -> [__m256i; 2] {
    [
        _mm256_permute2x128_si256::<0x20>(a, b),
        _mm256_permute2x128_si256::<0x31>(a, b),
    ]
}
