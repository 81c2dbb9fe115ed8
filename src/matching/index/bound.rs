//! Codes of one byte a value, and what they prove about a cosine.
//!
//! A row `x` is stored as codes `q`, whole numbers `-127..=127`, and a scale `s`: `x = s·q + r`
//! with a residual `r` of at most `s/2` a value. A probe is `p = t·u + w` likewise. Then
//!
//! ```text
//! p·x  =  p·r + p·(s·q)  =  p·r + w·(s·q) + s·t·(u·q)
//! ```
//!
//! and by Cauchy and Schwarz the first two terms lie within `‖p‖·‖r‖` and `‖w‖·‖s·q‖`. The
//! integer product `u·q` is what the kernels compute; the bounds are
//!
//! ```text
//! s·(t·(u·q) ± ‖p‖·κ) ± (‖w‖·ν + slack)      κ ≥ ‖r‖/s,  ν ≥ ‖s·q‖
//! ```
//!
//! with `κ` and `ν` the largest of a chunk. `‖r‖/s` hardly differs between rows (it is near
//! `√(dimension/12)`, and at most `√dimension/2`), so a chunk's largest costs nothing and a scan
//! reads nothing but codes and scales. At 512 values both terms together are about 0.016.
//!
//! `slack` covers the arithmetic: six roundings to `f32` of values below 1.2, and that of the
//! cosine itself, are less than 6e-7 together.

use crate::matching::kernels::{CODE_ZERO, Kernels, Line, ProbeCodes};

/// The largest code.
const LIMIT: f32 = 127.0;

/// See the module's text.
const SLACK: f32 = 2e-6;

/// Sums that grow side by side, so that none waits for the one before.
const LANES: usize = 8;

/// Added to a value below 2^22 in `f32`, it leaves the value rounded to a whole number in the low
/// bits, on every processor and without a call.
const ROUND: f32 = 12_582_912.0;

/// What a scan has to know of the rows of a chunk: the largest `‖r‖/s` and `‖s·q‖`.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Worst {
    ratio: f32,
    length: f32,
}

impl Worst {
    /// The larger of both.
    pub(super) fn include(&mut self, other: Self) {
        self.ratio = self.ratio.max(other.ratio);
        self.length = self.length.max(other.length);
    }
}

/// Writes the stored codes of `values` and returns their scale and bounds. What is left of
/// `stored` becomes padding.
pub(super) fn encode(values: &[f32], stored: &mut [u8]) -> (f32, Worst) {
    let scale = largest(values) / LIMIT;
    let (mut residual, mut length) = ([0.0_f64; LANES], [0.0_f64; LANES]);
    for (values, stored) in values.chunks(LANES).zip(stored.chunks_mut(LANES)) {
        for (lane, (&value, stored)) in values.iter().zip(stored).enumerate() {
            let code = nearest(value, scale);
            let kept = f64::from(scale) * f64::from(code);
            residual[lane] += (f64::from(value) - kept).powi(2);
            length[lane] += kept.powi(2);
            *stored = (code + i32::from(CODE_ZERO)) as u8;
        }
    }
    stored[values.len()..].fill(CODE_ZERO);
    let root = |lanes: [f64; LANES]| lanes.iter().sum::<f64>().sqrt();
    let worst = Worst {
        ratio: above(root(residual) / f64::from(scale)),
        length: above(root(length)),
    };
    (scale, worst)
}

/// A probe, ready to be compared with codes.
#[derive(Clone, Debug)]
pub(super) struct Probe {
    pub(super) codes: ProbeCodes,
    /// `t`.
    scale: f32,
    /// `‖p‖`.
    length: f32,
    /// `‖w‖`.
    residual: f32,
}

impl Probe {
    pub(super) fn new(kernels: Kernels, values: &[f32]) -> Self {
        let scale = largest(values) / LIMIT;
        let codes: Vec<i32> = values.iter().map(|&value| nearest(value, scale)).collect();
        let residual: f64 = values
            .iter()
            .zip(&codes)
            .map(|(&value, &code)| (f64::from(value) - f64::from(scale) * f64::from(code)).powi(2))
            .sum();
        Self {
            codes: ProbeCodes::new(codes.into_iter().map(|code| code as i8).collect()),
            scale,
            length: above(kernels.exact(values, values).sqrt()),
            residual: above(residual.sqrt()),
        }
    }

