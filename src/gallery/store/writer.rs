//! Writing records within a transaction, with the head that follows from them.

use super::db::Tables;
use super::error::StoreError;
use super::head::Head;
use super::keys::Keys;
use super::seal::{DiskKey, Kind, Opened, Stamp, stamp_of};
use super::table::Table;

/// What became of a record that was to be new.
pub(super) enum Outcome {
    /// It was written; for a large one, with the stamp of its body.
    New(DiskKey, Option<Stamp>),
    /// It was there, byte for byte.
    Same,
    /// Another record was there, and still is.
    Conflict,
}

pub(super) struct Writer<'a, 't> {
    keys: &'a Keys,
    head: Head,
    tables: &'a mut Tables<'t>,
    /// One sealed record, so that not each of them allocates.
    sealed: Vec<u8>,
}

impl<'a, 't> Writer<'a, 't> {
    /// Goes on from a head.
    pub(super) fn new(keys: &'a Keys, head: Head, tables: &'a mut Tables<'t>) -> Self {
        Self {
            keys,
            head,
            tables,
            sealed: Vec::new(),
        }
    }

    /// Writes a record; for a large one, the stamp of its body is returned.
    pub(super) fn put(
        &mut self,
        table: Table,
        key: &[u8],
        record: &[u8],
    ) -> Result<(DiskKey, Option<Stamp>), StoreError> {
        let name = self.keys.disk_key(table, key);
        if !table.is_large() {
            self.set(&name, Opened { key, record })?;
            return Ok((name, None));
        }
        self.head.spend(1)?;
        let body = Opened { key, record };
        let stamp = self.keys.seal(Kind::Body, &name, &body, &mut self.sealed)?;
        self.tables.set_body(&name, Some(&self.sealed))?;
        let record = &stamp[..];
        self.set(&name, Opened { key, record })?;
        Ok((name, Some(stamp)))
    }

    /// Writes a record unless its key is taken.
    pub(super) fn put_new(
        &mut self,
        table: Table,
        key: &[u8],
        record: &[u8],
    ) -> Result<Outcome, StoreError> {
        const DAMAGED: StoreError = StoreError::corrupt("a record is damaged");
        let name = self.keys.disk_key(table, key);
        let Some(mut sealed) = self.tables.record(&name)? else {
            let (name, stamp) = self.put(table, key, record)?;
            return Ok(Outcome::New(name, stamp));
        };
        let opened = self.keys.unseal(Kind::Record, &name, &mut sealed);
        let opened = opened.ok_or(DAMAGED)?;
        let is_same = if table.is_large() {
            let mut body = self.tables.body(&name)?.ok_or(DAMAGED)?;
            let opened = self.keys.unseal(Kind::Body, &name, &mut body);
            opened.ok_or(DAMAGED)?.record == record
        } else {
            opened.record == record
        };
        Ok(if is_same {
            Outcome::Same
        } else {
            Outcome::Conflict
        })
    }

    /// Removes a record, if there is one.
    pub(super) fn remove(
        &mut self,
        table: Table,
        key: &[u8],
    ) -> Result<(DiskKey, Option<Stamp>), StoreError> {
        let name = self.keys.disk_key(table, key);
        let old = self.tables.set_record(&name, None, stamp_of)?;
        self.forget(&name, old)?;
        if table.is_large() {
            self.tables.set_body(&name, None)?;
        }
        Ok((name, None))
    }

    fn set(&mut self, name: &DiskKey, record: Opened<'_>) -> Result<(), StoreError> {
        self.head.spend(1)?;
        let stamp = self
            .keys
            .seal(Kind::Record, name, &record, &mut self.sealed)?;
        let old = self.tables.set_record(name, Some(&self.sealed), stamp_of)?;
        self.forget(name, old)?;
        self.head.add(self.keys, name, &stamp);
        Ok(())
    }

    fn forget(&mut self, name: &DiskKey, old: Option<Option<Stamp>>) -> Result<(), StoreError> {
        let Some(old) = old else {
            return Ok(());
        };
        let old = old.ok_or(StoreError::corrupt("a record is damaged"))?;
        self.head.remove(self.keys, name, &old)
    }

    /// The next head, plain and sealed.
    pub(super) fn finish(mut self) -> Result<(Head, Vec<u8>), StoreError> {
        self.head.generation += 1;
        let sealed = self.head.seal(self.keys)?;
        Ok((self.head, sealed))
    }
}
