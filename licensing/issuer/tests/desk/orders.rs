//! Permanent licences: seats, devices, what a device may have.

use crate::common::{ALL_KINDS, DAY, Desk, INFRARED, MONOCULAR, START};
use crate::common::{ask, later_request, name, refusal, request};
use vultus_issuer::issuer::Warning;
use vultus_issuer::refusal::Refusal;
use vultus_licensing::fingerprint::{Component, ComponentKind};
use vultus_licensing::keys::KeyTable;
use vultus_licensing::licence::{LicenceId, LivenessKinds, OrderId, REVOKED_MAX, Term, Tier};
use vultus_licensing::platform::Platform;
use vultus_licensing::revocation::RevocationList;
use vultus_licensing::signed_licence::verify;

const NONE: LivenessKinds = LivenessKinds::NONE;

#[test]
fn an_issued_licence_passes_the_devices_check() {
    let desk = Desk::new();
    let order = desk.order("acme", Tier::Recognise, 50);
    let handed = desk.issue(order.id, INFRARED, request(1)).unwrap();
    let signed = verify(&handed.bytes, &KeyTable::with_test_keys()).unwrap();
    let licence = signed.licence();
    assert_eq!(licence.licence_id, handed.licence_id);
    assert_eq!(licence.order_id, order.id);
    assert_eq!(licence.customer_id, order.customer.id());
    assert_eq!(licence.tier, Tier::Recognise);
    assert_eq!(licence.liveness, INFRARED);
    assert_eq!(licence.term, Term::Permanent);
    assert_eq!(licence.issued_at, START);
    assert_eq!(licence.sdk_major_max, 3);
    assert_eq!(licence.nonce, request(1).nonce);
    assert!(licence.revoked.is_empty());
}

#[test]
fn a_licence_of_seven_components_has_at_most_one_kibibyte() {
    let desk = Desk::new();
    let order = desk.order("acme", Tier::Recognise, 50);
    let handed = desk.issue(order.id, ALL_KINDS, request(1)).unwrap();
    assert_eq!(request(1).components.len(), 7);
    assert!(handed.bytes.len() <= 1024, "{} bytes", handed.bytes.len());
}

#[test]
fn the_same_request_twice_gives_the_same_bytes_and_one_seat() {
    let desk = Desk::new();
    let order = desk.order("acme", Tier::Liveness, 50);
    let first = desk.issue(order.id, INFRARED, request(1)).unwrap();
    desk.clock.forward(400 * DAY);
    let second = desk.issue(order.id, INFRARED, request(1)).unwrap();
    assert!(!first.reissued && second.reissued);
    assert_eq!(first.bytes, second.bytes);
    assert_eq!(desk.used(order.id), 1);
}

#[test]
fn the_same_device_after_a_reflash_gets_the_same_bytes() {
    let desk = Desk::new();
    let order = desk.order("acme", Tier::Detect, 50);
    let first = desk.issue(order.id, NONE, request(1)).unwrap();
    let mut again = later_request(1);
    // A reset changes what its owner can write; the hardware stays.
    again.components.truncate(4);
    let second = desk.issue(order.id, NONE, again).unwrap();
    assert_eq!(first.bytes, second.bytes);
    assert_eq!(desk.used(order.id), 1);
}

#[test]
fn another_order_of_the_customer_gives_the_same_bytes_too() {
    let desk = Desk::new();
    let first = desk.order("acme", Tier::Detect, 50);
    let second = desk.order("acme", Tier::Detect, 50);
    let a = desk.issue(first.id, NONE, request(1)).unwrap();
    let b = desk.issue(second.id, NONE, later_request(1)).unwrap();
    assert_eq!(a.bytes, b.bytes);
    assert_eq!((desk.used(first.id), desk.used(second.id)), (1, 0));
}

#[test]
fn another_customer_pays_for_the_same_device_again() {
    let desk = Desk::new();
    let first = desk.order("acme", Tier::Detect, 50);
    let second = desk.order("zenith", Tier::Detect, 50);
    let a = desk.issue(first.id, NONE, request(1)).unwrap();
    let b = desk.issue(second.id, NONE, later_request(1)).unwrap();
    assert_ne!(a.bytes, b.bytes);
    assert_eq!((desk.used(first.id), desk.used(second.id)), (1, 1));
}

#[test]
fn seat_51_of_50_is_refused_and_the_licensed_devices_still_get_theirs() {
    let desk = Desk::new();
    let order = desk.order("acme", Tier::Detect, 50);
    let mut issuer = desk.issuer();
    for n in 1..=50 {
        issuer.issue(&ask(order.id, NONE, request(n))).unwrap();
    }
    let refused = refusal(issuer.issue(&ask(order.id, NONE, request(51))));
    let (order, quantity) = (order.id, 50);
    assert_eq!(refused, Refusal::LedgerNoSeats { order, quantity });
    assert!(
        issuer
            .issue(&ask(order, NONE, request(50)))
            .unwrap()
            .reissued
    );
    assert_eq!(desk.used(order), 50);
}

