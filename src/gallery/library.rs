//! The gallery itself: one writer, any number of readers.

use super::contents::Contents;
use super::edit::Edit;
use super::ids::FaceId;
use super::limits::Limits;
use super::load::{LoadFailure, Loader};
use super::record::crop_key;
use super::snapshot::Snapshot;
use super::store::{Opening, Secret, Storage, Store, Table};
use crate::error::Result;
use std::fmt;
use std::sync::{Arc, Mutex, PoisonError, RwLock};

/// An open gallery, shared by all threads.
///
/// A reader works on a [`Snapshot`]: one consistent gallery that later changes do not alter. Changes are
/// made one after another; each is on disk before a reader sees it, and readers never wait.
pub struct Gallery {
    store: Store,
    limits: Limits,
    /// Held while a change is made and written.
    writing: Mutex<()>,
    /// Held while the contents are copied or exchanged: both only move a pointer.
    contents: RwLock<Arc<Contents>>,
}

impl Gallery {
    /// Makes an empty gallery in a new file.
    ///
    /// # Errors
    /// [`StoreError`](super::store::StoreError).
    pub fn create(storage: Box<dyn Storage>, secret: &Secret, limits: Limits) -> Result<Self> {
        let store = Store::create(storage, secret)?;
        Ok(Self::new(store, limits, Contents::new()))
    }

    /// Opens a gallery and loads everything that is searched.
    ///
    /// No licence is asked for: its owner can always list, export and delete what it holds.
    ///
    /// # Errors
    /// [`StoreError`](super::store::StoreError), or what is wrong with a record.
    pub fn open(
        storage: Box<dyn Storage>,
        secret: &Secret,
        opening: &Opening,
        limits: Limits,
    ) -> Result<Self> {
        let mut loader = Loader::default();
        let visited = Store::open(storage, secret, opening, |table, key, record| {
            loader.visit(table, key, record).map_err(LoadFailure::from)
        });
        let store = visited.map_err(|LoadFailure(error)| error)?;
        Ok(Self::new(store, limits, loader.finish()?))
    }

    pub(super) fn new(store: Store, limits: Limits, contents: Contents) -> Self {
        Self {
            store,
            limits,
            writing: Mutex::new(()),
            contents: RwLock::new(Arc::new(contents)),
        }
    }

    /// The gallery as it is now. It stays so, and costs nothing to keep.
    ///
    /// In a process that was forked from the one that opened the gallery it is the gallery as it was then, or an empty
    /// one if a change was being published at that instant; a search of it is refused, because no matcher holds there.
    #[must_use]
    pub fn snapshot(&self) -> Snapshot {
        if self.store.check_process().is_err() {
            let contents = self
                .contents
                .try_read()
                .map(|contents| Arc::clone(&contents));
            return Snapshot::new(contents.unwrap_or_else(|_| Arc::new(Contents::new())));
        }
        let contents = self.contents.read().unwrap_or_else(PoisonError::into_inner);
        Snapshot::new(Arc::clone(&contents))
    }

    /// Makes changes together: all of them are on disk when this returns, or none was made.
    ///
    /// # Errors
    /// What `change` returns, or a [`StoreError`](super::store::StoreError) of the disk, or
    /// [`StoreError::Forked`](super::store::StoreError::Forked) before `change` is called.
    pub fn edit<T>(&self, change: impl FnOnce(&mut Edit) -> Result<T>) -> Result<T> {
        // Before the locks: threads that held them at a fork do not exist in the child.
        self.store.check_process()?;
        // A panic in `change` leaves the published contents as they were.
        let _writing = self.writing.lock().unwrap_or_else(PoisonError::into_inner);
        let before = Arc::clone(&self.contents.read().unwrap_or_else(PoisonError::into_inner));
        let mut edit = Edit::new(Contents::clone(&before), self.limits);
        let answer = change(&mut edit)?;
        let (after, batch) = edit.finish()?;
        if !batch.is_empty() {
            self.store.commit(&batch)?;
            *self
                .contents
                .write()
                .unwrap_or_else(PoisonError::into_inner) = Arc::new(after);
        }
        Ok(answer)
    }

    /// The crop that was kept with a face, where one was.
    ///
    /// # Errors
    /// [`StoreError`](super::store::StoreError).
    pub fn crop(&self, face: FaceId) -> Result<Option<Vec<u8>>> {
        Ok(self.store.read(Table::Crop, &crop_key(face))?)
    }

    /// How much it may hold.
    #[must_use]
    pub fn limits(&self) -> Limits {
        self.limits
    }

    /// The file behind it, to check, export or seal anew.
    #[must_use]
    pub fn store(&self) -> &Store {
        &self.store
    }
}

impl fmt::Debug for Gallery {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Gallery")
            .field("store", &self.store)
            .field("limits", &self.limits)
            .field("contents", &self.snapshot())
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn threads_share_a_gallery() {
        fn shared<T: Send + Sync>() {}
        shared::<Gallery>();
        shared::<Snapshot>();
    }
}
