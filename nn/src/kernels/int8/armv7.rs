//! NEON of 32-bit ARM, in assembly for the reasons that the f32 kernels give.
//!
//! As on 64-bit ARM without SDOT: activations are read as signed bytes, two products meet in 16 bits. Blocks
//! name what they change in registers of two lanes.
#![allow(unsafe_code)]

use super::line::pack_depthwise;
use super::params::PoolWindows;
use super::{
    DenseShape, DenseTile, DepthwiseKernel, DepthwiseTile, Int8Kernels, LANES, RequantTile,
};
use super::{Sums, native};
use std::arch::asm;

/// The table. Conversions and sums stay portable: few values pass through them.
pub(super) static KERNELS: Int8Kernels = Int8Kernels {
    offset: 128,
    dense: &[DenseShape {
        vectors: 1,
        pixels: 1,
        run: dense,
    }],
    depthwise: DepthwiseKernel {
        pack: pack_depthwise,
        run: depthwise,
    },
    sliding: None,
    quantise: native::KERNELS.quantise,
    colours: native::KERNELS.colours,
    add: native::KERNELS.add,
    max_pool,
};

/// # Safety
/// See [`DenseKernel`](super::DenseKernel).
unsafe fn dense(t: &DenseTile) {
    // SAFETY: the caller's promise.
    unsafe { t.by(1, |tile| pixel(tile), &[]) };
}

