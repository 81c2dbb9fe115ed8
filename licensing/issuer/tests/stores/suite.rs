//! What every store must do, whichever database it is.

use crate::common::desk_files::{Answer, Files};
use crate::common::story::{RECORDS, tell};
use crate::common::{
    Desk, HandClock, Numbers, START, ask, name, order, other_signer, request, signer,
};
use std::cell::Cell;
use std::thread;
use vultus_issuer::error::IssuerError;
use vultus_issuer::hash::Hash;
use vultus_issuer::issuer::Issuer;
use vultus_issuer::ledger::Ledger;
use vultus_issuer::record::Record;
use vultus_issuer::storage::{Appended, Location, Storage};
use vultus_licensing::licence::{LivenessKinds, OrderId, Tier};

const NONE: LivenessKinds = LivenessKinds::NONE;

/// A database of its own for a test.
pub(crate) trait Backend: Sync {
    /// Where its ledger is or will be.
    fn location(&self) -> Location;

    /// Runs statements as an intruder would, who has switched the guards off. `{table}` stands for
    /// the ledger's table.
    fn intrude(&self, sql: &str);

    /// Runs a statement with the guards on.
    fn try_sql(&self, sql: &str) -> Result<(), String>;

    /// `n` bytes of zero in the database's own words.
    fn zeros(&self, n: usize) -> String;

    fn text(&self) -> String {
        match self.location() {
            Location::File(path) => path.display().to_string(),
            Location::Postgres(url) => url,
        }
    }
}

fn open(backend: &dyn Backend) -> Box<dyn Storage> {
    backend.location().open().unwrap()
}

fn fresh(backend: &dyn Backend) -> Desk {
    let desk = Desk::new();
    let storage = backend.location().create().unwrap();
    Ledger::create(storage, &desk.signer, &desk.clock, &desk.entropy).unwrap();
    desk
}

pub(crate) fn a_ledger_is_made_once_and_missed_when_it_is_not_there(backend: &dyn Backend) {
    assert_eq!(name(backend.location().open()), "NoLedger");
    // A making that was cut short before the first record may begin again.
    backend.location().create().unwrap();
    fresh(backend);
    assert_eq!(name(backend.location().create()), "LedgerExists");
    let keys = *signer().public();
    assert_eq!(Ledger::open(open(backend), &keys).unwrap().length(), 1);
}

pub(crate) fn records_come_back_as_they_were_written(backend: &dyn Backend) {
    let desk = Desk::new();
    tell(&desk, Box::new(desk.storage.clone()));
    let records = desk.storage.records();
    let mut storage = backend.location().create().unwrap();
    for record in &records {
        assert_eq!(storage.append(record).unwrap(), Appended::Yes);
    }
    drop(storage);
    let mut storage = open(backend);
    assert_eq!(storage.read(0, 100).unwrap(), records);
    assert_eq!(storage.read(3, 2).unwrap(), records[3..5]);
    assert!(storage.read(RECORDS as u64, 9).unwrap().is_empty());
    let ledger = Ledger::open(storage, other_signer().public()).unwrap();
    assert_eq!(ledger.head(), records[RECORDS - 1].hash);
}

pub(crate) fn only_the_next_record_is_appended(backend: &dyn Backend) {
    let desk = fresh(backend);
    let mut storage = open(backend);
    let first = storage.read(0, 1).unwrap().remove(0);
    let record = |seq, prev| Record::sign(seq, prev, START, 2, vec![1], &desk.signer);
    for wrong in [
        record(0, Hash::GENESIS),
        record(1, Hash([1; 32])),
        record(2, first.hash),
    ] {
        assert_eq!(storage.append(&wrong).unwrap(), Appended::Behind);
    }
    let mut other = open(backend);
    assert_eq!(other.append(&record(1, first.hash)).unwrap(), Appended::Yes);
    assert_eq!(
        storage.append(&record(1, first.hash)).unwrap(),
        Appended::Behind
    );
}

