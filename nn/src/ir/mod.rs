//! The words that a plan and the kernels share: sizes, windows, activations, quantisation.
//!
//! Plain data, without any code that computes a network. Names follow ONNX where it has one.

mod activation;
mod extent;
mod quant;
mod window;

pub use activation::Activation;
pub use extent::{Extent, Order};
pub use quant::{MAX_PAIR, MAX_PRODUCTS, QuantParams, SCALES};
pub use window::{ConvolutionKind, PoolKind, ResizeKind, Window};
