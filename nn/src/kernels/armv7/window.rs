//! Depthwise convolution and pooling with NEON, two vectors of channels at a time.
//!
//! Under windows three and five columns wide pass several output pixels at once: the weights of a row
//! of the window and all sums stay in registers, each input pixel is loaded once.
#![allow(unsafe_code)]

use super::epilogue::apply;
use super::vector::LANES;
use crate::kernels::{WindowKernel, WindowTile};
use std::arch::asm;

pub(super) static MAX: &[WindowKernel] = &[max];
pub(super) static MEAN: &[WindowKernel] = &[mean];

pub(super) fn depthwise(window: [usize; 2], step: usize) -> &'static [WindowKernel] {
    match (window[1], step) {
        (3, 1) => &[
            convolve::<1, 0>,
            convolve::<2, 0>,
            convolve::<3, 0>,
            convolve::<4, FOUR_BY_THREE>,
        ],
        (3, 2) => &[convolve::<1, 0>, convolve::<2, TWO_BY_THREE_APART>],
        (5, 1) => &[convolve::<1, 0>, convolve::<2, TWO_BY_FIVE>],
        _ => &[convolve::<1, 0>],
    }
}

/// Blocks for several pixels; 0 is for one pixel after another.
const FOUR_BY_THREE: u8 = 1;
const TWO_BY_THREE_APART: u8 = 2;
const TWO_BY_FIVE: u8 = 3;

/// # Safety
/// See [`WindowKernel`]; the window is as `BLOCK` wants it.
unsafe fn convolve<const PIXELS: usize, const BLOCK: u8>(t: &WindowTile) {
    let mut sums = [0.0_f32; 8 * LANES];
    let pairs = t.vectors / 2 * 2;
    // SAFETY: the caller's promise about every field.
    unsafe {
        for first in (0..pairs * LANES).step_by(2 * LANES) {
            let walk = Walk::new(t, 0, first, sums.as_mut_ptr());
            match BLOCK {
                FOUR_BY_THREE => walk.four_by_three(),
                TWO_BY_THREE_APART => walk.two_by_three_apart(),
                TWO_BY_FIVE => walk.two_by_five(),
                _ => {
                    for (p, sums) in sums.chunks_exact_mut(2 * LANES).take(PIXELS).enumerate() {
                        sums.copy_from_slice(std::slice::from_raw_parts(walk.bias, 2 * LANES));
                        Walk::new(t, p, first, sums.as_mut_ptr()).convolve_2();
                    }
                }
            }
            let output = t.output.add(first);
            apply::<2>(
                &t.epilogue,
                first,
                sums.as_ptr(),
                output,
                t.output_step,
                PIXELS,
            );
        }
        if pairs < t.vectors {
            let first = pairs * LANES;
            let bias = std::slice::from_raw_parts(t.bias.add(first), LANES);
            for (p, sums) in sums.chunks_exact_mut(LANES).take(PIXELS).enumerate() {
                sums.copy_from_slice(bias);
                Walk::new(t, p, first, sums.as_mut_ptr()).convolve_1();
            }
            let output = t.output.add(first);
            apply::<1>(
                &t.epilogue,
                first,
                sums.as_ptr(),
                output,
                t.output_step,
                PIXELS,
            );
        }
    }
}

/// # Safety
/// See [`WindowKernel`].
unsafe fn max(t: &WindowTile) {
    // SAFETY: the caller's promise about every field.
    unsafe {
        each_block(t, f32::NEG_INFINITY, 1.0, |walk, pair| {
            if pair { walk.max_2() } else { walk.max_1() }
        });
    }
}

/// # Safety
/// See [`WindowKernel`].
unsafe fn mean(t: &WindowTile) {
    // SAFETY: the caller's promise about every field.
    unsafe {
        each_block(t, 0.0, *t.weights, |walk, pair| {
            if pair { walk.sum_2() } else { walk.sum_1() }
        });
    }
}

