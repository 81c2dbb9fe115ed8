//! A licence's way on a device, from request to grant.

use std::sync::Arc;
use vultus_licensing::capability::{Detect, LiveMonocular, Recognise};
use vultus_licensing::device::RELEASED;
use vultus_licensing::error::LicenceError;
use vultus_licensing::licence::Tier;
use vultus_licensing::policy::TRIAL_SECONDS;
use vultus_licensing::testkit::{self, ISSUED_AT, MemoryFolder, PUBLIC_HEX, TestClock, TestKey};
use vultus_licensing::time::UnixSeconds;

#[test]
fn the_release_date_is_the_one_its_comment_names() {
    assert_eq!(RELEASED.to_string(), "2026-11-21T00:00:00Z");
    assert_eq!(ISSUED_AT.to_string(), "2026-12-01T00:00:00Z");
}

#[test]
fn the_public_test_key_is_the_one_that_programs_are_searched_for() {
    let public: String = TestKey::current()
        .public()
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect();
    assert_eq!(public, PUBLIC_HEX);
}

#[test]
fn a_permanent_licence_ignores_the_clock() {
    let clock = Arc::new(TestClock::at(ISSUED_AT));
    let folder = MemoryFolder::new();
    testkit::device(&folder, &clock)
        .install(&testkit::sign(&testkit::licence()))
        .unwrap();
    for wall in [0, 2_147_558_400, 5_711_817_600, 1_000_000_000, 1] {
        clock.set_wall(Some(UnixSeconds(wall)));
        let grant = testkit::device(&folder, &clock).activate().unwrap();
        assert!(grant.check_now().is_ok());
        assert!(grant.warnings().is_empty(), "{:?}", grant.warnings());
    }
}

#[test]
fn a_trial_ends_at_its_second() {
    let clock = Arc::new(TestClock::at(ISSUED_AT));
    let grant = testkit::grant_of(&testkit::trial(), &clock);
    clock.pass(TRIAL_SECONDS - 1);
    assert!(grant.check_now().is_ok());
    clock.pass(1);
    assert!(matches!(
        grant.check_now(),
        Err(LicenceError::Expired { .. })
    ));
    assert!(matches!(grant.check(), Err(LicenceError::Expired { .. })));
}

#[test]
fn permits_follow_the_tier() {
    let grant = testkit::grant(Tier::Detect);
    assert!(grant.permit::<Detect>().is_ok());
    assert!(matches!(
        grant.permit::<Recognise>(),
        Err(LicenceError::NotEntitled { .. })
    ));
    let grant = testkit::grant(Tier::Recognise);
    assert!(grant.permit::<Recognise>().is_ok());
    assert!(matches!(
        grant.permit::<LiveMonocular>(),
        Err(LicenceError::NotEntitled { .. })
    ));
}
