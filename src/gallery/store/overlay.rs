//! A file that is read but never written: changes stay in memory. With it, a gallery on a
//! read-only disk opens even after a power cut, when redb has to tidy up first.

use super::raw_file::{LockKind, LockRange, RawFile};
use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::io;
use std::sync::{Mutex, MutexGuard, PoisonError};

const PAGE: u64 = 4096;

/// Reads through to another backend, except where something was written.
#[derive(Debug)]
pub(super) struct Overlay {
    beneath: Box<dyn RawFile>,
    changes: Mutex<Changes>,
}

#[derive(Debug)]
struct Changes {
    length: u64,
    /// The part of the file beneath that still counts: a file made shorter and longer again is
    /// zero there.
    valid: u64,
    pages: BTreeMap<u64, Box<[u8; PAGE as usize]>>,
}

impl Overlay {
    pub(super) fn new(beneath: Box<dyn RawFile>) -> io::Result<Self> {
        let length = beneath.size()?;
        let changes = Changes {
            length,
            valid: length,
            pages: BTreeMap::new(),
        };
        Ok(Self {
            beneath,
            changes: Mutex::new(changes),
        })
    }

    fn changes(&self) -> MutexGuard<'_, Changes> {
        self.changes.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Bytes of the file beneath, zero behind its end.
    fn read_beneath(&self, valid: u64, offset: u64, out: &mut [u8]) -> io::Result<()> {
        let there = valid.saturating_sub(offset).min(out.len() as u64);
        let (old, new) = out.split_at_mut(usize::try_from(there).map_err(io::Error::other)?);
        new.fill(0);
        if old.is_empty() {
            return Ok(());
        }
        self.beneath.read(offset, old)
    }
}

/// The pages that a range touches: their number, where in them it begins, and how long it is there.
fn pieces(offset: u64, length: usize) -> impl Iterator<Item = (u64, usize, usize)> {
    let end = offset + length as u64;
    let mut at = offset;
    std::iter::from_fn(move || {
        if at >= end {
            return None;
        }
        let within = at % PAGE;
        let count = (PAGE - within).min(end - at);
        let page = at / PAGE;
        at += count;
        Some((page, within as usize, count as usize))
    })
}

impl RawFile for Overlay {
    fn size(&self) -> io::Result<u64> {
        Ok(self.changes().length)
    }

    fn read(&self, offset: u64, out: &mut [u8]) -> io::Result<()> {
        let changes = self.changes();
        let end = offset.checked_add(out.len() as u64);
        if end.is_none_or(|end| end > changes.length) {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        self.read_beneath(changes.valid, offset, out)?;
        let mut done = 0;
        for (page, within, count) in pieces(offset, out.len()) {
            if let Some(bytes) = changes.pages.get(&page) {
                out[done..done + count].copy_from_slice(&bytes[within..within + count]);
            }
            done += count;
        }
        Ok(())
    }

    fn set_size(&self, size: u64) -> io::Result<()> {
        let mut changes = self.changes();
        changes.valid = changes.valid.min(size);
        changes.pages.retain(|page, _| page * PAGE < size);
        if let Some(last) = changes.pages.get_mut(&(size / PAGE)) {
            last[(size % PAGE) as usize..].fill(0);
        }
        changes.length = size;
        Ok(())
    }

    fn sync_data(&self) -> io::Result<()> {
        Ok(())
    }

    fn write(&self, offset: u64, data: &[u8]) -> io::Result<()> {
        let mut changes = self.changes();
        let valid = changes.valid;
        let mut done = 0;
        for (page, within, count) in pieces(offset, data.len()) {
            let bytes = match changes.pages.entry(page) {
                Entry::Occupied(there) => there.into_mut(),
                Entry::Vacant(free) => {
                    let mut bytes = Box::new([0; PAGE as usize]);
                    self.read_beneath(valid, page * PAGE, bytes.as_mut_slice())?;
                    free.insert(bytes)
                }
            };
            bytes[within..within + count].copy_from_slice(&data[done..done + count]);
            done += count;
        }
        changes.length = changes.length.max(offset + data.len() as u64);
        Ok(())
    }

    fn close(&self) -> io::Result<()> {
        self.beneath.close()
    }

    /// Many may read at once; a writer shuts them out.
    fn try_lock(&self, range: LockRange, _: LockKind) -> io::Result<bool> {
        self.beneath.try_lock(range, LockKind::Shared)
    }

    fn unlock(&self, range: LockRange) -> io::Result<()> {
        self.beneath.unlock(range)
    }

    fn is_locked(&self, range: LockRange) -> io::Result<bool> {
        self.beneath.is_locked(range)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::gallery::store::{MemoryStorage, Storage};
    use proptest::prelude::*;

    #[derive(Clone, Debug)]
    enum Step {
        Write(u64, Vec<u8>),
        Resize(u64),
    }

    fn step() -> impl Strategy<Value = Step> {
        let data = prop::collection::vec(any::<u8>(), 1..6000);
        prop_oneof![
            3 => (0_u64..20_000, data).prop_map(|(at, data)| Step::Write(at, data)),
            1 => (0_u64..30_000).prop_map(Step::Resize),
        ]
    }

    proptest! {
        #[test]
        fn it_reads_as_a_written_file_and_leaves_the_one_beneath(
            original in prop::collection::vec(any::<u8>(), 0..15_000),
            steps in prop::collection::vec(step(), 0..20),
        ) {
            let beneath = MemoryStorage::default().prepare().unwrap();
            beneath.set_size(original.len() as u64).unwrap();
            beneath.write(0, &original).unwrap();
            let overlay = Overlay::new(beneath).unwrap();
            let mut expected = original.clone();
            for step in steps {
                match step {
                    Step::Write(at, data) => {
                        let end = at as usize + data.len();
                        if expected.len() < end {
                            expected.resize(end, 0);
                        }
                        expected[at as usize..end].copy_from_slice(&data);
                        overlay.write(at, &data).unwrap();
                    }
                    Step::Resize(length) => {
                        expected.resize(length as usize, 0);
                        overlay.set_size(length).unwrap();
                    }
                }
                let mut found = vec![1; expected.len()];
                overlay.read(0, &mut found).unwrap();
                prop_assert_eq!(&found, &expected);
                prop_assert!(overlay.read(1, &mut found).is_err());
            }
            let mut left = vec![0; original.len()];
            overlay.beneath.read(0, &mut left).unwrap();
            prop_assert_eq!(left, original);
        }
    }
}
