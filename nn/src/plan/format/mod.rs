//! Plans as bytes; docs/plan-format.md is the table of every field.
//!
//! There is no checksum: a pack names the hash of every file, and what a checksum cannot see, a
//! plan made by hand, is what [`Plan::check`] is for.

mod header;
mod read;
#[cfg(test)]
mod tests;
mod write;

pub(super) use header::VERSION;

use super::{Plan, PlanError};
use crate::Signature;

impl Plan {
    /// The plan as a file. Equal plans give equal bytes.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        write::plan(self)
    }

    /// Reads a plan and checks it ([`Plan::check`]): what is returned is safe to run. Memory is asked for only
    /// in proportion to the bytes that are there.
    ///
    /// # Errors
    /// [`PlanError`] naming the first byte, number or operation that is wrong.
    pub fn from_bytes(bytes: &[u8], signature: &Signature) -> Result<Self, PlanError> {
        let plan = read::plan(bytes)?;
        plan.check(signature)?;
        Ok(plan)
    }
}
