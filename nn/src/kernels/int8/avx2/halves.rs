//! What becomes of a vector of channels whose sums are in two registers.

use super::ending::{Limits, keep, steps};
use crate::kernels::bytes::{End, FinishTile, FloatsTile, LANES};
use std::arch::x86_64::*;

/// Sixteen sums as interleaving two registers of 16 bits gives them: channels 0–3 and 8–11, and the others.
pub(in crate::kernels::bytes) type Halves = [__m256i; 2];

/// Ends the sums that a function hands over for each vector of a tile.
macro_rules! each_vector {
    ($tile:ident, $windows:ident) => {{
        use $crate::kernels::bytes::End;
        use $crate::kernels::bytes::avx2::ending::finish;
        use $crate::kernels::bytes::avx2::halves::{ToBytes, ToFloats, ToMemory};
        // A copy, which the bytes that are written cannot be taken to change.
        let t = *$tile;
        for v in 0..t.vectors {
            match &t.end {
                End::Bytes(end) if end.plain => {
                    let end = ToBytes::new(end, v);
                    $windows(&t, v, |p, sums| end.write(p, sums));
                }
                End::Floats(end) => {
                    let end = ToFloats::new(end, (v, t.vectors));
                    $windows(&t, v, |p, sums| end.write(p, sums));
                }
                End::Bytes(_) => {
                    let end = ToMemory::new(t.sums, (v, t.vectors));
                    $windows(&t, v, |p, sums| end.write(p, sums));
                }
            }
        }
        match &t.end {
            End::Bytes(end) if !end.plain => finish(end, &t.written()),
            _ => {}
        }
    }};
}
pub(in crate::kernels::bytes) use each_vector;

/// What the sums of vector `v` start from: their bias, where whoever ends them does not add it.
///
/// # Safety
/// `end` has a vector `v`.
#[inline]
#[target_feature(enable = "avx2")]
pub(in crate::kernels::bytes) unsafe fn start(end: &End, v: usize) -> Halves {
    let Some(bias) = end.early_bias() else {
        return [_mm256_setzero_si256(); 2];
    };
    // SAFETY: the caller's promise.
    unsafe { halves(bias.add(v * LANES).cast()) }
}

/// Bytes.
pub(in crate::kernels::bytes) struct ToBytes {
    output: *mut u8,
    step: usize,
    factors: [__m256; 2],
    limits: Limits,
}

impl ToBytes {
    /// # Safety
    /// `end` is plain and has a vector `v`.
    #[inline]
    #[target_feature(enable = "avx2")]
    pub(in crate::kernels::bytes) unsafe fn new(end: &FinishTile, v: usize) -> Self {
        // SAFETY: the caller's promise.
        unsafe {
            Self {
                output: end.output.add(v * LANES),
                step: end.output_step,
                factors: halves(end.factors.add(v * LANES).cast()).map(|x| _mm256_castsi256_ps(x)),
                limits: Limits::new(end),
            }
        }
    }

    /// Writes a pixel.
    ///
    /// # Safety
    /// The output has it.
    #[inline]
    #[target_feature(enable = "avx2")]
    pub(in crate::kernels::bytes) unsafe fn write(&self, p: usize, sums: Halves) {
        let words = self.limits.words([
            steps(sums[0], self.factors[0]),
            steps(sums[1], self.factors[1]),
        ]);
        let bytes = self.limits.sixteen(words);
        // SAFETY: the caller's promise.
        unsafe { _mm_storeu_si128(self.output.add(p * self.step).cast(), bytes) };
    }
}

/// f32.
pub(in crate::kernels::bytes) struct ToFloats {
    /// Of these channels alone.
    end: FloatsTile,
}

impl ToFloats {
    /// # Safety
    /// `end` has a vector `v` of so many.
    #[inline]
    #[target_feature(enable = "avx2")]
    pub(in crate::kernels::bytes) unsafe fn new(
        end: &FloatsTile,
        (v, vectors): (usize, usize),
    ) -> Self {
        // SAFETY: the caller's promise.
        let (factors, output) = unsafe { (end.factors.add(v * LANES), end.output.add(v * LANES)) };
        Self {
            end: FloatsTile {
                factors,
                output,
                last: if v + 1 == vectors { end.last } else { LANES },
                ..*end
            },
        }
    }

    /// Writes a pixel.
    ///
    /// # Safety
    /// The output has it.
    #[inline]
    #[target_feature(enable = "avx2")]
    pub(in crate::kernels::bytes) unsafe fn write(&self, p: usize, sums: Halves) {
        // SAFETY: the caller's promise.
        unsafe { keep(&self.end, p, [in_order(sums)]) };
    }
}

/// Sums, for whoever ends them.
pub(in crate::kernels::bytes) struct ToMemory {
    sums: *mut i32,
    step: usize,
}

impl ToMemory {
    /// # Safety
    /// There is room for so many vectors of each pixel.
    #[inline]
    #[target_feature(enable = "avx2")]
    pub(in crate::kernels::bytes) unsafe fn new(
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
    /// There is room for it.
    #[inline]
    #[target_feature(enable = "avx2")]
    pub(in crate::kernels::bytes) unsafe fn write(&self, p: usize, sums: Halves) {
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
