use std::fmt;

/// A network that cannot be loaded or run.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct NetworkError {
    /// The network's name in the pack.
    pub network: String,
    /// What was being done.
    pub during: &'static str,
    /// The engine's own words.
    pub cause: String,
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

impl std::error::Error for NetworkError {}
