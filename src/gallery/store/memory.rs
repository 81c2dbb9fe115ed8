//! A gallery in memory.

use super::error::StoreError;
use super::raw_file::RawFile;
use super::storage::{Access, Storage};
use std::fmt;
use std::io;
use std::ops::Range;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// What errors name it by.
const NAME: &str = "memory";

/// A gallery in memory, for programs that keep no file: its bytes are sealed like those of a file,
/// clones share them, and they go with the last clone.
#[derive(Clone, Default)]
pub struct MemoryStorage(Arc<Mutex<Memory>>);

#[derive(Default)]
struct Memory {
    bytes: Vec<u8>,
    /// Whether the bytes are a gallery, not one that is being created.
    published: bool,
    readers: usize,
    is_written: bool,
}

impl MemoryStorage {
    fn memory(&self) -> MutexGuard<'_, Memory> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Opens the bytes unless another opener is in the way.
    fn file(&self, access: Access) -> Result<Box<dyn RawFile>, StoreError> {
        let mut memory = self.memory();
        if memory.is_written || (access == Access::Write && memory.readers > 0) {
            return Err(StoreError::InUse);
        }
        match access {
            Access::Read => memory.readers += 1,
            Access::Write => memory.is_written = true,
        }
        Ok(Box::new(MemoryFile {
            storage: self.clone(),
            access,
            is_closed: AtomicBool::new(false),
        }))
    }
}

impl Storage for MemoryStorage {
    fn open(&self, access: Access) -> Result<Box<dyn RawFile>, StoreError> {
        if !self.memory().published {
            return Err(StoreError::Missing {
                location: NAME.to_owned(),
                source: io::ErrorKind::NotFound.into(),
            });
        }
        self.file(access)
    }

    fn prepare(&self) -> Result<Box<dyn RawFile>, StoreError> {
        let file = self.file(Access::Write)?;
        let mut memory = self.memory();
        if memory.published {
            drop(memory);
            return Err(StoreError::Exists {
                location: NAME.to_owned(),
            });
        }
        memory.bytes.clear();
        drop(memory);
        Ok(file)
    }

    fn publish(&self) -> Result<(), StoreError> {
        self.memory().published = true;
        Ok(())
    }
}

impl fmt::Debug for MemoryStorage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MemoryStorage")
            .field("bytes", &self.memory().bytes.len())
            .finish()
    }
}

/// The bytes, open.
#[derive(Debug)]
struct MemoryFile {
    storage: MemoryStorage,
    access: Access,
    is_closed: AtomicBool,
}

fn range(offset: u64, length: usize) -> io::Result<Range<usize>> {
    let start = usize::try_from(offset).map_err(io::Error::other)?;
    let end = start.checked_add(length);
    Ok(start..end.ok_or(io::ErrorKind::FileTooLarge)?)
}

impl RawFile for MemoryFile {
    fn size(&self) -> io::Result<u64> {
        Ok(self.storage.memory().bytes.len() as u64)
    }

    fn read(&self, offset: u64, out: &mut [u8]) -> io::Result<()> {
        let memory = self.storage.memory();
        let found = memory.bytes.get(range(offset, out.len())?);
        out.copy_from_slice(found.ok_or(io::ErrorKind::UnexpectedEof)?);
        Ok(())
    }

    fn write(&self, offset: u64, data: &[u8]) -> io::Result<()> {
        let mut memory = self.storage.memory();
        let range = range(offset, data.len())?;
        if memory.bytes.len() < range.end {
            memory.bytes.resize(range.end, 0);
        }
        memory.bytes[range].copy_from_slice(data);
        Ok(())
    }

    fn set_size(&self, size: u64) -> io::Result<()> {
        let size = usize::try_from(size).map_err(io::Error::other)?;
        self.storage.memory().bytes.resize(size, 0);
        Ok(())
    }

    fn sync_data(&self) -> io::Result<()> {
        Ok(())
    }

    fn close(&self) -> io::Result<()> {
        if !self.is_closed.swap(true, Ordering::Relaxed) {
            let mut memory = self.storage.memory();
            match self.access {
                Access::Read => memory.readers -= 1,
                Access::Write => memory.is_written = false,
            }
        }
        Ok(())
    }
}

impl Drop for MemoryFile {
    fn drop(&mut self) {
        // Closing memory never fails.
        let _ = self.close();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::Coded;

    fn status(result: Result<Box<dyn RawFile>, StoreError>) -> &'static str {
        result.map_or_else(|error| error.status().name(), |_| "OK")
    }

    #[test]
    fn it_refuses_what_a_file_refuses() {
        let storage = MemoryStorage::default();
        assert_eq!(status(storage.open(Access::Write)), "GalleryMissing");
        let file = storage.prepare().unwrap();
        assert_eq!(status(storage.prepare()), "GalleryInUse");
        file.close().unwrap();
        storage.publish().unwrap();
        drop(file);
        assert_eq!(status(storage.prepare()), "GalleryExists");
        let readers = [Access::Read; 2].map(|access| storage.open(access).unwrap());
        assert_eq!(status(storage.clone().open(Access::Write)), "GalleryInUse");
        drop(readers);
        let writer = storage.open(Access::Write).unwrap();
        assert_eq!(status(storage.open(Access::Read)), "GalleryInUse");
        drop(writer);
        assert_eq!(status(storage.open(Access::Read)), "OK");
    }

    #[test]
    fn bytes_are_written_cut_and_read_within_the_end() {
        let storage = MemoryStorage::default();
        let file = storage.prepare().unwrap();
        file.write(2, b"abc").unwrap();
        let mut all = [1; 5];
        file.read(0, &mut all).unwrap();
        assert_eq!(&all, b"\0\0abc");
        file.set_size(4).unwrap();
        assert_eq!(file.size().unwrap(), 4);
        for (offset, length) in [(0, 5), (4, 1), (u64::MAX, 1)] {
            assert!(file.read(offset, &mut vec![0; length]).is_err());
        }
        assert_eq!(format!("{storage:?}"), "MemoryStorage { bytes: 4 }");
    }
}
