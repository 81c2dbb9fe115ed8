//! The operations of a plan, and the numbers of the tensors between them.

use crate::ir::{Activation, ConvolutionKind, PoolKind, ResizeKind, Window};

/// Number of a tensor of a plan. Tensor 0 is the input.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct TensorId(pub u32);

/// One fused operation.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum Operation {
    /// Convolution or fully connected layer, with its residual and activation.
    Convolution(Convolution),
    /// Pooling over windows.
    Pool(Pool),
    /// Mean over all pixels of each channel: 1 × 1 × channels.
    GlobalAverage {
        /// What is read.
        input: TensorId,
        /// What is written.
        output: TensorId,
    },
    /// Enlarging by whole factors.
    Resize(Resize),
    /// Sum of two tensors, where no convolution could take it in.
    Add(Add),
    /// Each channel times a value of its own (squeeze-and-excitation).
    Scale(Scale),
    /// Channels side by side, in this order.
    Concat {
        /// What is read; equal heights and widths.
        inputs: Vec<TensorId>,
        /// What is written.
        output: TensorId,
    },
    /// Some neighbouring channels.
    Take {
        /// What is read.
        input: TensorId,
        /// What is written; its channels say how many are taken.
        output: TensorId,
        /// The first of them.
        first: u32,
    },
    /// An activation that no other operation could take in.
    Activate {
        /// What is read.
        input: TensorId,
        /// What is written.
        output: TensorId,
        /// The function.
        activation: Activation,
    },
    /// The same values in another representation: f32 to int8 (ONNX `QuantizeLinear`), int8 to f32
    /// (`DequantizeLinear`), or int8 to int8 with other parameters.
    Convert {
        /// What is read.
        input: TensorId,
        /// What is written.
        output: TensorId,
    },
}

/// `activation(convolution(input) + bias + residual)`. Pixels outside the picture are 0. A fully
/// connected layer is a dense convolution whose window is the whole picture.
#[derive(Clone, Debug, PartialEq)]
pub struct Convolution {
    /// What is read.
    pub input: TensorId,
    /// What is written.
    pub output: TensorId,
    /// Added before the activation: a tensor of the output's height and width with at most its
    /// channels; channels that it lacks count as 0.
    pub residual: Option<TensorId>,
    /// Dense or depthwise.
    pub kind: ConvolutionKind,
    /// The window.
    pub window: Window,
    /// Window row × window pixel × input channel × output channel, the output channel innermost;
    /// depthwise: window row × window pixel × channel.
    pub weights: Weights,
    /// One value an output channel.
    pub bias: Vec<f32>,
    /// What follows.
    pub activation: Activation,
}

/// The weights of a convolution.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum Weights {
    /// As they are.
    Float(Vec<f32>),
    /// In int8, without a zero point: a weight is its byte times the scale of its output channel.
    /// The convolution then reads an int8 tensor; its bias stays f32.
    Quantised {
        /// −127 to 127, in the order of the convolution.
        values: Vec<i8>,
        /// One positive factor an output channel.
        scales: Vec<f32>,
    },
}

/// Pooling.
#[derive(Clone, Debug, PartialEq)]
pub struct Pool {
    /// What is read.
    pub input: TensorId,
    /// What is written.
    pub output: TensorId,
    /// What becomes of a window.
    pub kind: PoolKind,
    /// The window.
    pub window: Window,
}

/// Enlarging; the factors follow from the two sizes and are whole.
#[derive(Clone, Debug, PartialEq)]
pub struct Resize {
    /// What is read.
    pub input: TensorId,
    /// What is written.
    pub output: TensorId,
    /// How.
    pub kind: ResizeKind,
}

/// `activation(left + right)`. Either may have fewer rows, pixels of a row or channels than the
/// output; what it lacks at the end of an axis counts as 0.
#[derive(Clone, Debug, PartialEq)]
pub struct Add {
    /// One of them.
    pub left: TensorId,
    /// The other.
    pub right: TensorId,
    /// What is written.
    pub output: TensorId,
    /// What follows.
    pub activation: Activation,
}

/// `input` times, channel by channel, the only pixel of `by`.
#[derive(Clone, Debug, PartialEq)]
pub struct Scale {
    /// What is read.
    pub input: TensorId,
    /// 1 × 1 × channels.
    pub by: TensorId,
    /// What is written.
    pub output: TensorId,
}
