//! An open gallery: its file, its keys, and what memory knows of it. Memory follows the disk.

use super::db::{Db, Tables};
use super::error::StoreError;
use super::head::Head;
use super::keys::Keys;
use super::seal::{DiskKey, Stamp};
use super::storage::{Access, Storage};
use std::collections::HashMap;
use std::sync::Arc;

/// What is known of an open gallery.
pub(super) struct Inner {
    pub(super) db: Db,
    pub(super) keys: Arc<Keys>,
    pub(super) head: Head,
    /// The stamps of large records' bodies: which version of a body is the one that counts.
    pub(super) bodies: HashMap<DiskKey, Stamp>,
    pub(super) disk: Disk,
}

/// What the disk still does.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Disk {
    /// Everything.
    Works,
    /// It could not be written, not even to open the gallery again: that is open for reading, and
    /// the next change tries once more.
    RefusesWrites,
    /// What it holds is unknown until the gallery is opened again.
    Unknown,
}

impl Inner {
    pub(super) fn readable(&self) -> Result<(), StoreError> {
        if self.disk == Disk::Unknown {
            return Err(StoreError::Stopped(None));
        }
        Ok(())
    }

    /// Opens the file for writing again, where it could not be.
    pub(super) fn writable(&mut self, storage: &dyn Storage) -> Result<(), StoreError> {
        self.readable()?;
        if self.disk == Disk::Works {
            return Ok(());
        }
        // Its lock would keep ourselves out.
        let _ = self.db.close();
        let refused = match reopen(storage, Access::Write) {
            Ok((db, _)) => {
                self.db = db;
                self.disk = Disk::Works;
                return Ok(());
            }
            Err(refused) => refused,
        };
        self.disk = Disk::Unknown;
        self.db = reopen(storage, Access::Read)?.0;
        self.disk = Disk::RefusesWrites;
        Err(refused)
    }

    /// Runs a transaction that ends with a new head.
    pub(super) fn change(
        &mut self,
        storage: &dyn Storage,
        anew: bool,
        act: impl FnOnce(&mut Tables<'_>) -> Result<(Head, Vec<u8>), StoreError>,
    ) -> Result<(), StoreError> {
        let mut attempt = None;
        let done = self.db.write(anew, |tables| {
            let (head, sealed) = act(tables)?;
            tables.set_head(&sealed)?;
            attempt = Some((head, sealed));
            Ok(())
        });
        if let Err(cause) = done {
            let sealed = attempt.as_ref().map(|(_, sealed)| sealed.as_slice());
            self.recover(storage, cause, sealed)?;
        }
        if let Some((head, _)) = attempt {
            self.head = head;
        }
        Ok(())
    }

    /// After a failure: looks at what is on the disk. `Ok` when it is the state with the head that
    /// was attempted; else the cause, and the store goes on from the state before.
    pub(super) fn recover(
        &mut self,
        storage: &dyn Storage,
        cause: StoreError,
        attempt: Option<&[u8]>,
    ) -> Result<(), StoreError> {
        if cause.is_of_the_caller() {
            return Err(cause);
        }
        self.disk = Disk::Unknown;
        if self.db.sync_failed() {
            return Err(StoreError::Stopped(Some(Box::new(cause))));
        }
        // redb refuses everything after a failed write until the file is opened again.
        let _ = self.db.close();
        for (access, disk) in [
            (Access::Write, Disk::Works),
            (Access::Read, Disk::RefusesWrites),
        ] {
            let Ok((db, head)) = reopen(storage, access) else {
                continue;
            };
            self.db = db;
            self.disk = disk;
            if attempt == Some(&head) {
                return Ok(());
            }
            return Err(cause);
        }
        Err(StoreError::Stopped(Some(Box::new(cause))))
    }
}

/// The file again, with its sealed head.
fn reopen(storage: &dyn Storage, access: Access) -> Result<(Db, Vec<u8>), StoreError> {
    let db = Db::open(storage.open(access)?, access, false)?;
    let head = db.snapshot()?.head()?;
    Ok((db, head))
}
