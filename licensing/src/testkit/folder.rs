//! A folder in memory. Clones are the same folder.

use crate::storage::{Lock, Storage, StorageError};
use std::collections::BTreeMap;
use std::io;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// Files by name; can be made read-only.
#[derive(Clone, Debug, Default)]
pub struct MemoryFolder(Arc<Mutex<Files>>);

#[derive(Debug, Default)]
struct Files {
    files: BTreeMap<String, Vec<u8>>,
    is_read_only: bool,
}

struct NoLock;
impl Lock for NoLock {}

impl MemoryFolder {
    /// An empty folder.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    fn inner(&self) -> MutexGuard<'_, Files> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The names in it.
    #[must_use]
    pub fn names(&self) -> Vec<String> {
        self.inner().files.keys().cloned().collect()
    }

    /// The bytes of a file.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<Vec<u8>> {
        self.inner().files.get(name).cloned()
    }

    /// Puts a file there, or takes it away.
    pub fn set(&self, name: &str, bytes: Option<Vec<u8>>) {
        match bytes {
            Some(bytes) => self.inner().files.insert(name.to_owned(), bytes),
            None => self.inner().files.remove(name),
        };
    }

    /// Refuses every write from now on, or takes them again.
    pub fn set_read_only(&self, is_read_only: bool) {
        self.inner().is_read_only = is_read_only;
    }

    fn writable(&self) -> Result<MutexGuard<'_, Files>, StorageError> {
        let files = self.inner();
        if files.is_read_only {
            return Err(io::Error::from(io::ErrorKind::ReadOnlyFilesystem).into());
        }
        Ok(files)
    }
}

impl Storage for MemoryFolder {
    fn read(&self, name: &str, max: usize) -> Result<Option<Vec<u8>>, StorageError> {
        match self.get(name) {
            Some(bytes) if bytes.len() > max => Err(StorageError::Unsafe("is too large")),
            found => Ok(found),
        }
    }

    fn create(&self, name: &str, bytes: &[u8]) -> Result<(), StorageError> {
        let mut inner = self.writable()?;
        if inner.files.contains_key(name) {
            return Err(io::Error::from(io::ErrorKind::AlreadyExists).into());
        }
        inner.files.insert(name.to_owned(), bytes.to_vec());
        Ok(())
    }

    fn sync(&self, _: &str) -> Result<(), StorageError> {
        self.writable().map(drop)
    }

    fn rename(&self, from: &str, to: &str) -> Result<(), StorageError> {
        let mut inner = self.writable()?;
        let bytes = inner.files.remove(from);
        let bytes = bytes.ok_or_else(|| io::Error::from(io::ErrorKind::NotFound))?;
        inner.files.insert(to.to_owned(), bytes);
        Ok(())
    }

    fn sync_names(&self) -> Result<(), StorageError> {
        self.writable().map(drop)
    }

    fn remove(&self, name: &str) -> Result<(), StorageError> {
        self.writable()?.files.remove(name);
        Ok(())
    }

    fn lock(&self) -> Result<Box<dyn Lock + '_>, StorageError> {
        drop(self.writable()?);
        Ok(Box::new(NoLock))
    }

    fn describe(&self) -> String {
        "memory".to_owned()
    }
}
