//! The plan compiler: an ONNX file, for one fixed input shape, to a [`Plan`].
//!
//! 1. `source`: the protobuf becomes types of our own.
//! 2. `import`: node by node, constants are folded, tensors become pictures with views on them, and
//!    operators become plain operations. Operators and attributes that have no exact form here are
//!    refused by name.
//! 3. `fuse`: batch normalisation goes into weights; residuals and activations go into the
//!    convolutions.
//! 4. `siblings`: narrow convolutions that read the same become one.
//! 5. `emit`: what no output needs is left out.

mod constant;
mod emit;
mod error;
mod fuse;
mod graph;
mod import;
mod siblings;
mod source;
#[cfg(test)]
mod tests;
mod view;

pub use error::CompileError;

use super::Signature;
use super::plan::Plan;
use source::Source;

/// Compiles the outputs of `signature` out of an ONNX file. The plan is checked.
///
/// # Errors
/// [`CompileError`] naming the operator and node that no plan has a form for, or the tensor that
/// the network does not have.
pub fn compile(bytes: &[u8], signature: &Signature) -> Result<Plan, CompileError> {
    from_source(&Source::read(bytes)?, signature)
}

fn from_source(source: &Source, signature: &Signature) -> Result<Plan, CompileError> {
    let mut imported = import::import(source, signature)?;
    fuse::fuse(&mut imported.graph, &imported.outputs);
    siblings::merge(&mut imported.graph, &mut imported.outputs);
    let plan = emit::emit(imported.graph, imported.outputs, imported.input_order);
    plan.check(signature)?;
    Ok(plan)
}
