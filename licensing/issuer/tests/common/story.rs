//! A ledger with every kind of record, and records that somebody with the ledger key made up.
#![allow(dead_code, unreachable_pub, missing_docs)]

use super::{Desk, INFRARED, START, ask, order, other_signer, request, scope};
use vultus_issuer::book::Book;
use vultus_issuer::customer::Customer;
use vultus_issuer::entry::Entry;
use vultus_issuer::error::{Fault, IssuerError};
use vultus_issuer::issuer::Issuer;
use vultus_issuer::ledger::Ledger;
use vultus_issuer::record::Record;
use vultus_issuer::storage::{MemoryStorage, Storage};
use vultus_licensing::licence::{LivenessKinds, Tier};

/// Orders, trials, licences, a revocation, a list, and a change of keys. Ends with the
/// successor's key.
pub fn tell(desk: &Desk, storage: Box<dyn Storage>) {
    let mut issuer = desk.issuer_on(storage);
    let bought = order(&mut issuer, "acme", Tier::Detect, 50).unwrap();
    let customer = Customer::new("zenith").unwrap();
    let grant = issuer.trial(&customer, Tier::Liveness, scope()).unwrap();
    let none = LivenessKinds::NONE;
    let first = issuer.issue(&ask(bought.id, none, request(1))).unwrap();
    issuer.issue(&ask(grant.id, INFRARED, request(2))).unwrap();
    desk.clock.forward(60);
    issuer.revoke(first.licence_id, "charge-back").unwrap();
    issuer.revocation_list().unwrap();
    issuer.issue(&ask(bought.id, none, request(3))).unwrap();
    let successor = other_signer();
    let ledger = issuer.adopt(&successor).unwrap();
    let mut issuer = Issuer::new(ledger, &successor, &desk.clock, &desk.entropy);
    issuer.issue(&ask(bought.id, none, request(4))).unwrap();
}

/// Records in [`tell`]'s ledger.
pub const RECORDS: usize = 10;

pub fn records() -> Vec<Record> {
    let desk = Desk::new();
    tell(&desk, Box::new(desk.storage.clone()));
    let records = desk.storage.records();
    assert_eq!(records.len(), RECORDS);
    records
}

/// What a check of these records finds: the place and the fault of the first bad one.
pub fn check(records: Vec<Record>) -> Option<(u64, Fault)> {
    let storage = Box::new(MemoryStorage::of(records));
    match Ledger::open(storage, other_signer().public()) {
        Ok(_) => None,
        Err(IssuerError::Tampered { seq, fault }) => Some((seq, fault)),
        Err(other) => panic!("{other}"),
    }
}

/// A desk whose ledger can be continued by a thief of its key, who asks no rule.
pub struct Thief {
    pub desk: Desk,
}

impl Thief {
    pub fn book<T>(&self, look: impl FnOnce(&Book) -> T) -> T {
        look(self.desk.issuer().ledger().book())
    }

    /// What a check of the ledger finds with this entry behind it, well chained and signed.
    pub fn forge(&self, entry: &Entry) -> Fault {
        let mut records = self.desk.storage.records();
        let last = records.last().unwrap();
        let time = last.time.max(START);
        let body = entry.encode().unwrap();
        let signer = &self.desk.signer;
        let next = last.seq + 1;
        let forged = Record::sign(next, last.hash, time, entry.kind(), body, signer);
        records.push(forged);
        let storage = Box::new(MemoryStorage::of(records));
        match Ledger::open(storage, signer.public()) {
            Err(IssuerError::Tampered { seq, fault }) => {
                assert_eq!(seq, next);
                fault
            }
            Err(other) => panic!("{other}"),
            Ok(_) => panic!("the forged record passed"),
        }
    }
}
