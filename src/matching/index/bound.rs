//! Embeddings quantised to 8 bits a value, each code stored as two nibbles of 4 bits, and what each
//! nibble proves about a cosine.
//!
//! A nibble `n` stands for an odd number, `2n - 15`. A row `x` is stored with a scale `s` as
//!
//! ```text
//! x = s·16·H + r'            high nibbles: what a scan reads
//! x = s·(16·H + 2·L) + r     with low nibbles: what is read of rows that high nibbles do not exclude
//! ```
//!
//! so that the products of the nibbles add up. High nibbles cover nine tenths of the largest value,
//! which makes their steps finer for all the others; `L` counts double to cover the rest of the
//! largest. (For normal values, 128 to 1,024 a row, no other choice of tenths makes `‖r'‖` smaller
//! by more than a few percent.)
//!
//! A probe is quantised to int8 likewise: `p = t·u + w`. For `q = 16·H + 2·L` and for `q = 16·H`
//!
//! ```text
//! p·x  =  p·r + p·(s·q)  =  p·r + w·(s·q) + s·t·(u·q)
//! ```
//!
//! and by Cauchy and Schwarz the first two terms lie within `‖p‖·‖r‖` and `‖w‖·‖s·q‖`. The
//! integer product `u·q` is what the kernels compute; the bounds are
//!
//! ```text
//! s·t·(u·q) ± ‖p‖·ρ ± (‖w‖·ν + slack)      ρ ≥ ‖r‖,  ν ≥ ‖x‖ + ‖r‖ ≥ ‖s·q‖
//! ```
//!
//! with each row's own `ρ` for high nibbles, where a slightly smaller bound excludes many more rows,
//! and the largest of a chunk otherwise: `ν`, and `‖r‖/s`, which hardly differs between rows. At 512
//! values the bounds lie about 0.12 from the cosine for high nibbles, which is less than what
//! separates most strangers from the best, and 0.03 for both.
//!
//! `slack` covers the arithmetic: six roundings to `f32` of values below 1.3, that of the cosine
//! itself, and those of residuals and their lengths are less than 1.4e-6 together.

use super::limits::NORM_TOLERANCE;
use crate::matching::kernels::{Cutoff, GROUP, Kernels, NIBBLE_ZERO, ProbeCodes, WIDTH};

/// The largest code of a probe.
const LIMIT: f32 = 127.0;

/// What one step of a nibble counts in its row's scale.
const HIGH: i32 = 16;
const LOW: i32 = 2;

/// The share of the largest value that high nibbles cover.
const COVERED: f32 = 0.9;

/// What the arithmetic itself may add: see the top of this file.
const SLACK: f32 = 2e-6;

/// Sums that grow side by side, so that none waits for the one before.
const LANES: usize = 8;

/// Added to a value below 2^22 in `f32`, it leaves the value rounded to a whole number in the low
/// bits, on every processor and without a call.
const ROUND: f32 = 12_582_912.0;

/// A row's scale, and how far its high nibbles lie from it at most: `s` and `‖r'‖`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct RowScale {
    pub(super) scale: f32,
    pub(super) high_residual: f32,
}

/// How far the codes of a chunk's rows lie from their values at most: the largest `‖r'‖`, `‖r‖/s` and `‖r‖`.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct ErrorBounds {
    high_residual: f32,
    ratio: f32,
    residual: f32,
}

impl ErrorBounds {
    /// The larger of both.
    pub(super) fn include(&mut self, other: Self) {
        self.high_residual = self.high_residual.max(other.high_residual);
        self.ratio = self.ratio.max(other.ratio);
        self.residual = self.residual.max(other.residual);
    }
}

/// Quantises `values`, a row of length 1: writes its nibbles, and returns its scale and how far
/// they lie from it. The rest of the last group becomes padding, which the zeros of a probe's codes
/// cancel.
pub(super) fn quantise(values: &[f32], high: &mut [u8], low: &mut [u8]) -> (RowScale, ErrorBounds) {
    let scale = COVERED * largest(values) / (HIGH * (NIBBLE_ZERO + 1)) as f32;
    let (coarse, fine) = (Step::new(scale, HIGH), Step::new(scale, LOW));
    let (mut left, mut rest) = (0.0, 0.0);
    let nibbles = high.chunks_mut(WIDTH).zip(low.chunks_mut(WIDTH));
    for (values, (high, low)) in values.chunks(GROUP).zip(nibbles) {
        let mut over = [0.0; GROUP];
        over[..values.len()].copy_from_slice(values);
        pack(&coarse.take(&mut over), high);
        left += squares(&over[..values.len()]);
        pack(&fine.take(&mut over), low);
        rest += squares(&over[..values.len()]);
    }
    let (high_residual, residual) = (above(left.sqrt()), above(rest.sqrt()));
    let bounds = ErrorBounds {
        high_residual,
        ratio: (residual / scale).next_up(),
        residual,
    };
    (
        RowScale {
            scale,
            high_residual,
        },
        bounds,
    )
}

