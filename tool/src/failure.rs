//! Why a command could not do its work.

use serde_json::{Value, json};
use std::fmt::{self, Display};
use std::path::Path;

/// A message with the file it is about and the SDK's status where there is one.
#[derive(Debug)]
pub(crate) struct Failure {
    file: Option<String>,
    cause: Cause,
}

#[derive(Debug)]
enum Cause {
    Sdk(vultus::error::Error),
    Text(String),
}

pub(crate) type CliResult<T> = Result<T, Failure>;

impl Failure {
    /// Something the SDK has no status for.
    pub(crate) fn text(message: impl Into<String>) -> Self {
        Self {
            file: None,
            cause: Cause::Text(message.into()),
        }
    }

    /// The same failure, naming the file it happened with.
    pub(crate) fn about(mut self, file: &Path) -> Self {
        self.file = Some(file.display().to_string());
        self
    }

    pub(crate) fn sdk(&self) -> Option<&vultus::error::Error> {
        match &self.cause {
            Cause::Sdk(error) => Some(error),
            Cause::Text(_) => None,
        }
    }

    /// The row of the status table and the message of an error.
    pub(crate) fn sdk_json(error: &vultus::error::Error) -> Value {
        json!({
            "code": error.status().code(),
            "name": error.status().name(),
            "message": error.to_string(),
            "advice": error.status().text_en(),
        })
    }

    pub(crate) fn json(&self) -> Value {
        let message = match &self.cause {
            Cause::Sdk(error) => Self::sdk_json(error),
            Cause::Text(text) => json!({ "message": text }),
        };
        match &self.file {
            Some(file) => json!({ "file": file, "error": message }),
            None => json!({ "error": message }),
        }
    }
}

impl<E: Into<vultus::error::Error>> From<E> for Failure {
    fn from(error: E) -> Self {
        Self {
            file: None,
            cause: Cause::Sdk(error.into()),
        }
    }
}

impl Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(file) = &self.file {
            write!(f, "{file}: ")?;
        }
        match &self.cause {
            Cause::Sdk(error) => {
                write!(
                    f,
                    "{error}\n  {} ({})",
                    error.status().text_en(),
                    error.status().code()
                )
            }
            Cause::Text(text) => f.write_str(text),
        }
    }
}

/// Adds the file to any error of reading or writing it.
pub(crate) trait WithFile<T> {
    fn with_file(self, file: &Path) -> CliResult<T>;
}

impl<T> WithFile<T> for std::io::Result<T> {
    fn with_file(self, file: &Path) -> CliResult<T> {
        self.map_err(|error| Failure::text(error.to_string()).about(file))
    }
}

impl<T> WithFile<T> for CliResult<T> {
    fn with_file(self, file: &Path) -> CliResult<T> {
        self.map_err(|failure| failure.about(file))
    }
}
