//! Another secret for a gallery.

use super::db::ReadView;
use super::error::StoreError;
use super::head::{Anchor, Head};
use super::keys::{self, Keys, Secret};
use super::map::Store;
use super::scan::{read_body, visit_all};
use super::seal::{DiskKey, Stamp};
use super::writer::Writer;
use std::collections::HashMap;
use std::sync::Arc;

impl Store {
    /// Seals everything anew, under fresh keys that only the new secret opens. One transaction: a
    /// power cut leaves the old secret with the whole gallery or the new one with the whole
    /// gallery. Needs as much free space as the gallery has records; what the old secret opens
    /// stays in free pages until these are used again: [`compact`](Self::compact) gives them back.
    ///
    /// # Errors
    /// As [`commit`](Self::commit), and [`StoreError::Corrupt`] when a record cannot be read: the
    /// old secret then stays.
    pub fn rotate(&self, secret: &Secret) -> Result<Anchor, StoreError> {
        self.writing(|inner| {
            let old = Arc::clone(&inner.keys);
            let old_head = inner.head.clone();
            let (new, slot) = keys::make(secret, old.gallery)?;
            let snapshot = inner.db.snapshot()?;
            let mut bodies = HashMap::new();
            inner.change(&*self.storage, true, |tables| {
                tables.set_slot(&slot)?;
                let mut head = Head::new();
                head.generation = old_head.generation;
                let mut writer = Writer::new(&new, head, tables);
                bodies = copy_all(&snapshot, &old, &old_head, &mut writer)?;
                drop(snapshot);
                writer.finish()
            })?;
            inner.keys = Arc::new(new);
            inner.bodies = bodies;
            Ok(inner.head.anchor(&inner.keys))
        })
    }
}

/// Writes every record of a state, and tells the stamps of the new bodies.
fn copy_all(
    snapshot: &ReadView,
    keys: &Keys,
    head: &Head,
    writer: &mut Writer<'_, '_>,
) -> Result<HashMap<DiskKey, Stamp>, StoreError> {
    let large = visit_all(snapshot, keys, head, |table, key, record| {
        writer.put(table, key, record).map(drop)
    })?;
    let mut bodies = HashMap::with_capacity(large.len());
    for (name, stamp) in &large {
        let (table, key, record) = read_body(snapshot, keys, name, stamp)?;
        let (name, stamp) = writer.put(table, &key, &record)?;
        bodies.extend(stamp.map(|stamp| (name, stamp)));
    }
    Ok(bodies)
}