/// Folds the cells of one output pixel, and stores them times a factor.
///
/// # Safety
/// See [`WindowKernel`].
#[inline(always)]
unsafe fn each_block(t: &WindowTile, start: f32, factor: f32, fold: impl Fn(Walk, bool)) {
    let mut vector = 0;
    while vector < t.vectors {
        let pair = vector + 2 <= t.vectors;
        let first = vector * LANES;
        let mut folded = [start; 2 * LANES];
        // SAFETY: the caller's promise about every field.
        unsafe {
            fold(Walk::new(t, 0, first, folded.as_mut_ptr()), pair);
            let lanes = if pair { 2 * LANES } else { LANES };
            for (lane, value) in folded[..lanes].iter().enumerate() {
                *t.output.add(first + lane) = value * factor;
            }
        }
        vector += 1 + usize::from(pair);
    }
}

/// A walk over the cells of a window. Distances are in bytes.
struct Walk {
    /// Where the table of pixels starts.
    pixels: *const *const f32,
    /// Rows of the window; not 0.
    rows: usize,
    /// Columns of the window; not 0.
    width: usize,
    /// From the end of one row of the window in the table to the start of the next.
    skip: usize,
    /// From the start of a pixel to its first channel.
    channel: usize,
    /// The weights of the first cell.
    weights: *const f32,
    /// From one cell's weights to the next's.
    cell: usize,
    /// The bias of the channels.
    bias: *const f32,
    /// What is folded.
    sums: *mut f32,
}

impl Walk {
    /// For output pixel `pixel` and the channels from `first` on.
    #[inline(always)]
    fn new(t: &WindowTile, pixel: usize, first: usize, sums: *mut f32) -> Self {
        Self {
            pixels: t.pixels.wrapping_add(pixel * t.step),
            rows: t.rows,
            width: t.width,
            skip: (t.columns - t.width) * size_of::<*const f32>(),
            channel: first * size_of::<f32>(),
            weights: t.weights.wrapping_add(first),
            cell: t.vectors * LANES * size_of::<f32>(),
            bias: t.bias.wrapping_add(first),
            sums,
        }
    }
}

/// A function that walks any window: what it does with a cell's values in `q0`, `q1`, its weights at
/// `r0` with `r1` to the next cell's, and the sums in `q8`, `q9`.
macro_rules! walk {
    ($name:ident, $sums:literal, $values:literal; $($work:literal),*) => {
        /// # Safety
        /// NEON is there, and all fields have what the window says.
        #[inline(always)]
        unsafe fn $name(self) {
            // SAFETY: the caller's promise; reads the table, the pixels in it and the weights, reads and
            // writes the sums.
            unsafe {
                asm!(
                    ".fpu neon",
                    concat!("vld1.32 {{", $sums, "}}, [{sums}]"),
                    "2:",
                    "mov {column}, {width}",
                    "3:",
                    "ldr {at}, [{pixels}], #4",
                    "add {at}, {at}, {channel}",
                    concat!("vld1.32 {{", $values, "}}, [{at}]"),
                    "subs {column}, {column}, #1",
                    $($work,)*
                    "bne 3b",
                    "add {pixels}, {pixels}, {skip}",
                    "subs {rows}, {rows}, #1",
                    "bne 2b",
                    concat!("vst1.32 {{", $sums, "}}, [{sums}]"),
                    column = out(reg) _,
                    at = out(reg) _,
                    width = in(reg) self.width,
                    pixels = inout(reg) self.pixels => _,
                    channel = in(reg) self.channel,
                    skip = in(reg) self.skip,
                    rows = inout(reg) self.rows => _,
                    sums = in(reg) self.sums,
                    inout("r0") self.weights => _,
                    in("r1") self.cell,
                    out("d0") _, out("d1") _, out("d2") _, out("d3") _, out("d4") _, out("d5") _, out("d6") _, out("d7") _,
                    out("d16") _, out("d17") _, out("d18") _, out("d19") _,
                    options(nostack),
                );
            }
        }
    };
}

