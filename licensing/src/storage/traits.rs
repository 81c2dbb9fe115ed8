//! What licensing asks of a folder of small files.

use std::fmt;
use std::io;

/// Why a file could not be used.
#[derive(Debug)]
pub enum StorageError {
    /// Something other than a plain file of ours is there; it was not touched.
    Unsafe(&'static str),
    /// The operating system refused.
    Io(io::Error),
}

impl From<io::Error> for StorageError {
    fn from(cause: io::Error) -> Self {
        Self::Io(cause)
    }
}

impl fmt::Display for StorageError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unsafe(why) => f.write_str(why),
            Self::Io(cause) => cause.fmt(f),
        }
    }
}

impl std::error::Error for StorageError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Unsafe(_) => None,
            Self::Io(cause) => Some(cause),
        }
    }
}

/// Held while a file is read, changed and written back; released on drop.
pub trait Lock {}

/// One folder of small files. Injected, so that tests can cut the power.
pub trait Storage: Send + Sync {
    /// The bytes of a file of at most `max` bytes; `None` when there is none.
    ///
    /// # Errors
    /// [`StorageError`]; a larger file is [`StorageError::Unsafe`].
    fn read(&self, name: &str, max: usize) -> Result<Option<Vec<u8>>, StorageError>;

    /// Writes a new file that only its owner can read. Fails when there is one already.
    ///
    /// # Errors
    /// [`StorageError`].
    fn create(&self, name: &str, bytes: &[u8]) -> Result<(), StorageError>;

    /// Waits until the bytes of a file are on the disk.
    ///
    /// # Errors
    /// [`StorageError`].
    fn sync(&self, name: &str) -> Result<(), StorageError>;

    /// Puts a file in another's place, atomically.
    ///
    /// # Errors
    /// [`StorageError`].
    fn rename(&self, from: &str, to: &str) -> Result<(), StorageError>;

    /// Waits until names are on the disk.
    ///
    /// # Errors
    /// [`StorageError`].
    fn sync_names(&self) -> Result<(), StorageError>;

    /// Removes a file; having none is fine.
    ///
    /// # Errors
    /// [`StorageError`].
    fn remove(&self, name: &str) -> Result<(), StorageError>;

    /// Waits until no other process or thread holds the folder.
    ///
    /// # Errors
    /// [`StorageError`].
    fn lock(&self) -> Result<Box<dyn Lock + '_>, StorageError>;

    /// Where it is, for messages.
    fn describe(&self) -> String;
}
