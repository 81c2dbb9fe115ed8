//! Between [`RawFile`] and redb: what redb reads and writes, a file with the locks that redb makes, and
//! what redb's refusals mean.

use super::error::StoreError;
use super::raw_file::{LockKind, LockRange, RawFile};
use redb::backends::FileBackend;
use redb::{BackendError, StorageBackend};
use std::fs::File;
use std::io;
use std::ops::Bound;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// What redb's refusals mean here.
pub(super) fn failed(cause: impl Into<redb::Error>) -> StoreError {
    use redb::Error;
    match cause.into() {
        Error::Io(cause) if cause.kind() == io::ErrorKind::InvalidData => {
            StoreError::corrupt_by("the file is no gallery", cause)
        }
        Error::Io(cause) => cause.into(),
        Error::DatabaseAlreadyOpen | Error::LockProtocolMismatch | Error::TransactionInProgress => {
            StoreError::InUse
        }
        Error::PreviousIo | Error::DatabaseClosed | Error::LockPoisoned(_) => {
            StoreError::Stopped(None)
        }
        cause @ Error::UpgradeRequired(_) => {
            StoreError::corrupt_by("the pages are of another version", cause)
        }
        cause @ Error::TableDoesNotExist(_) => StoreError::corrupt_by("a table is missing", cause),
        cause => StoreError::corrupt_by("the file's pages are damaged", cause),
    }
}

/// A file of the operating system, read, written and locked by redb.
#[derive(Debug)]
pub(super) struct LockedFile(FileBackend);

impl LockedFile {
    pub(super) fn new(file: File) -> Result<Self, StoreError> {
        FileBackend::new(file).map(Self).map_err(failed)
    }
}

impl RawFile for LockedFile {
    fn size(&self) -> io::Result<u64> {
        self.0.len()
    }

    fn read(&self, offset: u64, out: &mut [u8]) -> io::Result<()> {
        self.0.read(offset, out)
    }

    fn write(&self, offset: u64, data: &[u8]) -> io::Result<()> {
        self.0.write(offset, data)
    }

    fn set_size(&self, size: u64) -> io::Result<()> {
        self.0.set_len(size)
    }

    fn sync_data(&self) -> io::Result<()> {
        self.0.sync_data()
    }

    fn close(&self) -> io::Result<()> {
        self.0.close()
    }

    fn try_lock(&self, (start, end): LockRange, kind: LockKind) -> io::Result<bool> {
        let taken = match kind {
            LockKind::Shared => self.0.try_lock_shared_range(start, end),
            LockKind::Exclusive => self.0.try_lock_range(start, end),
        };
        Ok(taken?)
    }

    fn unlock(&self, (start, end): LockRange) -> io::Result<()> {
        Ok(self.0.unlock_range(start, end)?)
    }

    fn is_locked(&self, (start, end): LockRange) -> io::Result<bool> {
        Ok(self.0.query_lock_range(start, end)?)
    }
}

/// A raw file as redb wants it. Remembers that a sync failed: what the disk then holds is unknown, and a
/// second sync may succeed without having written anything.
#[derive(Debug)]
pub(super) struct Backend {
    pub(super) file: Box<dyn RawFile>,
    pub(super) sync_failed: Arc<AtomicBool>,
}

impl StorageBackend for Backend {
    fn len(&self) -> io::Result<u64> {
        self.file.size()
    }

    fn read(&self, offset: u64, out: &mut [u8]) -> io::Result<()> {
        self.file.read(offset, out)
    }

    fn set_len(&self, len: u64) -> io::Result<()> {
        self.file.set_size(len)
    }

    fn sync_data(&self) -> io::Result<()> {
        self.file
            .sync_data()
            .inspect_err(|_| self.sync_failed.store(true, Ordering::Relaxed))
    }

    fn write(&self, offset: u64, data: &[u8]) -> io::Result<()> {
        self.file.write(offset, data)
    }

    fn close(&self) -> io::Result<()> {
        self.file.close()
    }

    fn try_lock_range(&self, start: Bound<u64>, end: Bound<u64>) -> Result<bool, BackendError> {
        Ok(self.file.try_lock((start, end), LockKind::Exclusive)?)
    }

    fn try_lock_shared_range(
        &self,
        start: Bound<u64>,
        end: Bound<u64>,
    ) -> Result<bool, BackendError> {
        Ok(self.file.try_lock((start, end), LockKind::Shared)?)
    }

    fn unlock_range(&self, start: Bound<u64>, end: Bound<u64>) -> Result<(), BackendError> {
        Ok(self.file.unlock((start, end))?)
    }

    fn query_lock_range(&self, start: Bound<u64>, end: Bound<u64>) -> Result<bool, BackendError> {
        Ok(self.file.is_locked((start, end))?)
    }
}
