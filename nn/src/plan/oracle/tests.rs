//! The oracle itself, against values worked out by hand or taken from the ONNX standard.

use super::*;
use crate::plan::QuantParams;
use std::collections::BTreeMap;

fn plan(tensors: &[[u32; 3]], operations: Vec<Operation>, order: Order) -> Plan {
    let extent = |&[height, width, channels]: &[u32; 3]| Extent {
        height,
        width,
        channels,
    };
    let last = TensorId(tensors.len() as u32 - 1);
    Plan {
        input_order: Order::Planes,
        tensors: tensors.iter().map(extent).collect(),
        quant_params: BTreeMap::new(),
        operations,
        outputs: vec![PlanOutput {
            parts: vec![last],
            order,
            softmax: None,
        }],
    }
}

fn one(input: [u32; 3], output: [u32; 3], operation: Operation) -> Plan {
    plan(&[input, output], vec![operation], Order::Interleaved)
}

#[test]
fn a_window_that_leaves_the_picture_sees_zeros() {
    let operation = |kind, weights| {
        Operation::Convolution(Convolution {
            input: TensorId(0),
            output: TensorId(1),
            residual: Some(TensorId(0)),
            kind,
            window: Window {
                size: [2, 1],
                stride: [1, 1],
                before: [1, 0],
            },
            weights: Weights::Float(weights),
            bias: vec![0.5],
            activation: Activation::Prelu(vec![0.5]),
        })
    };
    for kind in [ConvolutionKind::Dense, ConvolutionKind::Depthwise] {
        // Rows 1, −8: 0·10 + 1·2 + 0.5 + 1, then half of 1·10 − 8·2 + 0.5 − 8.
        let plan = one([2, 1, 1], [2, 1, 1], operation(kind, vec![10.0, 2.0]));
        assert_eq!(run(&plan, &[1.0, -8.0]), [[3.5, -6.75]]);
    }
}

#[test]
fn pools_count_pixels_as_they_say() {
    let operation = |kind| {
        Operation::Pool(Pool {
            input: TensorId(0),
            output: TensorId(1),
            kind,
            window: Window {
                size: [1, 2],
                stride: [1, 2],
                before: [0, 1],
            },
        })
    };
    let pooled = |kind| {
        let plan = one([1, 3, 1], [1, 2, 1], operation(kind));
        run(&plan, &[-4.0, 2.0, 6.0])
    };
    assert_eq!(pooled(PoolKind::Max), [[-4.0, 6.0]]);
    assert_eq!(pooled(PoolKind::Average), [[-4.0, 4.0]]);
    assert_eq!(pooled(PoolKind::AverageWithBorder), [[-2.0, 4.0]]);
}

#[test]
fn enlarging_follows_the_examples_of_onnx() {
    let enlarged = |kind| {
        let operation = Operation::Resize(Resize {
            input: TensorId(0),
            output: TensorId(1),
            kind,
        });
        run(&one([2, 2, 1], [4, 4, 1], operation), &[1.0, 2.0, 3.0, 4.0]).remove(0)
    };
    assert_eq!(
        enlarged(ResizeKind::Nearest)[..8],
        [1.0, 1.0, 2.0, 2.0, 1.0, 1.0, 2.0, 2.0]
    );
    assert_eq!(
        enlarged(ResizeKind::BilinearCentres)[..8],
        [1.0, 1.25, 1.75, 2.0, 1.5, 1.75, 2.25, 2.5]
    );
    let corners = enlarged(ResizeKind::BilinearCorners);
    let expected = [1.0, 1.333_333_4, 1.666_666_6, 2.0, 1.666_666_6, 2.0];
    assert!(
        corners
            .iter()
            .zip(expected)
            .all(|(a, b)| (a - b).abs() < 1e-6),
        "{corners:?}"
    );
}

