//! Why something could not be done.

use crate::shown::shown_path;
use std::fmt::{self, Display};
use std::io;
use std::path::Path;
use vultus::error::{Error, Status};

/// A result whose error is a [`Failure`] unless another is named.
pub type Result<T, E = Failure> = std::result::Result<T, E>;

/// A message with the file it is about and the SDK's status where there is one.
#[derive(Debug)]
pub struct Failure {
    file: Option<String>,
    cause: Cause,
}

#[derive(Debug)]
enum Cause {
    Sdk(Error),
    Text(String),
}

impl Failure {
    /// Something the SDK has no status for.
    pub fn text(message: impl Into<String>) -> Self {
        Self {
            file: None,
            cause: Cause::Text(message.into()),
        }
    }

    /// The same failure, naming the file it happened with.
    #[must_use]
    pub fn about(mut self, file: &Path) -> Self {
        self.file = Some(shown_path(&file));
        self
    }

    /// The file it happened with.
    #[must_use]
    pub fn file(&self) -> Option<&str> {
        self.file.as_deref()
    }

    /// What happened, without the file and without advice.
    #[must_use]
    pub fn message(&self) -> String {
        match &self.cause {
            Cause::Sdk(error) => error.to_string(),
            Cause::Text(text) => text.clone(),
        }
    }

    /// The SDK's error, if the failure is one.
    #[must_use]
    pub fn sdk_error(&self) -> Option<&Error> {
        match &self.cause {
            Cause::Sdk(error) => Some(error),
            Cause::Text(_) => None,
        }
    }

    /// Whether it only says that a photograph shows no usable face, or none good enough.
    #[must_use]
    pub fn is_no_face(&self) -> bool {
        self.sdk_error().is_some_and(|error| {
            matches!(
                error.status(),
                Status::NoFaceInPhoto
                    | Status::FaceSizeTooSmall
                    | Status::FaceGeometryInvalid
                    | Status::FaceQualityNotQualified
            )
        })
    }
}

impl<E: Into<Error>> From<E> for Failure {
    fn from(error: E) -> Self {
        Self {
            file: None,
            cause: Cause::Sdk(error.into()),
        }
    }
}

impl Display for Failure {
    /// The file, the message, and on a second line the SDK's advice with the number of its status.
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

impl std::error::Error for Failure {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match &self.cause {
            Cause::Sdk(error) => Some(error),
            Cause::Text(_) => None,
        }
    }
}

/// Adds the file to any error of reading or writing it.
pub trait WithFile<T> {
    /// The same result; its failure names the file.
    ///
    /// # Errors
    /// Those of the result itself.
    fn with_file(self, file: &Path) -> Result<T>;
}

impl<T> WithFile<T> for io::Result<T> {
    fn with_file(self, file: &Path) -> Result<T> {
        self.map_err(|error| Failure::text(error.to_string()).about(file))
    }
}

impl<T> WithFile<T> for Result<T> {
    fn with_file(self, file: &Path) -> Result<T> {
        self.map_err(|failure| failure.about(file))
    }
}
