//! From a file of a network to a network that runs.

use crate::cpu::CpuPath;
use crate::error::NetworkError;
use crate::network::{Network, Signature};
use crate::plan;
use std::sync::Arc;

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
    return crate::tract::load(name, bytes, signature);
    #[cfg(not(feature = "onnx"))]
    {
        let _ = (bytes, signature);
        Err(NetworkError::new(
            name,
            "loading",
            "this build cannot read ONNX: compile the pack with `vultus models compile`, or rebuild with --features onnx",
        ))
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
    load_plan_for(name, bytes, signature, None)
}

/// The same with the kernels of this path; `None` chooses as [`load_plan`] does.
///
/// # Errors
/// [`NetworkError`] when the bytes are no plan for the signature, or the path is not there.
pub fn load_plan_for(
    name: &str,
    bytes: &[u8],
    signature: &Signature,
    path: Option<CpuPath>,
) -> Result<Arc<dyn Network>, NetworkError> {
    let plan = plan::Plan::from_bytes(bytes, signature)
        .map_err(|cause| NetworkError::new(name, "loading", cause))?;
    let path = path.map_or_else(CpuPath::chosen, CpuPath::checked);
    let path = path.map_err(|cause| NetworkError::new(name, "loading", cause))?;
    plan.network(name, signature, path)
}
