//! A real folder, opened so that a link, a pipe or a file that an attacker put in it is never
//! followed, read or written.

use super::{Lock, Storage, StorageError};
use crate::error::LicenceError;
use crate::process::Process;
use rustix::fs::{AtFlags, CWD, FileType, FlockOperation, Mode, OFlags};
use rustix::io::Errno;
use std::fs::File;
use std::io::{Read, Write};
use std::os::fd::OwnedFd;
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};

const LOCK: &str = "lock";
/// Longest path in bytes that the kernel takes, its end included.
const PATH_MAX: usize = 4096;

/// A folder on disk. Files in it must be plain, unlinked elsewhere, and ours or root's.
#[derive(Debug)]
pub struct Folder {
    path: PathBuf,
    /// Kept open, so that swapping the folder's name later changes nothing.
    handle: OwnedFd,
}

impl Folder {
    /// Opens a folder that exists.
    ///
    /// # Errors
    /// [`LicenceError::InvalidArgument`] for a path that no system takes,
    /// [`LicenceError::StateNotReadable`] when it cannot be opened.
    pub fn open(path: &Path) -> Result<Self, LicenceError> {
        check_path(path)?;
        let flags = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::CLOEXEC;
        let handle = rustix::fs::openat(CWD, path, flags, Mode::empty()).map_err(|cause| {
            LicenceError::StateNotReadable {
                path: path.to_owned(),
                source: cause.into(),
            }
        })?;
        Ok(Self {
            path: path.to_owned(),
            handle,
        })
    }

    /// Opens a folder and makes it first where it is missing, readable by its owner alone.
    ///
    /// # Errors
    /// As [`open`](Self::open).
    pub fn create(path: &Path) -> Result<Self, LicenceError> {
        check_path(path)?;
        make(path).map_err(|source| LicenceError::StateNotReadable {
            path: path.to_owned(),
            source,
        })?;
        Self::open(path)
    }

    /// Opens a file without following a link and without waiting for a pipe's other end.
    fn open_file(&self, name: &str, flags: OFlags) -> Result<File, StorageError> {
        let flags = flags | OFlags::NOFOLLOW | OFlags::NONBLOCK | OFlags::CLOEXEC;
        let mode = Mode::RUSR | Mode::WUSR;
        let fd = rustix::fs::openat(&self.handle, name, flags, mode).map_err(|cause| {
            match cause {
                Errno::LOOP => StorageError::Unsafe("is a symbolic link"),
                Errno::ISDIR => StorageError::Unsafe("is a folder"),
                // A pipe opened for writing without a reader.
                Errno::NXIO => StorageError::Unsafe("is not a plain file"),
                other => StorageError::Io(other.into()),
            }
        })?;
        Ok(File::from(fd))
    }
}

/// Makes a folder with those around it, and waits until their names are on the disk: what is synced
/// in a folder that a power cut takes away is lost with it.
fn make(path: &Path) -> std::io::Result<()> {
    use std::os::unix::fs::DirBuilderExt;
    let missing: Vec<&Path> = path.ancestors().take_while(|path| !path.exists()).collect();
    let mut builder = std::fs::DirBuilder::new();
    builder.recursive(true).mode(0o700).create(path)?;
    for made in missing {
        let around = match made.parent() {
            Some(around) if !around.as_os_str().is_empty() => around,
            // An empty path is the folder that the process works in, which was there.
            Some(_) => Path::new("."),
            None => continue,
        };
        File::open(around)?.sync_all()?;
    }
    Ok(())
}

fn check_path(path: &Path) -> Result<(), LicenceError> {
    let bytes = path.as_os_str().as_bytes();
    let why = if bytes.is_empty() {
        "is empty"
    } else if bytes.contains(&0) {
        "contains a NUL byte"
    } else if bytes.len() >= PATH_MAX {
        "is longer than 4095 bytes"
    } else {
        return Ok(());
    };
    Err(LicenceError::InvalidArgument {
        name: "state folder",
        why,
    })
}

