//! A disk for galleries that keeps every writing step, fills up and fails.

use std::collections::BTreeSet;
use std::io::{self, ErrorKind};
use std::sync::{Arc, Mutex, MutexGuard};
use vultus::gallery::store::{Access, RawFile, Storage, StoreError};

const PAGE: u64 = 4096;

/// One step of writing.
#[derive(Clone, Debug)]
pub enum Step {
    Write(u64, Vec<u8>),
    Resize(u64),
    Sync,
}

/// What fails.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Fault {
    /// Every writing step from the n-th on, syncs among them.
    Write(usize, ErrorKind),
    /// Every sync from the n-th on.
    Sync(usize),
    /// Every reading step from the n-th on finds less than it asked for.
    ShortRead(usize),
    /// Pages beyond these many: a full disk. What has a page keeps it.
    Full(usize),
}

/// Clones are the same disk.
#[derive(Clone, Debug, Default)]
pub struct Disk(Arc<Mutex<Inner>>);

#[derive(Debug, Default)]
struct Inner {
    bytes: Vec<u8>,
    steps: Vec<Step>,
    is_logging: bool,
    fault: Option<Fault>,
    writes: usize,
    syncs: usize,
    reads: usize,
    /// Pages that something was written to.
    pages: BTreeSet<u64>,
}

impl Disk {
    pub fn holding(bytes: &[u8]) -> Self {
        let disk = Self::default();
        let mut inner = disk.inner();
        inner.bytes = bytes.to_vec();
        inner.pages = (0..(bytes.len() as u64).div_ceil(PAGE)).collect();
        drop(inner);
        disk
    }

    fn inner(&self) -> MutexGuard<'_, Inner> {
        self.0.lock().unwrap()
    }

    pub fn bytes(&self) -> Vec<u8> {
        self.inner().bytes.clone()
    }

    pub fn pages(&self) -> usize {
        self.inner().pages.len()
    }

    /// From now on every writing step is kept.
    pub fn log(&self) {
        self.inner().is_logging = true;
    }

    /// Writing steps so far.
    pub fn logged(&self) -> usize {
        self.inner().steps.len()
    }

    pub fn take_log(&self) -> Vec<Step> {
        let mut inner = self.inner();
        inner.is_logging = false;
        std::mem::take(&mut inner.steps)
    }

    /// Sets or ends a fault; its steps are counted from here.
    pub fn fail(&self, fault: Option<Fault>) {
        let mut inner = self.inner();
        inner.fault = fault;
        (inner.writes, inner.syncs, inner.reads) = (0, 0, 0);
    }

    /// Writing steps, syncs among them, since [`fail`](Self::fail).
    pub fn writes(&self) -> usize {
        self.inner().writes
    }

    /// Reading steps since [`fail`](Self::fail).
    pub fn reads(&self) -> usize {
        self.inner().reads
    }

    pub fn storage(&self) -> Box<dyn Storage> {
        Box::new(self.clone())
    }
}

impl Inner {
    fn step(&mut self, step: impl FnOnce() -> Step) -> io::Result<()> {
        self.writes += 1;
        match self.fault {
            Some(Fault::Write(n, kind)) if self.writes > n => return Err(kind.into()),
            _ => {}
        }
        if self.is_logging {
            self.steps.push(step());
        }
        Ok(())
    }
}

impl Storage for Disk {
    fn open(&self, _: Access) -> Result<Box<dyn RawFile>, StoreError> {
        Ok(Box::new(self.clone()))
    }

    fn prepare(&self) -> Result<Box<dyn RawFile>, StoreError> {
        self.inner().bytes.clear();
        Ok(Box::new(self.clone()))
    }

    fn publish(&self) -> Result<(), StoreError> {
        Ok(())
    }
}

impl RawFile for Disk {
    fn size(&self) -> io::Result<u64> {
        Ok(self.inner().bytes.len() as u64)
    }

    fn read(&self, offset: u64, out: &mut [u8]) -> io::Result<()> {
        let mut inner = self.inner();
        inner.reads += 1;
        if matches!(inner.fault, Some(Fault::ShortRead(n)) if inner.reads > n) {
            return Err(ErrorKind::UnexpectedEof.into());
        }
        let from = inner.bytes.get(offset as usize..).unwrap_or(&[]);
        let from = from.get(..out.len()).ok_or(ErrorKind::UnexpectedEof)?;
        out.copy_from_slice(from);
        Ok(())
    }

    fn set_size(&self, size: u64) -> io::Result<()> {
        let mut inner = self.inner();
        inner.step(|| Step::Resize(size))?;
        inner.bytes.resize(size as usize, 0);
        inner.pages.retain(|page| page * PAGE < size);
        Ok(())
    }

    fn sync_data(&self) -> io::Result<()> {
        let mut inner = self.inner();
        inner.step(|| Step::Sync)?;
        inner.syncs += 1;
        if matches!(inner.fault, Some(Fault::Sync(n)) if inner.syncs > n) {
            return Err(io::Error::other("the sync failed"));
        }
        Ok(())
    }

    fn write(&self, offset: u64, data: &[u8]) -> io::Result<()> {
        let mut inner = self.inner();
        inner.step(|| Step::Write(offset, data.to_vec()))?;
        let end = offset + data.len() as u64;
        let touched = offset / PAGE..end.div_ceil(PAGE);
        if let Some(Fault::Full(pages)) = inner.fault {
            let new = touched.clone().filter(|page| !inner.pages.contains(page));
            if inner.pages.len() + new.count() > pages {
                return Err(ErrorKind::StorageFull.into());
            }
        }
        inner.pages.extend(touched);
        put(&mut inner.bytes, offset, data);
        Ok(())
    }
}

/// Writes into bytes, which grow as a file does.
pub(crate) fn put(bytes: &mut Vec<u8>, offset: u64, data: &[u8]) {
    let (start, end) = (offset as usize, offset as usize + data.len());
    if bytes.len() < end {
        bytes.resize(end, 0);
    }
    bytes[start..end].copy_from_slice(data);
}
