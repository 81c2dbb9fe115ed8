//! The tract runtime, which reads ONNX: the reference for plans, and for files that were not compiled.

mod failure;
mod runtime;

pub(crate) use failure::Failure;
pub(crate) use runtime::load;
#[cfg(test)]
pub(crate) use runtime::load_model;
