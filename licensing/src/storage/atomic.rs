//! Changing a file so that a power cut never leaves half of it.

use super::{Storage, StorageError};

/// Puts new bytes in a file's place: whoever reads it, at whatever moment the power fails, finds
/// the old or the new ones whole. The caller holds the lock.
pub(crate) fn replace(storage: &dyn Storage, name: &str, bytes: &[u8]) -> Result<(), StorageError> {
    let fresh = format!("{name}.new");
    // Left behind by a power cut.
    storage.remove(&fresh)?;
    let written = storage
        .create(&fresh, bytes)
        .and_then(|()| storage.sync(&fresh))
        .and_then(|()| storage.rename(&fresh, name));
    if let Err(cause) = written {
        // A full disk must not stay full because of us; the first cause is the one to report.
        let _ = storage.remove(&fresh);
        return Err(cause);
    }
    storage.sync_names()
}
