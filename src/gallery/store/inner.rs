//! An open gallery: its file, its keys, and what memory knows of it. Memory follows the disk.

use super::db::{Db, Tables};
use super::error::StoreError;
use super::head::Head;
use super::keys::Keys;
use super::place::{Access, Place};
use super::seal::{DiskKey, Stamp};
use std::collections::HashMap;
use std::sync::Arc;

/// What is known of an open gallery.
pub(super) struct Inner {
    pub(super) db: Db,
    pub(super) keys: Arc<Keys>,
    pub(super) head: Head,
    /// The stamps of large records' bodies: which version of a body is the one that counts.
    pub(super) bodies: HashMap<DiskKey, Stamp>,
    /// The disk failed in a way after which nothing is known.
    pub(super) stopped: bool,
}

impl Inner {
    pub(super) fn running(&self) -> Result<(), StoreError> {
        if self.stopped {
            return Err(StoreError::Stopped(None));
        }
        Ok(())
    }

    /// Runs a transaction that ends with a new head.
    pub(super) fn change(
        &mut self,
        place: &dyn Place,
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
            self.recover(place, cause, sealed)?;
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
        place: &dyn Place,
        cause: StoreError,
        attempt: Option<&[u8]>,
    ) -> Result<(), StoreError> {
        if cause.is_of_the_caller() {
            return Err(cause);
        }
        self.stopped = true;
        if self.db.sync_failed() {
            return Err(StoreError::Stopped(Some(Box::new(cause))));
        }
        // redb refuses everything after a failed write until the file is opened again.
        let reopened = self.db.close().and_then(|()| {
            let db = Db::open(place.open(Access::Write)?, Access::Write, false)?;
            let head = db.snapshot()?.head()?;
            Ok((db, head))
        });
        let Ok((db, head)) = reopened else {
            return Err(StoreError::Stopped(Some(Box::new(cause))));
        };
        self.db = db;
        self.stopped = false;
        if attempt == Some(&head) {
            return Ok(());
        }
        Err(cause)
    }
}
