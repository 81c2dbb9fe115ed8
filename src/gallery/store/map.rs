//! The store itself: creating, opening, reading and changing it.

use super::db::{Db, ReadView};
use super::error::StoreError;
use super::head::{Anchor, Head};
use super::inner::{Disk, Inner};
use super::keys::{self, Keys, Secret};
use super::scan::{read_body, visit_all};
use super::seal::Kind;
use super::storage::{Access, Storage};
use super::table::{self, Batch, Table};
use super::writer::Writer;
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use vultus_licensing::process::Owned;

/// How a gallery is opened.
#[derive(Clone, Copy, Debug, Default)]
pub struct Opening {
    /// For writing, or for reading only.
    pub access: Access,
    /// The latest state that the host has seen, where it keeps one: an older file is refused.
    pub anchor: Option<Anchor>,
}

/// An open gallery file. Shared between threads; commits wait for each other.
pub struct Store {
    pub(super) storage: Box<dyn Storage>,
    access: Access,
    /// Dropped by its process alone: closing writes to the file and gives up its lock.
    inner: Owned<Mutex<Inner>>,
}

impl Store {
    /// Makes a new, empty gallery. The power may fail at any instant: there is then no gallery or
    /// this one.
    ///
    /// # Errors
    /// [`StoreError::Exists`] where a gallery is, or what the disk says.
    pub fn create(storage: Box<dyn Storage>, secret: &Secret) -> Result<Self, StoreError> {
        let gallery = keys::random()?;
        let (keys, slot) = keys::make(secret, gallery)?;
        let mut db = Db::open(storage.prepare()?, Access::Write, true)?;
        let head = Head::new();
        let sealed = head.seal(&keys)?;
        db.write(false, |tables| {
            tables.set_slot(&slot)?;
            tables.set_head(&sealed)
        })?;
        db.close()?;
        storage.publish()?;
        Self::open(storage, secret, &Opening::default(), |_, _, _| {
            Ok::<_, StoreError>(())
        })
    }

    /// Opens a gallery and hands every record that is not large to `visit`: table, key, record.
    /// What was visited counts only when this returns `Ok`, because what is missing or was put back
    /// from earlier shows at the end.
    ///
    /// # Errors
    /// [`StoreError::SecretWrong`], [`StoreError::Corrupt`], [`StoreError::RolledBack`],
    /// [`StoreError::InUse`], [`StoreError::ReadOnly`], [`StoreError::Missing`],
    /// [`StoreError::Version`], what the disk says, or what `visit` returns.
    pub fn open<E: From<StoreError>>(
        storage: Box<dyn Storage>,
        secret: &Secret,
        opening: &Opening,
        visit: impl FnMut(Table, &[u8], &[u8]) -> Result<(), E>,
    ) -> Result<Self, E> {
        let db = Db::open(storage.open(opening.access)?, opening.access, false)?;
        let snapshot = db.snapshot()?;
        let keys = keys::open(secret, &snapshot.slot()?)?;
        let head = Head::open(&keys, snapshot.head()?)
            .ok_or(StoreError::corrupt("the head is damaged"))?;
        if let Some(anchor) = &opening.anchor {
            anchor.allows(&head.anchor(&keys))?;
        }
        let bodies = visit_all(&snapshot, &keys, &head, visit)?;
        drop(snapshot);
        let inner = Inner {
            db,
            keys: Arc::new(keys),
            head,
            bodies,
            disk: Disk::Works,
        };
        Ok(Self {
            storage,
            access: opening.access,
            inner: Owned::new(Mutex::new(inner)),
        })
    }