/// What one in the odd number of a nibble counts.
struct Step {
    size: f32,
    inverse: f32,
}

impl Step {
    fn new(scale: f32, count: i32) -> Self {
        let size = scale * count as f32;
        let inverse = size.recip();
        Self { size, inverse }
    }

    /// The nibbles whose numbers are nearest to the values. Each value is replaced by its residual.
    fn take(&self, values: &mut [f32; GROUP]) -> [u8; GROUP] {
        let zero = NIBBLE_ZERO as f32;
        let mut nibbles = [0; GROUP];
        for (value, nibble) in values.iter_mut().zip(&mut nibbles) {
            let step = (*value * self.inverse + zero) * 0.5;
            let moved = step.max(0.0).min(zero) + ROUND;
            *nibble = (moved.to_bits() - ROUND.to_bits()) as u8;
            *value -= self.size * (2.0 * (moved - ROUND) - zero);
        }
        nibbles
    }
}

/// The sum of the squares of up to [`GROUP`] values, a few units of the 22nd bit from the true one.
fn squares(values: &[f32]) -> f64 {
    let mut sums = [0.0; LANES];
    for values in values.chunks(LANES) {
        for (sum, value) in sums.iter_mut().zip(values) {
            *sum += value * value;
        }
    }
    sums.iter().map(|&sum| f64::from(sum)).sum()
}

/// Puts the nibbles of a group into bytes, as kernels take them.
fn pack(nibbles: &[u8; GROUP], bytes: &mut [u8]) {
    let (first, second) = nibbles.split_at(WIDTH);
    for (byte, (first, second)) in bytes.iter_mut().zip(first.iter().zip(second)) {
        *byte = first | second << 4;
    }
}

/// The product of a row's nibbles with a probe's codes, in the row's scale.
pub(super) fn joined(high: i32, low: i32) -> i32 {
    HIGH * high + LOW * low
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
        let codes: Vec<i32> = values.iter().map(|&value| rounded(value / scale)).collect();
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

    /// Rows of a chunk whose high nibbles lie below this cutoff have cosines below `least`.
    pub(super) fn cutoff(&self, bounds: ErrorBounds, least: f32) -> Cutoff {
        let least = if least > -1.0 {
            least - self.margin(bounds.high_residual)
        } else {
            f32::NEG_INFINITY
        };
        Cutoff {
            gain: self.scale * HIGH as f32,
            length: self.length,
            least,
        }
    }

    /// What both nibbles of a chunk's rows prove.
    pub(super) fn ceiling(&self, bounds: ErrorBounds) -> Ceiling {
        Ceiling {
            gain: self.scale,
            lift: self.length * bounds.ratio,
            margin: self.margin(bounds.residual),
        }
    }

    /// `‖w‖·ν + slack` for rows that codes lie so far from.
    fn margin(&self, residual: f32) -> f32 {
        self.residual * (above(1.0 + NORM_TOLERANCE) + residual) + SLACK
    }
}

/// From a product of both nibbles to the most that a cosine can be.
#[derive(Clone, Copy, Debug)]
pub(super) struct Ceiling {
    gain: f32,
    lift: f32,
    margin: f32,
}

impl Ceiling {
    /// The cosine is not above this.
    pub(super) fn upper(&self, scale: f32, product: i32) -> f32 {
        (scale * (self.gain * product as f32 + self.lift) + self.margin).max(-1.0)
    }

    /// About the cosine.
    pub(super) fn likely(&self, scale: f32, product: i32) -> f32 {
        scale * self.gain * product as f32
    }
}

fn largest(values: &[f32]) -> f32 {
    values.iter().fold(0.0, |most, value| most.max(value.abs()))
}

/// The whole number nearest to a value below 2^22.
fn rounded(value: f32) -> i32 {
    (value + ROUND).to_bits() as i32 - ROUND.to_bits() as i32
}