pub(crate) fn long_ledgers_are_read_in_pages(backend: &dyn Backend) {
    let desk = fresh(backend);
    let mut issuer = desk.issuer_on(open(backend));
    let bought = order(&mut issuer, "acme", Tier::Detect, 1_000).unwrap();
    for n in 0..520 {
        issuer.issue(&ask(bought.id, NONE, request(n))).unwrap();
    }
    let ledger = Ledger::open(open(backend), desk.signer.public()).unwrap();
    assert_eq!(ledger.length(), 522);
    assert_eq!(ledger.head(), issuer.ledger().head());
}

pub(crate) fn the_guards_refuse_changes(backend: &dyn Backend) {
    fresh(backend);
    for sql in ["UPDATE {table} SET time = time + 1", "DELETE FROM {table}"] {
        let said = backend.try_sql(sql).unwrap_err();
        assert!(said.contains("only appended to"), "{said}");
    }
}

fn found(backend: &dyn Backend) -> Option<u64> {
    match Ledger::open(open(backend), other_signer().public()) {
        Ok(_) => None,
        Err(IssuerError::Tampered { seq, .. }) => Some(seq),
        Err(other) => panic!("{other}"),
    }
}

pub(crate) fn tampering_in_the_database_is_found(backend: &dyn Backend) {
    let desk = fresh(backend);
    tell(&desk, open(backend));
    assert_eq!(found(backend), None);
    backend.intrude("CREATE TABLE kept AS SELECT * FROM {table}");
    let restore = "DELETE FROM {table}; INSERT INTO {table} SELECT * FROM kept";
    for place in 0..RECORDS {
        let edits = [
            format!("UPDATE {{table}} SET time = time + 1 WHERE seq = {place}"),
            format!("UPDATE {{table}} SET kind = kind % 6 + 1 WHERE seq = {place}"),
            format!("UPDATE {{table}} SET kind = 300 WHERE seq = {place}"),
            format!("UPDATE {{table}} SET time = -1 WHERE seq = {place}"),
            format!("UPDATE {{table}} SET seq = seq + 100 WHERE seq = {place}"),
            format!(
                "UPDATE {{table}} SET body = {} WHERE seq = {place}",
                backend.zeros(40)
            ),
            format!(
                "UPDATE {{table}} SET body = {} WHERE seq = {place}",
                backend.zeros(20_000)
            ),
            format!(
                "UPDATE {{table}} SET hash = {} WHERE seq = {place}",
                backend.zeros(31)
            ),
            format!(
                "UPDATE {{table}} SET hash = {} WHERE seq = {place}",
                backend.zeros(33)
            ),
            format!(
                "UPDATE {{table}} SET signature = {} WHERE seq = {place}",
                backend.zeros(64)
            ),
            format!(
                "UPDATE {{table}} SET signature = {} WHERE seq = {place}",
                backend.zeros(65)
            ),
        ];
        for edit in edits {
            backend.intrude(&edit);
            assert_eq!(found(backend), Some(place as u64), "{edit}");
            backend.intrude(restore);
        }
    }
    for place in 0..RECORDS - 1 {
        backend.intrude(&format!("DELETE FROM {{table}} WHERE seq = {place}"));
        assert_eq!(found(backend), Some(place as u64));
        backend.intrude(restore);
        let next = place + 1;
        backend.intrude(&format!(
            "UPDATE {{table}} SET seq = -1 WHERE seq = {place};
             UPDATE {{table}} SET seq = {place} WHERE seq = {next};
             UPDATE {{table}} SET seq = {next} WHERE seq = -1"
        ));
        assert_eq!(found(backend), Some(place as u64));
        backend.intrude(restore);
    }
    assert_eq!(found(backend), None);
}