/// Checks what was opened, not what a name said before. The size is in bytes.
fn check_plain(file: &File) -> Result<u64, StorageError> {
    let stat = rustix::fs::fstat(file).map_err(std::io::Error::from)?;
    if FileType::from_raw_mode(stat.st_mode) != FileType::RegularFile {
        return Err(StorageError::Unsafe("is not a plain file"));
    }
    if stat.st_nlink != 1 {
        return Err(StorageError::Unsafe("has a second name"));
    }
    if stat.st_uid != rustix::process::geteuid().as_raw() && stat.st_uid != 0 {
        return Err(StorageError::Unsafe("belongs to another user"));
    }
    u64::try_from(stat.st_size).map_err(|_| StorageError::Unsafe("has no size"))
}

impl Storage for Folder {
    fn read(&self, name: &str, max: usize) -> Result<Option<Vec<u8>>, StorageError> {
        const TOO_LARGE: StorageError = StorageError::Unsafe("is too large");
        let file = match self.open_file(name, OFlags::RDONLY) {
            Ok(file) => file,
            Err(StorageError::Io(cause)) if cause.kind() == std::io::ErrorKind::NotFound => {
                return Ok(None);
            }
            Err(cause) => return Err(cause),
        };
        let max = max as u64;
        if check_plain(&file)? > max {
            return Err(TOO_LARGE);
        }
        let mut bytes = Vec::new();
        // It may grow while it is read.
        if file.take(max + 1).read_to_end(&mut bytes)? as u64 > max {
            return Err(TOO_LARGE);
        }
        Ok(Some(bytes))
    }

    fn create(&self, name: &str, bytes: &[u8]) -> Result<(), StorageError> {
        let flags = OFlags::WRONLY | OFlags::CREATE | OFlags::EXCL;
        Ok(self.open_file(name, flags)?.write_all(bytes)?)
    }

    fn sync(&self, name: &str) -> Result<(), StorageError> {
        Ok(self.open_file(name, OFlags::RDONLY)?.sync_all()?)
    }

    fn rename(&self, from: &str, to: &str) -> Result<(), StorageError> {
        rustix::fs::renameat(&self.handle, from, &self.handle, to).map_err(|cause| match cause {
            Errno::ISDIR => StorageError::Unsafe("is a folder"),
            other => StorageError::Io(other.into()),
        })
    }

    fn sync_names(&self) -> Result<(), StorageError> {
        rustix::fs::fsync(&self.handle).map_err(|cause| StorageError::Io(cause.into()))
    }

    fn remove(&self, name: &str) -> Result<(), StorageError> {
        match rustix::fs::unlinkat(&self.handle, name, AtFlags::empty()) {
            Ok(()) | Err(Errno::NOENT) => Ok(()),
            Err(Errno::ISDIR) => Err(StorageError::Unsafe("is a folder")),
            Err(cause) => Err(StorageError::Io(cause.into())),
        }
    }

    fn lock(&self) -> Result<Box<dyn Lock + '_>, StorageError> {
        let file = self.open_file(LOCK, OFlags::RDWR | OFlags::CREATE)?;
        check_plain(&file)?;
        rustix::io::retry_on_intr(|| rustix::fs::flock(&file, FlockOperation::LockExclusive))
            .map_err(|cause| StorageError::Io(cause.into()))?;
        Ok(Box::new(Flock {
            file,
            process: Process::current(),
        }))
    }

    fn describe(&self) -> String {
        self.path.display().to_string()
    }
}

/// The kernel releases the lock with the file, also when the process dies.
struct Flock {
    file: File,
    process: Process,
}

impl Lock for Flock {}

impl Drop for Flock {
    /// A child that was forked meanwhile has the file open too, so closing it here would not give up the lock.
    fn drop(&mut self) {
        if self.process.is_current() {
            // Closing what cannot be unlocked is all that is left.
            let _ = rustix::fs::flock(&self.file, FlockOperation::Unlock);
        }
    }
}
