//! Where a gallery lies: a file, or whatever else implements [`Place`]. Injected, so that tests can
//! cut the power.

use super::error::StoreError;
use redb::backends::FileBackend;
use redb::{BackendError, StorageBackend};
use std::fs::{File, OpenOptions};
use std::io;
use std::ops::Bound;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// What a gallery is opened for.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub enum Access {
    /// Reading and writing, with nobody else beside.
    #[default]
    Write,
    /// Reading only; the file is not touched, not even to tidy up after a power cut.
    Read,
}

/// Where a gallery lies.
pub trait Place: Send + Sync {
    /// Opens the bytes that are there.
    ///
    /// # Errors
    /// [`StoreError::Missing`], [`StoreError::NotAFile`], or the system's refusal.
    fn open(&self, access: Access) -> Result<Box<dyn StorageBackend>, StoreError>;

    /// Makes a place for new bytes, which [`publish`](Self::publish) then makes the gallery's.
    ///
    /// # Errors
    /// [`StoreError::Exists`] where a gallery is, or the system's refusal.
    fn prepare(&self) -> Result<Box<dyn StorageBackend>, StoreError>;

    /// Makes what was prepared and written the gallery, at once and for good.
    ///
    /// # Errors
    /// The system's refusal.
    fn publish(&self) -> Result<(), StoreError>;
}

/// A gallery in a file.
#[derive(Clone, Debug)]
pub struct FilePlace {
    path: PathBuf,
}

impl FilePlace {
    /// The gallery at this path. While one is made, the same path with `.new` behind it is used too.
    #[must_use]
    pub fn new(path: impl Into<PathBuf>) -> Self {
        Self { path: path.into() }
    }

    fn fresh(&self) -> PathBuf {
        let mut path = self.path.clone().into_os_string();
        path.push(".new");
        path.into()
    }

    fn named(&self) -> String {
        self.path.display().to_string()
    }
}

impl Place for FilePlace {
    fn open(&self, access: Access) -> Result<Box<dyn StorageBackend>, StoreError> {
        let missing = |source: io::Error| StoreError::Missing {
            place: self.named(),
            source,
        };
        // Before opening, which would wait for the other end of a pipe.
        if !std::fs::metadata(&self.path).map_err(missing)?.is_file() {
            return Err(StoreError::NotAFile(self.path.clone()));
        }
        let file = OpenOptions::new()
            .read(true)
            .write(access == Access::Write)
            .open(&self.path)
            .map_err(|cause| match cause.kind() {
                io::ErrorKind::ReadOnlyFilesystem => StoreError::ReadOnly,
                io::ErrorKind::PermissionDenied if File::open(&self.path).is_ok() => {
                    StoreError::ReadOnly
                }
                _ => missing(cause),
            })?;
        Ok(Box::new(file_backend(file)?))
    }

    fn prepare(&self) -> Result<Box<dyn StorageBackend>, StoreError> {
        if std::fs::symlink_metadata(&self.path).is_ok() {
            return Err(StoreError::Exists {
                place: self.named(),
            });
        }
        // Left behind by a power cut.
        if let Err(cause) = std::fs::remove_file(self.fresh())
            && cause.kind() != io::ErrorKind::NotFound
        {
            return Err(cause.into());
        }
        let mut options = OpenOptions::new();
        options.read(true).write(true).create_new(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        Ok(Box::new(file_backend(options.open(self.fresh())?)?))
    }

    fn publish(&self) -> Result<(), StoreError> {
        if std::fs::symlink_metadata(&self.path).is_ok() {
            return Err(StoreError::Exists {
                place: self.named(),
            });
        }
        std::fs::rename(self.fresh(), &self.path)?;
        sync_folder(&self.path)?;
        Ok(())
    }
}

fn file_backend(file: File) -> Result<FileBackend, StoreError> {
    FileBackend::new(file).map_err(super::db::failed)
}

/// Waits until the file's name is on the disk.
fn sync_folder(path: &Path) -> io::Result<()> {
    let folder = match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        // An empty path is the folder that the process works in.
        _ => Path::new("."),
    };
    File::open(folder)?.sync_all()
}

/// Remembers that a sync failed: what the disk then holds is not known, and a second sync may
/// succeed without having written anything.
#[derive(Debug)]
pub(super) struct Watched {
    pub(super) backend: Box<dyn StorageBackend>,
    pub(super) sync_failed: Arc<AtomicBool>,
}

impl StorageBackend for Watched {
    fn len(&self) -> io::Result<u64> {
        self.backend.len()
    }

    fn read(&self, offset: u64, out: &mut [u8]) -> io::Result<()> {
        self.backend.read(offset, out)
    }

    fn set_len(&self, len: u64) -> io::Result<()> {
        self.backend.set_len(len)
    }

    fn sync_data(&self) -> io::Result<()> {
        self.backend
            .sync_data()
            .inspect_err(|_| self.sync_failed.store(true, Ordering::Relaxed))
    }

    fn write(&self, offset: u64, data: &[u8]) -> io::Result<()> {
        self.backend.write(offset, data)
    }

    fn close(&self) -> io::Result<()> {
        self.backend.close()
    }

    fn try_lock_range(&self, start: Bound<u64>, end: Bound<u64>) -> Result<bool, BackendError> {
        self.backend.try_lock_range(start, end)
    }

    fn try_lock_shared_range(
        &self,
        start: Bound<u64>,
        end: Bound<u64>,
    ) -> Result<bool, BackendError> {
        self.backend.try_lock_shared_range(start, end)
    }

    fn unlock_range(&self, start: Bound<u64>, end: Bound<u64>) -> Result<(), BackendError> {
        self.backend.unlock_range(start, end)
    }

    fn query_lock_range(&self, start: Bound<u64>, end: Bound<u64>) -> Result<bool, BackendError> {
        self.backend.query_lock_range(start, end)
    }
}
