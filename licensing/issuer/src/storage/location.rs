//! Where a ledger is, and the store that opens it.

use super::{PostgresStorage, SqliteStorage, Storage};
use crate::error::IssuerError;
use std::fmt;
use std::path::PathBuf;

/// Where a ledger is. Debug output leaves the URL out, because it may hold a password.
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

impl fmt::Debug for Location {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::File(path) => f.debug_tuple("File").field(path).finish(),
            Self::Postgres(_) => f.write_str("Postgres(..)"),
        }
    }
}
