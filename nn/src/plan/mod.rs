//! A network compiled beforehand: a short list of fused operations over height × width × channel
//! tensors, independent of the machine that will run it.
//!
//! The compiler (feature `onnx`) makes a [`Plan`], the file format stores it, the executor lowers
//! it to the kernels of the machine it finds. Nothing here depends on an instruction set: weights
//! are in their plain order and are packed for register tiles when a plan is loaded.

mod arena;
mod bands;
mod buffer;
mod bytes;
mod check;
mod error;
mod format;
mod grid;
mod groups;
mod measure;
mod op;
#[cfg(test)]
pub(crate) mod oracle;
mod profile;
mod program;
mod run;
#[cfg(test)]
pub(crate) mod sample;
mod steps;
#[cfg(test)]
pub(crate) mod tests;

pub use check::{MAX_OPERATIONS, MAX_PARTS, MAX_SIDE, MAX_STRIDE, MAX_WORK};
pub use error::PlanError;
#[cfg(feature = "onnx")]
pub(super) use format::half::to_single as half_to_single;
pub use grid::{Grid, MAX_PAIR, MAX_PRODUCTS, SCALES};
pub use op::{
    Activation, Add, Convolution, ConvolutionKind, Operation, Pool, PoolKind, Resize, ResizeKind,
    Scale, Weights, Window,
};
pub use profile::StepCost;

use std::collections::BTreeMap;

/// Number of a tensor of a plan. Tensor 0 is the input.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct TensorId(pub u32);

/// Size of an activation: one picture, channels innermost.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Extent {
    /// Rows.
    pub height: u32,
    /// Pixels of a row.
    pub width: u32,
    /// Values of a pixel.
    pub channels: u32,
}

/// In which order a flat tensor of the network's signature holds the values of a picture.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Order {
    /// Channel by channel (ONNX's NCHW).
    Planes,
    /// Pixel by pixel (NHWC).
    Interleaved,
    /// Pixel by pixel of a picture this many times as high and as wide: each pixel's channels are a
    /// square of its pixels, row by row (ONNX `DepthToSpace`, mode `DCR`). Outputs only.
    Blocks(u32),
}

/// One output of the signature, assembled from tensors of the plan.
#[derive(Clone, Debug, PartialEq)]
pub struct PlanOutput {
    /// The tensors whose values follow each other in the output.
    pub parts: Vec<TensorId>,
    /// The order in which each part is written.
    pub order: Order,
    /// Values that share a softmax, as runs of this length; `None` for no softmax.
    pub softmax: Option<u32>,
}

/// A compiled network.
#[derive(Clone, Debug, PartialEq)]
pub struct Plan {
    /// The order of the values that a caller writes into the input.
    pub input_order: Order,
    /// Size of each tensor; the first is the input.
    pub tensors: Vec<Extent>,
    /// The tensors that are held in bytes; all others are f32, and so are the input and the parts
    /// of the outputs.
    pub grids: BTreeMap<TensorId, Grid>,
    /// The work, in an order in which every tensor is written once, before it is read.
    pub operations: Vec<Operation>,
    /// The outputs of the signature, in its order.
    pub outputs: Vec<PlanOutput>,
}
