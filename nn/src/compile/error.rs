//! Why a network cannot be compiled.

use crate::error::Cause;
use crate::plan::PlanError;
use std::fmt;

/// A network that no plan can be made of.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum CompileError {
    /// The bytes are no ONNX file that can be read.
    Onnx {
        /// What is wrong with them.
        cause: Cause,
    },
    /// An operator that the compiler does not know.
    Operator {
        /// Its type, with its domain where that is not ONNX's own.
        operator: String,
        /// The node's name, or that of its first output.
        node: String,
    },
    /// An operator that is known, used in a way that no plan has a form for.
    Unsupported {
        /// Its type.
        operator: String,
        /// The node's name, or that of its first output.
        node: String,
        /// What has no form.
        cause: String,
    },
    /// The network does not have an input or output of the manifest in that shape.
    Signature {
        /// The tensor's name.
        name: String,
        /// What is wrong.
        cause: String,
    },
    /// The plan would not pass its own check.
    Plan(PlanError),
}

impl fmt::Display for CompileError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Onnx { cause } => write!(f, "the ONNX file cannot be read: {cause}"),
            Self::Operator { operator, node } => {
                write!(f, "operator {operator} of node {node} is not known")
            }
            Self::Unsupported {
                operator,
                node,
                cause,
            } => write!(f, "{operator} of node {node}: {cause}"),
            Self::Signature { name, cause } => write!(f, "tensor {name}: {cause}"),
            Self::Plan(error) => error.fmt(f),
        }
    }
}

impl std::error::Error for CompileError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Onnx { cause } => cause.source(),
            Self::Plan(error) => Some(error),
            Self::Operator { .. } | Self::Unsupported { .. } | Self::Signature { .. } => None,
        }
    }
}

impl From<PlanError> for CompileError {
    fn from(error: PlanError) -> Self {
        Self::Plan(error)
    }
}
