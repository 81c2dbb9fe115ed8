//! The tables of a gallery and a list of changes to them.

use super::error::{StoreError, within};
use std::collections::BTreeMap;
use std::fmt;

macro_rules! tables {
    ($($(#[$doc:meta])* $name:ident = $tag:literal;)+) => {
        /// A table of the gallery: keys to records, both any bytes. The numbers are part of the
        /// format and never reused.
        #[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
        #[repr(u8)]
        pub enum Table {
            $($(#[$doc])* $name = $tag,)+
        }

        impl Table {
            /// Every table, in the order in which they are read.
            pub const ALL: &'static [Self] = &[$(Self::$name),+];

            pub(super) const fn from_tag(tag: u8) -> Option<Self> {
                match tag {
                    $($tag => Some(Self::$name),)+
                    _ => None,
                }
            }
        }
    };
}

tables! {
    /// Facts about the gallery itself.
    Meta = 1;
    /// Groups.
    Group = 2;
    /// Persons.
    Person = 3;
    /// Faces with their embeddings.
    Face = 4;
    /// Aligned pictures of faces, where they are kept. Large: not read until asked for.
    Crop = 5;
}

/// Tags are below this.
pub(super) const TAGS: usize = 16;

impl Table {
    pub(super) const fn tag(self) -> u8 {
        self as u8
    }

    /// Whether its records stay on disk until [`Store::read`](super::Store::read).
    #[must_use]
    pub const fn is_large(self) -> bool {
        matches!(self, Self::Crop)
    }

    /// The largest record in bytes.
    #[must_use]
    pub const fn record_max(self) -> u64 {
        if self.is_large() { 4 << 20 } else { 1 << 20 }
    }
}

/// The longest key in bytes.
pub const KEY_MAX: u64 = 256;
/// Most changes in one batch.
pub const BATCH_MAX: u64 = 1 << 20;

/// Changes that are made together or not at all. The last change of a key counts.
#[derive(Clone, Default)]
pub struct Batch {
    pub(super) changes: BTreeMap<(Table, Vec<u8>), Option<Vec<u8>>>,
}

impl Batch {
    /// No change yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Writes a record, in the place of one that is there.
    ///
    /// # Errors
    /// [`StoreError::Argument`] for a key of 0 or more than [`KEY_MAX`] bytes, a record of more
    /// than [`Table::record_max`] bytes, or more than [`BATCH_MAX`] changes.
    pub fn put(&mut self, table: Table, key: &[u8], record: Vec<u8>) -> Result<(), StoreError> {
        check(table, key, &record)?;
        self.change(table, key, Some(record))
    }

    /// Removes a record; having none is fine.
    ///
    /// # Errors
    /// As [`put`](Self::put).
    pub fn remove(&mut self, table: Table, key: &[u8]) -> Result<(), StoreError> {
        check(table, key, &[])?;
        self.change(table, key, None)
    }

    /// How many keys change.
    #[must_use]
    pub fn len(&self) -> usize {
        self.changes.len()
    }

    /// Whether nothing changes.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.changes.is_empty()
    }

    fn change(
        &mut self,
        table: Table,
        key: &[u8],
        record: Option<Vec<u8>>,
    ) -> Result<(), StoreError> {
        within("changes in a batch", self.len() + 1, 1, BATCH_MAX)?;
        self.changes.insert((table, key.to_vec()), record);
        Ok(())
    }
}

impl fmt::Debug for Batch {
    /// Never shows keys and records: they are personal data.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Batch")
            .field("changes", &self.len())
            .finish_non_exhaustive()
    }
}

/// Refuses what no table holds.
pub(super) fn check(table: Table, key: &[u8], record: &[u8]) -> Result<(), StoreError> {
    within("bytes of a key", key.len(), 1, KEY_MAX)?;
    within("bytes of a record", record.len(), 0, table.record_max())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_are_few_rising_and_known() {
        let tags: Vec<u8> = Table::ALL.iter().map(|table| table.tag()).collect();
        assert!(tags.is_sorted() && tags.iter().all(|&tag| usize::from(tag) < TAGS));
        for tag in 0..=u8::MAX {
            let table = Table::from_tag(tag);
            assert_eq!(table.map(Table::tag), tags.contains(&tag).then_some(tag));
        }
    }

    #[test]
    fn limits_hold_on_both_sides() {
        let mut batch = Batch::new();
        let table = Table::Meta;
        assert!(batch.put(table, &[1; 256], vec![0; 1 << 20]).is_ok());
        let refused = batch.put(table, &[1; 257], Vec::new()).unwrap_err();
        assert_eq!(
            refused.to_string(),
            "bytes of a key is 257, allowed are 1 to 256"
        );
        assert!(batch.put(table, &[], Vec::new()).is_err());
        assert!(batch.remove(table, &[]).is_err());
        assert!(batch.put(table, b"k", vec![0; (1 << 20) + 1]).is_err());
        assert!(batch.put(Table::Crop, b"k", vec![0; 4 << 20]).is_ok());
        assert!(
            batch
                .put(Table::Crop, b"k", vec![0; (4 << 20) + 1])
                .is_err()
        );
        assert_eq!(batch.len(), 2);
    }
}
