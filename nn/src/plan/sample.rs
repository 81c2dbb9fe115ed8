//! A small plan with every operation, for tests.

use super::{
    Activation, Add, Convolution, ConvolutionKind, Extent, Operation, Order, Plan, PlanOutput,
    Pool, PoolKind, QuantParams, Resize, ResizeKind, Scale, TensorId, Weights, Window,
};
use crate::{Signature, TensorSpec};
use std::collections::BTreeMap;

const fn id(id: u32) -> TensorId {
    TensorId(id)
}

fn window(size: u32, stride: u32, before: u32) -> Window {
    Window {
        size: [size; 2],
        stride: [stride; 2],
        before: [before; 2],
    }
}

/// Numbers between −1 and 1: halves, or not.
fn numbers(count: usize, exact: bool) -> Vec<f32> {
    let step = if exact { 0.125 } else { 0.1 };
    (0..count)
        .map(|i| ((i * 7 % 19) as f32 - 9.0) * step)
        .collect()
}

/// A 6 × 6 picture of 3 channels; two outputs, one of them a softmax of pairs.
pub(crate) fn signature() -> Signature {
    let spec = |name: &str, shape: &[usize]| TensorSpec {
        name: name.into(),
        shape: shape.to_vec(),
    };
    Signature {
        input: spec("picture", &[1, 3, 6, 6]),
        outputs: vec![spec("pairs", &[1, 72, 2]), spec("large", &[1, 12, 12, 2])],
    }
}

pub(crate) fn plan() -> Plan {
    let extent = |[height, width, channels]: [u32; 3]| Extent {
        height,
        width,
        channels,
    };
    let sizes = [
        [6, 6, 3],
        [6, 6, 8],
        [3, 3, 8],
        [1, 1, 8],
        [3, 3, 8],
        [6, 6, 8],
        [6, 6, 8],
        [6, 6, 11],
        [6, 6, 11],
        [6, 6, 11],
        [6, 6, 11],
        [6, 6, 8],
        [6, 6, 4],
        [3, 3, 8],
        [6, 6, 4],
    ];
    let params = |scale, zero_point| QuantParams { scale, zero_point };
    Plan {
        input_order: Order::Planes,
        tensors: sizes.into_iter().map(extent).collect(),
        quant_params: BTreeMap::from([(id(9), params(0.05, 100))]),
        operations: operations(),
        outputs: vec![
            PlanOutput {
                parts: vec![id(12)],
                order: Order::Interleaved,
                softmax: Some(2),
            },
            PlanOutput {
                parts: vec![id(11)],
                order: Order::Blocks(2),
                softmax: None,
            },
        ],
    }
}

fn operations() -> Vec<Operation> {
    vec![
        Operation::Convolution(Convolution {
            input: id(0),
            output: id(1),
            residual: Some(id(0)),
            kind: ConvolutionKind::Dense,
            window: window(3, 1, 1),
            weights: Weights::Float(numbers(9 * 3 * 8, true)),
            bias: numbers(8, false),
            activation: Activation::Prelu(numbers(8, true)),
        }),
        Operation::Pool(Pool {
            input: id(1),
            output: id(2),
            kind: PoolKind::Average,
            window: window(2, 2, 0),
        }),
        Operation::GlobalAverage {
            input: id(2),
            output: id(3),
        },
        Operation::Scale(Scale {
            input: id(2),
            by: id(3),
            output: id(4),
        }),
        Operation::Pool(Pool {
            input: id(1),
            output: id(13),
            kind: PoolKind::Max,
            window: window(3, 2, 1),
        }),
        Operation::Resize(Resize {
            input: id(13),
            output: id(5),
            kind: ResizeKind::BilinearCentres,
        }),
        Operation::Add(Add {
            left: id(4),
            right: id(5),
            output: id(6),
            activation: Activation::Relu,
        }),
        Operation::Concat {
            inputs: vec![id(6), id(0)],
            output: id(7),
        },
        Operation::Convolution(Convolution {
            input: id(7),
            output: id(8),
            residual: None,
            kind: ConvolutionKind::Depthwise,
            window: window(3, 1, 1),
            weights: Weights::Float(numbers(9 * 11, false)),
            bias: numbers(11, true),
            activation: Activation::Clip {
                low: 0.0,
                high: 6.0,
            },
        }),
        Operation::Convert {
            input: id(8),
            output: id(9),
        },
        Operation::Convert {
            input: id(9),
            output: id(10),
        },
        Operation::Convolution(Convolution {
            input: id(9),
            output: id(11),
            residual: None,
            kind: ConvolutionKind::Dense,
            window: window(1, 1, 0),
            weights: Weights::Quantised {
                values: (0..11 * 8).map(|i| (i * 37 % 129 - 64) as i8).collect(),
                scales: vec![0.01; 8],
            },
            bias: numbers(8, true),
            activation: Activation::Sigmoid,
        }),
        Operation::Take {
            input: id(10),
            output: id(14),
            first: 5,
        },
        Operation::Convolution(Convolution {
            input: id(10),
            output: id(12),
            residual: Some(id(14)),
            kind: ConvolutionKind::Dense,
            window: window(1, 1, 0),
            weights: Weights::Float(numbers(11 * 4, true)),
            bias: numbers(4, true),
            activation: Activation::Swish,
        }),
    ]
}
