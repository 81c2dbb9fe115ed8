//! Whatever is done to a ledger's records is found, at the first record that it was done to.

use crate::common::story::{RECORDS, Thief, check, records};
use crate::common::{Desk, INFRARED, START, ask, name, other_signer, request, scope};
use vultus_issuer::book::fingerprint_for;
use vultus_issuer::customer::Customer;
use vultus_issuer::entry::{Entry, Grant, Issue, KeyChange, List, Order, Revocation};
use vultus_issuer::error::Fault;
use vultus_issuer::hash::Hash;
use vultus_issuer::ledger::Ledger;
use vultus_issuer::record::{BODY_MAX, Record};
use vultus_issuer::storage::MemoryStorage;
use vultus_licensing::licence::{Licence, LicenceId, LivenessKinds, OrderId, Term, Tier};
use vultus_licensing::policy::TRIAL_SECONDS;
use vultus_licensing::signed_licence;

const NONE: LivenessKinds = LivenessKinds::NONE;

#[test]
fn an_untouched_ledger_is_good() {
    assert_eq!(check(records()), None);
}

#[test]
fn every_edited_field_of_every_record_is_found() {
    type Edit = fn(&mut Record);
    let edits: [(&str, Edit); 8] = [
        ("seq", |r| r.seq += 1),
        ("prev", |r| r.prev.0[31] ^= 1),
        ("later", |r| r.time.0 += 1),
        ("earlier", |r| r.time.0 -= 1),
        ("kind", |r| r.kind = r.kind % 6 + 1),
        ("hash", |r| r.hash.0[0] ^= 128),
        ("signature", |r| r.signature[63] ^= 1),
        ("longer", |r| r.body.push(0)),
    ];
    for place in 0..RECORDS {
        for (what, edit) in edits {
            let mut records = records();
            edit(&mut records[place]);
            let found = check(records).map(|(seq, _)| seq);
            assert_eq!(found, Some(place as u64), "{what} of record {place}");
        }
    }
}

#[test]
fn every_flipped_bit_of_every_body_is_found() {
    let records = records();
    for place in 0..RECORDS {
        for bit in 0..records[place].body.len() * 8 {
            let mut edited = records.clone();
            edited[place].body[bit / 8] ^= 1 << (bit % 8);
            let found = check(edited).map(|(seq, _)| seq);
            assert_eq!(found, Some(place as u64), "bit {bit} of record {place}");
        }
    }
}

#[test]
fn an_edit_with_a_new_hash_lacks_the_signature() {
    for place in 0..RECORDS {
        let mut records = records();
        let record = &records[place];
        // Whoever lacks the key can compute hashes, and sign with another key.
        let forged = Record::sign(
            record.seq,
            record.prev,
            record.time.plus(1),
            record.kind,
            record.body.clone(),
            &Desk::new().signer,
        );
        let stranger = Record::sign(
            record.seq,
            record.prev,
            record.time,
            record.kind,
            record.body.clone(),
            &vultus_issuer::signer::Signer::from_seed(&[7; 32], crate::common::terms()).unwrap(),
        );
        records[place].hash = forged.hash;
        records[place].time = forged.time;
        assert_eq!(
            check(records.clone()),
            Some((place as u64, Fault::Signature))
        );
        records[place] = stranger;
        assert_eq!(check(records), Some((place as u64, Fault::Signature)));
    }
}

#[test]
fn every_deleted_record_is_found_and_the_last_by_its_head() {
    for place in 0..RECORDS - 1 {
        let mut records = records();
        records.remove(place);
        assert_eq!(check(records), Some((place as u64, Fault::Missing)));
    }
    // A tail that is cut off leaves a good ledger: only a head kept elsewhere tells.
    let whole = records();
    for kept in RECORDS - 1..RECORDS {
        let storage = Box::new(MemoryStorage::of(whole[..kept].to_vec()));
        let ledger = Ledger::open(storage, other_signer().public()).unwrap();
        let missing = ledger.records_since(whole[RECORDS - 1].hash);
        assert_eq!(name(missing), "LedgerHeadMissing");
        assert!(ledger.records_since(whole[kept - 1].hash).is_ok());
    }
}

#[test]
fn every_swap_and_every_insertion_is_found() {
    for place in 0..RECORDS {
        for other in place + 1..RECORDS {
            let mut swapped = records();
            swapped.swap(place, other);
            assert_eq!(check(swapped), Some((place as u64, Fault::Missing)));
            // The thing that a swap of contents keeps: their places.
            let mut contents = records();
            let (a, b) = (contents[place].clone(), contents[other].clone());
            (contents[place].body, contents[place].kind) = (b.body, b.kind);
            (contents[other].body, contents[other].kind) = (a.body, a.kind);
            let found = check(contents).map(|(seq, _)| seq);
            assert_eq!(found, Some(place as u64));
        }
        let mut doubled = records();
        doubled.insert(place, doubled[place].clone());
        assert_eq!(check(doubled), Some((place as u64 + 1, Fault::Missing)));
    }
}

