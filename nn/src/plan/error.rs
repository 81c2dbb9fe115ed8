//! Why a plan is refused.

use super::format::VERSION;
use std::fmt;

/// A plan that must not be run, or bytes that are no plan.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum PlanError {
    /// The file does not begin as a plan does.
    NoPlan,
    /// The file has a version that this SDK does not read.
    Version {
        /// The version in the file.
        found: u32,
    },
    /// The file ends before the value that begins at this byte does.
    Ends {
        /// Offset of the value in bytes.
        at: usize,
    },
    /// Bytes follow the end of the plan.
    Trailing {
        /// How many.
        bytes: usize,
    },
    /// A code in the file stands for nothing.
    Code {
        /// What the code is of.
        of: &'static str,
        /// The code.
        found: u32,
    },
    /// A number is outside its range.
    Range {
        /// What it counts.
        what: &'static str,
        /// The number.
        found: u64,
        /// Least number allowed.
        least: u64,
        /// Largest number allowed.
        most: u64,
    },
    /// An operation contradicts the tensors or itself.
    Operation {
        /// Its place in the plan, from 0.
        index: usize,
        /// What is wrong.
        cause: &'static str,
    },
    /// A tensor contradicts the operations.
    Tensor {
        /// Its number.
        index: usize,
        /// What is wrong.
        cause: &'static str,
    },
    /// The plan's input or outputs are not those of the manifest.
    Signature {
        /// The tensor's name in the manifest.
        name: String,
        /// What is wrong.
        cause: &'static str,
    },
}

impl fmt::Display for PlanError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoPlan => write!(f, "this is no plan"),
            Self::Version { found } => {
                write!(f, "the plan has version {found}, this SDK reads {VERSION}")
            }
            Self::Ends { at } => write!(f, "the plan ends inside the value at byte {at}"),
            Self::Trailing { bytes } => write!(f, "{bytes} bytes follow the plan"),
            Self::Code { of, found } => write!(f, "{found} stands for no {of}"),
            Self::Range {
                what,
                found,
                least,
                most,
            } => write!(f, "{what}: {found}, allowed is {least} to {most}"),
            Self::Operation { index, cause } => write!(f, "operation {index}: {cause}"),
            Self::Tensor { index, cause } => write!(f, "tensor {index}: {cause}"),
            Self::Signature { name, cause } => write!(f, "tensor {name}: {cause}"),
        }
    }
}

impl std::error::Error for PlanError {}
