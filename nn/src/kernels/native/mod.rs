//! Portable kernels: plain Rust, the reference for all others.

mod dense;
pub(super) mod simple;
mod window;

use super::Kernels;
use crate::cpu::CpuPath;

const LANES: usize = 4;

/// The portable table.
pub(super) static KERNELS: Kernels = Kernels {
    path: CpuPath::Native,
    lanes: LANES,
    dense: dense::SHAPES,
    depthwise: window::depthwise,
    depthwise_inner: |_, _| None,
    max: window::MAX,
    max_inner: |_, _| None,
    mean: window::MEAN,
    add: simple::add,
    scale: simple::scale,
    clip: simple::clip,
    prelu: simple::prelu,
    curve: simple::curve,
};

/// Ends one value.
///
/// # Safety
/// `finish.slopes` is null or has a value for `channel`.
#[allow(unsafe_code)]
#[inline(always)]
unsafe fn finish(finish: &super::Finish, channel: usize, x: f32) -> f32 {
    if finish.slopes.is_null() {
        return x.max(finish.low).min(finish.high);
    }
    // SAFETY: the caller's promise.
    let slope = unsafe { *finish.slopes.add(channel) };
    x.max(0.0) + slope * x.min(0.0)
}