    /// A panic while the lock was held cannot leave half a change: memory follows the disk, and
    /// only after a commit.
    ///
    /// # Errors
    /// [`StoreError::Forked`], before anything is waited for: who held the lock may not exist here.
    pub(super) fn lock(&self) -> Result<MutexGuard<'_, Inner>, StoreError> {
        let inner = self.inner.get()?;
        Ok(inner.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Refuses a process that was forked from the one that opened the gallery.
    pub(in crate::gallery) fn check_process(&self) -> Result<(), StoreError> {
        self.inner.get()?;
        Ok(())
    }

    /// Hands every record of the present state that is not large to `visit`. Commits meanwhile wait
    /// for nothing and are not seen.
    ///
    /// # Errors
    /// As [`open`](Self::open).
    pub fn for_each<E: From<StoreError>>(
        &self,
        visit: impl FnMut(Table, &[u8], &[u8]) -> Result<(), E>,
    ) -> Result<(), E> {
        let (snapshot, keys, head) = self.state()?;
        visit_all(&snapshot, &keys, &head, visit).map(drop)
    }

    /// What a reader needs; commits do not change it.
    pub(super) fn state(&self) -> Result<(ReadView, Arc<Keys>, Head), StoreError> {
        let inner = self.lock()?;
        inner.readable()?;
        let snapshot = inner.db.snapshot()?;
        Ok((snapshot, Arc::clone(&inner.keys), inner.head.clone()))
    }

    /// One record; `None` when there is none.
    ///
    /// # Errors
    /// [`StoreError::Argument`] for an impossible key, [`StoreError::Corrupt`], or what the disk
    /// says.
    pub fn read(&self, table: Table, key: &[u8]) -> Result<Option<Vec<u8>>, StoreError> {
        table::check(table, key, &[])?;
        let inner = self.lock()?;
        inner.readable()?;
        let snapshot = inner.db.snapshot()?;
        let name = inner.keys.disk_key(table, key);
        if table.is_large() {
            let Some(stamp) = inner.bodies.get(&name) else {
                return Ok(None);
            };
            let (_, _, record) = read_body(&snapshot, &inner.keys, &name, stamp)?;
            return Ok(Some(record));
        }
        let Some(mut sealed) = snapshot.record(&name)? else {
            return Ok(None);
        };
        let opened = inner.keys.unseal(Kind::Record, &name, &mut sealed);
        let opened = opened.ok_or(StoreError::corrupt("a record is damaged"))?;
        Ok(Some(opened.record.to_vec()))
    }

    /// Makes all changes of a batch, or none. They are durable when this returns `Ok`. The anchor
    /// of the new state is returned, for hosts that keep one.
    ///
    /// # Errors
    /// [`StoreError::ReadOnly`], [`StoreError::Full`], [`StoreError::Io`]: nothing was changed, the
    /// store still reads, and the next commit tries again. [`StoreError::Stopped`]: a sync failed, and
    /// whether this batch is on the disk shows when the gallery is opened again. [`StoreError::KeyWornOut`]: rotate.
    pub fn commit(&self, batch: &Batch) -> Result<Anchor, StoreError> {
        self.writing(|inner| {
            let mut bodies = Vec::new();
            let head = inner.head.clone();
            let keys = Arc::clone(&inner.keys);
            inner.change(&*self.storage, false, |tables| {
                let mut writer = Writer::new(&keys, head, tables);
                for ((table, key), record) in &batch.changes {
                    let (name, stamp) = match record {
                        Some(record) => writer.put(*table, key, record)?,
                        None => writer.remove(*table, key)?,
                    };
                    if table.is_large() {
                        bodies.push((name, stamp));
                    }
                }
                writer.finish()
            })?;
            for (name, stamp) in bodies {
                match stamp {
                    Some(stamp) => inner.bodies.insert(name, stamp),
                    None => inner.bodies.remove(&name),
                };
            }
            Ok(inner.head.anchor(&inner.keys))
        })
    }

    /// The present state, for a host that keeps an anchor.
    ///
    /// # Errors
    /// [`StoreError::Forked`].
    pub fn anchor(&self) -> Result<Anchor, StoreError> {
        let inner = self.lock()?;
        Ok(inner.head.anchor(&inner.keys))
    }

    /// Live records of a table.
    ///
    /// # Errors
    /// [`StoreError::Forked`].
    pub fn count(&self, table: Table) -> Result<u64, StoreError> {
        Ok(self.lock()?.head.count(table))
    }

    /// What the gallery was opened for.
    #[must_use]
    pub fn access(&self) -> Access {
        self.access
    }

    /// Gives the space of removed records back to the file system. Removed records stay in free
    /// pages, sealed, until these are used again or given back.
    ///
    /// # Errors
    /// As [`commit`](Self::commit); [`StoreError::InUse`] while a [`for_each`](Self::for_each) runs.
    pub fn compact(&self) -> Result<(), StoreError> {
        self.writing(|inner| match inner.db.compact() {
            Ok(()) => Ok(()),
            Err(StoreError::InUse) => Err(StoreError::InUse),
            Err(cause) => inner.recover(&*self.storage, cause, None),
        })
    }

    /// Closes the gallery; the file is then free for others. Dropping does the same and tells of
    /// no error; nothing committed is lost either way. A process that was forked closes nothing.
    ///
    /// # Errors
    /// What the disk says.
    pub fn close(self) -> Result<(), StoreError> {
        self.inner
            .into_inner()?
            .into_inner()
            .unwrap_or_else(PoisonError::into_inner)
            .db
            .close()
    }

    pub(super) fn writing<T>(
        &self,
        act: impl FnOnce(&mut Inner) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        if self.access == Access::Read {
            return Err(StoreError::ReadOnly);
        }
        let mut inner = self.lock()?;
        inner.writable(&*self.storage)?;
        act(&mut inner)
    }
}

impl fmt::Debug for Store {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Store")
            .field("access", &self.access)
            .field("head", &self.lock().map(|inner| inner.head.generation).ok())
            .finish_non_exhaustive()
    }
}
