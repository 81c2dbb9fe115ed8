//! An error of the runtime.

use std::error::Error;
use std::fmt;
use tract_onnx::prelude::TractError;

/// What the runtime failed with: all its words in one line, and the causes behind the first as sources.
#[derive(Debug)]
pub(crate) struct Failure(TractError);

impl Failure {
    pub(crate) fn new(error: TractError) -> Self {
        Self(error)
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:#}", self.0)
    }
}

impl Error for Failure {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        self.0.source()
    }
}
