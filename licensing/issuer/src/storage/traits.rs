//! What a ledger asks of its store.

use crate::error::IssuerError;
use crate::record::Record;

/// A store of records.
pub trait Storage {
    /// Records from place `from` on, in order, at most `limit` of them. They may be anything.
    ///
    /// # Errors
    /// The store's own, or [`IssuerError::Tampered`] for a row that is no record.
    fn read(&mut self, from: u64, limit: u32) -> Result<Vec<Record>, IssuerError>;

    /// Appends a record if the last one is the one it follows, in one transaction that is on disk
    /// when this returns.
    ///
    /// # Errors
    /// The store's own.
    fn append(&mut self, record: &Record) -> Result<Appended, IssuerError>;
}

/// Whether a record was appended.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Appended {
    /// It is on disk.
    Yes,
    /// Others have appended since; nothing was written.
    Behind,
}
