//! The ledger's own rules: its time, its keys, its reach.

use crate::common::{DAY, Desk, START, name, other_signer, refusal, request, scope, terms};
use vultus_issuer::book::CLOCK_TOLERANCE;
use vultus_issuer::customer::Customer;
use vultus_issuer::entry::Scope;
use vultus_issuer::error::IssuerError;
use vultus_issuer::hash::Hash;
use vultus_issuer::issuer::{Issuer, Purchase};
use vultus_issuer::ledger::Ledger;
use vultus_issuer::refusal::Refusal;
use vultus_issuer::signer::{KeyTerms, Signer};
use vultus_licensing::keys::KeyTable;
use vultus_licensing::licence::{LivenessKinds, Tier};
use vultus_licensing::platform::Platforms;
use vultus_licensing::signed_licence::verify;
use vultus_licensing::testkit::{SEED, UNTIL};

const NONE: LivenessKinds = LivenessKinds::NONE;

#[test]
fn a_clock_behind_the_ledger_is_refused_and_a_little_skew_is_not() {
    let desk = Desk::new();
    desk.clock.forward(100 * DAY);
    desk.order("acme", Tier::Detect, 50);
    let latest = START.plus(100 * DAY);
    desk.clock.set(latest.minus(CLOCK_TOLERANCE + 1));
    let behind = CLOCK_TOLERANCE + 1;
    let refused = refusal(desk.trial("acme", Tier::Detect));
    assert_eq!(refused, Refusal::ClockBehindLedger { behind });
    desk.clock.set(latest.minus(CLOCK_TOLERANCE));
    desk.trial("acme", Tier::Detect).unwrap();
    assert_eq!(desk.issuer().ledger().book().now(), latest);
}

#[test]
fn a_ledger_is_made_once_and_opened_only_with_its_key() {
    let desk = Desk::new();
    let store = || Box::new(desk.storage.clone());
    let again = Ledger::create(store(), &desk.signer, &desk.clock, &desk.entropy);
    assert_eq!(name(again), "LedgerExists");
    let other = other_signer();
    assert_eq!(name(Ledger::open(store(), other.public())), "WrongKey");
    let nothing = Box::new(vultus_issuer::storage::MemoryStorage::default());
    assert_eq!(
        name(Ledger::open(nothing, desk.signer.public())),
        "NoLedger"
    );
}

#[test]
fn heads_noted_earlier_are_found_and_others_are_not() {
    let desk = Desk::new();
    let first = desk.issuer().ledger().head();
    desk.order("acme", Tier::Detect, 50);
    desk.order("acme", Tier::Detect, 50);
    let issuer = desk.issuer();
    let ledger = issuer.ledger();
    assert_eq!(ledger.length(), 3);
    assert_eq!(ledger.records_since(ledger.head()).unwrap(), 0);
    assert_eq!(ledger.records_since(first).unwrap(), 2);
    assert_eq!(
        name(ledger.records_since(Hash([1; 32]))),
        "LedgerHeadMissing"
    );
}

#[test]
fn a_key_outside_its_dates_issues_nothing_but_still_hands_out_what_it_issued() {
    let desk = Desk::new();
    let order = desk.order("acme", Tier::Detect, 50);
    desk.issue(order.id, NONE, request(1)).unwrap();
    desk.clock.set(UNTIL);
    desk.issue(order.id, NONE, request(2)).unwrap();
    desk.clock.set(UNTIL.plus(1));
    assert_eq!(name(desk.issue(order.id, NONE, request(3))), "KeyWindow");
    assert_eq!(name(desk.issuer().revocation_list()), "KeyWindow");
    assert!(desk.issue(order.id, NONE, request(1)).unwrap().reissued);
}

#[test]
fn a_key_signs_only_what_it_may() {
    let roles = |licences, revocations| KeyTerms {
        licences,
        revocations,
        ..terms()
    };
    for (terms, refused) in [
        (roles(true, false), "list"),
        (roles(false, true), "licence"),
    ] {
        let mut desk = Desk::new();
        desk.storage = vultus_issuer::storage::MemoryStorage::default();
        desk.signer = Signer::from_seed(&SEED, terms).unwrap();
        let store = Box::new(desk.storage.clone());
        Ledger::create(store, &desk.signer, &desk.clock, &desk.entropy).unwrap();
        let order = desk.order("acme", Tier::Detect, 50);
        let licence = desk.issue(order.id, NONE, request(1)).map(|_| ());
        let list = desk.issuer().revocation_list().map(|_| ());
        let (bad, good) = if refused == "list" {
            (list, licence)
        } else {
            (licence, list)
        };
        assert_eq!(name(bad), "KeyRole");
        good.unwrap();
    }
}

