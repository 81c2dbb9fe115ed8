//! An encrypted, transactional map `(table, key) → record` in one file.
//!
//! The library above holds what it searches in memory and writes through: [`Store::open`] hands it
//! every record once, [`Store::commit`] makes a list of changes durable together. Records are
//! whatever bytes the caller likes ([`encode`] makes them).
//!
//! * On disk there is no key, no name and no number in clear: keys are keyed hashes, records are
//!   sealed with AES-256-GCM for their place, and one authenticator covers all of them, so that a
//!   record exchanged, put back from earlier or taken away is found when the gallery is opened.
//! * A power cut at any instant leaves the last commit that returned, or the one on its way.
//! * What it cannot do, and the bytes: `docs/gallery-format.md`.
//!
//! ```
//! use vultus::gallery::store::{Batch, FilePlace, Opening, Secret, Store, StoreError, Table};
//! # let folder = std::env::temp_dir().join(format!("vultus-store-{}", std::process::id()));
//! # std::fs::create_dir_all(&folder)?;
//! let place = || Box::new(FilePlace::new(folder.join("door.gallery")));
//! let secret = Secret::new([7; 32]);
//! let store = Store::create(place(), &secret)?;
//! let mut batch = Batch::new();
//! batch.put(Table::Person, b"p1", b"Zhang Wei".to_vec())?;
//! store.commit(&batch)?;
//! drop(store);
//!
//! let mut persons = Vec::new();
//! let opening = Opening::default();
//! Store::open(place(), &secret, &opening, |table, key, record| {
//!     persons.push((table, key.to_vec(), record.to_vec()));
//!     Ok::<_, StoreError>(())
//! })?;
//! assert_eq!(persons, [(Table::Person, b"p1".to_vec(), b"Zhang Wei".to_vec())]);
//! # std::fs::remove_dir_all(&folder)?;
//! # Ok::<_, Box<dyn std::error::Error>>(())
//! ```

mod ahead;
mod carve;
mod check;
mod codec;
mod db;
mod error;
mod export;
mod head;
mod inner;
mod keys;
mod overlay;
mod place;
mod protect;
mod rotate;
mod salvage;
mod scan;
mod seal;
mod table;
#[cfg(test)]
mod tests;
mod writer;

pub use check::Report;
pub use codec::{decode, encode};
pub use error::StoreError;
pub use export::{ExportKey, Imported};
pub use head::Anchor;
pub use keys::Secret;
pub use place::{Access, FilePlace, Place};
pub use protect::{DIMENSION_MAX, Protection, TemplateKey};
pub use redb::{BackendError, StorageBackend};
pub use salvage::Salvage;
pub use table::{BATCH_MAX, Batch, KEY_MAX, Table};

use db::{Db, Snapshot};
use head::Head;
use inner::{Disk, Inner};
use keys::Keys;
use scan::{read_body, visit_all};
use seal::Kind;
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use writer::Writer;

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
    place: Box<dyn Place>,
    access: Access,
    inner: Mutex<Inner>,
}

impl Store {
    /// Makes a new, empty gallery. The power may fail at any instant: there is then no gallery or
    /// this one.
    ///
    /// # Errors
    /// [`StoreError::Exists`] where a gallery is, or what the disk says.
    pub fn create(place: Box<dyn Place>, secret: &Secret) -> Result<Self, StoreError> {
        let gallery = keys::random()?;
        let (keys, slot) = keys::make(secret, gallery)?;
        let mut db = Db::open(place.prepare()?, Access::Write, true)?;
        let head = Head::new();
        let sealed = head.seal(&keys)?;
        db.write(false, |tables| {
            tables.set_slot(&slot)?;
            tables.set_head(&sealed)
        })?;
        db.close()?;
        place.publish()?;
        Self::open(place, secret, &Opening::default(), |_, _, _| {
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
        place: Box<dyn Place>,
        secret: &Secret,
        opening: &Opening,
        visit: impl FnMut(Table, &[u8], &[u8]) -> Result<(), E>,
    ) -> Result<Self, E> {
        let db = Db::open(place.open(opening.access)?, opening.access, false)?;
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
            place,
            access: opening.access,
            inner: Mutex::new(inner),
        })
    }

    /// A panic while the lock was held cannot leave half a change: memory follows the disk, and
    /// only after a commit.
    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
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
    fn state(&self) -> Result<(Snapshot, Arc<Keys>, Head), StoreError> {
        let inner = self.lock();
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
        let inner = self.lock();
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
    /// store still reads, and the next commit tries again. [`StoreError::Stopped`]: a sync failed, and whether this batch is on the
    /// disk shows when the gallery is opened again. [`StoreError::KeyWornOut`]: rotate.
    pub fn commit(&self, batch: &Batch) -> Result<Anchor, StoreError> {
        self.writing(|inner| {
            let mut bodies = Vec::new();
            let head = inner.head.clone();
            let keys = Arc::clone(&inner.keys);
            inner.change(&*self.place, false, |tables| {
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
    #[must_use]
    pub fn anchor(&self) -> Anchor {
        let inner = self.lock();
        inner.head.anchor(&inner.keys)
    }

    /// Live records of a table.
    #[must_use]
    pub fn count(&self, table: Table) -> u64 {
        self.lock().head.count(table)
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
            Err(cause) => inner.recover(&*self.place, cause, None),
        })
    }

    /// Closes the gallery; the file is then free for others. Dropping does the same and tells of
    /// no error; nothing committed is lost either way.
    ///
    /// # Errors
    /// What the disk says.
    pub fn close(self) -> Result<(), StoreError> {
        self.inner
            .into_inner()
            .unwrap_or_else(PoisonError::into_inner)
            .db
            .close()
    }

    fn writing<T>(
        &self,
        act: impl FnOnce(&mut Inner) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        if self.access == Access::Read {
            return Err(StoreError::ReadOnly);
        }
        let mut inner = self.lock();
        inner.writable(&*self.place)?;
        act(&mut inner)
    }
}

impl fmt::Debug for Store {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Store")
            .field("access", &self.access)
            .field("head", &self.lock().head.generation)
            .finish_non_exhaustive()
    }
}