/// A bound in `f32` that is not below the one in `f64`.
fn above(bound: f64) -> f32 {
    (bound as f32).next_up()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::matching::kernels::native;
    use proptest::prelude::*;
    use vultus_nn::cpu::CpuPath;

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

    /// A quantised row.
    fn stored(values: &[f32], stride: usize) -> (Vec<u8>, Vec<u8>, RowScale, ErrorBounds) {
        let (mut high, mut low) = (vec![0; stride], vec![0; stride]);
        let (coded, bounds) = quantise(values, &mut high, &mut low);
        (high, low, coded, bounds)
    }

    proptest! {
        #[test]
        fn the_cosine_lies_within_the_bounds(
            (p, x) in (1_usize..300).prop_flat_map(|d| (direction(d), direction(d))),
        ) {
            let kernels = Kernels::new(CpuPath::Native);
            let probe = Probe::new(kernels, &p);
            let (high, low, RowScale { scale, high_residual }, bounds) = stored(&x, probe.codes.stride());
            let cosine = (kernels.exact(&p, &x) as f32).clamp(-1.0, 1.0);
            let product = native::product(&high, &probe.codes);

            // A row that the cutoff excludes is below it, and one well below it is excluded.
            let seen = |least| probe.cutoff(bounds, least).is_reached(scale, high_residual, product);
            prop_assert!(seen(cosine), "{cosine} is missed");
            let step = |largest: f32, levels: f32| (p.len() as f32).sqrt() * largest / levels;
            let probe_step = step(largest(&p), LIMIT);
            let most = 2.0 * high_residual + (1.01 + high_residual) * probe_step + 4.0 * SLACK;
            prop_assert!(cosine + most > 1.0 || !seen(cosine + most), "{cosine} is seen");

            let product = joined(product, native::product(&low, &probe.codes));
            let upper = probe.ceiling(bounds).upper(scale, product);
            prop_assert!(cosine <= upper, "{cosine} {upper}");
            // The bound is of use too: at most what nibbles leave of the largest value, on both sides.
            let most = step(30.0 * scale, 1.0) + (1.01 + bounds.residual) * probe_step;
            prop_assert!(upper - cosine <= most + 4.0 * SLACK, "{cosine} {upper} {most}");
        }
    }

    /// All pairs of 240 directions of the plane: among them are those whose residuals point the same way, where bounds are as
    /// tight as they get. Without the margin one pair in a hundred breaks them, which random pairs of many values never do.
    #[test]
    fn the_bounds_hold_where_all_residuals_add_up() {
        let kernels = Kernels::new(CpuPath::Native);
        let count = 240;
        let turned = |n: usize| (n as f32 + 0.13) / count as f32 * std::f32::consts::TAU;
        let directions: Vec<Vec<f32>> = (0..count)
            .map(|n| vec![turned(n).cos(), turned(n).sin()])
            .collect();
        let stride = Probe::new(kernels, &directions[0]).codes.stride();
        let rows: Vec<_> = directions.iter().map(|x| stored(x, stride)).collect();
        let (mut needed_to_see, mut needed_above) = (0, 0);
        for p in &directions {
            let probe = Probe::new(kernels, p);
            let exact = Probe {
                residual: 0.0,
                ..probe.clone()
            };
            for (x, (high, low, row, bounds)) in directions.iter().zip(&rows) {
                let cosine = (kernels.exact(p, x) as f32).clamp(-1.0, 1.0);
                let product = native::product(high, &probe.codes);
                let seen = |probe: &Probe| {
                    let cutoff = probe.cutoff(*bounds, cosine);
                    cutoff.is_reached(row.scale, row.high_residual, product)
                };
                assert!(seen(&probe), "{p:?} misses {x:?}");
                needed_to_see += usize::from(!seen(&exact));

                let product = joined(product, native::product(low, &probe.codes));
                let upper = |probe: &Probe| probe.ceiling(*bounds).upper(row.scale, product);
                assert!(cosine <= upper(&probe), "{p:?} {x:?}");
                needed_above += usize::from(cosine > upper(&exact));
            }
        }
        assert!(
            needed_to_see > 100 && needed_above > 100,
            "{needed_to_see} {needed_above}"
        );
    }

    #[test]
    fn nibbles_are_the_nearest_and_cover_the_largest_value() {
        let values = [1.0, -1.0, 0.5, -0.01, 0.01];
        let (
            high,
            low,
            RowScale {
                scale,
                high_residual,
            },
            bounds,
        ) = stored(&values, WIDTH);
        assert_eq!(scale, 0.9 / 256.0);
        let number = |byte: u8| 2 * i32::from(byte & 15) - NIBBLE_ZERO;
        let coded: Vec<i32> = (0..values.len())
            .map(|at| joined(number(high[at]), number(low[at])))
            .collect();
        assert_eq!(coded, [270, -270, 142, -2, 2]);
        let left: f32 = [
            1.0 - 240.0 * scale,
            1.0 - 240.0 * scale,
            0.5 - 144.0 * scale,
        ]
        .iter()
        .chain(&[0.01 - 16.0 * scale; 2])
        .map(|left| left * left)
        .sum();
        assert!(
            (high_residual - left.sqrt()).abs() < 1e-6,
            "{high_residual}"
        );
        assert!(
            bounds.high_residual == high_residual && bounds.residual < 0.11,
            "{bounds:?}"
        );
    }
}
