//! Limits and rounding as all paths do them.

/// `x` between two limits, the lower one for NaN. A comparison takes one instruction of x86 less than `f32::max`, which
/// also asks whether the other value is NaN.
#[inline(always)]
pub(super) fn limited(x: f32, low: f32, high: f32) -> f32 {
    let x = if x > low { x } else { low };
    if x < high { x } else { high }
}

/// The nearest whole number, halves to even, of |x| < 2^22. Adding 1.5 · 2^23 leaves no bits for a
/// fraction; unlike a call to round, every instruction set makes vectors of it.
#[inline(always)]
pub(super) fn round(x: f32) -> i32 {
    const SHIFT: f32 = 12_582_912.0;
    (x + SHIFT).to_bits() as i32 - SHIFT.to_bits() as i32
}
