//! Transactions of redb, behind a fence: a damaged tree can make redb panic, and such a panic becomes
//! an error here. A program built with `panic = "abort"` has no fence.

use super::backend::{Backend, failed};
use super::error::StoreError;
use super::keys::SLOT_BYTES;
use super::overlay::Overlay;
use super::raw_file::RawFile;
use super::seal::DiskKey;
use super::storage::Access;
use redb::{
    AccessGuard, Database, ReadOnlyTable, ReadTransaction, ReadableDatabase, ReadableTable, Table,
    TableDefinition, WriteTransaction,
};
use std::ops::ControlFlow;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

type Records = TableDefinition<'static, &'static [u8; 17], &'static [u8]>;

type Facts = TableDefinition<'static, u8, &'static [u8]>;

/// Slot and head.
pub(super) const FACTS: Facts = TableDefinition::new("facts");
/// A second copy of the slot in a page of its own: without a slot, all is lost.
pub(super) const SPARE: Facts = TableDefinition::new("spare");
pub(super) const RECORDS: Records = TableDefinition::new("records");
/// Large bodies, read one at a time.
pub(super) const BODIES: Records = TableDefinition::new("bodies");
pub(super) const SLOT: u8 = 0;
pub(super) const HEAD: u8 = 1;

/// Pages that redb keeps in memory. The library holds what it needs itself, and opening goes twice
/// through pages that are not wanted again: what stays in the processor's cache is fastest.
const CACHE_BYTES: usize = 4 << 20;
/// The longest sealed record or body that is read: what may be put, and what sealing adds.
const SEALED_MAX: usize = (4 << 20) + 4096;

/// Runs a piece of redb; its panics are damage.
fn fence<T, E: Into<redb::Error>>(act: impl FnOnce() -> Result<T, E>) -> Result<T, StoreError> {
    match catch_unwind(AssertUnwindSafe(act)) {
        Ok(result) => result.map_err(failed),
        Err(_) => Err(StoreError::corrupt(
            "the file's pages contradict each other",
        )),
    }
}

/// The gallery's database, open.
pub(super) struct Db {
    /// `None` once it was closed.
    database: Option<Database>,
    sync_failed: Arc<AtomicBool>,
}

impl Db {
    /// Opens what a file holds; with `fresh`, what it will hold. Every page's checksum is
    /// compared, also after a clean shutdown: redb then answers with errors where it would trust,
    /// and panic, otherwise.
    pub(super) fn open(
        file: Box<dyn RawFile>,
        access: Access,
        fresh: bool,
    ) -> Result<Self, StoreError> {
        if !fresh && file.size()? == 0 {
            return Err(StoreError::corrupt("the file is empty"));
        }
        let file: Box<dyn RawFile> = match access {
            Access::Write => file,
            Access::Read => Box::new(Overlay::new(file)?),
        };
        let sync_failed = Arc::new(AtomicBool::new(false));
        let backend = Backend {
            file,
            sync_failed: Arc::clone(&sync_failed),
        };
        let database = fence(|| {
            Database::builder()
                .set_cache_size(CACHE_BYTES)
                .set_check_integrity_on_open(!fresh)
                .create_with_backend(backend)
        })?;
        Ok(Self {
            database: Some(database),
            sync_failed,
        })
    }

    /// Whether a sync failed, so that what the disk holds is unknown.
    pub(super) fn sync_failed(&self) -> bool {
        self.sync_failed.load(Ordering::Relaxed)
    }

    fn database(&self) -> Result<&Database, StoreError> {
        self.database.as_ref().ok_or(StoreError::Stopped(None))
    }

    /// The present state; later commits do not change it.
    pub(super) fn snapshot(&self) -> Result<ReadView, StoreError> {
        let database = self.database()?;
        fence(|| -> Result<_, redb::Error> {
            let transaction = database.begin_read()?;
            let records = transaction.open_table(RECORDS)?;
            let bodies = transaction.open_table(BODIES)?;
            Ok(ReadView {
                records,
                bodies,
                transaction,
            })
        })
    }

    /// Runs `act` in a transaction that is durable when this returns. With `anew`, the tables of
    /// records and bodies are empty at first.
    pub(super) fn write<T>(
        &self,
        anew: bool,
        act: impl FnOnce(&mut Tables<'_>) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        let database = self.database()?;
        let transaction = fence(|| -> Result<_, redb::Error> {
            let transaction = database.begin_write()?;
            if anew {
                transaction.delete_table(RECORDS)?;
                transaction.delete_table(BODIES)?;
            }
            Ok(transaction)
        })?;
        let done = {
            let mut tables = Tables::open(&transaction)?;
            act(&mut tables)
        };
        match done {
            Ok(value) => {
                fence(|| transaction.commit())?;
                Ok(value)
            }
            Err(cause) => {
                // The first cause is the one to report.
                let _ = fence(|| transaction.abort());
                Err(cause)
            }
        }
    }

    /// Gives free pages back to the file system.
    pub(super) fn compact(&mut self) -> Result<(), StoreError> {
        let database = self.database.as_mut().ok_or(StoreError::Stopped(None))?;
        fence(|| database.compact()).map(drop)
    }

    /// Compares every page's checksum; `false` when something beside the records was put right.
    pub(super) fn check_pages(&mut self) -> Result<bool, StoreError> {
        let database = self.database.as_mut().ok_or(StoreError::Stopped(None))?;
        fence(|| database.check_integrity())
    }

    /// Closes the file; every further call is refused.
    pub(super) fn close(&mut self) -> Result<(), StoreError> {
        match self.database.take() {
            Some(database) => fence(|| database.close()),
            None => Ok(()),
        }
    }
}

impl Drop for Db {
    fn drop(&mut self) {
        // What was committed is durable whether or not this succeeds.
        let _ = self.close();
    }
}

/// One state of the records.
pub(super) struct ReadView {
    records: ReadOnlyTable<&'static [u8; 17], &'static [u8]>,
    bodies: ReadOnlyTable<&'static [u8; 17], &'static [u8]>,
    transaction: ReadTransaction,
}

/// A value, without its end where it is longer than anything that was put: it will not open.
fn within_limit<'a>(found: &'a AccessGuard<'_, &'static [u8]>) -> &'a [u8] {
    let bytes = found.value();
    &bytes[..bytes.len().min(SEALED_MAX)]
}

