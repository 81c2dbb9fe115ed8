//! What a command came to, as its exit code.

use std::process::ExitCode;

/// What a command came to, as its exit code.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub(crate) enum Outcome {
    /// Done.
    Done = 0,
    /// A rule says no, or the ledger fails its check.
    Refused = 1,
    /// Bad usage or input, or something broke.
    BadInput = 2,
}

impl From<Outcome> for ExitCode {
    fn from(outcome: Outcome) -> Self {
        Self::from(outcome as u8)
    }
}