/// A function for several pixels under a window three or five columns wide: the registers of a row's
/// weights, and for each column the sums and weights that its values (`q6`, `q7`) meet.
macro_rules! block {
    (
        $name:ident, $all:literal; copies $($copy:literal $from:literal),*;
        weights $($weights:literal),*;
        values $low:literal $high:literal $both:literal;
        $([$($sum:literal $weight:literal $sum2:literal $weight2:literal),*]),*
    ) => {
        /// # Safety
        /// NEON is there, and all fields have what the window says.
        #[inline(always)]
        unsafe fn $name(self) {
            // SAFETY: the caller's promise; reads the table, the pixels in it, weights and bias, and
            // writes the sums.
            unsafe {
                asm!(
                    ".fpu neon",
                    "vld1.32 {{d16-d19}}, [{bias}]",
                    $(concat!("vmov ", $copy, ", ", $from),)*
                    "2:",
                    $(concat!("vld1.32 {{", $weights, "}}, [{weights}], {cell}"),)*
                    $(
                        "ldr {at}, [{pixels}], #4",
                        "add {at}, {at}, {channel}",
                        concat!("vld1.32 {{", $both, "}}, [{at}]"),
                        $(
                            concat!("vmla.f32 ", $sum, ", ", $low, ", ", $weight),
                            concat!("vmla.f32 ", $sum2, ", ", $high, ", ", $weight2),
                        )*
                    )*
                    "subs {rows}, {rows}, #1",
                    "bne 2b",
                    concat!("vstmia {sums}, {{", $all, "}}"),
                    bias = in(reg) self.bias,
                    at = out(reg) _,
                    pixels = inout(reg) self.pixels => _,
                    channel = in(reg) self.channel,
                    weights = inout(reg) self.weights => _,
                    cell = in(reg) self.cell,
                    rows = inout(reg) self.rows => _,
                    sums = in(reg) self.sums,
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

impl Walk {
    walk!(convolve_1, "d16-d17", "d0-d1";
        "vld1.32 {{d4-d5}}, [r0], r1", "vmla.f32 q8, q0, q2");
    walk!(convolve_2, "d16-d19", "d0-d3";
        "vld1.32 {{d4-d7}}, [r0], r1", "vmla.f32 q8, q0, q2", "vmla.f32 q9, q1, q3");
    walk!(max_1, "d16-d17", "d0-d1"; "vmax.f32 q8, q8, q0");
    walk!(max_2, "d16-d19", "d0-d3"; "vmax.f32 q8, q8, q0", "vmax.f32 q9, q9, q1");
    walk!(sum_1, "d16-d17", "d0-d1"; "vadd.f32 q8, q8, q0");
    walk!(sum_2, "d16-d19", "d0-d3"; "vadd.f32 q8, q8, q0", "vadd.f32 q9, q9, q1");

    block!(four_by_three, "d16-d31";
        copies "q10" "q8", "q11" "q9", "q12" "q8", "q13" "q9", "q14" "q8", "q15" "q9";
        weights "d0-d3", "d4-d7", "d8-d11";
        values "q6" "q7" "d12-d15";
        ["q8" "q0" "q9" "q1"],
        ["q8" "q2" "q9" "q3", "q10" "q0" "q11" "q1"],
        ["q8" "q4" "q9" "q5", "q10" "q2" "q11" "q3", "q12" "q0" "q13" "q1"],
        ["q10" "q4" "q11" "q5", "q12" "q2" "q13" "q3", "q14" "q0" "q15" "q1"],
        ["q12" "q4" "q13" "q5", "q14" "q2" "q15" "q3"],
        ["q14" "q4" "q15" "q5"]);
    block!(two_by_three_apart, "d16-d23";
        copies "q10" "q8", "q11" "q9";
        weights "d0-d3", "d4-d7", "d8-d11";
        values "q6" "q7" "d12-d15";
        ["q8" "q0" "q9" "q1"],
        ["q8" "q2" "q9" "q3"],
        ["q8" "q4" "q9" "q5", "q10" "q0" "q11" "q1"],
        ["q10" "q2" "q11" "q3"],
        ["q10" "q4" "q11" "q5"]);
    block!(two_by_five, "d16-d23";
        copies "q10" "q8", "q11" "q9";
        weights "d0-d3", "d4-d7", "d8-d11", "d12-d15", "d28-d31";
        values "q12" "q13" "d24-d27";
        ["q8" "q0" "q9" "q1"],
        ["q8" "q2" "q9" "q3", "q10" "q0" "q11" "q1"],
        ["q8" "q4" "q9" "q5", "q10" "q2" "q11" "q3"],
        ["q8" "q6" "q9" "q7", "q10" "q4" "q11" "q5"],
        ["q8" "q14" "q9" "q15", "q10" "q6" "q11" "q7"],
        ["q10" "q14" "q11" "q15"]);
}
