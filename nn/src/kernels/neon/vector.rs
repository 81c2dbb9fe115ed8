//! What all tiles of this path share: the width of a vector and the epilogue.

use crate::kernels::EpilogueTile;
use std::arch::aarch64::{
    float32x4_t, vdupq_n_f32, vfmaq_f32, vld1q_f32, vmaxnmq_f32, vminnmq_f32,
};

/// Values of a vector.
pub(super) const LANES: usize = 4;

/// The epilogue of the vector whose first channel is `channel`.
///
/// # Safety
/// `epilogue.slopes` is null or has a vector for `channel`.
#[allow(unsafe_code)]
#[inline(always)]
pub(super) unsafe fn apply(epilogue: &EpilogueTile, channel: usize, x: float32x4_t) -> float32x4_t {
    // SAFETY: the caller's promise.
    unsafe {
        if epilogue.slopes.is_null() {
            return vminnmq_f32(
                vmaxnmq_f32(x, vdupq_n_f32(epilogue.low)),
                vdupq_n_f32(epilogue.high),
            );
        }
        let zero = vdupq_n_f32(0.0);
        let slope = vld1q_f32(epilogue.slopes.add(channel));
        vfmaq_f32(vmaxnmq_f32(x, zero), slope, vminnmq_f32(x, zero))
    }
}
