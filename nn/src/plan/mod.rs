//! A network compiled beforehand: a short list of fused operations over height × width × channel
//! tensors, independent of the machine that will run it.
//!
//! The compiler (feature `onnx`) makes a [`Plan`], the file format stores it, the executor lowers
//! it to the kernels of the machine it finds. Nothing here depends on an instruction set: weights
//! are in their plain order and are packed for register tiles when a plan is loaded.
//!
//! In order: `definition` and `op` (what a plan is), `measure` (what it costs), `check` (whether it may run), `format`
//! (its file); then lowering: `steps`, `bands` and `groups` (in which order rows are computed), `arena` (where buffers
//! lie), `int8` and `program` (which kernels run); `run` and `profile` on top.

mod arena;
mod bands;
mod buffer;
mod check;
mod definition;
mod error;
mod format;
mod groups;
mod int8;
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

pub use crate::ir::{
    Activation, ConvolutionKind, Extent, MAX_PAIR, MAX_PRODUCTS, Order, PoolKind, QuantParams,
    ResizeKind, SCALES, Window,
};
pub use check::{MAX_OPERATIONS, MAX_PARTS, MAX_SIDE, MAX_STRIDE, MAX_WORK};
pub use definition::{Plan, PlanOutput};
pub use error::PlanError;
pub use op::{Add, Convolution, Operation, Pool, Resize, Scale, TensorId, Weights};
pub use profile::StepCost;
