//! A small, fast engine for convolutional networks on one CPU core.
//!
//! A network is compiled beforehand from ONNX into a *plan*: fused operations over height × width × channel tensors, in f32 or
//! int8. Loading a plan checks it as hostile input and lowers it to the kernels of this processor; a run allocates nothing.
//! The crate knows nothing of faces.

#[cfg(feature = "onnx")]
pub mod compile;
pub mod cpu;
mod error;
mod kernels;
mod load;
mod math;
mod network;
pub mod plan;
pub mod quantise;
mod threads;
#[cfg(feature = "onnx")]
mod tract;

pub use error::NetworkError;
pub use load::{load_onnx, load_plan, load_plan_for};
pub use math::sigmoid;
pub use network::{MAX_TENSOR_VALUES, Network, Runner, Signature, TensorSpec};
pub use threads::{MAX_THREADS, Threads, ThreadsRefused};
