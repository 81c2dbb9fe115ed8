//! Where records are kept. A store keeps bytes in order and lets nobody in between; it proves
//! nothing, the chain does.

mod memory;
mod postgres;
mod row;
mod sqlite;

pub use memory::MemoryStorage;
pub use postgres::PostgresStorage;
pub use sqlite::SqliteStorage;

use crate::error::IssuerError;
use crate::record::Record;
use std::path::PathBuf;

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

/// Where a ledger is. Not printable, because a URL may hold a password.
#[derive(Clone, Eq, PartialEq)]
pub enum Location {
    /// An SQLite file.
    File(PathBuf),
    /// A PostgreSQL database, by its URL.
    Postgres(String),
}

impl Location {
    /// The location that was typed: a `postgres://` or `postgresql://` URL, or a file.
    #[must_use]
    pub fn parse(text: &str) -> Self {
        if text.starts_with("postgres://") || text.starts_with("postgresql://") {
            Self::Postgres(text.to_owned())
        } else {
            Self::File(text.into())
        }
    }

    /// Opens the store of an existing ledger.
    ///
    /// # Errors
    /// [`IssuerError::NoLedger`], or the store's own.
    pub fn open(&self) -> Result<Box<dyn Storage>, IssuerError> {
        Ok(match self {
            Self::File(path) => Box::new(SqliteStorage::open(path)?),
            Self::Postgres(url) => Box::new(PostgresStorage::open(url)?),
        })
    }

    /// Makes the store of a new ledger. A store without a single record, left by a making that
    /// was cut short, counts as none.
    ///
    /// # Errors
    /// [`IssuerError::LedgerExists`], or the store's own.
    pub fn create(&self) -> Result<Box<dyn Storage>, IssuerError> {
        let exists = match self.make() {
            Err(exists @ IssuerError::LedgerExists(_)) => exists,
            made => return made,
        };
        let Ok(mut store) = self.open() else {
            return Err(exists);
        };
        if store.read(0, 1)?.is_empty() {
            Ok(store)
        } else {
            Err(exists)
        }
    }

    fn make(&self) -> Result<Box<dyn Storage>, IssuerError> {
        Ok(match self {
            Self::File(path) => Box::new(SqliteStorage::create(path)?),
            Self::Postgres(url) => Box::new(PostgresStorage::create(url)?),
        })
    }
}