/// One pixel × sixteen channels. `q8` … `q15` hold two sums for each channel.
///
/// # Safety
/// See [`DenseKernel`](super::DenseKernel).
unsafe fn pixel(t: &DenseTile) {
    // SAFETY: the caller's promise about every field; reads taps and panels, writes the sums.
    unsafe {
        asm!(
            ".fpu neon",
            "vmov.i8 q1, #0x80",
            "vmov.i32 q8, #0", "vmov.i32 q9, #0", "vmov.i32 q10, #0", "vmov.i32 q11, #0",
            "vmov.i32 q12, #0", "vmov.i32 q13, #0", "vmov.i32 q14, #0", "vmov.i32 q15, #0",
            "2:",
            "ldr {tap}, [{taps}], #4",
            "add {tap}, {tap}, {start}",
            "subs {left}, {depth}, #2",
            "blo 4f",
            // Two lines: four bytes and the next four.
            "3:",
            "vld1.32 {{d0[]}}, [{tap}]!",
            "vld1.32 {{d1[]}}, [{tap}]!",
            "add {second}, {line}, #64",
            "veor q0, q0, q1",
            "vld1.8 {{d4-d7}}, [{line}]!",
            "vld1.8 {{d8-d11}}, [{second}]!",
            "vmull.s8 q6, d0, d4", "vmull.s8 q7, d0, d5",
            "vmlal.s8 q6, d1, d8", "vmlal.s8 q7, d1, d9",
            "vpadal.s16 q8, q6", "vpadal.s16 q9, q7",
            "vmull.s8 q6, d0, d6", "vmull.s8 q7, d0, d7",
            "vmlal.s8 q6, d1, d10", "vmlal.s8 q7, d1, d11",
            "vld1.8 {{d4-d7}}, [{line}]",
            "vpadal.s16 q10, q6", "vpadal.s16 q11, q7",
            "vld1.8 {{d8-d11}}, [{second}]!",
            "vmull.s8 q6, d0, d4", "vmull.s8 q7, d0, d5",
            "vmlal.s8 q6, d1, d8", "vmlal.s8 q7, d1, d9",
            "vpadal.s16 q12, q6", "vpadal.s16 q13, q7",
            "vmull.s8 q6, d0, d6", "vmull.s8 q7, d0, d7",
            "vmlal.s8 q6, d1, d10", "vmlal.s8 q7, d1, d11",
            "mov {line}, {second}",
            "vpadal.s16 q14, q6", "vpadal.s16 q15, q7",
            "subs {left}, {left}, #2",
            "bhs 3b",
            "4:",
            "adds {left}, {left}, #2",
            "beq 5f",
            "vld1.32 {{d0[]}}, [{tap}]",
            "veor d0, d0, d2",
            "vld1.8 {{d4-d7}}, [{line}]!",
            "vld1.8 {{d8-d11}}, [{line}]!",
            "vmull.s8 q6, d0, d4", "vmull.s8 q7, d0, d5",
            "vpadal.s16 q8, q6", "vpadal.s16 q9, q7",
            "vmull.s8 q6, d0, d6", "vmull.s8 q7, d0, d7",
            "vpadal.s16 q10, q6", "vpadal.s16 q11, q7",
            "vmull.s8 q6, d0, d8", "vmull.s8 q7, d0, d9",
            "vpadal.s16 q12, q6", "vpadal.s16 q13, q7",
            "vmull.s8 q6, d0, d10", "vmull.s8 q7, d0, d11",
            "vpadal.s16 q14, q6", "vpadal.s16 q15, q7",
            "5:",
            "subs {rows}, {rows}, #1",
            "bne 2b",
            "vpadd.i32 d16, d16, d17", "vpadd.i32 d17, d18, d19",
            "vpadd.i32 d18, d20, d21", "vpadd.i32 d19, d22, d23",
            "vpadd.i32 d20, d24, d25", "vpadd.i32 d21, d26, d27",
            "vpadd.i32 d22, d28, d29", "vpadd.i32 d23, d30, d31",
            "vstmia {sums}, {{d16-d23}}",
            taps = inout(reg) t.taps => _,
            rows = inout(reg) t.rows => _,
            depth = in(reg) t.depth,
            line = inout(reg) t.panels => _,
            sums = in(reg) t.sums,
            start = in(reg) t.first * t.step,
            tap = out(reg) _,
            left = out(reg) _,
            second = out(reg) _,
            out("d0") _, out("d1") _, out("d2") _, out("d3") _, out("d4") _, out("d5") _,
            out("d6") _, out("d7") _, out("d8") _, out("d9") _, out("d10") _, out("d11") _,
            out("d12") _, out("d13") _, out("d14") _, out("d15") _, out("d16") _, out("d17") _,
            out("d18") _, out("d19") _, out("d20") _, out("d21") _, out("d22") _, out("d23") _,
            out("d24") _, out("d25") _, out("d26") _, out("d27") _, out("d28") _, out("d29") _,
            out("d30") _, out("d31") _,
            options(nostack),
        );
        t.epilogue
            .run(&t.written(1), requantise, native::dequantise);
    }
}

