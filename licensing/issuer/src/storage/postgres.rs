//! The ledger as a table of a PostgreSQL database, for issuers on several computers.
//!
//! The connection is not encrypted: use a local socket, or a network that is the vendor's own. The
//! records' signatures hold either way, but passwords and customers' names travel openly.

use super::row::{BODY_LIMIT, FIXED_LIMIT, Row, signed, up_to_fault};
use super::{Appended, Storage};
use crate::error::{IssuerError, StoreFault};
use crate::record::Record;
use postgres::{Client, IsolationLevel, NoTls};
use std::fmt;

/// Serialises appends to the ledger within its database.
const LOCK: i64 = 0x0056_4c44_4700;

const EXISTS: &str = "SELECT to_regclass('vultus_ledger') IS NOT NULL";

/// The trigger stops a change by mistake. It does not stop one on purpose; the chain shows it.
const SCHEMA: &str = "
    CREATE TABLE vultus_ledger (
        seq BIGINT PRIMARY KEY CHECK (seq >= 0),
        prev_hash BYTEA NOT NULL UNIQUE CHECK (length(prev_hash) = 32),
        time BIGINT NOT NULL,
        kind BIGINT NOT NULL,
        body BYTEA NOT NULL CHECK (length(body) <= 16384),
        hash BYTEA NOT NULL UNIQUE CHECK (length(hash) = 32),
        signature BYTEA NOT NULL CHECK (length(signature) = 64)
    );
    CREATE FUNCTION vultus_ledger_append_only() RETURNS trigger LANGUAGE plpgsql AS
        $$ BEGIN RAISE EXCEPTION 'a ledger is only appended to'; END $$;
    CREATE TRIGGER vultus_ledger_append_only
        BEFORE UPDATE OR DELETE OR TRUNCATE ON vultus_ledger
        FOR EACH STATEMENT EXECUTE FUNCTION vultus_ledger_append_only();
";

/// A ledger in a PostgreSQL database.
pub struct PostgresStorage {
    client: Client,
}

impl PostgresStorage {
    /// Opens the ledger of a database.
    ///
    /// # Errors
    /// [`IssuerError::NoLedger`] when the database has none.
    pub fn open(url: &str) -> Result<Self, IssuerError> {
        let mut client = connect(url)?;
        let exists: bool = client.query_one(EXISTS, &[]).map_err(failed)?.get(0);
        if exists {
            Ok(Self { client })
        } else {
            Err(IssuerError::NoLedger("this database".to_owned()))
        }
    }

    /// Makes the table of a ledger.
    ///
    /// # Errors
    /// [`IssuerError::LedgerExists`] when the database has one.
    pub fn create(url: &str) -> Result<Self, IssuerError> {
        let mut client = connect(url)?;
        let mut transaction = client.transaction().map_err(failed)?;
        transaction
            .execute("SELECT pg_advisory_xact_lock($1)", &[&LOCK])
            .map_err(failed)?;
        let exists: bool = transaction.query_one(EXISTS, &[]).map_err(failed)?.get(0);
        if exists {
            return Err(IssuerError::LedgerExists("this database".to_owned()));
        }
        transaction.batch_execute(SCHEMA).map_err(failed)?;
        transaction.commit().map_err(failed)?;
        Ok(Self { client })
    }
}

impl fmt::Debug for PostgresStorage {
    /// Without the connection, whose settings may hold a password.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PostgresStorage").finish_non_exhaustive()
    }
}

impl Storage for PostgresStorage {
    fn read(&mut self, from: u64, limit: u32) -> Result<Vec<Record>, IssuerError> {
        const QUERY: &str = "
            SELECT seq, substring(prev_hash FOR $3), time, kind, substring(body FOR $4),
                substring(hash FOR $3), substring(signature FOR $3)
            FROM vultus_ledger WHERE seq >= $1 ORDER BY seq LIMIT $2";
        let rows = self
            .client
            .query(
                QUERY,
                &[&signed(from)?, &i64::from(limit), &FIXED_LIMIT, &BODY_LIMIT],
            )
            .map_err(failed)?;
        up_to_fault(rows.iter().map(|row| {
            let row = Row {
                seq: row.try_get(0).map_err(failed)?,
                prev: row.try_get(1).map_err(failed)?,
                time: row.try_get(2).map_err(failed)?,
                kind: row.try_get(3).map_err(failed)?,
                body: row.try_get(4).map_err(failed)?,
                hash: row.try_get(5).map_err(failed)?,
                signature: row.try_get(6).map_err(failed)?,
            };
            row.into_record()
        }))
    }

    fn append(&mut self, record: &Record) -> Result<Appended, IssuerError> {
        // Read committed: after the lock is ours, the next statement sees what its last holder
        // committed. The unique columns would stop a fork even without the lock.
        let mut transaction = self
            .client
            .build_transaction()
            .isolation_level(IsolationLevel::ReadCommitted)
            .start()
            .map_err(failed)?;
        transaction
            .batch_execute("SET LOCAL synchronous_commit = on; SET LOCAL lock_timeout = '20s'")
            .map_err(failed)?;
        transaction
            .execute("SELECT pg_advisory_xact_lock($1)", &[&LOCK])
            .map_err(failed)?;
        let last = transaction
            .query_opt(
                "SELECT seq, hash FROM vultus_ledger ORDER BY seq DESC LIMIT 1",
                &[],
            )
            .map_err(failed)?;
        let seq = signed(record.seq)?;
        let follows = match &last {
            None => seq == 0,
            Some(row) => {
                let last: i64 = row.try_get(0).map_err(failed)?;
                let hash: &[u8] = row.try_get(1).map_err(failed)?;
                seq == last + 1 && hash == record.prev.0
            }
        };
        if !follows {
            return Ok(Appended::Behind);
        }
        transaction
            .execute(
                "INSERT INTO vultus_ledger VALUES ($1, $2, $3, $4, $5, $6, $7)",
                &[
                    &seq,
                    &record.prev.0.as_slice(),
                    &signed(record.time.0)?,
                    &i64::from(record.kind),
                    &record.body,
                    &record.hash.0.as_slice(),
                    &record.signature.as_slice(),
                ],
            )
            .map_err(failed)?;
        transaction.commit().map_err(failed)?;
        Ok(Appended::Yes)
    }
}

fn connect(url: &str) -> Result<Client, IssuerError> {
    Client::connect(url, NoTls).map_err(failed)
}

/// The message and what the server said; never the URL, which may hold a password.
fn failed(error: postgres::Error) -> IssuerError {
    let said = error
        .as_db_error()
        .map(|said| format!(": {}", said.message()))
        .unwrap_or_default();
    StoreFault::Postgres {
        source: Box::new(error),
        said,
    }
    .into()
}
