//! What a store exports, and what it takes in.

use super::super::error::StoreError;
use super::super::head::Anchor;
use super::super::keys::{Keys, random};
use super::super::map::Store;
use super::super::scan::{read_body, visit_all};
use super::super::table::{self, Table};
use super::super::writer::{Outcome, Writer};
use super::format::ExportKey;
use super::read::Opener;
use super::write::{Sealer, json_line};
use std::io::{Read, Write};
use std::sync::Arc;

/// What an import did.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct ImportedRecords {
    /// Records that are new.
    pub new: u64,
    /// Records that the gallery had already, byte for byte.
    pub same: u64,
    /// Records that `accept` left out.
    pub left_out: u64,
    /// The state of the gallery afterwards.
    pub anchor: Anchor,
}

impl Store {
    /// Writes every record, large ones too, sealed with `key`. The stream opens on any processor,
    /// with the key alone: no secret of the gallery, no licence. Returns the number of records.
    ///
    /// # Errors
    /// [`StoreError::Corrupt`] for a damaged gallery, [`StoreError::Io`] of `out`.
    pub fn export(&self, key: &ExportKey, out: &mut dyn Write) -> Result<u64, StoreError> {
        let salt = random()?;
        let mut sink = Sealer::begin(key, &salt, out)?;
        let records = self.each_with_large(|table, key, record| sink.record(table, key, record))?;
        sink.finish(records)?;
        Ok(records)
    }

    /// Writes every record **without any protection**, one JSON object a line: table, key and record
    /// in hexadecimal. Whoever has the file has the faces. Returns the number of records.
    ///
    /// # Errors
    /// As [`export`](Self::export).
    pub fn export_unencrypted(&self, out: &mut dyn Write) -> Result<u64, StoreError> {
        self.each_with_large(|table, key, record| {
            json_line(table, key, record, out).map_err(StoreError::from)
        })
    }

    /// Adds the records of an export for which `accept` says yes, all of them or, on any error, none.
    /// Records that are there byte for byte are no conflict.
    ///
    /// # Errors
    /// [`StoreError::ExportKeyWrong`], [`StoreError::ExportCorrupt`],
    /// [`StoreError::ExportVersion`]; [`StoreError::ImportConflict`] where the gallery has another
    /// record under a key; what `accept` returns; or as [`commit`](Self::commit).
    pub fn import(
        &self,
        key: &ExportKey,
        input: &mut dyn Read,
        mut accept: impl FnMut(Table, &[u8], &[u8]) -> Result<bool, StoreError>,
    ) -> Result<ImportedRecords, StoreError> {
        let mut source = Opener::begin(key, input)?;
        self.writing(|inner| {
            let keys = Arc::clone(&inner.keys);
            let head = inner.head.clone();
            let mut bodies = Vec::new();
            let (mut new, mut same, mut left_out, mut conflicts) = (0, 0, 0, 0);
            inner.change(&*self.storage, false, |tables| {
                let mut writer = Writer::new(&keys, head, tables);
                while let Some((table, key, record)) = source.record()? {
                    table::check(table, &key, &record)?;
                    if !accept(table, &key, &record)? {
                        left_out += 1;
                        continue;
                    }
                    match writer.put_new(table, &key, &record)? {
                        Outcome::New(name, stamp) => {
                            bodies.extend(stamp.map(|stamp| (name, stamp)));
                            new += 1;
                        }
                        Outcome::Same => same += 1,
                        Outcome::Conflict => conflicts += 1,
                    }
                }
                if conflicts > 0 {
                    return Err(StoreError::ImportConflict { conflicts });
                }
                writer.finish()
            })?;
            inner.bodies.extend(bodies);
            Ok(ImportedRecords {
                new,
                same,
                left_out,
                anchor: inner.head.anchor(&inner.keys),
            })
        })
    }

    /// Every record of the present state, large ones last and one at a time.
    fn each_with_large(
        &self,
        mut visit: impl FnMut(Table, &[u8], &[u8]) -> Result<(), StoreError>,
    ) -> Result<u64, StoreError> {
        let (snapshot, keys, head) = self.state()?;
        let keys: &Keys = &keys;
        let bodies = visit_all(&snapshot, keys, &head, &mut visit)?;
        let mut order: Vec<_> = bodies.into_iter().collect();
        order.sort_unstable();
        for (name, stamp) in &order {
            let (table, key, record) = read_body(&snapshot, keys, name, stamp)?;
            visit(table, &key, &record)?;
        }
        Ok(head.records())
    }
}