/// # Safety
/// As for [`DenseKernel`](super::DenseKernel).
unsafe fn depthwise(t: &DepthwiseTile) {
    for v in 0..t.vectors {
        for p in 0..t.pixels {
            // SAFETY: the caller's promise about every field; reads the table of cells, the pixels in
            // it and the weights, writes the sums.
            unsafe {
                asm!(
                    ".fpu neon",
                    "vmov.i8 q3, #0x80",
                    "vmov.i32 q8, #0", "vmov.i32 q9, #0", "vmov.i32 q10, #0", "vmov.i32 q11, #0",
                    "2:",
                    "ldr {a}, [{cells}], #4",
                    "ldr {b}, [{cells}], #4",
                    "add {a}, {a}, {channel}",
                    "add {b}, {b}, {channel}",
                    "vld1.8 {{d0-d1}}, [{a}]",
                    "vld1.8 {{d2-d3}}, [{b}]",
                    "vld1.8 {{d24-d27}}, [{weights}]!",
                    "subs {count}, {count}, #2",
                    "veor q0, q0, q3",
                    "veor q1, q1, q3",
                    "vmull.s8 q4, d0, d24", "vmull.s8 q5, d1, d25",
                    "vmlal.s8 q4, d2, d26", "vmlal.s8 q5, d3, d27",
                    "vaddw.s16 q8, q8, d8", "vaddw.s16 q9, q9, d9",
                    "vaddw.s16 q10, q10, d10", "vaddw.s16 q11, q11, d11",
                    "bne 2b",
                    "vstmia {sums}, {{d16-d23}}",
                    a = out(reg) _,
                    b = out(reg) _,
                    cells = inout(reg) t.cells => _,
                    channel = in(reg) p * t.step + v * LANES,
                    weights = inout(reg) t.weights.add(v * (t.count / 4)) => _,
                    count = inout(reg) t.count => _,
                    sums = in(reg) t.sums.add((p * t.vectors + v) * LANES),
                    out("d0") _, out("d1") _, out("d2") _, out("d3") _, out("d6") _, out("d7") _,
                    out("d8") _, out("d9") _, out("d10") _, out("d11") _, out("d16") _,
                    out("d17") _, out("d18") _, out("d19") _, out("d20") _, out("d21") _,
                    out("d22") _, out("d23") _, out("d24") _, out("d25") _, out("d26") _,
                    out("d27") _,
                    options(nostack),
                );
            }
        }
    }
    // SAFETY: all sums were just written; the caller's promise about what the epilogue writes.
    unsafe { t.epilogue.run(&t.written(), requantise, native::dequantise) };
}

/// # Safety
/// As for [`native::requantise`].
unsafe fn requantise(t: &RequantTile, sums: &Sums) {
    for p in 0..sums.pixels {
        // SAFETY: the caller's promise.
        unsafe { requantise_pixel(t, sums, p) };
    }
}

