//! NEON of 64-bit ARM: SDOT where the processor has it (Cortex-A55, A75 and later), widening
//! multiplications elsewhere (A53, A72, A73).
//!
//! Neither multiplies u8 by s8. Activations are read as signed bytes, which takes 128 from each; the bias
//! gives it back ([`Int8Kernels::offset`]).
#![allow(unsafe_code)]

mod depthwise;
mod dot;
mod epilogue;
mod signed;
mod widening;

use super::line::pack_depthwise;
use super::{DepthwiseKernel, Int8Kernels, native};
use depthwise::depthwise;
use signed::OFFSET;

/// The table for processors without SDOT.
pub(super) static WIDENING: Int8Kernels = Int8Kernels {
    offset: OFFSET,
    dense: widening::DENSE,
    depthwise: DepthwiseKernel {
        pack: pack_depthwise,
        run: depthwise,
    },
    sliding: None,
    // What works value by value is the portable code, of which the compiler makes vectors.
    quantise: native::KERNELS.quantise,
    colours: native::KERNELS.colours,
    add: native::KERNELS.add,
    max_pool: native::KERNELS.max_pool,
};

/// The table for processors with it.
pub(super) static DOT: Int8Kernels = Int8Kernels {
    offset: OFFSET,
    dense: dot::DENSE,
    depthwise: DepthwiseKernel {
        pack: pack_depthwise,
        run: depthwise,
    },
    sliding: None,
    quantise: native::KERNELS.quantise,
    colours: native::KERNELS.colours,
    add: native::KERNELS.add,
    max_pool: native::KERNELS.max_pool,
};
