//! A disk that tells what was written from what is durable, and that can fail or lose its power.

use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::sync::{Arc, Mutex, MutexGuard};
use vultus_licensing::storage::{Lock, Storage, StorageError};

type Names = BTreeMap<String, usize>;

/// Clones are the same disk.
#[derive(Clone, Default)]
pub struct Disk(Arc<Mutex<Inner>>);

#[derive(Default)]
struct Inner {
    /// Contents by inode: what a reader sees, and whether it is durable.
    contents: Vec<(Vec<u8>, bool)>,
    /// Names as a reader sees them.
    names: Names,
    /// Names as they are on the disk.
    durable: Names,
    /// Changes of names since the last sync of the folder, in order.
    pending: Vec<Change>,
    /// Steps until every further one fails; `None` for never.
    steps_left: Option<usize>,
    steps: usize,
}

#[derive(Clone)]
enum Change {
    Set(String, usize),
    Rename(String, String),
    Remove(String),
}

fn apply(names: &mut Names, change: &Change) {
    match change {
        Change::Set(name, inode) => drop(names.insert(name.clone(), *inode)),
        Change::Remove(name) => drop(names.remove(name)),
        Change::Rename(from, to) => {
            if let Some(inode) = names.remove(from) {
                names.insert(to.clone(), inode);
            }
        }
    }
}

struct NoLock;
impl Lock for NoLock {}

impl Disk {
    fn inner(&self) -> MutexGuard<'_, Inner> {
        self.0.lock().unwrap()
    }

    /// A disk that holds these files, all durable.
    pub fn holding(files: &BTreeMap<String, Vec<u8>>) -> Self {
        let disk = Self::default();
        for (name, bytes) in files {
            let mut inner = disk.inner();
            let inode = inner.contents.len();
            inner.contents.push((bytes.clone(), true));
            inner.names.insert(name.clone(), inode);
            inner.durable.insert(name.clone(), inode);
        }
        disk
    }

    /// Every writing step after this many fails: a full disk, or the moment before a power cut.
    pub fn fail_after(&self, steps: Option<usize>) {
        let mut inner = self.inner();
        inner.steps_left = steps;
        inner.steps = 0;
    }

    /// Writing steps since [`fail_after`](Self::fail_after).
    pub fn steps(&self) -> usize {
        self.inner().steps
    }

    pub fn files(&self) -> BTreeMap<String, Vec<u8>> {
        let inner = self.inner();
        let names = inner.names.iter();
        names
            .map(|(name, &inode)| (name.clone(), inner.contents[inode].0.clone()))
            .collect()
    }

    /// Everything that may lie on the disk after a power cut now: any subset of the unsynced
    /// changes of names, in their order, with unsynced contents empty, half or whole.
    pub fn after_power_cut(&self) -> BTreeSet<BTreeMap<String, Vec<u8>>> {
        let inner = self.inner();
        let mut outcomes = BTreeSet::new();
        assert!(inner.pending.len() <= 12, "{} pending", inner.pending.len());
        for subset in 0_u32..1 << inner.pending.len() {
            let mut names = inner.durable.clone();
            for (i, change) in inner.pending.iter().enumerate() {
                if subset >> i & 1 == 1 {
                    apply(&mut names, change);
                }
            }
            for share in [0, 1, 2] {
                let files = names.iter().map(|(name, &inode)| {
                    let (bytes, is_durable) = &inner.contents[inode];
                    let kept = if *is_durable { 2 } else { share };
                    (name.clone(), bytes[..bytes.len() * kept / 2].to_vec())
                });
                outcomes.insert(files.collect());
            }
        }
        outcomes
    }

    fn step(&self) -> Result<MutexGuard<'_, Inner>, StorageError> {
        let mut inner = self.inner();
        inner.steps += 1;
        match &mut inner.steps_left {
            Some(0) => return Err(io::Error::from(io::ErrorKind::StorageFull).into()),
            Some(left) => *left -= 1,
            None => {}
        }
        Ok(inner)
    }
}

impl Inner {
    fn change(&mut self, change: Change) {
        apply(&mut self.names, &change);
        self.pending.push(change);
    }
}

impl Storage for Disk {
    fn read(&self, name: &str, max: usize) -> Result<Option<Vec<u8>>, StorageError> {
        match self.files().remove(name) {
            Some(bytes) if bytes.len() > max => Err(StorageError::Unsafe("is too large")),
            found => Ok(found),
        }
    }

    fn create(&self, name: &str, bytes: &[u8]) -> Result<(), StorageError> {
        let mut inner = self.step()?;
        if inner.names.contains_key(name) {
            return Err(io::Error::from(io::ErrorKind::AlreadyExists).into());
        }
        let inode = inner.contents.len();
        inner.contents.push((bytes.to_vec(), false));
        inner.change(Change::Set(name.to_owned(), inode));
        Ok(())
    }

    fn sync(&self, name: &str) -> Result<(), StorageError> {
        let mut inner = self.step()?;
        let inode = inner.names.get(name).copied();
        let inode = inode.ok_or_else(|| io::Error::from(io::ErrorKind::NotFound))?;
        inner.contents[inode].1 = true;
        Ok(())
    }

    fn rename(&self, from: &str, to: &str) -> Result<(), StorageError> {
        let mut inner = self.step()?;
        if !inner.names.contains_key(from) {
            return Err(io::Error::from(io::ErrorKind::NotFound).into());
        }
        inner.change(Change::Rename(from.to_owned(), to.to_owned()));
        Ok(())
    }

    fn sync_names(&self) -> Result<(), StorageError> {
        let mut inner = self.step()?;
        inner.durable = inner.names.clone();
        inner.pending.clear();
        Ok(())
    }

    fn remove(&self, name: &str) -> Result<(), StorageError> {
        let mut inner = self.step()?;
        if inner.names.contains_key(name) {
            inner.change(Change::Remove(name.to_owned()));
        }
        Ok(())
    }

    fn lock(&self) -> Result<Box<dyn Lock + '_>, StorageError> {
        Ok(Box::new(NoLock))
    }

    fn describe(&self) -> String {
        "disk".to_owned()
    }
}
