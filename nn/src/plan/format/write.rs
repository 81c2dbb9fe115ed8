//! From a plan to bytes.

use super::header::{MAGIC, NO_TENSOR, VERSION};
use crate::half;
use crate::plan::{
    Activation, Convolution, ConvolutionKind, Operation, Order, Plan, PlanOutput, PoolKind,
    ResizeKind, TensorId, Weights, Window,
};

pub(super) fn plan(plan: &Plan) -> Vec<u8> {
    let mut w = Writer(MAGIC.to_vec());
    w.u32(VERSION);
    w.order(plan.input_order);
    w.count(plan.tensors.len());
    w.count(plan.operations.len());
    w.count(plan.outputs.len());
    for (index, extent) in plan.tensors.iter().enumerate() {
        for side in [extent.height, extent.width, extent.channels] {
            w.u32(side);
        }
        match plan.quant_params.get(&TensorId(index as u32)) {
            None => w.u8(0),
            Some(params) => {
                w.u8(1);
                w.f32(params.scale);
                w.u8(params.zero_point);
            }
        }
    }
    for operation in &plan.operations {
        w.operation(operation);
    }
    for output in &plan.outputs {
        w.output(output);
    }
    w.0
}

struct Writer(Vec<u8>);

impl Writer {
    fn u8(&mut self, value: u8) {
        self.0.push(value);
    }

    fn u32(&mut self, value: u32) {
        self.0.extend_from_slice(&value.to_le_bytes());
    }

    fn f32(&mut self, value: f32) {
        self.0.extend_from_slice(&value.to_le_bytes());
    }

    fn count(&mut self, count: usize) {
        self.u32(u32::try_from(count).expect("a plan in memory has fewer than 2^32 of anything"));
    }

    fn tensors(&mut self, ids: &[TensorId]) {
        for id in ids {
            self.u32(id.0);
        }
    }

    /// Halves where all of them are exactly halves.
    fn floats(&mut self, values: &[f32]) {
        self.count(values.len());
        let halves: Option<Vec<u16>> = values.iter().map(|&v| half::from_single(v)).collect();
        if let Some(halves) = halves {
            self.u8(1);
            for half in halves {
                self.0.extend_from_slice(&half.to_le_bytes());
            }
        } else {
            self.u8(0);
            for &value in values {
                self.f32(value);
            }
        }
    }

    fn order(&mut self, order: Order) {
        match order {
            Order::Planes => self.u8(0),
            Order::Interleaved => self.u8(1),
            Order::Blocks(side) => {
                self.u8(2);
                self.u32(side);
            }
        }
    }

    fn window(&mut self, window: &Window) {
        for side in [window.size, window.stride, window.before].as_flattened() {
            self.u32(*side);
        }
    }

    fn activation(&mut self, activation: &Activation) {
        match activation {
            Activation::None => self.u8(0),
            Activation::Relu => self.u8(1),
            Activation::Clip { low, high } => {
                self.u8(2);
                self.f32(*low);
                self.f32(*high);
            }
            Activation::Prelu(slopes) => {
                self.u8(3);
                self.floats(slopes);
            }
            Activation::Sigmoid => self.u8(4),
            Activation::Swish => self.u8(5),
        }
    }

    fn operation(&mut self, operation: &Operation) {
        match operation {
            Operation::Convolution(o) => self.convolution(o),
            Operation::Pool(o) => {
                self.u8(1);
                self.tensors(&[o.input, o.output]);
                self.u8(match o.kind {
                    PoolKind::Max => 0,
                    PoolKind::Average => 1,
                    PoolKind::AverageWithBorder => 2,
                });
                self.window(&o.window);
            }
            Operation::GlobalAverage { input, output } => {
                self.u8(2);
                self.tensors(&[*input, *output]);
            }
            Operation::Resize(o) => {
                self.u8(3);
                self.tensors(&[o.input, o.output]);
                self.u8(match o.kind {
                    ResizeKind::Nearest => 0,
                    ResizeKind::BilinearCentres => 1,
                    ResizeKind::BilinearCorners => 2,
                });
            }
            Operation::Add(o) => {
                self.u8(4);
                self.tensors(&[o.left, o.right, o.output]);
                self.activation(&o.activation);
            }
            Operation::Scale(o) => {
                self.u8(5);
                self.tensors(&[o.input, o.by, o.output]);
            }
            Operation::Concat { inputs, output } => {
                self.u8(6);
                self.count(inputs.len());
                self.tensors(inputs);
                self.tensors(&[*output]);
            }
            Operation::Activate {
                input,
                output,
                activation,
            } => {
                self.u8(7);
                self.tensors(&[*input, *output]);
                self.activation(activation);
            }
            Operation::Convert { input, output } => {
                self.u8(8);
                self.tensors(&[*input, *output]);
            }
            Operation::Take {
                input,
                output,
                first,
            } => {
                self.u8(9);
                self.tensors(&[*input, *output]);
                self.u32(*first);
            }
        }
    }

    fn convolution(&mut self, o: &Convolution) {
        self.u8(0);
        self.tensors(&[o.input, o.output, o.residual.unwrap_or(TensorId(NO_TENSOR))]);
        self.u8(match o.kind {
            ConvolutionKind::Dense => 0,
            ConvolutionKind::Depthwise => 1,
        });
        self.window(&o.window);
        self.activation(&o.activation);
        self.floats(&o.bias);
        match &o.weights {
            Weights::Float(values) => {
                self.u8(0);
                self.floats(values);
            }
            Weights::Quantised { values, scales } => {
                self.u8(1);
                self.floats(scales);
                self.count(values.len());
                self.0
                    .extend(values.iter().map(|value| value.cast_unsigned()));
            }
        }
    }

    fn output(&mut self, output: &PlanOutput) {
        self.count(output.parts.len());
        self.tensors(&output.parts);
        self.order(output.order);
        self.u32(output.softmax.unwrap_or(0));
    }
}
