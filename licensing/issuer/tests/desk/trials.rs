//! Trials: three devices, sixty days, once.

use crate::common::{DAY, Desk, INFRARED, MONOCULAR, START, later_request, name, refusal, request};
use vultus_issuer::refusal::Refusal;
use vultus_licensing::keys::KeyTable;
use vultus_licensing::licence::{LivenessKinds, Term, Tier};
use vultus_licensing::policy::TRIAL_SECONDS;
use vultus_licensing::signed_licence::verify;

const NONE: LivenessKinds = LivenessKinds::NONE;

#[test]
fn all_devices_of_a_trial_end_with_the_grant() {
    let desk = Desk::new();
    let grant = desk.trial("acme", Tier::Detect).unwrap();
    assert_eq!(TRIAL_SECONDS, 5_184_000);
    assert_eq!(grant.expires_at, START.plus(TRIAL_SECONDS));
    for n in 1..=3 {
        let handed = desk.issue(grant.id, NONE, request(n)).unwrap();
        let signed = verify(&handed.bytes, &KeyTable::with_test_keys()).unwrap();
        let expires_at = grant.expires_at;
        assert_eq!(signed.licence().term, Term::Trial { expires_at });
        desk.clock.forward(20 * DAY - 1);
    }
}

#[test]
fn a_fourth_trial_device_is_refused() {
    let desk = Desk::new();
    let grant = desk.trial("acme", Tier::Detect).unwrap();
    for n in 1..=3 {
        desk.issue(grant.id, NONE, request(n)).unwrap();
    }
    let refused = refusal(desk.issue(grant.id, NONE, request(4)));
    assert_eq!(refused, Refusal::LedgerTrialLimit { grant: grant.id });
    assert!(
        desk.issue(grant.id, NONE, later_request(3))
            .unwrap()
            .reissued
    );
}

#[test]
fn a_second_trial_of_a_customer_is_refused_for_ever() {
    let desk = Desk::new();
    desk.trial("acme", Tier::Detect).unwrap();
    for wait in [0, 61 * DAY, 3_000 * DAY] {
        desk.clock.forward(wait);
        let refused = refusal(desk.trial("acme", Tier::Detect));
        let (tier, granted_at) = (Tier::Detect, START);
        assert_eq!(refused, Refusal::LedgerTrialUsed { tier, granted_at });
    }
}

#[test]
fn a_customer_may_try_every_sku_and_another_customer_the_same() {
    let desk = Desk::new();
    for tier in Tier::ALL {
        desk.trial("acme", tier).unwrap();
    }
    desk.trial("zenith", Tier::Detect).unwrap();
}

#[test]
fn the_same_device_under_a_new_customer_is_refused() {
    let desk = Desk::new();
    let first = desk.trial("acme", Tier::Detect).unwrap();
    let held = desk.issue(first.id, NONE, request(1)).unwrap();
    let second = desk.trial("zenith", Tier::Detect).unwrap();
    let trialled = Refusal::LedgerDeviceTrialled {
        tier: Tier::Detect,
        licence: held.licence_id,
    };
    for request in [request(1), later_request(1)] {
        assert_eq!(refusal(desk.issue(second.id, NONE, request)), trialled);
    }
    // Even when it hides most of what it is, or all that its licence needs.
    for keep in [6, 4, 2, 1] {
        let mut hiding = later_request(1);
        hiding.components.truncate(keep);
        assert_eq!(refusal(desk.issue(second.id, NONE, hiding)), trialled);
    }
    desk.issue(second.id, NONE, request(2)).unwrap();
}

#[test]
fn a_trialled_device_may_try_another_sku() {
    let desk = Desk::new();
    let detect = desk.trial("acme", Tier::Detect).unwrap();
    desk.issue(detect.id, NONE, request(1)).unwrap();
    let liveness = desk.trial("zenith", Tier::Liveness).unwrap();
    desk.issue(liveness.id, INFRARED, request(1)).unwrap();
}

#[test]
fn the_same_device_and_customer_get_the_same_bytes() {
    let desk = Desk::new();
    let grant = desk.trial("acme", Tier::Liveness).unwrap();
    let first = desk.issue(grant.id, INFRARED, request(1)).unwrap();
    desk.clock.forward(30 * DAY);
    let second = desk.issue(grant.id, INFRARED, later_request(1)).unwrap();
    assert!(second.reissued);
    assert_eq!(first.bytes, second.bytes);
    // Another kind of liveness would be another trial.
    let other = desk.issue(grant.id, MONOCULAR, later_request(1));
    assert_eq!(name(other), "LedgerDeviceTrialled");
    assert_eq!(desk.issuer().ledger().book().grants()[0].devices, 1);
}

#[test]
fn a_trial_is_issued_until_its_last_second_and_not_after() {
    let desk = Desk::new();
    let grant = desk.trial("acme", Tier::Detect).unwrap();
    desk.clock.set(grant.expires_at.minus(1));
    desk.issue(grant.id, NONE, request(1)).unwrap();
    desk.clock.set(grant.expires_at);
    let at = grant.expires_at;
    for n in [1, 2] {
        let refused = refusal(desk.issue(grant.id, NONE, request(n)));
        assert_eq!(refused, Refusal::LedgerTrialOver { at });
    }
}

#[test]
fn a_former_trial_device_may_get_a_permanent_licence() {
    let desk = Desk::new();
    let grant = desk.trial("acme", Tier::Detect).unwrap();
    desk.issue(grant.id, NONE, request(1)).unwrap();
    let order = desk.order("acme", Tier::Detect, 50);
    let handed = desk.issue(order.id, NONE, request(1)).unwrap();
    assert!(!handed.reissued);
    assert_eq!(desk.used(order.id), 1);
}

#[test]
fn a_revoked_trial_is_not_repeated() {
    let desk = Desk::new();
    let grant = desk.trial("acme", Tier::Detect).unwrap();
    let licence = desk.issue(grant.id, NONE, request(1)).unwrap().licence_id;
    desk.issuer().revoke(licence, "abuse").unwrap();
    let refused = refusal(desk.issue(grant.id, NONE, request(1)));
    assert_eq!(refused, Refusal::LedgerTrialRevoked { licence });
}

#[test]
fn a_trial_takes_the_same_request_rules_as_an_order() {
    let desk = Desk::new();
    let grant = desk.trial("acme", Tier::Liveness).unwrap();
    assert_eq!(
        name(desk.issue(grant.id, NONE, request(1))),
        "LivenessKinds"
    );
    let mut weak = request(1);
    weak.components.drain(..4);
    assert_eq!(
        name(desk.issue(grant.id, INFRARED, weak)),
        "FingerprintTooWeak"
    );
    let mut newer = request(1);
    newer.sdk_major = 9;
    assert_eq!(name(desk.issue(grant.id, INFRARED, newer)), "SdkNotSold");
    assert_eq!(desk.issuer().ledger().book().grants()[0].devices, 0);
}
