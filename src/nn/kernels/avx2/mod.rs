//! AVX2 kernels. Eight lanes, 16 registers; every multiply-add is fused.

/// The kernels of one width for so many pixels each.
macro_rules! kernels {
    ($tile:ident, $vectors:literal, $($pixels:literal)*) => {
        &[$($tile::<$pixels, $vectors> as DenseKernel),*]
    };
}

mod dense;
mod inner;
mod simple;
mod window;

use super::Kernels;
use crate::cpu::CpuPath;

const LANES: usize = 8;

/// The table of a processor with AVX2 and FMA.
pub(super) static KERNELS: Kernels = Kernels {
    path: CpuPath::Avx2,
    lanes: LANES,
    dense: dense::SHAPES,
    depthwise: window::depthwise,
    depthwise_inner: inner::depthwise,
    max: window::MAX,
    max_inner: inner::max,
    mean: window::MEAN,
    add: simple::add,
    scale: simple::scale,
    clip: simple::clip,
    prelu: simple::prelu,
    curve: simple::curve,
};
