//! How large a plan may be, and how a check answers.

use crate::plan::{Extent, PlanError, TensorId};

/// Most operations of a plan.
pub const MAX_OPERATIONS: usize = 4096;

/// Most tensors that one concatenation reads, most parts of an output, most outputs.
pub const MAX_PARTS: usize = 64;

/// Longest side of a tensor or a window, most channels.
pub const MAX_SIDE: u32 = 65_536;

/// Most rows or pixels that a window moves on.
pub const MAX_STRIDE: u32 = 256;

/// Most visits to values in one run, about a minute of one core. The largest networks for faces
/// take a tenth.
pub const MAX_WORK: u64 = 1 << 38;

/// Or what is wrong.
pub(super) type Checked = Result<(), &'static str>;

pub(super) fn ensure(holds: bool, cause: &'static str) -> Checked {
    if holds { Ok(()) } else { Err(cause) }
}

pub(super) fn extent(tensors: &[Extent], id: TensorId) -> Extent {
    tensors[id.0 as usize]
}

pub(in crate::plan) fn range(
    what: &'static str,
    found: u64,
    least: u64,
    most: u64,
) -> Result<(), PlanError> {
    if (least..=most).contains(&found) {
        return Ok(());
    }
    Err(PlanError::Range {
        what,
        found,
        least,
        most,
    })
}