    /// The bounds against rows of a chunk.
    pub(super) fn against(&self, worst: Worst) -> Bounds {
        Bounds {
            gain: self.scale,
            lift: self.length * worst.ratio,
            margin: self.residual * worst.length + SLACK,
        }
    }
}

/// From an integer product to an interval that holds the exact cosine, clamped to `-1..=1` as the
/// cosine is.
#[derive(Clone, Copy, Debug)]
pub(super) struct Bounds {
    gain: f32,
    lift: f32,
    margin: f32,
}

impl Bounds {
    /// Rows below this line have cosines below `least`.
    pub(super) fn line(&self, least: f32) -> Line {
        Line {
            gain: self.gain,
            lift: self.lift,
            least: if least > -1.0 {
                least - self.margin
            } else {
                f32::NEG_INFINITY
            },
        }
    }

    /// No more than this.
    pub(super) fn upper(&self, scale: f32, product: i32) -> f32 {
        (scale * (self.gain * product as f32 + self.lift) + self.margin).max(-1.0)
    }

    /// No less than this.
    pub(super) fn lower(&self, scale: f32, product: i32) -> f32 {
        (scale * (self.gain * product as f32 - self.lift) - self.margin).min(1.0)
    }
}

fn largest(values: &[f32]) -> f32 {
    values.iter().fold(0.0, |most, value| most.max(value.abs()))
}

/// The code nearest to a value; `-127..=127` for values up to 127 scales.
fn nearest(value: f32, scale: f32) -> i32 {
    (value / scale + ROUND).to_bits() as i32 - ROUND.to_bits() as i32
}

/// A bound in `f32` that is not below the one in `f64`.
fn above(bound: f64) -> f32 {
    (bound as f32).next_up()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cpu::CpuPath;
    use proptest::prelude::*;

    fn unit(values: &[f32]) -> Vec<f32> {
        let norm = values.iter().map(|v| v * v).sum::<f32>().sqrt();
        values.iter().map(|value| value / norm).collect()
    }

    /// Directions of every kind: even, with few large values, sparse.
    fn direction(dimension: usize) -> impl Strategy<Value = Vec<f32>> {
        let value = prop_oneof![
            4 => -1.0_f32..1.0,
            1 => -30.0_f32..30.0,
            1 => Just(0.0_f32),
        ];
        prop::collection::vec(value, dimension)
            .prop_filter("a direction", |v| v.iter().any(|v| v.abs() > 0.1))
            .prop_map(|v| unit(&v))
    }

    proptest! {
        #[test]
        fn the_cosine_lies_within_the_bounds(
            (p, x) in (1_usize..200).prop_flat_map(|d| (direction(d), direction(d))),
        ) {
            let kernels = Kernels::new(CpuPath::Native);
            let probe = Probe::new(kernels, &p);
            let mut stored = vec![0; probe.codes.stride()];
            let (scale, worst) = encode(&x, &mut stored);
            prop_assert!(stored.iter().all(|&code| code > 0));
            let product = kernels.product(&stored, &probe.codes);
            let bounds = probe.against(worst);
            let (lower, upper) = (bounds.lower(scale, product), bounds.upper(scale, product));
            let cosine = (kernels.exact(&p, &x) as f32).clamp(-1.0, 1.0);
            prop_assert!(lower <= cosine && cosine <= upper, "{lower} {cosine} {upper}");
            // Not vacuous either: half a step for each value on both sides is the most.
            let steps = (p.len() as f32).sqrt() * (scale + largest(&p) / LIMIT);
            prop_assert!(upper - lower <= 1.01 * steps + 4.0 * SLACK, "{lower} {upper} {steps}");
        }
    }

    #[test]
    fn codes_are_the_nearest_and_reach_the_limit() {
        let mut stored = [9; 64];
        let (scale, worst) = encode(&[1.0, -1.0, 0.5, -0.004, 0.003_9], &mut stored);
        assert_eq!(scale, 1.0 / 127.0);
        let codes: Vec<i32> = stored[..5]
            .iter()
            .map(|&code| i32::from(code) - 128)
            .collect();
        assert_eq!(codes, [127, -127, 64, -1, 0]);
        assert!(stored[5..].iter().all(|&code| code == CODE_ZERO));
        assert!(worst.ratio > 0.5 && worst.ratio < 1.2, "{worst:?}");
    }
}
