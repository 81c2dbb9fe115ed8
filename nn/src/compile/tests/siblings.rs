//! Heads that read the same picture, apart and together.

use super::model::{Model, Value};
use super::noise;
use super::operators::agrees;
use crate::plan::{ConvolutionKind, Operation, Plan};

/// A head: 1 × 1 from 8 channels to `channels`, 3 × 3 channel by channel, perhaps a function of each value.
fn head(model: Model, number: usize, channels: usize, function: Option<&str>) -> Model {
    let name = |what: &str| format!("{what}{number}");
    let (dense, depthwise) = (name("a"), name("b"));
    let (seed, outer) = (number as u64, channels as i64);
    let shape = [1, channels, 6, 6];
    let model = model
        .floats(&name("w"), &[channels, 8, 1, 1], noise(seed, channels * 8))
        .floats(
            &name("v"),
            &[channels, 1, 3, 3],
            noise(seed + 50, channels * 9),
        )
        .floats(&name("c"), &[channels], noise(seed + 90, channels))
        .node("Conv", &["x", &name("w"), &name("c")], &dense, &[])
        .node(
            "Conv",
            &[&dense, &name("v")],
            &depthwise,
            &[
                ("pads", Value::Ints(&[1, 1, 1, 1])),
                ("group", Value::Int(outer)),
            ],
        );
    match function {
        Some(operator) => {
            let output = name("y");
            model
                .node(operator, &[&depthwise], &output, &[])
                .output(&output, &shape)
        }
        None => model.output(&depthwise, &shape),
    }
}

/// Dense and depthwise convolutions, and how often channels are taken.
fn counts(plan: &Plan) -> [usize; 3] {
    let mut counts = [0; 3];
    for operation in &plan.operations {
        match operation {
            Operation::Convolution(convolution) if convolution.kind == ConvolutionKind::Dense => {
                counts[0] += 1;
            }
            Operation::Convolution(_) => counts[1] += 1,
            Operation::Take { .. } => counts[2] += 1,
            _ => {}
        }
    }
    counts
}

#[test]
fn narrow_heads_become_one_and_compute_the_same() {
    let mut model = Model::new(13, &[1, 8, 6, 6]);
    let heads = [
        (1, Some("Sigmoid")),
        (20, None),
        (4, None),
        (10, Some("Relu")),
        (1, None),
    ];
    for (number, (channels, function)) in heads.into_iter().enumerate() {
        model = head(model, number, channels, function);
    }
    // Those of 1, 4, 10 and 1 channels; the one of 20 fills a vector.
    assert_eq!(counts(&agrees(&model)), [2, 2, 4]);
}

#[test]
fn heads_that_need_as_many_vectors_together_stay_apart() {
    let model = head(Model::new(13, &[1, 8, 6, 6]), 0, 12, None);
    let model = head(model, 1, 14, None);
    assert_eq!(counts(&agrees(&model)), [2, 2, 0]);
}

#[test]
fn a_head_that_something_else_reads_stays_as_it_is() {
    let mut model = Model::new(13, &[1, 8, 6, 6]);
    for number in 0..3 {
        model = head(model, number, 2, None);
    }
    // The dense convolution of the second is an output, too.
    let model = model.output("a1", &[1, 2, 6, 6]);
    assert_eq!(counts(&agrees(&model)), [2, 2, 2]);
}
