//! Where a gallery is kept: a file, memory, or another [`Storage`], such as a disk of a test that cuts
//! the power.

use super::error::StoreError;
use super::raw_file::RawFile;

/// What a gallery is opened for.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub enum Access {
    /// Reading and writing; no other reader or writer may have it open.
    #[default]
    Write,
    /// Reading only; the file is not changed, not even to repair it after a power cut.
    Read,
}

/// Where the bytes of a gallery are kept.
pub trait Storage: Send + Sync {
    /// Opens the bytes that are there.
    ///
    /// # Errors
    /// [`StoreError::Missing`], [`StoreError::NotAFile`], or the system's refusal.
    fn open(&self, access: Access) -> Result<Box<dyn RawFile>, StoreError>;

    /// Prepares an empty file, which [`publish`](Self::publish) then makes the gallery.
    ///
    /// # Errors
    /// [`StoreError::Exists`] where a gallery is, or the system's refusal.
    fn prepare(&self) -> Result<Box<dyn RawFile>, StoreError>;

    /// Makes what was prepared and written the gallery, in one step that a power cut cannot split.
    ///
    /// # Errors
    /// The system's refusal.
    fn publish(&self) -> Result<(), StoreError>;
}
