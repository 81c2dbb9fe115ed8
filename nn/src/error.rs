//! What every fallible call of this crate answers, and what lies behind it.

use std::error::Error;
use std::fmt;
use std::sync::Arc;

/// What lies behind an error: another error, or words. Cheap to clone; two causes are equal when their texts are.
#[derive(Clone)]
pub struct Cause(Arc<dyn Error + Send + Sync>);

impl Cause {
    /// Keeps an error, or words.
    #[must_use]
    pub fn new(cause: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        Self(cause.into().into())
    }

    /// The error itself, to be downcast.
    #[must_use]
    pub fn error(&self) -> &(dyn Error + Send + Sync + 'static) {
        &*self.0
    }

    /// For [`Error::source`].
    pub(crate) fn source(&self) -> Option<&(dyn Error + 'static)> {
        Some(&*self.0)
    }
}

impl fmt::Debug for Cause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl fmt::Display for Cause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl PartialEq for Cause {
    fn eq(&self, other: &Self) -> bool {
        self.to_string() == other.to_string()
    }
}

impl Eq for Cause {}

/// A network that cannot be loaded or run.
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub struct NetworkError {
    /// The network's name, as the caller gave it.
    pub network: String,
    /// What was being done.
    pub during: &'static str,
    /// What lies behind it; also its [`source`](Error::source).
    pub cause: Cause,
}

impl NetworkError {
    /// An error of the network called `network`; `cause` is another error, or words.
    #[must_use]
    pub fn new(
        network: &str,
        during: &'static str,
        cause: impl Into<Box<dyn Error + Send + Sync>>,
    ) -> Self {
        Self {
            network: network.to_owned(),
            during,
            cause: Cause::new(cause),
        }
    }
}

impl fmt::Display for NetworkError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            network,
            during,
            cause,
        } = self;
        write!(f, "network {network}, {during}: {cause}")
    }
}

impl Error for NetworkError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        self.cause.source()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cause_is_kept_and_its_text_is_part_of_the_error() {
        let inner = "7x".parse::<u32>().expect_err("no number");
        let error = NetworkError::new("eyes", "loading", inner.clone());
        assert_eq!(error.to_string(), format!("network eyes, loading: {inner}"));
        let source = error.source().expect("a source");
        assert_eq!(source.downcast_ref(), Some(&inner));
        assert_eq!(error, error.clone());
        assert_ne!(error, NetworkError::new("eyes", "loading", "words"));
    }
}
