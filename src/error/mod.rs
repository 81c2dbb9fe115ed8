//! One error type at the surface, one small enum per module beneath it.
//!
//! Every module declares its own enum with the offending values in it and says, through
//! [`Coded`], which row of the [`Status`] table it belongs to. [`Error`] carries that row and
//! keeps the module's error, so a caller can act on the number, print the text, or
//! [downcast](Error::detail) to the values. The cause behind a module's error, such as that of the
//! operating system, is its [`source`](std::error::Error::source).

mod licence;
mod network;
mod status;

pub use status::{Family, Status};

use std::fmt;

/// An error of one module that knows its row in the status table.
pub trait Coded: std::error::Error + Send + Sync + 'static {
    /// The row of the status table that callers of every language see.
    fn status(&self) -> Status;
}

/// Any failure of the SDK.
///
/// Outcomes such as "no face" in a camera frame or "unknown person" are values, never errors.
#[derive(Debug)]
pub struct Error {
    status: Status,
    detail: Box<dyn Coded>,
}

impl Error {
    /// The stable row of the status table.
    #[must_use]
    pub fn status(&self) -> Status {
        self.status
    }

    /// The module's own error, when it is an `E`.
    #[must_use]
    pub fn detail<E: Coded>(&self) -> Option<&E> {
        let detail: &dyn std::error::Error = &*self.detail;
        detail.downcast_ref()
    }
}

impl<E: Coded> From<E> for Error {
    fn from(detail: E) -> Self {
        Self {
            status: detail.status(),
            detail: Box::new(detail),
        }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.status.name(), self.detail)
    }
}

impl std::error::Error for Error {
    /// The cause behind the module's error; its own text is already part of `Display`.
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.detail.source()
    }
}

/// Why something was refused: an error of a library beneath, or a sentence of our own.
pub type Cause = Box<dyn std::error::Error + Send + Sync>;

/// Shorthand for the SDK's results.
pub type Result<T, E = Error> = std::result::Result<T, E>;

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug)]
    struct Inner;
    impl fmt::Display for Inner {
        fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("inner cause")
        }
    }
    impl std::error::Error for Inner {}

    #[derive(Debug)]
    struct Outer(Inner);
    impl fmt::Display for Outer {
        fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("the picture is 3 bytes long")
        }
    }
    impl std::error::Error for Outer {
        fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
            Some(&self.0)
        }
    }
    impl Coded for Outer {
        fn status(&self) -> Status {
            Status::ImageDecodeFailed
        }
    }

    #[test]
    fn keeps_status_text_values_and_source() {
        let error = Error::from(Outer(Inner));
        assert_eq!(error.status(), Status::ImageDecodeFailed);
        assert_eq!(
            error.to_string(),
            "ImageDecodeFailed: the picture is 3 bytes long"
        );
        assert!(error.detail::<Outer>().is_some());
        let source = std::error::Error::source(&error).expect("the cause is kept");
        assert_eq!(source.to_string(), "inner cause");
    }
}
