//! Why a command could not do its work.

use crate::outcome::Outcome;
use serde_json::{Value, json};
use std::fmt::{self, Display};
use std::io;
use std::path::Path;
use vultus_issuer::error::IssuerError;

/// An error and the file it is about.
#[derive(Debug)]
pub(crate) struct Failure {
    file: Option<String>,
    error: IssuerError,
}

pub(crate) type CliResult<T> = Result<T, Failure>;

impl Failure {
    /// The same failure, naming the file it happened with.
    pub(crate) fn about(mut self, file: &Path) -> Self {
        self.file = Some(file.display().to_string());
        self
    }

    pub(crate) fn outcome(&self) -> Outcome {
        if self.error.is_refusal() {
            Outcome::Refused
        } else {
            Outcome::BadInput
        }
    }

    pub(crate) fn json(&self) -> Value {
        let mut error = json!({
            "name": self.error.name(),
            "message": self.error.to_string(),
        });
        if let IssuerError::Tampered { seq, .. } = &self.error {
            error["seq"] = json!(seq);
        }
        match &self.file {
            Some(file) => json!({ "file": file, "error": error }),
            None => json!({ "error": error }),
        }
    }
}

impl<E: Into<IssuerError>> From<E> for Failure {
    fn from(error: E) -> Self {
        Self {
            file: None,
            error: error.into(),
        }
    }
}

impl Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(file) = &self.file {
            write!(f, "{file}: ")?;
        }
        write!(f, "{} ({})", self.error, self.error.name())
    }
}

/// Adds the file to an error of reading or writing it.
pub(crate) trait WithFile<T> {
    fn with_file(self, file: &Path) -> CliResult<T>;
}

impl<T> WithFile<T> for io::Result<T> {
    fn with_file(self, file: &Path) -> CliResult<T> {
        self.map_err(|source| {
            let path = file.to_owned();
            match source.kind() {
                io::ErrorKind::AlreadyExists => IssuerError::FileExists(path),
                _ => IssuerError::File { path, source },
            }
            .into()
        })
    }
}

impl<T> WithFile<T> for Result<T, IssuerError> {
    fn with_file(self, file: &Path) -> CliResult<T> {
        self.map_err(|error| Failure::from(error).about(file))
    }
}
