use crate::model::Verification;
use std::path::PathBuf;
use vultus_nn::Threads;

/// What an [`Sdk`] is opened with.
#[derive(Clone, Debug)]
pub struct Config {
    /// Folder of the model pack.
    pub pack: PathBuf,
    /// When its files are compared with their hashes.
    pub verification: Verification,
    /// Among how many threads each inference is shared: the caller's alone, unless set. One pool serves all sessions.
    pub threads: Threads,
}

impl Config {
    /// Everything as usual, with the model pack in this folder.
    #[must_use]
    pub fn new(pack: impl Into<PathBuf>) -> Self {
        Self {
            pack: pack.into(),
            verification: Verification::default(),
            threads: Threads::default(),
        }
    }
}
