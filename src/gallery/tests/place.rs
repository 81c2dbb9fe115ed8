//! A file in memory that outlives the gallery that has it open.

use crate::gallery::store::{Access, Place, StorageBackend, StoreError};
use std::io;
use std::ops::Range;
use std::sync::{Arc, Mutex, MutexGuard};

#[derive(Clone, Debug, Default)]
pub(super) struct MemoryPlace {
    bytes: Arc<Mutex<Vec<u8>>>,
}

impl Place for MemoryPlace {
    fn open(&self, _: Access) -> Result<Box<dyn StorageBackend>, StoreError> {
        Ok(Box::new(self.clone()))
    }

    fn prepare(&self) -> Result<Box<dyn StorageBackend>, StoreError> {
        self.bytes().clear();
        Ok(Box::new(self.clone()))
    }

    fn publish(&self) -> Result<(), StoreError> {
        Ok(())
    }
}

impl MemoryPlace {
    fn bytes(&self) -> MutexGuard<'_, Vec<u8>> {
        self.bytes.lock().unwrap()
    }
}

fn range(offset: u64, length: usize, all: usize) -> io::Result<Range<usize>> {
    let start = usize::try_from(offset).map_err(io::Error::other)?;
    let end = start + length;
    match end <= all {
        true => Ok(start..end),
        false => Err(io::ErrorKind::UnexpectedEof.into()),
    }
}

impl StorageBackend for MemoryPlace {
    fn len(&self) -> io::Result<u64> {
        Ok(self.bytes().len() as u64)
    }

    fn read(&self, offset: u64, out: &mut [u8]) -> io::Result<()> {
        let bytes = self.bytes();
        out.copy_from_slice(&bytes[range(offset, out.len(), bytes.len())?]);
        Ok(())
    }

    fn set_len(&self, length: u64) -> io::Result<()> {
        let length = usize::try_from(length).map_err(io::Error::other)?;
        self.bytes().resize(length, 0);
        Ok(())
    }

    fn sync_data(&self) -> io::Result<()> {
        Ok(())
    }

    fn write(&self, offset: u64, data: &[u8]) -> io::Result<()> {
        let mut bytes = self.bytes();
        let range = range(offset, data.len(), bytes.len())?;
        bytes[range].copy_from_slice(data);
        Ok(())
    }
}