/// One pixel, eight channels a step.
///
/// # Safety
/// As for [`requantise`].
unsafe fn requantise_pixel(t: &RequantTile, sums: &Sums, p: usize) {
    /// Rounds as the portable code does.
    const SHIFT: f32 = 12_582_912.0;
    let place = sums.first + p;
    let constants = [
        t.low.to_bits(),
        t.high.to_bits(),
        t.zero_point as u32,
        t.residual_zero_point as u32,
        t.residual_factor.to_bits(),
        SHIFT.to_bits(),
    ];
    let residual = if t.residual.is_null() {
        t.residual
    } else {
        t.residual.wrapping_add(place * t.residual_step)
    };
    // SAFETY: the caller's promise about every field; reads sums, bias, factors, and slopes and
    // residual where they are not null, writes the output.
    unsafe {
        asm!(
            ".fpu neon",
            "vld1.32 {{d20[], d21[]}}, [{constants}]!",
            "vld1.32 {{d22[], d23[]}}, [{constants}]!",
            "vld1.32 {{d24[], d25[]}}, [{constants}]!",
            "vld1.32 {{d26[], d27[]}}, [{constants}]!",
            "vld1.32 {{d28[], d29[]}}, [{constants}]!",
            "vld1.32 {{d30[], d31[]}}, [{constants}]",
            "vmov.i32 q9, #0",
            "2:",
            "vld1.32 {{d0-d3}}, [{sums}]!",
            "vld1.32 {{d4-d7}}, [{bias}]!",
            "vadd.i32 q0, q0, q2", "vadd.i32 q1, q1, q3",
            "vld1.32 {{d4-d7}}, [{factors}]!",
            "vcvt.f32.s32 q0, q0", "vcvt.f32.s32 q1, q1",
            "cmp {residual}, #0",
            "vmul.f32 q0, q0, q2", "vmul.f32 q1, q1, q3",
            "beq 3f",
            "vld1.8 {{d8}}, [{residual}]!",
            "vmovl.u8 q4, d8",
            "vmovl.u16 q5, d9", "vmovl.u16 q4, d8",
            "vsub.i32 q4, q4, q13", "vsub.i32 q5, q5, q13",
            "vcvt.f32.s32 q4, q4", "vcvt.f32.s32 q5, q5",
            "vmul.f32 q4, q4, q14", "vmul.f32 q5, q5, q14",
            "vadd.f32 q0, q0, q4", "vadd.f32 q1, q1, q5",
            "3:",
            "cmp {slopes}, #0",
            "beq 4f",
            "vld1.32 {{d4-d7}}, [{slopes}]!",
            "vmin.f32 q4, q0, q9", "vmin.f32 q5, q1, q9",
            "vmax.f32 q0, q0, q9", "vmax.f32 q1, q1, q9",
            "vmul.f32 q4, q4, q2", "vmul.f32 q5, q5, q3",
            "vadd.f32 q0, q0, q4", "vadd.f32 q1, q1, q5",
            "4:",
            "subs {steps}, {steps}, #1",
            "vmax.f32 q0, q0, q10", "vmax.f32 q1, q1, q10",
            "vmin.f32 q0, q0, q11", "vmin.f32 q1, q1, q11",
            "vadd.f32 q0, q0, q15", "vadd.f32 q1, q1, q15",
            "vsub.i32 q0, q0, q15", "vsub.i32 q1, q1, q15",
            "vadd.i32 q0, q0, q12", "vadd.i32 q1, q1, q12",
            "vmovn.i32 d0, q0", "vmovn.i32 d1, q1",
            "vmovn.i16 d0, q0",
            "vst1.8 {{d0}}, [{output}]!",
            "bne 2b",
            constants = inout(reg) constants.as_ptr() => _,
            sums = inout(reg) sums.at.add(p * sums.vectors * LANES) => _,
            bias = inout(reg) t.bias => _,
            factors = inout(reg) t.factors => _,
            slopes = inout(reg) t.slopes => _,
            residual = inout(reg) residual => _,
            output = inout(reg) t.output.add(place * t.output_step) => _,
            steps = inout(reg) sums.vectors * LANES / 8 => _,
            out("d0") _, out("d1") _, out("d2") _, out("d3") _, out("d4") _, out("d5") _,
            out("d6") _, out("d7") _, out("d8") _, out("d9") _, out("d10") _, out("d11") _,
            out("d18") _, out("d19") _, out("d20") _, out("d21") _, out("d22") _,
            out("d23") _, out("d24") _, out("d25") _, out("d26") _, out("d27") _,
            out("d28") _, out("d29") _, out("d30") _, out("d31") _,
            options(nostack),
        );
    }
}

fn max_pool(output: &mut [u8], windows: &PoolWindows) {
    let pixel = windows.pixel;
    for (x, output) in output.chunks_exact_mut(pixel).enumerate() {
        for row in windows.rows {
            for column in 0..windows.columns {
                max(output, &row[windows.cell(x, column)..][..pixel]);
            }
        }
    }
}

/// The larger of two bytes each.
fn max(most: &mut [u8], values: &[u8]) {
    assert_eq!(most.len(), values.len());
    let steps = most.len() / 16;
    if steps > 0 {
        // SAFETY: the table was had only where NEON is; `steps` steps fit both slices.
        unsafe {
            asm!(
                ".fpu neon",
                "2:",
                "vld1.8 {{d0-d1}}, [{most}]",
                "vld1.8 {{d2-d3}}, [{values}]!",
                "subs {steps}, {steps}, #1",
                "vmax.u8 q0, q0, q1",
                "vst1.8 {{d0-d1}}, [{most}]!",
                "bne 2b",
                most = inout(reg) most.as_mut_ptr() => _,
                values = inout(reg) values.as_ptr() => _,
                steps = inout(reg) steps => _,
                out("d0") _, out("d1") _, out("d2") _, out("d3") _,
                options(nostack),
            );
        }
    }
    let done = steps * 16;
    for (most, value) in most[done..].iter_mut().zip(&values[done..]) {
        *most = (*most).max(*value);
    }
}
