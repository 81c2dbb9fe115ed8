//! The operations of a plan.

use super::TensorId;

/// One fused operation.
#[derive(Clone, Debug, PartialEq)]
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
    /// The same values on another grid: f32 to bytes, bytes to f32, or bytes to other bytes.
    Convert {
        /// What is read.
        input: TensorId,
        /// What is written.
        output: TensorId,
    },
}

/// A window that slides over a picture.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Window {
    /// Rows and pixels of the window.
    pub size: [u32; 2],
    /// Steps down and to the right.
    pub stride: [u32; 2],
    /// Rows and pixels outside the picture that the first window covers, top and left. Bottom and
    /// right follow from the output's size.
    pub before: [u32; 2],
}

impl Window {
    /// One pixel, each in its turn.
    pub const PIXEL: Self = Self {
        size: [1, 1],
        stride: [1, 1],
        before: [0, 0],
    };
}

/// How the channels of a convolution meet.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum ConvolutionKind {
    /// Every output channel sees every input channel.
    Dense,
    /// Output channel `c` sees input channel `c` alone.
    Depthwise,
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
pub enum Weights {
    /// As they are.
    Float(Vec<f32>),
    /// In bytes, without a zero point: a weight is its byte times the scale of its output channel.
    /// The convolution then reads a tensor of bytes; its bias stays f32.
    Quantised {
        /// −127 to 127, in the order of the convolution.
        values: Vec<i8>,
        /// One positive factor an output channel.
        scales: Vec<f32>,
    },
}

/// A function of each value.
#[derive(Clone, Debug, PartialEq)]
pub enum Activation {
    /// The value itself.
    None,
    /// `max(x, 0)`.
    Relu,
    /// `min(max(x, low), high)`.
    Clip {
        /// Least value.
        low: f32,
        /// Largest value.
        high: f32,
    },
    /// `x` where it is positive, else `x` times the slope of its channel.
    Prelu(Vec<f32>),
    /// `1 / (1 + exp(-x))`.
    Sigmoid,
    /// `x / (1 + exp(-x))`.
    Swish,
}

/// What pooling makes of a window.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum PoolKind {
    /// Its largest value; pixels outside the picture do not count.
    Max,
    /// The mean of its pixels inside the picture.
    Average,
    /// The mean over the whole window, pixels outside the picture counting as 0.
    AverageWithBorder,
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

/// How a picture is enlarged.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum ResizeKind {
    /// Each pixel repeated (ONNX `asymmetric`, `floor`).
    Nearest,
    /// Bilinear between pixel centres, borders repeated (ONNX `half_pixel`).
    BilinearCentres,
    /// Bilinear with the corner pixels' centres kept in place (ONNX `align_corners`).
    BilinearCorners,
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
