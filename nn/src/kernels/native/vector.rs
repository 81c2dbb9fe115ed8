//! What all tiles of this path share: the width of a vector and the epilogue.

use crate::kernels::EpilogueTile;

/// Values of a vector.
pub(super) const LANES: usize = 4;

/// The epilogue of one value.
///
/// # Safety
/// `epilogue.slopes` is null or has a value for `channel`.
#[allow(unsafe_code)]
#[inline(always)]
pub(super) unsafe fn apply(epilogue: &EpilogueTile, channel: usize, x: f32) -> f32 {
    if epilogue.slopes.is_null() {
        return x.max(epilogue.low).min(epilogue.high);
    }
    // SAFETY: the caller's promise.
    let slope = unsafe { *epilogue.slopes.add(channel) };
    x.max(0.0) + slope * x.min(0.0)
}
