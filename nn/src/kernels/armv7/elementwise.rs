//! Value by value with NEON: eight values a step, the last few with portable code.
#![allow(unsafe_code)]

use super::vector::LANES;
use crate::kernels::native::elementwise as portable;
use std::arch::asm;

/// Values of a step.
const STEP: usize = 2 * LANES;

/// `output = left + right` for one or two vectors.
///
/// # Safety
/// NEON is there; each pointer has as many vectors.
#[inline(always)]
pub(super) unsafe fn sum<const VECTORS: usize>(
    left: *const f32,
    right: *const f32,
    output: *mut f32,
) {
    for v in 0..VECTORS {
        // SAFETY: the caller's promise; reads one vector of each input and writes one.
        unsafe {
            asm!(
                ".fpu neon",
                "vld1.32 {{d0-d1}}, [{left}]",
                "vld1.32 {{d2-d3}}, [{right}]",
                "vadd.f32 q0, q0, q1",
                "vst1.32 {{d0-d1}}, [{output}]",
                left = in(reg) left.add(v * LANES),
                right = in(reg) right.add(v * LANES),
                output = in(reg) output.add(v * LANES),
                out("d0") _, out("d1") _, out("d2") _, out("d3") _,
                options(nostack, preserves_flags),
            );
        }
    }
}

/// A function `output = left op right` over slices of one length.
macro_rules! two_inputs {
    ($name:ident, $operation:literal, $rest:expr) => {
        fn $name(output: &mut [f32], left: &[f32], right: &[f32]) {
            assert!(output.len() == left.len() && output.len() == right.len());
            let steps = output.len() / STEP;
            if steps > 0 {
                // SAFETY: the table was had only where NEON is; `steps` steps fit all three slices.
                unsafe {
                    asm!(
                        ".fpu neon",
                        "2:",
                        "vld1.32 {{d0-d3}}, [{left}]!",
                        "vld1.32 {{d4-d7}}, [{right}]!",
                        "subs {steps}, {steps}, #1",
                        concat!($operation, " q0, q0, q2"),
                        concat!($operation, " q1, q1, q3"),
                        "vst1.32 {{d0-d3}}, [{output}]!",
                        "bne 2b",
                        left = inout(reg) left.as_ptr() => _,
                        right = inout(reg) right.as_ptr() => _,
                        output = inout(reg) output.as_mut_ptr() => _,
                        steps = inout(reg) steps => _,
                        out("d0") _, out("d1") _, out("d2") _, out("d3") _, out("d4") _, out("d5") _, out("d6") _, out("d7") _,
                        options(nostack),
                    );
                }
            }
            let done = steps * STEP;
            $rest(&mut output[done..], &left[done..], &right[done..]);
        }
    };
}

two_inputs!(add_all, "vadd.f32", portable::add);
two_inputs!(
    multiply_all,
    "vmul.f32",
    |output: &mut [f32], left: &[f32], right: &[f32]| {
        for ((output, left), right) in output.iter_mut().zip(left).zip(right) {
            *output = left * right;
        }
    }
);

pub(super) fn add(output: &mut [f32], left: &[f32], right: &[f32]) {
    add_all(output, left, right);
}

pub(super) fn scale(output: &mut [f32], input: &[f32], by: &[f32]) {
    let pixels = output
        .chunks_exact_mut(by.len())
        .zip(input.chunks_exact(by.len()));
    for (output, input) in pixels {
        multiply_all(output, input, by);
    }
}

pub(super) fn clip(values: &mut [f32], low: f32, high: f32) {
    let steps = values.len() / STEP;
    if steps > 0 {
        // SAFETY: the table was had only where NEON is; `steps` steps fit the slice.
        unsafe {
            asm!(
                ".fpu neon",
                "vdup.32 q2, {low}",
                "vdup.32 q3, {high}",
                "2:",
                "vld1.32 {{d0-d3}}, [{values}]",
                "subs {steps}, {steps}, #1",
                "vmax.f32 q0, q0, q2",
                "vmax.f32 q1, q1, q2",
                "vmin.f32 q0, q0, q3",
                "vmin.f32 q1, q1, q3",
                "vst1.32 {{d0-d3}}, [{values}]!",
                "bne 2b",
                low = in(reg) low.to_bits(),
                high = in(reg) high.to_bits(),
                values = inout(reg) values.as_mut_ptr() => _,
                steps = inout(reg) steps => _,
                out("d0") _, out("d1") _, out("d2") _, out("d3") _, out("d4") _, out("d5") _, out("d6") _, out("d7") _,
                options(nostack),
            );
        }
    }
    portable::clip(&mut values[steps * STEP..], low, high);
}

pub(super) fn prelu(values: &mut [f32], slopes: &[f32]) {
    for pixel in values.chunks_exact_mut(slopes.len()) {
        prelu_pixel(pixel, slopes);
    }
}

/// `values` and `slopes` of one length.
fn prelu_pixel(values: &mut [f32], slopes: &[f32]) {
    assert_eq!(values.len(), slopes.len());
    let steps = values.len() / STEP;
    if steps > 0 {
        // SAFETY: the table was had only where NEON is; `steps` steps fit both slices.
        unsafe {
            asm!(
                ".fpu neon",
                "vmov.i32 q8, #0",
                "2:",
                "vld1.32 {{d0-d3}}, [{values}]",
                "vld1.32 {{d4-d7}}, [{slopes}]!",
                "subs {steps}, {steps}, #1",
                "vmin.f32 q9, q0, q8",
                "vmin.f32 q10, q1, q8",
                "vmax.f32 q0, q0, q8",
                "vmax.f32 q1, q1, q8",
                "vmla.f32 q0, q9, q2",
                "vmla.f32 q1, q10, q3",
                "vst1.32 {{d0-d3}}, [{values}]!",
                "bne 2b",
                values = inout(reg) values.as_mut_ptr() => _,
                slopes = inout(reg) slopes.as_ptr() => _,
                steps = inout(reg) steps => _,
                out("d0") _, out("d1") _, out("d2") _, out("d3") _, out("d4") _, out("d5") _, out("d6") _, out("d7") _,
                out("d16") _, out("d17") _, out("d18") _, out("d19") _, out("d20") _, out("d21") _,
                options(nostack),
            );
        }
    }
    let done = steps * STEP;
    if done < values.len() {
        portable::prelu(&mut values[done..], &slopes[done..]);
    }
}
