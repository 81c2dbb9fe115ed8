//! Exit codes.

use std::process::ExitCode;

/// What a command found, as its exit code.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub(crate) enum Outcome {
    /// Yes, or done.
    Yes = 0,
    /// No match, or no face.
    No = 1,
    /// Bad usage or input.
    BadInput = 2,
    /// An interrupt stopped it; what was done is kept. What a shell reports of a program that an interrupt ended.
    Interrupted = 130,
}

impl Outcome {
    /// Yes or no.
    pub(crate) const fn from_answer(is_yes: bool) -> Self {
        if is_yes { Self::Yes } else { Self::No }
    }
}

impl From<Outcome> for ExitCode {
    fn from(outcome: Outcome) -> Self {
        Self::from(outcome as u8)
    }
}
