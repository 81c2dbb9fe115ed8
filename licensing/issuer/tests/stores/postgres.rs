//! The stores' suite against a PostgreSQL server. Ignored unless `tests/postgres.sh` runs it, which
//! starts a server of its own and names it in VULTUS_TEST_POSTGRES.

use crate::suite::Backend;
use postgres::{Client, NoTls};
use vultus_issuer::storage::Location;

struct Postgres(String);

impl Postgres {
    /// A database of its own on the test server.
    fn new(name: &str) -> Self {
        let server = std::env::var("VULTUS_TEST_POSTGRES").expect("run tests/postgres.sh");
        let mut client = Client::connect(&format!("{server}/postgres"), NoTls).unwrap();
        client
            .batch_execute(&format!("DROP DATABASE IF EXISTS {name}"))
            .unwrap();
        client
            .batch_execute(&format!("CREATE DATABASE {name}"))
            .unwrap();
        Self(format!("{server}/{name}"))
    }
}

impl Backend for Postgres {
    fn location(&self) -> Location {
        Location::parse(&self.0)
    }

    fn intrude(&self, sql: &str) {
        let guards = "
            DROP TRIGGER IF EXISTS vultus_ledger_append_only ON vultus_ledger;
            ALTER TABLE vultus_ledger DROP CONSTRAINT IF EXISTS vultus_ledger_seq_check;
            ALTER TABLE vultus_ledger DROP CONSTRAINT IF EXISTS vultus_ledger_body_check;
            ALTER TABLE vultus_ledger DROP CONSTRAINT IF EXISTS vultus_ledger_hash_check;
            ALTER TABLE vultus_ledger DROP CONSTRAINT IF EXISTS vultus_ledger_signature_check;";
        self.try_sql(guards).unwrap();
        self.try_sql(sql).unwrap();
    }

    fn try_sql(&self, sql: &str) -> Result<(), String> {
        let mut client = Client::connect(&self.0, NoTls).unwrap();
        let sql = sql.replace("{table}", "vultus_ledger");
        client.batch_execute(&sql).map_err(|e| {
            let said = e.as_db_error().map(|said| said.message().to_owned());
            said.unwrap_or_else(|| e.to_string())
        })
    }

    fn zeros(&self, n: usize) -> String {
        format!("decode(repeat('00', {n}), 'hex')")
    }
}

macro_rules! suite {
    ($($test:ident $database:literal)+) => {$(
        #[test]
        #[ignore = "needs a server: run tests/postgres.sh"]
        fn $test() {
            crate::suite::$test(&Postgres::new($database));
        }
    )+};
}

suite! {
    a_ledger_is_made_once_and_missed_when_it_is_not_there "once"
    records_come_back_as_they_were_written "written"
    only_the_next_record_is_appended "next"
    long_ledgers_are_read_in_pages "pages"
    the_guards_refuse_changes "guards"
    tampering_in_the_database_is_found "tampering"
    threads_share_the_last_seats_exactly "threads"
}

#[test]
#[ignore = "needs a server: run tests/postgres.sh"]
fn of_two_processes_exactly_one_gets_the_last_seat() {
    let backend = Postgres::new("processes");
    crate::suite::of_two_processes_exactly_one_gets_the_last_seat(&backend, "postgres-rivals");
}

#[test]
#[ignore = "needs a server: run tests/postgres.sh"]
fn errors_never_show_the_password() {
    let backend = Postgres::new("password");
    let url = backend.0.replace("postgres@", "nobody:hunter2secret@");
    assert_ne!(url, backend.0);
    let Err(error) = Location::parse(&url).open() else {
        panic!("a stranger got in");
    };
    assert_eq!(error.name(), "LedgerStorage");
    assert!(!error.to_string().contains("hunter2secret"), "{error}");
}