#[test]
fn a_successor_key_takes_over_and_the_old_one_signs_nothing_more() {
    let desk = Desk::new();
    let order = desk.order("acme", Tier::Detect, 50);
    let old = desk.issue(order.id, NONE, request(1)).unwrap();
    let mut stale = desk.issuer();
    let successor = other_signer();
    assert_eq!(name(desk.issuer().adopt(&desk.signer)), "KeyInUse");
    let ledger = desk.issuer().adopt(&successor).unwrap();
    // One that opened the ledger before the change learns of it when it wants to write.
    let customer = Customer::new("late").unwrap();
    assert_eq!(
        name(stale.trial(&customer, Tier::Detect, scope())),
        "WrongKey"
    );
    let mut issuer = Issuer::new(ledger, &successor, &desk.clock, &desk.entropy);
    let again = issuer
        .issue(&crate::common::ask(order.id, NONE, request(1)))
        .unwrap();
    assert_eq!(again.bytes, old.bytes);
    let new = issuer
        .issue(&crate::common::ask(order.id, NONE, request(2)))
        .unwrap();
    assert!(verify(&old.bytes, &KeyTable::with_test_keys()).is_ok());
    assert_ne!(old.bytes[7..15], new.bytes[7..15], "another key id");
    let store = || Box::new(desk.storage.clone());
    assert_eq!(
        name(Ledger::open(store(), desk.signer.public())),
        "WrongKey"
    );
    assert_eq!(
        Ledger::open(store(), successor.public()).unwrap().length(),
        5
    );
}

#[test]
fn orders_name_platforms_and_galleries_that_exist() {
    let desk = Desk::new();
    let order = |scope| {
        desk.issuer().order(&Purchase {
            customer: Customer::new("acme").unwrap(),
            tier: Tier::Detect,
            quantity: 50,
            agreed_fen: None,
            scope,
        })
    };
    let platforms = |bits| Scope {
        platforms: Platforms(bits),
        ..scope()
    };
    let gallery = |max| Scope {
        gallery_max: Some(max),
        ..scope()
    };
    for bad in [0, 16, 1 | 1 << 31] {
        assert_eq!(name(order(platforms(bad))), "Platforms");
    }
    order(platforms(15)).unwrap();
    for bad in [0, 3_000_001] {
        assert_eq!(name(order(gallery(bad))), "GalleryMax");
    }
    let limited = order(gallery(3_000_000)).unwrap();
    let handed = desk.issue(limited.id, NONE, request(1)).unwrap();
    let signed = verify(&handed.bytes, &KeyTable::with_test_keys()).unwrap();
    assert_eq!(signed.licence().gallery_max, Some(3_000_000));
}

#[test]
fn every_error_says_what_to_do_and_has_a_name() {
    let errors = [
        IssuerError::Busy,
        IssuerError::WrongKey,
        IssuerError::NoLedger("x".into()),
        IssuerError::Refused(Refusal::LedgerMinimum { quantity: 49 }),
    ];
    for error in errors {
        assert!(error.to_string().contains(':'), "{error}");
        assert!(!error.name().is_empty());
    }
}

/// How long opening takes: every record is checked each time.
#[test]
#[ignore = "a measurement; run with --ignored --nocapture"]
fn replay_rate() {
    let desk = Desk::new();
    let order = desk.order("acme", Tier::Detect, 10_000);
    let mut issuer = desk.issuer();
    for n in 0..10_000 {
        issuer
            .issue(&crate::common::ask(order.id, NONE, request(n)))
            .unwrap();
    }
    let start = std::time::Instant::now();
    assert_eq!(desk.issuer().ledger().length(), 10_002);
    println!("10 002 records in {:?}", start.elapsed());
}