#[test]
fn another_ledgers_records_do_not_fit() {
    let mut foreign = Desk::new();
    foreign.entropy = crate::common::Numbers(std::cell::Cell::new(99));
    foreign.storage = MemoryStorage::default();
    let store = Box::new(foreign.storage.clone());
    Ledger::create(store, &foreign.signer, &foreign.clock, &foreign.entropy).unwrap();
    foreign.order("acme", Tier::Detect, 50);
    let mut records = records();
    records[1] = foreign.storage.records()[1].clone();
    assert_eq!(check(records), Some((1, Fault::Link)));
}

#[test]
fn time_never_runs_back_and_bodies_are_bounded() {
    let desk = Desk::new();
    desk.order("acme", Tier::Detect, 50);
    let [first, second] = &desk.storage.records()[..] else {
        panic!()
    };
    let sign = |time, body| Record::sign(1, first.hash, time, second.kind, body, &desk.signer);
    let open = |record| {
        let storage = Box::new(MemoryStorage::of(vec![first.clone(), record]));
        name(Ledger::open(storage, desk.signer.public()))
    };
    assert_eq!(
        open(sign(START.minus(1), second.body.clone())),
        "LedgerTampered"
    );
    assert_eq!(open(sign(START, vec![0; BODY_MAX + 1])), "LedgerTampered");
    assert_eq!(open(sign(START, vec![0; BODY_MAX])), "LedgerTampered");
}

fn thief() -> Thief {
    Thief { desk: Desk::new() }
}

fn rule(fault: Fault) -> &'static str {
    match fault {
        Fault::Rule(refusal) => refusal.name(),
        other => panic!("{other:?}"),
    }
}

fn an_order(quantity: u32, total_fen: u64) -> Order {
    Order {
        id: OrderId([3; 16]),
        customer: Customer::new("acme").unwrap(),
        tier: Tier::Detect,
        quantity,
        total_fen,
        scope: scope(),
    }
}

#[test]
fn a_thief_of_the_ledger_key_cannot_hide_a_broken_rule_of_orders() {
    let thief = thief();
    let order = |quantity, fen| rule(thief.forge(&Entry::Order(an_order(quantity, fen))));
    assert_eq!(order(49, 49 * 6_800), "LedgerMinimum");
    assert_eq!(order(50, 50 * 6_800 - 1), "PriceFixed");
    assert_eq!(order(20_000, 0), "QuoteRange");
    let taken = thief.desk.order("acme", Tier::Detect, 50).id;
    let again = Order {
        id: taken,
        ..an_order(50, 50 * 6_800)
    };
    assert_eq!(rule(thief.forge(&Entry::Order(again))), "IdTaken");
}

#[test]
fn a_thief_of_the_ledger_key_cannot_hide_a_longer_or_a_second_trial() {
    let thief = thief();
    let grant = |seconds| Grant {
        id: OrderId([4; 16]),
        customer: Customer::new("acme").unwrap(),
        tier: Tier::Detect,
        expires_at: START.plus(seconds),
        scope: scope(),
    };
    for seconds in [TRIAL_SECONDS - 1, TRIAL_SECONDS + 1, 0] {
        assert_eq!(rule(thief.forge(&Entry::Trial(grant(seconds)))), "Policy");
    }
    thief.desk.trial("acme", Tier::Detect).unwrap();
    let second = thief.forge(&Entry::Trial(grant(TRIAL_SECONDS)));
    assert_eq!(rule(second), "LedgerTrialUsed");
}

/// An issue whose licence the thief of both keys has signed.
fn signed_issue(thief: &Thief, source: OrderId, liveness: LivenessKinds, n: u32) -> Issue {
    let mut issue = Issue {
        licence_id: LicenceId([5; 16]),
        request: ask(source, liveness, request(n)),
        fingerprint: fingerprint_for(&request(n)).unwrap(),
        licence: Vec::new(),
    };
    let signer = &thief.desk.signer;
    // What cannot be computed is taken from a licence for another device.
    let content = thief.book(|book| {
        let time = book.now();
        book.licence_for(time, &issue)
            .unwrap_or_else(|_| book_any(book, time, &issue))
    });
    issue.licence =
        signed_licence::seal(&content, signer.public().id(), |m| signer.sign_file(m)).unwrap();
    issue
}

fn book_any(
    _: &vultus_issuer::book::Book,
    time: vultus_licensing::time::UnixSeconds,
    issue: &Issue,
) -> Licence {
    Licence {
        licence_id: issue.licence_id,
        order_id: issue.request.source,
        customer_id: Customer::new("acme").unwrap().id(),
        tier: Tier::Detect,
        liveness: issue.request.liveness,
        term: Term::Permanent,
        issued_at: time,
        platforms: scope().platforms,
        sdk_major_max: 3,
        gallery_max: None,
        fingerprint: issue.fingerprint.clone(),
        nonce: issue.request.device.nonce,
        without_rtc: false,
        revoked: vec![],
    }
}