#[test]
fn a_replacement_device_takes_a_new_seat() {
    let desk = Desk::new();
    let order = desk.order("acme", Tier::Detect, 50);
    desk.issue(order.id, NONE, request(1)).unwrap();
    desk.issue(order.id, NONE, request(2)).unwrap();
    assert_eq!(desk.used(order.id), 2);
}

#[test]
fn a_device_with_a_larger_licence_is_refused_a_smaller_one() {
    let desk = Desk::new();
    let recognise = desk.order("acme", Tier::Recognise, 50);
    let liveness = desk.order("acme", Tier::Liveness, 50);
    let detect = desk.order("acme", Tier::Detect, 50);
    let held = desk.issue(recognise.id, INFRARED, request(1)).unwrap();
    let covered = Refusal::LedgerAlreadyCovered {
        licence: held.licence_id,
        tier: Tier::Recognise,
    };
    for (order, kinds) in [(liveness.id, INFRARED), (detect.id, NONE)] {
        assert_eq!(refusal(desk.issue(order, kinds, later_request(1))), covered);
        assert_eq!(desk.used(order), 0);
    }
    // A kind that the larger licence does not carry is worth a seat.
    desk.issue(liveness.id, MONOCULAR, later_request(1))
        .unwrap();
    assert_eq!(desk.used(liveness.id), 1);
}

#[test]
fn an_upgrade_takes_a_seat_of_the_larger_order_and_the_ledger_keeps_both() {
    let desk = Desk::new();
    let tiers = [
        (Tier::Detect, NONE),
        (Tier::Liveness, INFRARED),
        (Tier::Recognise, INFRARED),
    ];
    for (i, (tier, kinds)) in tiers.into_iter().enumerate() {
        let order = desk.order("acme", tier, 50);
        assert!(!desk.issue(order.id, kinds, request(1)).unwrap().reissued);
        assert_eq!(desk.used(order.id), 1);
        assert_eq!(desk.issuer().ledger().book().issued().len(), i + 1);
    }
    // The first one is still there to be asked for again.
    let detect = desk.issuer().ledger().book().orders()[0].order.id;
    assert!(desk.issue(detect, NONE, request(1)).unwrap().reissued);
}

#[test]
fn the_kinds_of_liveness_fit_the_sku() {
    let desk = Desk::new();
    let two = LivenessKinds {
        monocular: false,
        ..ALL_KINDS
    };
    let cases = [
        (Tier::Detect, vec![NONE], vec![INFRARED, ALL_KINDS]),
        (
            Tier::Liveness,
            vec![INFRARED, MONOCULAR],
            vec![NONE, two, ALL_KINDS],
        ),
        (Tier::Recognise, vec![INFRARED, two, ALL_KINDS], vec![NONE]),
    ];
    let mut n = 0;
    for (tier, good, bad) in cases {
        let order = desk.order("acme", tier, 50);
        for kinds in good {
            n += 1;
            desk.issue(order.id, kinds, request(n)).unwrap();
        }
        for kinds in bad {
            n += 1;
            assert_eq!(
                name(desk.issue(order.id, kinds, request(n))),
                "LivenessKinds"
            );
        }
    }
}

#[test]
fn weak_fingerprints_are_refused() {
    let desk = Desk::new();
    let order = desk.order("acme", Tier::Detect, 50);
    let all = request(1).components;
    let weak = [
        vec![],
        // Nothing burned in.
        all[4..].to_vec(),
        // The same part twice.
        vec![all[0], all[1], all[0]],
        // The same twice, where one of them would not be licensed anyway.
        [&all[..], &all[6..]].concat(),
    ];
    for components in weak {
        let mut request = request(1);
        request.components = components;
        assert_eq!(
            name(desk.issue(order.id, NONE, request)),
            "FingerprintTooWeak"
        );
    }
    let mut enough = request(1);
    enough.components = all[..1].to_vec();
    desk.issue(order.id, NONE, enough).unwrap();
    assert_eq!(desk.used(order.id), 1);
}

#[test]
fn a_digest_that_no_hash_gives_is_refused() {
    let desk = Desk::new();
    let order = desk.order("acme", Tier::Detect, 50);
    let digest = |distinct: u8| {
        let mut bytes = [0; Component::BYTES];
        (bytes[0], bytes[1]) = (ComponentKind::DieId.code(), ComponentKind::DieId.weight());
        for (i, byte) in (0..).zip(&mut bytes[2..]) {
            *byte = i % distinct;
        }
        Component::from_bytes(&bytes).unwrap()
    };
    for (distinct, good) in [(1, false), (3, false), (4, true)] {
        let mut request = request(u32::from(distinct));
        request.components[1] = digest(distinct);
        let result = desk.issue(order.id, NONE, request);
        if good {
            result.unwrap();
        } else {
            assert_eq!(name(result), "FingerprintJunk");
        }
    }
}

