//! Dense convolution with NEON: tiles of four pixels × eight channels.
//!
//! Each step takes four values of every pixel and multiplies them lane by lane with four rows of
//! weights. Weights of one lane are loaded while those of the lane before are multiplied, because
//! Cortex-A7 works in order. For 32 multiplications of vectors: 12 loads, 2 instructions of the loop.
#![allow(unsafe_code)]

use super::elementwise::sum;
use super::epilogue::apply;
use super::vector::LANES;
use crate::kernels::{DenseKernel, DenseShape, DenseTile};
use std::arch::asm;

/// Most pixels of a tile.
const MAX_PIXELS: usize = 4;

pub(super) static SHAPES: &[DenseShape] = &[
    DenseShape {
        vectors: 2,
        kernels: &[tile::<1, 2>, tile::<2, 2>, tile::<3, 2>, tile::<4, 2>] as &[DenseKernel],
    },
    DenseShape {
        vectors: 1,
        kernels: &[tile::<1, 1>, tile::<2, 1>, tile::<3, 1>, tile::<4, 1>],
    },
];

/// # Safety
/// See [`DenseKernel`].
unsafe fn tile<const PIXELS: usize, const VECTORS: usize>(t: &DenseTile) {
    let mut sums = [0.0_f32; MAX_PIXELS * 2 * LANES];
    let pixel = VECTORS * LANES;
    // SAFETY: the caller's promise about every field; `sums` holds the tile's pixels one after another.
    unsafe {
        let bias = std::slice::from_raw_parts(t.bias, pixel);
        for (p, sums) in sums.chunks_exact_mut(pixel).take(PIXELS).enumerate() {
            if t.residual.is_null() {
                sums.copy_from_slice(bias);
            } else {
                let residual = t.residual.add(p * t.residual_step);
                sum::<VECTORS>(t.bias, residual, sums.as_mut_ptr());
            }
        }
        let mut panels = t.panels;
        for row in 0..t.rows {
            let tap = *t.taps.add(row);
            let run = Run {
                taps: std::array::from_fn(|p| tap.wrapping_add(p * t.step)),
                depth: t.depth,
                panels: [panels, panels.wrapping_add(t.panel)],
                sums: sums.as_mut_ptr(),
            };
            match (PIXELS, VECTORS) {
                (1, 2) => run.one_by_two(),
                (2, 2) => run.two_by_two(),
                (3, 2) => run.three_by_two(),
                (_, 2) => run.four_by_two(),
                (1, _) => run.one_by_one(),
                (2, _) => run.two_by_one(),
                (3, _) => run.three_by_one(),
                (_, _) => run.four_by_one(),
            }
            panels = panels.add(t.depth * LANES);
        }
        apply::<VECTORS>(
            &t.epilogue,
            0,
            sums.as_ptr(),
            t.output,
            t.output_step,
            PIXELS,
        );
    }
}

/// One row of the window.
struct Run {
    /// Where each pixel's values start.
    taps: [*const f32; MAX_PIXELS],
    /// Values of a pixel; not 0.
    depth: usize,
    /// Where each vector's weights start.
    panels: [*const f32; 2],
    /// What is added to.
    sums: *mut f32,
}

/// A function for some pixels × two vectors. A pixel: its register of `taps`, the two halves of the
/// register that its values go to, and its two sums.
macro_rules! by_two {
    ($name:ident, $all:literal; $($tap:literal $at:ident $low:literal $high:literal $first:literal $second:literal),*) => {
        /// # Safety
        /// NEON is there, and all fields have what the depth says.
        #[inline(always)]
        unsafe fn $name(self) {
            // SAFETY: the caller's promise; reads taps and panels, reads and writes the sums.
            unsafe {
                asm!(
                    ".fpu neon",
                    concat!("vldmia {sums}, {{", $all, "}}"),
                    "subs {depth}, {depth}, #4",
                    "blo 3f",
                    "2:",
                    "vld1.32 {{d8-d9}}, [{w}]!",
                    "vld1.32 {{d12-d13}}, [{v}]!",
                    $(concat!("vld1.32 {{", $low, "-", $high, "}}, [{", stringify!($at), "}]!"),)*
                    "vld1.32 {{d10-d11}}, [{w}]!",
                    "vld1.32 {{d14-d15}}, [{v}]!",
                    $(concat!("vmla.f32 ", $first, ", q4, ", $low, "[0]"),
                      concat!("vmla.f32 ", $second, ", q6, ", $low, "[0]"),)*
                    "vld1.32 {{d8-d9}}, [{w}]!",
                    "vld1.32 {{d12-d13}}, [{v}]!",
                    $(concat!("vmla.f32 ", $first, ", q5, ", $low, "[1]"),
                      concat!("vmla.f32 ", $second, ", q7, ", $low, "[1]"),)*
                    "vld1.32 {{d10-d11}}, [{w}]!",
                    "vld1.32 {{d14-d15}}, [{v}]!",
                    "subs {depth}, {depth}, #4",
                    $(concat!("vmla.f32 ", $first, ", q4, ", $high, "[0]"),
                      concat!("vmla.f32 ", $second, ", q6, ", $high, "[0]"),)*
                    $(concat!("vmla.f32 ", $first, ", q5, ", $high, "[1]"),
                      concat!("vmla.f32 ", $second, ", q7, ", $high, "[1]"),)*
                    "bhs 2b",
                    "3:",
                    "adds {depth}, {depth}, #4",
                    "beq 5f",
                    "4:",
                    "vld1.32 {{d8-d9}}, [{w}]!",
                    "vld1.32 {{d12-d13}}, [{v}]!",
                    $(concat!("vld1.32 {{", $low, "[0]}}, [{", stringify!($at), "}]!"),)*
                    "subs {depth}, {depth}, #1",
                    $(concat!("vmla.f32 ", $first, ", q4, ", $low, "[0]"),
                      concat!("vmla.f32 ", $second, ", q6, ", $low, "[0]"),)*
                    "bne 4b",
                    "5:",
                    concat!("vstmia {sums}, {{", $all, "}}"),
                    sums = in(reg) self.sums,
                    depth = inout(reg) self.depth => _,
                    w = inout(reg) self.panels[0] => _,
                    v = inout(reg) self.panels[1] => _,
                    $($at = inout(reg) self.taps[$tap] => _,)*
                    out("d0") _, out("d1") _, out("d2") _, out("d3") _, out("d4") _, out("d5") _, out("d6") _, out("d7") _,
                    out("d8") _, out("d9") _, out("d10") _, out("d11") _, out("d12") _, out("d13") _, out("d14") _, out("d15") _,
                    out("d16") _, out("d17") _, out("d18") _, out("d19") _, out("d20") _, out("d21") _, out("d22") _, out("d23") _,
                    out("d24") _, out("d25") _, out("d26") _, out("d27") _, out("d28") _, out("d29") _, out("d30") _, out("d31") _,
                    options(nostack),
                );
            }
        }
    };
}

