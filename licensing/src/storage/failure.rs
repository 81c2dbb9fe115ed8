//! The licence's error for a file that cannot be used.

use super::{Storage, StorageError};
use crate::error::LicenceError;
use std::path::Path;

/// The error for a file that cannot be read.
pub(crate) fn unreadable(folder: &dyn Storage, name: &str, cause: StorageError) -> LicenceError {
    let path = Path::new(&folder.describe()).join(name);
    match cause {
        StorageError::Unsafe(why) => LicenceError::StateUnsafe { path, why },
        StorageError::Io(source) => LicenceError::StateNotReadable { path, source },
    }
}

/// The error for a file that cannot be written.
pub(crate) fn unwritable(folder: &dyn Storage, name: &str, cause: StorageError) -> LicenceError {
    match cause {
        StorageError::Unsafe(_) => unreadable(folder, name, cause),
        StorageError::Io(source) => LicenceError::StateNotWritable(source),
    }
}
