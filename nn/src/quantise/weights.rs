//! The int8 weights of a convolution.

use super::observe::Tensor;
use crate::plan::{Convolution, ConvolutionKind, MAX_PAIR, SCALES, Weights};

/// Scales that are tried for each channel, from twice the one that holds the largest weight down to
/// half of it.
const TRIALS: usize = 36;

/// A convolution's int8 weights, and its bias less what their errors add on average. `input` is what
/// it reads; `to` its output channels.
pub(super) fn quantise(
    convolution: &Convolution,
    weights: &[f32],
    input: &Tensor,
    to: usize,
) -> (Weights, Vec<f32>) {
    let paired = convolution.kind == ConvolutionKind::Dense;
    let from = input.means.len();
    let mut values = vec![0_i8; weights.len()];
    let mut scales = Vec::with_capacity(to);
    let mut bias = convolution.bias.clone();
    for (channel, bias) in bias.iter_mut().enumerate() {
        let column = |k: usize| k * to + channel;
        let own: Vec<f32> = (0..weights.len() / to)
            .map(|k| weights[column(k)])
            .collect();
        let read = |k: usize| if paired { k % from } else { channel };
        let error = |scale: f32, int8: &[i8]| -> f64 {
            let errors = own.iter().zip(int8).enumerate();
            errors
                .map(|(k, (&weight, &value))| {
                    let error = f64::from(value) * f64::from(scale) - f64::from(weight);
                    error * error * input.squares[read(k)]
                })
                .sum()
        };
        let (scale, int8) = best(&own, paired.then_some(from), error);
        let mut added = 0.0;
        for (k, &value) in int8.iter().enumerate() {
            values[column(k)] = value;
            let error = f64::from(value) * f64::from(scale) - f64::from(own[k]);
            added += error * input.means[read(k)];
        }
        *bias -= added as f32;
        scales.push(scale);
    }
    (Weights::Quantised { values, scales }, bias)
}

/// The scale with the least error, and the weights in its steps. `pairs` is the number of input channels where
/// neighbours are paired.
fn best(
    weights: &[f32],
    pairs: Option<usize>,
    error: impl Fn(f32, &[i8]) -> f64,
) -> (f32, Vec<i8>) {
    let most = weights.iter().fold(0.0_f32, |most, w| most.max(w.abs()));
    let full = (most / 127.0).clamp(*SCALES.start(), *SCALES.end());
    // Two equal weights of one sign need nearly twice the scale of one.
    let trials = (0..TRIALS).map(|trial| full * (2.0 - 1.5 * trial as f32 / TRIALS as f32));
    let trials = trials.map(|scale| scale.max(*SCALES.start()));
    let all = trials.chain([full]).map(|scale| {
        let int8 = rounded(weights, scale, pairs);
        (error(scale, &int8), scale, int8)
    });
    let best = all.min_by(|a, b| a.0.total_cmp(&b.0));
    let (_, scale, int8) = best.expect("there are trials");
    (scale, int8)
}

/// Weights in steps of a scale, pairs within [`MAX_PAIR`].
fn rounded(weights: &[f32], scale: f32, pairs: Option<usize>) -> Vec<i8> {
    let round = |weight: &f32| (weight / scale).round_ties_even().clamp(-127.0, 127.0) as i8;
    let mut int8: Vec<i8> = weights.iter().map(round).collect();
    let Some(from) = pairs else { return int8 };
    for cell in int8.chunks_exact_mut(from) {
        for pair in cell.chunks_exact_mut(2) {
            limit(pair);
        }
    }
    int8
}

/// Brings two weights of one sign within [`MAX_PAIR`], the larger first.
fn limit(pair: &mut [i8]) {
    loop {
        let [a, b] = [pair[0], pair[1]].map(i32::from);
        let sum = a + b;
        if (a > 0) != (b > 0) || sum.abs() <= MAX_PAIR {
            return;
        }
        let larger = usize::from(b.abs() > a.abs());
        pair[larger] -= sum.signum() as i8;
    }
}