#[test]
fn a_thief_of_the_ledger_key_cannot_hide_a_licence_too_many() {
    let thief = thief();
    let desk = &thief.desk;
    let order = desk.order("acme", Tier::Detect, 50);
    let forge = |source, n| rule(thief.forge(&Entry::Issue(signed_issue(&thief, source, NONE, n))));
    for n in 1..=50 {
        desk.issue(order.id, NONE, request(n)).unwrap();
    }
    assert_eq!(forge(order.id, 51), "LedgerNoSeats");
    assert_eq!(forge(order.id, 50), "LedgerAlreadyCovered");
    assert_eq!(forge(OrderId([8; 16]), 51), "UnknownOrder");
    let grant = desk.trial("acme", Tier::Detect).unwrap();
    for n in 61..=63 {
        desk.issue(grant.id, NONE, request(n)).unwrap();
    }
    assert_eq!(forge(grant.id, 64), "LedgerTrialLimit");
    desk.clock.set(grant.expires_at);
    desk.order("acme", Tier::Detect, 50);
    assert_eq!(forge(grant.id, 61), "LedgerTrialOver");
}

#[test]
fn a_record_carries_exactly_the_licence_that_the_ledger_gives() {
    let thief = thief();
    let order = thief.desk.order("acme", Tier::Liveness, 50);
    let good = signed_issue(&thief, order.id, INFRARED, 1);
    let signer = &thief.desk.signer;
    let content = thief.book(|book| book.licence_for(START, &good).unwrap());
    let seal = |content: &Licence| {
        signed_licence::seal(content, signer.public().id(), |m| signer.sign_file(m)).unwrap()
    };
    let longer = Licence {
        sdk_major_max: 9,
        ..content.clone()
    };
    let wider = Licence {
        tier: Tier::Recognise,
        ..content.clone()
    };
    let mut flipped = seal(&content);
    flipped[100] ^= 1;
    for licence in [seal(&longer), seal(&wider), flipped, vec![], vec![0; 64]] {
        let issue = Issue {
            licence,
            ..good.clone()
        };
        assert_eq!(thief.forge(&Entry::Issue(issue)), Fault::SignedFile);
    }
}

#[test]
fn lists_rise_by_one_and_revocations_name_licences() {
    let thief = thief();
    let list = |number| {
        Entry::List(List {
            number,
            signature: [1; 64],
        })
    };
    assert_eq!(rule(thief.forge(&list(0))), "IdTaken");
    assert_eq!(rule(thief.forge(&list(2))), "IdTaken");
    assert_eq!(thief.forge(&list(1)), Fault::SignedFile);
    let revoke = Revocation {
        licence: LicenceId([1; 16]),
        reason: "x".into(),
    };
    assert_eq!(rule(thief.forge(&Entry::Revoke(revoke))), "UnknownLicence");
}

#[test]
fn keys_change_only_within_their_ledger() {
    let thief = thief();
    let keys = *other_signer().public();
    let foreign = Entry::Key(KeyChange {
        ledger: [9; 16],
        keys,
    });
    assert_eq!(rule(thief.forge(&foreign)), "OtherLedger");
}

#[test]
fn a_ledger_that_does_not_begin_with_a_key_is_no_ledger() {
    let desk = Desk::new();
    let body = Entry::Order(an_order(50, 50 * 6_800)).encode().unwrap();
    let record = Record::sign(0, Hash::GENESIS, START, 2, body, &desk.signer);
    let found = check(vec![record]);
    assert!(matches!(found, Some((0, Fault::Content(_)))), "{found:?}");
}

#[test]
fn a_licence_names_enough_of_what_its_device_offered_and_nothing_else() {
    let thief = thief();
    let order = thief.desk.order("acme", Tier::Detect, 50);
    let forge = |change: &dyn Fn(&mut Issue)| {
        let mut issue = signed_issue(&thief, order.id, NONE, 1);
        change(&mut issue);
        rule(thief.forge(&Entry::Issue(issue)))
    };
    let foreign = fingerprint_for(&request(2)).unwrap();
    assert_eq!(
        forge(&|i| i.fingerprint = foreign.clone()),
        "FingerprintForeign"
    );
    assert_eq!(
        forge(&|i| i.fingerprint.threshold -= 1),
        "FingerprintTooWeak"
    );
    assert_eq!(
        forge(&|i| i.fingerprint.threshold = 99),
        "FingerprintTooWeak"
    );
    // No part that is burned in.
    let owned = |i: &mut Issue| {
        i.fingerprint.components.retain(|c| c.weight() < 4);
        i.fingerprint.threshold = 5;
    };
    assert_eq!(forge(&owned), "FingerprintTooWeak");
}