/// Asks for a licence for each device from a thread of its own; how many got a new one.
fn race(backend: &dyn Backend, source: OrderId, devices: std::ops::Range<u32>) -> usize {
    let results: Vec<Result<bool, &'static str>> = thread::scope(|scope| {
        let work = |n: u32| {
            let (signer, clock) = (signer(), HandClock::at(START));
            let entropy = Numbers(Cell::new(u64::from(n) << 32));
            let ledger = Ledger::open(open(backend), signer.public()).unwrap();
            let mut issuer = Issuer::new(ledger, &signer, &clock, &entropy);
            let result = issuer.issue(&ask(source, NONE, request(n)));
            result
                .map(|handed| handed.reissued)
                .map_err(|error| error.name())
        };
        let threads: Vec<_> = devices.map(|n| scope.spawn(move || work(n))).collect();
        threads.into_iter().map(|t| t.join().unwrap()).collect()
    });
    for refused in results.iter().filter_map(|result| result.err()) {
        assert!(
            ["LedgerNoSeats", "LedgerTrialLimit"].contains(&refused),
            "{refused}"
        );
    }
    results
        .iter()
        .filter(|result| **result == Ok(false))
        .count()
}

pub(crate) fn threads_share_the_last_seats_exactly(backend: &dyn Backend) {
    let desk = fresh(backend);
    let mut issuer = desk.issuer_on(open(backend));
    let bought = order(&mut issuer, "acme", Tier::Detect, 50).unwrap();
    for n in 0..45 {
        issuer.issue(&ask(bought.id, NONE, request(n))).unwrap();
    }
    // Twelve want five seats.
    assert_eq!(race(backend, bought.id, 100..112), 5);
    let customer = vultus_issuer::customer::Customer::new("zenith").unwrap();
    let mut issuer = desk.issuer_on(open(backend));
    let grant = issuer
        .trial(&customer, Tier::Detect, crate::common::scope())
        .unwrap();
    assert_eq!(race(backend, grant.id, 200..208), 3);
    let issuer = desk.issuer_on(open(backend));
    assert_eq!(issuer.ledger().book().orders()[0].left(), 0);
}

/// Two processes of the built tool want the last seat, several times over.
pub(crate) fn of_two_processes_exactly_one_gets_the_last_seat(backend: &dyn Backend, folder: &str) {
    let mut files = Files::new(folder);
    files.ledger = backend.text();
    files.run(&["ledger", "init"]).done();
    let order = [
        "order",
        "--customer",
        "acme",
        "--sku",
        "detect",
        "--quantity",
        "50",
        "--sdk-major",
        "3",
    ];
    for round in 0..6u32 {
        let id = files.run(&order).text("order");
        let base = round * 1_000;
        let mut first: Vec<String> = vec!["issue".into(), "--for".into(), id.clone()];
        let folder = files.path(&format!("out-{round}"));
        std::fs::create_dir(&folder).unwrap();
        first.extend(["--out-dir".into(), folder, "--request".into()]);
        first.extend((1..50).map(|n| files.request(base + n)));
        let first: Vec<&str> = first.iter().map(String::as_str).collect();
        let answer = files.run(&first);
        assert_eq!(
            (answer.code, answer.lines.len()),
            (0, 49),
            "{}",
            answer.complaints
        );

        let rivals: Vec<_> = [100, 200]
            .into_iter()
            .map(|n| {
                let request = files.request(base + n);
                let words = ["issue", "--for", &id, "--request", &request];
                let mut command = files.desk_command(&words);
                command.stdout(std::process::Stdio::piped());
                command.stderr(std::process::Stdio::piped());
                command.spawn().unwrap()
            })
            .collect();
        let answers: Vec<Answer> = rivals
            .into_iter()
            .map(|rival| Answer::of(rival.wait_with_output().unwrap()))
            .collect();
        let mut codes: Vec<i32> = answers.iter().map(|answer| answer.code).collect();
        codes.sort_unstable();
        assert_eq!(codes, [0, 1], "{answers:?}");
        let loser = answers.iter().find(|answer| answer.code == 1).unwrap();
        assert_eq!(loser.error(), (1, "LedgerNoSeats"));
    }
    let verified = files.run(&["ledger", "verify"]);
    assert_eq!(verified.done()["records"], 1 + 6 * 51);
}
