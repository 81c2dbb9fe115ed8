//! Numbers of the file that are no values of a plan.

/// How a plan's file begins.
pub(super) const MAGIC: &[u8; 8] = b"VULTPLAN";

/// The only version of the format.
pub(in crate::plan) const VERSION: u32 = 1;

/// In the place of a tensor's number: no tensor.
pub(super) const NO_TENSOR: u32 = u32::MAX;