#[test]
fn a_sum_fills_what_either_lacks_with_zeros() {
    let half = TensorId(1);
    let operations = vec![
        Operation::Pool(Pool {
            input: TensorId(0),
            output: half,
            kind: PoolKind::Max,
            window: Window {
                size: [2, 1],
                stride: [2, 1],
                before: [0, 0],
            },
        }),
        Operation::Concat {
            inputs: vec![half, half],
            output: TensorId(2),
        },
        Operation::Add(Add {
            left: TensorId(0),
            right: TensorId(2),
            output: TensorId(3),
            activation: Activation::Clip {
                low: -1.0,
                high: 9.0,
            },
        }),
    ];
    let sizes = [[2, 1, 1], [1, 1, 1], [1, 1, 2], [2, 1, 2]];
    let sum = run(&plan(&sizes, operations, Order::Interleaved), &[5.0, -7.0]);
    // Row 0: 5 + 5, 0 + 5; row 1: −7 + 0, 0.
    assert_eq!(sum, [[9.0, 5.0, -1.0, 0.0]]);
}

#[test]
fn outputs_are_written_in_their_order() {
    let input: Vec<f32> = (0..8).map(|v| v as f32).collect();
    // Four channels of one row of two pixels; channel c holds 2c and 2c + 1.
    let written = |order| {
        let operation = Operation::Activate {
            input: TensorId(0),
            output: TensorId(1),
            activation: Activation::None,
        };
        run(
            &plan(&[[1, 2, 4], [1, 2, 4]], vec![operation], order),
            &input,
        )
        .remove(0)
    };
    assert_eq!(written(Order::Planes), input);
    assert_eq!(
        written(Order::Interleaved),
        [0.0, 2.0, 4.0, 6.0, 1.0, 3.0, 5.0, 7.0]
    );
    assert_eq!(
        written(Order::Blocks(2)),
        [0.0, 2.0, 1.0, 3.0, 4.0, 6.0, 5.0, 7.0]
    );
}

#[test]
fn a_mean_scales_and_a_softmax_sums_to_one() {
    let mean = TensorId(1);
    let operations = vec![
        Operation::GlobalAverage {
            input: TensorId(0),
            output: mean,
        },
        Operation::Scale(Scale {
            input: TensorId(0),
            by: mean,
            output: TensorId(2),
        }),
    ];
    let sizes = [[1, 2, 1], [1, 1, 1], [1, 2, 1]];
    let mut plan = plan(&sizes, operations, Order::Planes);
    assert_eq!(run(&plan, &[1.0, 3.0]), [[2.0, 6.0]]);
    plan.outputs[0].softmax = Some(2);
    let softmax = run(&plan, &[1.0, 3.0]).remove(0);
    let expected = 1.0 / (1.0 + 4.0_f32.exp());
    assert!((softmax[0] - expected).abs() < 1e-6, "{softmax:?}");
    assert!((softmax[0] + softmax[1] - 1.0).abs() < 1e-6);
}

#[test]
fn int8_tensors_stand_for_the_values_of_their_parameters() {
    let operations = vec![
        Operation::Convert {
            input: TensorId(0),
            output: TensorId(1),
        },
        Operation::Convolution(Convolution {
            input: TensorId(1),
            output: TensorId(2),
            residual: None,
            kind: ConvolutionKind::Dense,
            window: Window {
                size: [1, 1],
                stride: [1, 1],
                before: [0, 0],
            },
            weights: Weights::Quantised {
                values: vec![3, -2],
                scales: vec![0.5, 2.0],
            },
            bias: vec![0.25, 0.0],
            activation: Activation::None,
        }),
    ];
    let sizes = [[1, 1, 1], [1, 1, 1], [1, 1, 2]];
    let mut plan = plan(&sizes, operations, Order::Planes);
    let params = QuantParams {
        scale: 0.5,
        zero_point: 100,
    };
    plan.quant_params.insert(TensorId(1), params);
    // 3.2 goes to 3.0: 3.0·1.5 + 0.25 and 3.0·−4.
    assert_eq!(run(&plan, &[3.2]), [[4.75, -12.0]]);
}
