//! The network engine behind one trait. Nothing outside this folder names the runtime.

#[cfg(feature = "onnx")]
pub mod compile;
mod kernels;
pub mod plan;
pub mod quantise;
mod threads;
#[cfg(feature = "onnx")]
mod tract;

pub use threads::{MAX_THREADS, Threads, ThreadsRefused};

use crate::cpu::CpuPath;
use crate::error::{Coded, Status};
use ndarray::ArrayViewD;
use std::fmt;
use std::sync::Arc;

/// Most values of one tensor (256 MiB of f32); a manifest that promises more is refused.
pub const MAX_TENSOR_VALUES: usize = 64 * 1024 * 1024;

/// Name and fixed shape of a tensor, batch dimension included.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct TensorSpec {
    /// Its name inside the network.
    pub name: String,
    /// Its dimensions.
    pub shape: Vec<usize>,
}

impl TensorSpec {
    /// Number of values; `None` when a dimension is 0 or the product exceeds
    /// [`MAX_TENSOR_VALUES`].
    #[must_use]
    pub fn values(&self) -> Option<usize> {
        let product = self
            .shape
            .iter()
            .try_fold(1_usize, |product, &side| product.checked_mul(side))?;
        (1..=MAX_TENSOR_VALUES)
            .contains(&product)
            .then_some(product)
    }
}

/// One input and the outputs a network is asked for, in that order.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Signature {
    /// The only input.
    pub input: TensorSpec,
    /// The outputs, in the order in which a [`Runner`] numbers them.
    pub outputs: Vec<TensorSpec>,
}

/// A network that was loaded, optimised and planned once. Shared by all threads.
pub trait Network: Send + Sync {
    /// Working memory to run it with; one for each thread of the caller.
    ///
    /// # Errors
    /// [`NetworkError`] when the memory cannot be set up.
    fn runner(&self) -> Result<Box<dyn Runner>, NetworkError> {
        self.runner_on(&Threads::default())
    }

    /// The same, whose runs share their work among threads. The reference runtime uses the caller's alone.
    ///
    /// # Errors
    /// As [`runner`](Self::runner).
    fn runner_on(&self, threads: &Threads) -> Result<Box<dyn Runner>, NetworkError>;
}

/// The working memory of one network on one thread.
pub trait Runner: Send {
    /// The input values, row-major in the shape of the signature. Kept between runs.
    fn input_mut(&mut self) -> &mut [f32];

    /// Computes the outputs from the input.
    ///
    /// # Errors
    /// [`NetworkError`] when the engine fails.
    fn run(&mut self) -> Result<(), NetworkError>;

    /// Output number `index` of the signature, from the last successful run.
    ///
    /// # Panics
    /// When there was no run yet or the signature has no such output: both are defects of the
    /// calling stage, never of data.
    fn output(&self, index: usize) -> ArrayViewD<'_, f32>;
}

/// Reads an ONNX file and plans it for exactly the shapes of `signature`.
///
/// # Errors
/// [`NetworkError`] when the file is no ONNX, uses an operator the engine does not know, or its
/// tensors differ from the signature.
pub fn load_onnx(
    name: &str,
    bytes: &[u8],
    signature: &Signature,
) -> Result<Arc<dyn Network>, NetworkError> {
    #[cfg(feature = "onnx")]
    return tract::load(name, bytes, signature);
    #[cfg(not(feature = "onnx"))]
    {
        let _ = (bytes, signature);
        Err(NetworkError {
            network: name.to_owned(),
            during: "loading",
            cause: "this build cannot read ONNX: compile the pack with `vultus models compile`, or rebuild with --features onnx".to_owned(),
        })
    }
}

/// Reads a plan, checks it and lowers it to the kernels of this processor, or to those that
/// `VULTUS_CPU` asks for.
///
/// # Errors
/// [`NetworkError`] when the bytes are no plan for the signature, or the path is not there.
pub fn load_plan(
    name: &str,
    bytes: &[u8],
    signature: &Signature,
) -> Result<Arc<dyn Network>, NetworkError> {
    let error = |cause: String| NetworkError {
        network: name.to_owned(),
        during: "loading",
        cause,
    };
    let plan = plan::Plan::from_bytes(bytes, signature).map_err(|e| error(e.to_string()))?;
    let path = CpuPath::chosen().map_err(|e| error(e.to_string()))?;
    plan.network(name, signature, path)
}

/// The logistic function: from a logit to a probability.
pub(crate) fn sigmoid(logit: f32) -> f32 {
    1.0 / (1.0 + (-logit).exp())
}

/// A network that cannot be loaded or run.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct NetworkError {
    /// The network's name in the pack.
    pub network: String,
    /// What was being done.
    pub during: &'static str,
    /// The engine's own words.
    pub cause: String,
}

impl fmt::Display for NetworkError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            network,
            during,
            cause,
        } = self;
        write!(f, "network {network}, {during}: {cause}")
    }
}

impl std::error::Error for NetworkError {}

impl Coded for NetworkError {
    fn status(&self) -> Status {
        Status::ModelNetworkInvalid
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn count_refuses_empty_and_huge_shapes() {
        let spec = |shape: &[usize]| {
            TensorSpec {
                name: "x".into(),
                shape: shape.to_vec(),
            }
            .values()
        };
        assert_eq!(spec(&[1, 3, 2, 2]), Some(12));
        assert_eq!(spec(&[1, 0, 2]), None);
        assert_eq!(spec(&[MAX_TENSOR_VALUES, 2]), None);
        assert_eq!(spec(&[usize::MAX, 2]), None);
    }
}
