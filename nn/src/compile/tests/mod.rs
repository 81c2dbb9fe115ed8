mod model;
mod networks;
mod operators;
mod refusals;
mod siblings;

use super::source::Source;
use super::{CompileError, from_source};
use crate::plan::{Order, Plan, oracle};
use crate::{Network, Signature};
use model::Model;

/// Numbers between −1 and 1 from a linear congruential generator (Knuth's MMIX constants).
pub(super) fn noise(seed: u64, count: usize) -> Vec<f32> {
    let mut state = seed;
    let mut next = || {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (state >> 40) as f32 / (1 << 23) as f32 - 1.0
    };
    (0..count).map(|_| next()).collect()
}

/// The outputs of a network, flat.
fn reference(network: &dyn Network, input: &[f32], outputs: usize) -> Vec<Vec<f32>> {
    let mut runner = network.runner().expect("working memory");
    runner.input_mut().copy_from_slice(input);
    runner.run().expect("a run");
    let flat = |index| runner.output(index).iter().copied().collect();
    (0..outputs).map(flat).collect()
}

/// Largest difference over the largest value, where that is above 1; and the cosine.
fn distance(found: &[f32], expected: &[f32]) -> (f64, f64) {
    assert_eq!(found.len(), expected.len());
    let pairs = || {
        found
            .iter()
            .zip(expected)
            .map(|(&a, &b)| (f64::from(a), f64::from(b)))
    };
    let most = pairs().fold(1.0, |most: f64, (_, b)| most.max(b.abs()));
    let difference = pairs().fold(
        0.0,
        |d: f64, (a, b)| if (a - b).abs() <= d { d } else { (a - b).abs() },
    );
    let sum = |f: fn((f64, f64)) -> f64| pairs().map(f).sum::<f64>();
    let length = sum(|(a, _)| a * a).sqrt() * sum(|(_, b)| b * b).sqrt();
    let cosine = if length == 0.0 {
        1.0
    } else {
        sum(|(a, b)| a * b) / length
    };
    (difference / most, cosine)
}

fn compiled(model: &Model) -> Result<Plan, CompileError> {
    let source = Source::from_model(model.proto.clone())?;
    from_source(&source, &model.signature)
}

fn refused(model: &Model) -> String {
    compiled(model).expect_err("it is refused").to_string()
}
