//! NEON kernels of 32-bit ARM, in assembly: the compiler has no stable intrinsics for it, and makes
//! no vectors of f32 there by itself, because NEON takes subnormal numbers for 0
//! (docs/adr/0001-armv7-neon.md).
//!
//! Sixteen registers of four lanes. Multiply-adds round twice (`vmla`, which every NEON has and
//! which takes one factor from a lane). What a tile sums lies in memory between the blocks of
//! assembly of one tile. Each block says all that it changes, in registers of two lanes: the compiler
//! takes no notice of a register of four where it was not told of NEON, though it keeps numbers in
//! the halves.

mod dense;
mod elementwise;
mod epilogue;
mod vector;
mod window;

use super::{Kernels, native};
use crate::cpu::CpuPath;
use vector::LANES;

/// The table. Sigmoid and swish stay portable: few values ever meet them.
pub(super) static KERNELS: Kernels = Kernels {
    path: CpuPath::Neon,
    lanes: LANES,
    dense: dense::SHAPES,
    depthwise: window::depthwise,
    max: window::MAX,
    mean: window::MEAN,
    add: elementwise::add,
    scale: elementwise::scale,
    clip: elementwise::clip,
    prelu: elementwise::prelu,
    ..native::KERNELS
};