fn find(
    table: &impl ReadableTable<&'static [u8; 17], &'static [u8]>,
    name: &DiskKey,
) -> Result<Option<Vec<u8>>, redb::StorageError> {
    let found = table.get(name)?;
    Ok(found.map(|found| within_limit(&found).to_vec()))
}

impl ReadView {
    fn fact(&self, fact: u8) -> Result<Option<Vec<u8>>, StoreError> {
        fence(|| -> Result<_, redb::Error> {
            let facts = self.transaction.open_table(FACTS)?;
            Ok(facts.get(fact)?.map(|found| {
                let bytes = found.value();
                bytes[..bytes.len().min(4096)].to_vec()
            }))
        })
    }

    pub(super) fn slot(&self) -> Result<Vec<u8>, StoreError> {
        self.fact(SLOT)?
            .ok_or(StoreError::corrupt("the key slot is missing"))
    }

    pub(super) fn head(&self) -> Result<Vec<u8>, StoreError> {
        self.fact(HEAD)?
            .ok_or(StoreError::corrupt("the head is missing"))
    }

    /// Hands every sealed record to `visit`, in the order of their keys on disk, until it says
    /// break.
    pub(super) fn scan(
        &self,
        mut visit: impl FnMut(&DiskKey, &[u8]) -> ControlFlow<()>,
    ) -> Result<(), StoreError> {
        fence(|| -> Result<_, redb::Error> {
            for row in self.records.iter()? {
                let (name, found) = row?;
                if visit(name.value(), within_limit(&found)).is_break() {
                    break;
                }
            }
            Ok(())
        })
    }

    /// The sealed body of a record.
    pub(super) fn body(&self, name: &DiskKey) -> Result<Option<Vec<u8>>, StoreError> {
        fence(|| find(&self.bodies, name))
    }

    /// How many bodies there are.
    pub(super) fn bodies(&self) -> Result<u64, StoreError> {
        use redb::ReadableTableMetadata;
        fence(|| self.bodies.len())
    }

    /// The sealed record of a key.
    pub(super) fn record(&self, name: &DiskKey) -> Result<Option<Vec<u8>>, StoreError> {
        fence(|| find(&self.records, name))
    }
}

/// The tables within a writing transaction.
pub(super) struct Tables<'a> {
    facts: Table<'a, u8, &'static [u8]>,
    spare: Table<'a, u8, &'static [u8]>,
    records: Table<'a, &'static [u8; 17], &'static [u8]>,
    bodies: Table<'a, &'static [u8; 17], &'static [u8]>,
}

impl<'a> Tables<'a> {
    fn open(transaction: &'a WriteTransaction) -> Result<Self, StoreError> {
        fence(|| -> Result<_, redb::Error> {
            Ok(Self {
                facts: transaction.open_table(FACTS)?,
                spare: transaction.open_table(SPARE)?,
                records: transaction.open_table(RECORDS)?,
                bodies: transaction.open_table(BODIES)?,
            })
        })
    }

    pub(super) fn set_slot(&mut self, slot: &[u8; SLOT_BYTES]) -> Result<(), StoreError> {
        fence(|| {
            self.spare.insert(SLOT, slot.as_slice())?;
            self.facts.insert(SLOT, slot.as_slice()).map(drop)
        })
    }

    pub(super) fn set_head(&mut self, head: &[u8]) -> Result<(), StoreError> {
        fence(|| self.facts.insert(HEAD, head).map(drop))
    }

    /// Sets or removes a record; what it replaces is returned through `old`.
    pub(super) fn set_record<T>(
        &mut self,
        name: &DiskKey,
        sealed: Option<&[u8]>,
        old: impl FnOnce(&[u8]) -> T,
    ) -> Result<Option<T>, StoreError> {
        fence(|| -> Result<_, redb::Error> {
            let found = match sealed {
                Some(sealed) => self.records.insert(name, sealed)?,
                None => self.records.remove(name)?,
            };
            Ok(found.map(|found| old(found.value())))
        })
    }

    /// The sealed record of a key.
    pub(super) fn record(&self, name: &DiskKey) -> Result<Option<Vec<u8>>, StoreError> {
        fence(|| find(&self.records, name))
    }

    /// The sealed body of a record.
    pub(super) fn body(&self, name: &DiskKey) -> Result<Option<Vec<u8>>, StoreError> {
        fence(|| find(&self.bodies, name))
    }

    pub(super) fn set_body(
        &mut self,
        name: &DiskKey,
        sealed: Option<&[u8]>,
    ) -> Result<(), StoreError> {
        fence(|| match sealed {
            Some(sealed) => self.bodies.insert(name, sealed).map(drop),
            None => self.bodies.remove(name).map(drop),
        })
    }
}
