//! A gallery in a file of the operating system.

use super::backend::LockedFile;
use super::error::StoreError;
use super::raw_file::RawFile;
use super::storage::{Access, Storage};
use std::fs::{File, OpenOptions};
use std::io;
use std::path::{Path, PathBuf};

/// A gallery in a file.
#[derive(Clone, Debug)]
pub struct FileStorage {
    path: PathBuf,
}

impl FileStorage {
    /// The gallery at this path. While one is created, the same path with `.new` appended is used too.
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

impl Storage for FileStorage {
    fn open(&self, access: Access) -> Result<Box<dyn RawFile>, StoreError> {
        let missing = |source: io::Error| StoreError::Missing {
            location: self.named(),
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
        Ok(Box::new(LockedFile::new(file)?))
    }

    fn prepare(&self) -> Result<Box<dyn RawFile>, StoreError> {
        if std::fs::symlink_metadata(&self.path).is_ok() {
            return Err(StoreError::Exists {
                location: self.named(),
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
        Ok(Box::new(LockedFile::new(options.open(self.fresh())?)?))
    }

    fn publish(&self) -> Result<(), StoreError> {
        if std::fs::symlink_metadata(&self.path).is_ok() {
            return Err(StoreError::Exists {
                location: self.named(),
            });
        }
        std::fs::rename(self.fresh(), &self.path)?;
        sync_folder(&self.path)?;
        Ok(())
    }
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
