//! The stores' suite against SQLite files.

use crate::common::desk_files::folder;
use crate::suite::Backend;
use rusqlite::Connection;
use std::error::Error;
use std::path::PathBuf;
use vultus_issuer::storage::Location;

struct Sqlite(PathBuf);

impl Sqlite {
    fn new(name: &str) -> Self {
        Self(folder(&format!("sqlite-{name}")).join("ledger.db"))
    }
}

impl Backend for Sqlite {
    fn location(&self) -> Location {
        Location::File(self.0.clone())
    }

    fn intrude(&self, sql: &str) {
        let connection = Connection::open(&self.0).unwrap();
        let guards = "DROP TRIGGER IF EXISTS record_update; DROP TRIGGER IF EXISTS record_delete;
            PRAGMA ignore_check_constraints = ON;";
        connection.execute_batch(guards).unwrap();
        connection
            .execute_batch(&sql.replace("{table}", "record"))
            .unwrap();
    }

    fn try_sql(&self, sql: &str) -> Result<(), String> {
        let connection = Connection::open(&self.0).unwrap();
        let sql = sql.replace("{table}", "record");
        connection.execute_batch(&sql).map_err(|e| e.to_string())
    }

    fn zeros(&self, n: usize) -> String {
        format!("zeroblob({n})")
    }
}

macro_rules! suite {
    ($($test:ident)+) => {$(
        #[test]
        fn $test() {
            crate::suite::$test(&Sqlite::new(stringify!($test)));
        }
    )+};
}

suite! {
    a_ledger_is_made_once_and_missed_when_it_is_not_there
    records_come_back_as_they_were_written
    only_the_next_record_is_appended
    long_ledgers_are_read_in_pages
    the_guards_refuse_changes
    tampering_in_the_database_is_found
    threads_share_the_last_seats_exactly
}

#[test]
fn of_two_processes_exactly_one_gets_the_last_seat() {
    let backend = Sqlite::new("processes");
    crate::suite::of_two_processes_exactly_one_gets_the_last_seat(&backend, "sqlite-rivals");
}

#[test]
fn files_that_are_no_ledger_are_left_alone() {
    let folder = folder("no-ledger");
    let other = folder.join("other.db");
    let connection = Connection::open(&other).unwrap();
    connection
        .execute_batch("CREATE TABLE record (seq INTEGER)")
        .unwrap();
    drop(connection);
    let text = folder.join("notes.txt");
    std::fs::write(
        &text,
        "this is not a database, whatever its name says ".repeat(40),
    )
    .unwrap();
    let empty = folder.join("empty");
    std::fs::write(&empty, "").unwrap();
    for path in [other, text, empty, folder.clone()] {
        let before = std::fs::read(&path).ok();
        let location = Location::File(path.clone());
        assert_eq!(
            crate::common::name(location.open()),
            "NoLedger",
            "{}",
            path.display()
        );
        assert_eq!(crate::common::name(location.create()), "LedgerExists");
        assert_eq!(std::fs::read(&path).ok(), before);
    }
}

#[cfg(unix)]
#[test]
fn a_new_ledger_is_for_its_owners_eyes() {
    use std::os::unix::fs::PermissionsExt;
    let backend = Sqlite::new("mode");
    backend.location().create().unwrap();
    let mode = std::fs::metadata(&backend.0).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
}

#[test]
fn a_store_that_fails_keeps_its_cause() {
    let backend = Sqlite::new("cause");
    backend.location().create().unwrap();
    backend.intrude("DROP TABLE {table}");
    let mut storage = backend.location().open().unwrap();
    let error = storage.read(0, 1).unwrap_err();
    let fault = error.source().unwrap();
    let cause = fault.source().unwrap();
    assert_eq!(error.to_string(), format!("the ledger's store: {fault}"));
    assert_eq!(fault.to_string(), format!("SQLite: {cause}"));
}

#[test]
fn ill_typed_columns_are_an_error_and_no_panic() {
    let backend = Sqlite::new("types");
    backend.location().create().unwrap();
    // A table of the same name without types, as a stranger might hand it over.
    backend.intrude(
        "DROP TABLE {table};
         CREATE TABLE {table} (seq, prev_hash, time, kind, body, hash, signature);
         INSERT INTO {table} VALUES (0, 'text', 'text', NULL, 3.5, 7, x'00')",
    );
    let storage = backend.location().open().unwrap();
    let opened = vultus_issuer::ledger::Ledger::open(storage, crate::common::signer().public());
    assert!(["LedgerStorage", "LedgerTampered"].contains(&crate::common::name(opened)));
}
