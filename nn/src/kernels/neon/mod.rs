//! NEON kernels of 64-bit ARM. Four lanes, 32 registers; every multiply-add is fused.

mod dense;
mod window;

use super::{Finish, Kernels, native};
use crate::cpu::CpuPath;
use std::arch::aarch64::{
    float32x4_t, vdupq_n_f32, vfmaq_f32, vld1q_f32, vmaxnmq_f32, vminnmq_f32,
};

const LANES: usize = 4;

/// The table. What works value by value is the portable code: NEON belongs to every processor of
/// this architecture, so the compiler makes vectors of it already.
pub(super) static KERNELS: Kernels = Kernels {
    path: CpuPath::Neon,
    lanes: LANES,
    dense: dense::SHAPES,
    depthwise: window::depthwise,
    max: window::MAX,
    mean: window::MEAN,
    ..native::KERNELS
};

/// Ends the vector whose first channel is `channel`.
///
/// # Safety
/// `finish.slopes` is null or has a vector for `channel`.
#[allow(unsafe_code)]
#[inline(always)]
unsafe fn finish(finish: &Finish, channel: usize, x: float32x4_t) -> float32x4_t {
    // SAFETY: the caller's promise.
    unsafe {
        if finish.slopes.is_null() {
            return vminnmq_f32(
                vmaxnmq_f32(x, vdupq_n_f32(finish.low)),
                vdupq_n_f32(finish.high),
            );
        }
        let zero = vdupq_n_f32(0.0);
        let slope = vld1q_f32(finish.slopes.add(channel));
        vfmaq_f32(vmaxnmq_f32(x, zero), slope, vminnmq_f32(x, zero))
    }
}
