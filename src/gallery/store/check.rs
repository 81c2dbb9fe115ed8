//! Reads everything and says whether it holds together.

use super::error::StoreError;
use super::map::Store;
use super::scan::{read_body, visit_all};
use super::table::Table;
use std::sync::Arc;

/// What a check read.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Report {
    /// How many commits the gallery has seen.
    pub generation: u64,
    /// How often the present key has sealed something, of 2^32.
    pub seals: u64,
    /// Records of each table.
    pub records: Vec<(Table, u64)>,
    /// Whether the file's list of free pages was wrong and has been put right. No record is touched
    /// by that.
    pub tidied: bool,
}

impl Store {
    /// Reads every page and every record, large ones too, and compares them with their checksums,
    /// their seals, their places and the head. Waits for commits and makes them wait.
    ///
    /// # Errors
    /// [`StoreError::Corrupt`] with the number of damaged records, [`StoreError::InUse`] while a
    /// [`for_each`](Self::for_each) runs, or what the disk says.
    pub fn check(&self) -> Result<Report, StoreError> {
        let mut inner = self.lock()?;
        inner.readable()?;
        let tidied = !inner.db.check_pages()?;
        let snapshot = inner.db.snapshot()?;
        let keys = Arc::clone(&inner.keys);
        let mut damaged = 0;
        let bodies = visit_all(&snapshot, &keys, &inner.head, |table, key, _| {
            let name = keys.disk_key(table, key);
            damaged += u64::from(snapshot.record(&name)?.is_none());
            Ok::<_, StoreError>(())
        })?;
        for (name, stamp) in &bodies {
            let opened = read_body(&snapshot, &keys, name, stamp);
            let holds =
                matches!(&opened, Ok((table, key, _)) if keys.disk_key(*table, key) == *name);
            damaged += u64::from(!holds);
        }
        if damaged > 0 || snapshot.bodies()? != bodies.len() as u64 {
            return Err(StoreError::Corrupt {
                what: "records are damaged or misplaced",
                damaged,
                intact: inner.head.records() - damaged,
                source: None,
            });
        }
        Ok(Report {
            generation: inner.head.generation,
            seals: inner.head.seals,
            records: Table::ALL
                .iter()
                .map(|&table| (table, inner.head.count(table)))
                .collect(),
            tidied,
        })
    }
}
