//! The epilogue of a tile: activation and store.
#![allow(unsafe_code)]

use crate::kernels::EpilogueTile;
use std::arch::asm;

/// Applies the epilogue to `pixels` pixels of two vectors (or one) that lie one after another at `sums`, and
/// stores them `step` values apart.
///
/// # Safety
/// NEON is there; `sums` can be read and `output` written for that many pixels; `epilogue.slopes` is
/// null or has a value for `channel` and all that follow it in the pixel.
#[inline(always)]
pub(super) unsafe fn apply<const VECTORS: usize>(
    epilogue: &EpilogueTile,
    channel: usize,
    sums: *const f32,
    output: *mut f32,
    step: usize,
    pixels: usize,
) {
    let step = step * size_of::<f32>();
    // SAFETY: the caller's promise.
    unsafe {
        if epilogue.slopes.is_null() {
            let bounds = [epilogue.low, epilogue.high].map(f32::to_bits);
            match VECTORS {
                1 => clip_1(bounds, sums, output, step, pixels),
                _ => clip_2(bounds, sums, output, step, pixels),
            }
        } else {
            let slopes = epilogue.slopes.add(channel);
            match VECTORS {
                1 => prelu_1(slopes, sums, output, step, pixels),
                _ => prelu_2(slopes, sums, output, step, pixels),
            }
        }
    }
}

macro_rules! clip {
    ($name:ident, $pixel:literal; $($x:literal),*) => {
        /// # Safety
        /// See [`apply`]; `pixels` is not 0.
        #[inline(always)]
        unsafe fn $name(
            [low, high]: [u32; 2],
            sums: *const f32,
            output: *mut f32,
            step: usize,
            pixels: usize,
        ) {
            // SAFETY: the caller's promise; reads `sums` and writes `output`, pixel by pixel.
            unsafe {
                asm!(
                    ".fpu neon",
                    "vdup.32 q0, {low}",
                    "vdup.32 q1, {high}",
                    "2:",
                    concat!("vld1.32 {{", $pixel, "}}, [{sums}]!"),
                    "subs {pixels}, {pixels}, #1",
                    $(concat!("vmax.f32 ", $x, ", ", $x, ", q0"),)*
                    $(concat!("vmin.f32 ", $x, ", ", $x, ", q1"),)*
                    concat!("vst1.32 {{", $pixel, "}}, [{output}], {step}"),
                    "bne 2b",
                    low = in(reg) low,
                    high = in(reg) high,
                    sums = inout(reg) sums => _,
                    output = inout(reg) output => _,
                    step = in(reg) step,
                    pixels = inout(reg) pixels => _,
                    out("d0") _, out("d1") _, out("d2") _, out("d3") _, out("d4") _, out("d5") _, out("d6") _, out("d7") _,
                    options(nostack),
                );
            }
        }
    };
}

clip!(clip_1, "d4-d5"; "q2");
clip!(clip_2, "d4-d7"; "q2", "q3");

macro_rules! prelu {
    ($name:ident, $slopes:literal, $pixel:literal; $($slope:literal $x:literal $least:literal),*) => {
        /// # Safety
        /// See [`apply`]; `pixels` is not 0.
        #[inline(always)]
        unsafe fn $name(
            slopes: *const f32,
            sums: *const f32,
            output: *mut f32,
            step: usize,
            pixels: usize,
        ) {
            // SAFETY: the caller's promise; reads `slopes` and `sums`, writes `output`.
            unsafe {
                asm!(
                    ".fpu neon",
                    concat!("vld1.32 {{", $slopes, "}}, [{slopes}]"),
                    "vmov.i32 q8, #0",
                    "2:",
                    concat!("vld1.32 {{", $pixel, "}}, [{sums}]!"),
                    "subs {pixels}, {pixels}, #1",
                    $(concat!("vmin.f32 ", $least, ", ", $x, ", q8"),)*
                    $(concat!("vmax.f32 ", $x, ", ", $x, ", q8"),)*
                    $(concat!("vmla.f32 ", $x, ", ", $least, ", ", $slope),)*
                    concat!("vst1.32 {{", $pixel, "}}, [{output}], {step}"),
                    "bne 2b",
                    slopes = in(reg) slopes,
                    sums = inout(reg) sums => _,
                    output = inout(reg) output => _,
                    step = in(reg) step,
                    pixels = inout(reg) pixels => _,
                    out("d0") _, out("d1") _, out("d2") _, out("d3") _, out("d4") _, out("d5") _, out("d6") _, out("d7") _,
                    out("d16") _, out("d17") _, out("d18") _, out("d19") _, out("d20") _, out("d21") _,
                    options(nostack),
                );
            }
        }
    };
}

prelu!(prelu_1, "d0-d1", "d4-d5"; "q0" "q2" "q9");
prelu!(prelu_2, "d0-d3", "d4-d7"; "q0" "q2" "q9", "q1" "q3" "q10");
