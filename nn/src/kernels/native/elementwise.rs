//! Value by value. The bodies are inlined into the other instruction sets, whose compiler flags make
//! wider vectors of them.

use crate::kernels::Curve;

#[inline(always)]
pub(in crate::kernels) fn add(output: &mut [f32], left: &[f32], right: &[f32]) {
    for ((output, left), right) in output.iter_mut().zip(left).zip(right) {
        *output = left + right;
    }
}

#[inline(always)]
pub(in crate::kernels) fn scale(output: &mut [f32], input: &[f32], by: &[f32]) {
    let pixels = output
        .chunks_exact_mut(by.len())
        .zip(input.chunks_exact(by.len()));
    for (output, input) in pixels {
        for ((output, input), by) in output.iter_mut().zip(input).zip(by) {
            *output = input * by;
        }
    }
}

#[inline(always)]
pub(in crate::kernels) fn clip(values: &mut [f32], low: f32, high: f32) {
    for value in values {
        *value = value.max(low).min(high);
    }
}

#[inline(always)]
pub(in crate::kernels) fn prelu(values: &mut [f32], slopes: &[f32]) {
    for pixel in values.chunks_exact_mut(slopes.len()) {
        for (value, slope) in pixel.iter_mut().zip(slopes) {
            *value = value.max(0.0) + slope * value.min(0.0);
        }
    }
}

#[inline(always)]
pub(in crate::kernels) fn curve(values: &mut [f32], curve: Curve) {
    match curve {
        Curve::Sigmoid => values.iter_mut().for_each(|value| *value = sigmoid(*value)),
        Curve::Swish => values
            .iter_mut()
            .for_each(|value| *value *= sigmoid(*value)),
    }
}

/// The logistic function with an exponential of our own: the same bits on every machine, and plain
/// arithmetic, of which the compiler makes vectors.
#[inline(always)]
fn sigmoid(x: f32) -> f32 {
    1.0 / (1.0 + exp(-x))
}

/// `exp(x)` by `2^n · e^r`, `|r| ≤ ln 2 / 2`, with the polynomial of Cephes' `expf` (relative error
/// below 2e-7). Outside ±87 the nearest of its values.
#[inline(always)]
fn exp(x: f32) -> f32 {
    // Adding and taking away 1.5 · 2^23 rounds to a whole number.
    const ROUND: f32 = 12_582_912.0;
    let x = x.clamp(-87.0, 87.0);
    let shifted = x * std::f32::consts::LOG2_E + ROUND;
    let n = shifted - ROUND;
    // ln 2 in two parts, so that the difference keeps its last bits.
    let r = (x - n * 0.693_359_4) - n * -2.121_944_4e-4;
    let mut y = 1.987_569_2e-4;
    for factor in [
        1.398_2e-3,
        8.333_452e-3,
        4.166_579_6e-2,
        1.666_666_6e-1,
        0.5,
    ] {
        y = y * r + factor;
    }
    let y = y * r * r + r + 1.0;
    // The last bits of `shifted` are n in two's complement; 127 + n is a normal number's exponent.
    let power = f32::from_bits((shifted.to_bits() << 23).wrapping_add(127 << 23));
    y * power
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn exponential_is_exact_to_the_last_digits() {
        for step in -870..=870 {
            let x = step as f32 / 10.0;
            let exact = f64::from(x).exp();
            let error = (f64::from(exp(x)) - exact).abs() / exact;
            assert!(error < 3e-7, "exp({x}) is off by {error}");
        }
    }

    #[test]
    fn curves_saturate_without_overflow() {
        let mut values = [-1e30, -100.0, 0.0, 100.0, 1e30, f32::INFINITY];
        curve(&mut values, Curve::Sigmoid);
        assert!(values[..2].iter().all(|v| (0.0..1e-37).contains(v)));
        assert_eq!(values[2..], [0.5, 1.0, 1.0, 1.0]);
    }
}