/// The same for one vector.
macro_rules! by_one {
    ($name:ident, $all:literal; $($tap:literal $at:ident $low:literal $high:literal $sum:literal),*) => {
        /// # Safety
        /// NEON is there, and all fields have what the depth says.
        #[inline(always)]
        unsafe fn $name(self) {
            // SAFETY: the caller's promise; reads taps and the first panel, reads and writes the sums.
            unsafe {
                asm!(
                    ".fpu neon",
                    concat!("vldmia {sums}, {{", $all, "}}"),
                    "subs {depth}, {depth}, #4",
                    "blo 3f",
                    "2:",
                    "vld1.32 {{d8-d11}}, [{w}]!",
                    $(concat!("vld1.32 {{", $low, "-", $high, "}}, [{", stringify!($at), "}]!"),)*
                    "vld1.32 {{d12-d15}}, [{w}]!",
                    "subs {depth}, {depth}, #4",
                    $(concat!("vmla.f32 ", $sum, ", q4, ", $low, "[0]"),)*
                    $(concat!("vmla.f32 ", $sum, ", q5, ", $low, "[1]"),)*
                    $(concat!("vmla.f32 ", $sum, ", q6, ", $high, "[0]"),)*
                    $(concat!("vmla.f32 ", $sum, ", q7, ", $high, "[1]"),)*
                    "bhs 2b",
                    "3:",
                    "adds {depth}, {depth}, #4",
                    "beq 5f",
                    "4:",
                    "vld1.32 {{d8-d9}}, [{w}]!",
                    $(concat!("vld1.32 {{", $low, "[0]}}, [{", stringify!($at), "}]!"),)*
                    "subs {depth}, {depth}, #1",
                    $(concat!("vmla.f32 ", $sum, ", q4, ", $low, "[0]"),)*
                    "bne 4b",
                    "5:",
                    concat!("vstmia {sums}, {{", $all, "}}"),
                    sums = in(reg) self.sums,
                    depth = inout(reg) self.depth => _,
                    w = inout(reg) self.panels[0] => _,
                    $($at = inout(reg) self.taps[$tap] => _,)*
                    out("d0") _, out("d1") _, out("d2") _, out("d3") _, out("d4") _, out("d5") _, out("d6") _, out("d7") _,
                    out("d8") _, out("d9") _, out("d10") _, out("d11") _, out("d12") _, out("d13") _, out("d14") _, out("d15") _,
                    out("d16") _, out("d17") _, out("d18") _, out("d19") _, out("d20") _, out("d21") _, out("d22") _, out("d23") _,
                    options(nostack),
                );
            }
        }
    };
}

impl Run {
    by_two!(one_by_two, "d16-d19"; 0 a "d0" "d1" "q8" "q9");
    by_two!(two_by_two, "d16-d23"; 0 a "d0" "d1" "q8" "q9", 1 b "d2" "d3" "q10" "q11");
    by_two!(three_by_two, "d16-d27";
        0 a "d0" "d1" "q8" "q9", 1 b "d2" "d3" "q10" "q11", 2 c "d4" "d5" "q12" "q13");
    by_two!(four_by_two, "d16-d31";
        0 a "d0" "d1" "q8" "q9", 1 b "d2" "d3" "q10" "q11",
        2 c "d4" "d5" "q12" "q13", 3 d "d6" "d7" "q14" "q15");
    by_one!(one_by_one, "d16-d17"; 0 a "d0" "d1" "q8");
    by_one!(two_by_one, "d16-d19"; 0 a "d0" "d1" "q8", 1 b "d2" "d3" "q9");
    by_one!(three_by_one, "d16-d21";
        0 a "d0" "d1" "q8", 1 b "d2" "d3" "q9", 2 c "d4" "d5" "q10");
    by_one!(four_by_one, "d16-d23";
        0 a "d0" "d1" "q8", 1 b "d2" "d3" "q9", 2 c "d4" "d5" "q10", 3 d "d6" "d7" "q11");
}
