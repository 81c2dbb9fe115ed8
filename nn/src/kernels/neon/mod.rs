//! NEON kernels of 64-bit ARM. Four lanes, 32 registers; every multiply-add is fused.

mod dense;
mod vector;
mod window;

use super::{Kernels, native};
use crate::cpu::CpuPath;
use vector::LANES;

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