#[test]
fn platform_and_version_must_be_sold() {
    let desk = Desk::new();
    let order = desk.order("acme", Tier::Detect, 50);
    let mut sold = request(1);
    (sold.platform, sold.sdk_major) = (Platform::LinuxArmv7, 3);
    desk.issue(order.id, NONE, sold).unwrap();
    let mut elsewhere = request(2);
    elsewhere.platform = Platform::LinuxX86_64;
    assert_eq!(
        name(desk.issue(order.id, NONE, elsewhere)),
        "PlatformNotSold"
    );
    let mut newer = request(2);
    newer.sdk_major = 4;
    let refused = refusal(desk.issue(order.id, NONE, newer));
    assert_eq!(
        refused,
        Refusal::SdkNotSold {
            requested: 4,
            sold: 3
        }
    );
}

#[test]
fn a_number_that_another_device_used_is_refused() {
    let desk = Desk::new();
    let order = desk.order("acme", Tier::Detect, 50);
    desk.issue(order.id, NONE, request(1)).unwrap();
    let mut replay = request(2);
    replay.nonce = request(1).nonce;
    let refused = refusal(desk.issue(order.id, NONE, replay));
    assert_eq!(
        refused,
        Refusal::LedgerNonceReused {
            nonce: request(1).nonce
        }
    );
    // The same device may use its number for an upgrade.
    let larger = desk.order("acme", Tier::Recognise, 50);
    desk.issue(larger.id, INFRARED, request(1)).unwrap();
}

#[test]
fn a_request_more_than_thirty_days_off_is_worth_a_warning() {
    let desk = Desk::new();
    let order = desk.order("acme", Tier::Detect, 50);
    let edges = [
        (START.minus(30 * DAY), false),
        (START.minus(30 * DAY + 1), true),
        (START.plus(30 * DAY), false),
        (START.plus(30 * DAY + 1), true),
    ];
    for (n, (created_at, warned)) in (1..).zip(edges) {
        let mut request = request(n);
        request.created_at = created_at;
        let handed = desk.issue(order.id, NONE, request).unwrap();
        let expected = warned.then_some(Warning::RequestAge { created_at });
        assert_eq!(handed.warnings, Vec::from_iter(expected));
    }
}

#[test]
fn an_order_that_is_not_there_is_named() {
    let desk = Desk::new();
    let id = OrderId([7; 16]);
    let refused = refusal(desk.issue(id, NONE, request(1)));
    assert_eq!(refused, Refusal::UnknownOrder { id });
}

#[test]
fn new_licences_carry_the_latest_64_revocations() {
    let desk = Desk::new();
    let order = desk.order("acme", Tier::Detect, 1_000);
    let mut issuer = desk.issuer();
    let mut revoked = Vec::new();
    for n in 1..=70 {
        let id = issuer
            .issue(&ask(order.id, NONE, request(n)))
            .unwrap()
            .licence_id;
        issuer.revoke(id, "lost").unwrap();
        revoked.push(id);
    }
    let handed = issuer.issue(&ask(order.id, NONE, request(71))).unwrap();
    let signed = verify(&handed.bytes, &KeyTable::with_test_keys()).unwrap();
    assert_eq!(signed.licence().revoked, revoked[70 - REVOKED_MAX..]);
}

#[test]
fn a_revoked_licence_frees_no_seat_and_covers_nothing() {
    let desk = Desk::new();
    let order = desk.order("acme", Tier::Detect, 50);
    let first = desk.issue(order.id, NONE, request(1)).unwrap();
    desk.issuer()
        .revoke(first.licence_id, "charge-back")
        .unwrap();
    assert_eq!(desk.used(order.id), 1);
    let second = desk.issue(order.id, NONE, request(1)).unwrap();
    assert!(!second.reissued);
    assert_eq!(desk.used(order.id), 2);
}

#[test]
fn revocations_need_a_licence_a_reason_and_happen_once() {
    let desk = Desk::new();
    let order = desk.order("acme", Tier::Detect, 50);
    let id = desk.issue(order.id, NONE, request(1)).unwrap().licence_id;
    let mut issuer = desk.issuer();
    let unknown = LicenceId([9; 16]);
    assert_eq!(
        refusal(issuer.revoke(unknown, "x")),
        Refusal::UnknownLicence(unknown)
    );
    for bad in [String::new(), "a\nb".to_owned(), "r".repeat(501)] {
        assert_eq!(refusal(issuer.revoke(id, &bad)), Refusal::Reason);
    }
    issuer.revoke(id, &"r".repeat(500)).unwrap();
    assert_eq!(refusal(issuer.revoke(id, "x")), Refusal::AlreadyRevoked(id));
}

#[test]
fn revocation_lists_rise_and_name_everything_revoked() {
    let desk = Desk::new();
    let order = desk.order("acme", Tier::Detect, 50);
    let id = desk.issue(order.id, NONE, request(1)).unwrap().licence_id;
    let mut issuer = desk.issuer();
    let keys = KeyTable::with_test_keys();
    let (_, bytes) = issuer.revocation_list().unwrap();
    let empty = RevocationList::verify(&bytes, &keys).unwrap();
    assert_eq!((empty.number, empty.revoked), (1, vec![]));
    issuer.revoke(id, "lost").unwrap();
    let (_, bytes) = issuer.revocation_list().unwrap();
    let list = RevocationList::verify(&bytes, &keys).unwrap();
    assert_eq!((list.number, list.revoked), (2, vec![id]));
    assert_eq!(list.issued_at, START);
}
