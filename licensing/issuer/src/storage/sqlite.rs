//! The ledger as one SQLite file.
//!
//! Every append is an immediate transaction with `synchronous = EXTRA` and a rollback journal: on
//! disk when it returns, and one file to copy when nobody writes. A file on a network share is as
//! safe as the share's locks; for several computers use PostgreSQL.

use super::row::{BODY_LIMIT, FIXED_LIMIT, Row, signed, up_to_fault};
use super::{Appended, Storage};
use crate::error::{IssuerError, StoreFault};
use crate::record::Record;
use rusqlite::config::DbConfig;
use rusqlite::{Connection, ErrorCode, OpenFlags, OptionalExtension, TransactionBehavior, params};
use std::fs::OpenOptions;
use std::io::ErrorKind;
use std::path::Path;
use std::time::Duration;

/// How long to wait while another process writes.
const BUSY: Duration = Duration::from_secs(20);
/// Tells our file from other SQLite files: `VLDG`.
const APPLICATION: i32 = 0x564c_4447;

/// The triggers stop a change by mistake. They do not stop one on purpose; the chain shows it.
const SCHEMA: &str = "
    CREATE TABLE record (
        seq INTEGER PRIMARY KEY CHECK (seq >= 0),
        prev_hash BLOB NOT NULL UNIQUE CHECK (length(prev_hash) = 32),
        time INTEGER NOT NULL,
        kind INTEGER NOT NULL,
        body BLOB NOT NULL CHECK (length(body) <= 16384),
        hash BLOB NOT NULL UNIQUE CHECK (length(hash) = 32),
        signature BLOB NOT NULL CHECK (length(signature) = 64)
    ) STRICT;
    CREATE TRIGGER record_update BEFORE UPDATE ON record
        BEGIN SELECT RAISE(ABORT, 'a ledger is only appended to'); END;
    CREATE TRIGGER record_delete BEFORE DELETE ON record
        BEGIN SELECT RAISE(ABORT, 'a ledger is only appended to'); END;
";

/// A ledger in an SQLite file.
#[derive(Debug)]
pub struct SqliteStorage {
    connection: Connection,
}

impl SqliteStorage {
    /// Opens a ledger's file.
    ///
    /// # Errors
    /// [`IssuerError::NoLedger`] when there is no file or it is not a ledger's.
    pub fn open(path: &Path) -> Result<Self, IssuerError> {
        let missing = || IssuerError::NoLedger(path.display().to_string());
        if !path.is_file() {
            return Err(missing());
        }
        let opened = connect(path).and_then(|connection| {
            let id: i32 =
                connection.pragma_query_value(None, "application_id", |row| row.get(0))?;
            Ok((connection, id))
        });
        match opened {
            Ok((connection, APPLICATION)) => Ok(Self { connection }),
            Ok(_) => Err(missing()),
            Err(error) if error.sqlite_error_code() == Some(ErrorCode::NotADatabase) => {
                Err(missing())
            }
            Err(error) => Err(failed(error)),
        }
    }

    /// Makes a ledger's file that only its owner can read.
    ///
    /// # Errors
    /// [`IssuerError::LedgerExists`] when something is there already.
    pub fn create(path: &Path) -> Result<Self, IssuerError> {
        let mut options = OpenOptions::new();
        options.write(true).create_new(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        options.open(path).map_err(|source| match source.kind() {
            ErrorKind::AlreadyExists => IssuerError::LedgerExists(path.display().to_string()),
            _ => IssuerError::File {
                path: path.to_owned(),
                source,
            },
        })?;
        let mut connection = connect(path).map_err(failed)?;
        let transaction = connection
            .transaction_with_behavior(TransactionBehavior::Immediate)
            .map_err(failed)?;
        transaction.execute_batch(SCHEMA).map_err(failed)?;
        transaction
            .pragma_update(None, "application_id", APPLICATION)
            .map_err(failed)?;
        transaction.commit().map_err(failed)?;
        Ok(Self { connection })
    }
}

impl Storage for SqliteStorage {
    fn read(&mut self, from: u64, limit: u32) -> Result<Vec<Record>, IssuerError> {
        const QUERY: &str = "
            SELECT seq, substr(prev_hash, 1, ?3), time, kind, substr(body, 1, ?4),
                substr(hash, 1, ?3), substr(signature, 1, ?3)
            FROM record WHERE seq >= ?1 ORDER BY seq LIMIT ?2";
        let mut query = self.connection.prepare_cached(QUERY).map_err(failed)?;
        let rows = query
            .query_map(
                params![signed(from)?, limit, FIXED_LIMIT, BODY_LIMIT],
                |row| {
                    Ok(Row {
                        seq: row.get(0)?,
                        prev: row.get(1)?,
                        time: row.get(2)?,
                        kind: row.get(3)?,
                        body: row.get(4)?,
                        hash: row.get(5)?,
                        signature: row.get(6)?,
                    })
                },
            )
            .map_err(failed)?;
        up_to_fault(rows.map(|row| row.map_err(failed)?.into_record()))
    }

    fn append(&mut self, record: &Record) -> Result<Appended, IssuerError> {
        let transaction = self
            .connection
            .transaction_with_behavior(TransactionBehavior::Immediate)
            .map_err(failed)?;
        let last: Option<(i64, Vec<u8>)> = transaction
            .query_row(
                "SELECT seq, hash FROM record ORDER BY seq DESC LIMIT 1",
                [],
                |row| Ok((row.get(0)?, row.get(1)?)),
            )
            .optional()
            .map_err(failed)?;
        let seq = signed(record.seq)?;
        let follows = match &last {
            None => seq == 0,
            Some((last, hash)) => seq == last + 1 && hash.as_slice() == record.prev.0,
        };
        if !follows {
            return Ok(Appended::Behind);
        }
        transaction
            .execute(
                "INSERT INTO record VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
                params![
                    seq,
                    record.prev.0,
                    signed(record.time.0)?,
                    record.kind,
                    record.body,
                    record.hash.0,
                    record.signature
                ],
            )
            .map_err(failed)?;
        transaction.commit().map_err(failed)?;
        Ok(Appended::Yes)
    }
}

fn connect(path: &Path) -> rusqlite::Result<Connection> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(path, flags)?;
    connection.busy_timeout(BUSY)?;
    // The file may come from anybody: nothing in its schema may run functions or reach other
    // tables of SQLite's.
    for (setting, on) in [
        (DbConfig::SQLITE_DBCONFIG_DEFENSIVE, true),
        (DbConfig::SQLITE_DBCONFIG_TRUSTED_SCHEMA, false),
    ] {
        connection.set_db_config(setting, on)?;
    }
    connection.pragma_update(None, "synchronous", "EXTRA")?;
    Ok(connection)
}

fn failed(error: rusqlite::Error) -> IssuerError {
    StoreFault::Sqlite(Box::new(error)).into()
}
