//! Portable kernels: plain Rust, the reference for all others.

mod dense;
pub(super) mod elementwise;
mod vector;
mod window;

use super::Kernels;
use crate::cpu::CpuPath;
use vector::LANES;

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
    add: elementwise::add,
    scale: elementwise::scale,
    clip: elementwise::clip,
    prelu: elementwise::prelu,
    curve: elementwise::curve,
};
