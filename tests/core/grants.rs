//! What a licence opens in the SDK, and what stays shut.

use std::sync::Arc;
use vultus::DetectOptions;
use vultus::config::TargetFmr;
use vultus::error::{Error, Status};
use vultus::licensing::error::LicenceError;
use vultus::licensing::grant::Grant;
use vultus::licensing::licence::Tier;
use vultus::licensing::policy::TRIAL_SECONDS;
use vultus::licensing::testkit;
use vultus::licensing::testkit::{ISSUED_AT, TestClock};
use vultus::{Config, MaskState, Sdk};
use vultus_testkit::photo;

const PICTURE: &str = "people/barack_obama/portrait.jpg";

fn open(grant: Grant) -> Sdk {
    Sdk::open(
        &Config::new(vultus_testkit::root().join("models/lite")),
        grant,
    )
    .unwrap()
}

fn status<T>(result: Result<T, Error>) -> Status {
    result.err().expect("the call is refused").status()
}

#[test]
fn detection_finds_and_aligns_but_neither_embeds_nor_compares() {
    let sdk = open(testkit::grant(Tier::Detect));
    let mut session = sdk.session().unwrap();
    let photo = photo(PICTURE);
    let face = session
        .largest_face(&photo.frame(), &DetectOptions::default())
        .unwrap();
    assert_eq!(
        session.align(&photo.frame(), &face).unwrap().chip.size(),
        (150, 150)
    );
    assert_eq!(
        status(session.embed(&photo.frame(), &face)),
        Status::NotEntitled
    );
    let embedding = vultus_testkit::lite()
        .session()
        .unwrap()
        .embed(&photo.frame(), &face)
        .unwrap();
    let fmr = TargetFmr::new(1e-3).unwrap();
    assert_eq!(
        status(sdk.compare(&embedding, &embedding, MaskState::BARE, fmr)),
        Status::NotEntitled
    );
    // Without a matcher nothing is searched.
    assert_eq!(status(sdk.matcher(MaskState::BARE)), Status::NotEntitled);
}

#[test]
fn the_refusal_names_the_capability_and_the_tier() {
    let sdk = open(testkit::grant(Tier::Liveness));
    let photo = photo(PICTURE);
    let mut session = sdk.session().unwrap();
    let face = session
        .largest_face(&photo.frame(), &DetectOptions::default())
        .unwrap();
    let error = session.embed(&photo.frame(), &face).unwrap_err();
    assert_eq!(
        error.to_string(),
        "NotEntitled: a liveness licence does not carry recognise"
    );
    assert_eq!(error.status().code(), 120);
}

#[test]
fn a_running_session_ends_with_the_trial_at_the_next_look() {
    let clock = Arc::new(TestClock::at(ISSUED_AT));
    let sdk = open(testkit::grant_of(&testkit::trial(), &clock));
    let mut session = sdk.session().unwrap();
    let photo = photo(PICTURE);
    let options = DetectOptions::default();
    let face = session.largest_face(&photo.frame(), &options).unwrap();
    let embedding = session.embed(&photo.frame(), &face).unwrap();

    clock.pass(TRIAL_SECONDS - 1);
    assert!(session.detect(&photo.frame(), &options).is_ok());
    // A running trial looks at its time every 60 seconds, so the last minute is not exact.
    clock.pass(60);
    assert_eq!(
        status(session.detect(&photo.frame(), &options)),
        Status::LicenceExpired
    );
    assert_eq!(
        status(session.align(&photo.frame(), &face).map(|_| ())),
        Status::LicenceExpired
    );
    assert_eq!(
        status(session.embed(&photo.frame(), &face)),
        Status::LicenceExpired
    );
    let fmr = TargetFmr::new(1e-3).unwrap();
    assert_eq!(
        status(sdk.compare(&embedding, &embedding, MaskState::BARE, fmr)),
        Status::LicenceExpired
    );
    assert_eq!(status(sdk.session()), Status::LicenceExpired);
}

#[test]
fn a_new_session_looks_at_once() {
    let clock = Arc::new(TestClock::at(ISSUED_AT));
    let sdk = open(testkit::grant_of(&testkit::trial(), &clock));
    clock.pass(TRIAL_SECONDS - 1);
    assert!(sdk.session().is_ok());
    clock.pass(1);
    let error = sdk.session().err().unwrap();
    let Some(LicenceError::Expired { at }) = error.detail() else {
        panic!("{error}");
    };
    assert_eq!(*at, ISSUED_AT.plus(TRIAL_SECONDS));
}

#[test]
fn what_the_owner_of_data_needs_outlives_the_trial() {
    let clock = Arc::new(TestClock::at(ISSUED_AT));
    let sdk = open(testkit::grant_of(&testkit::trial(), &clock));
    let photo = photo(PICTURE);
    let mut session = sdk.session().unwrap();
    let face = session
        .largest_face(&photo.frame(), &DetectOptions::default())
        .unwrap();
    let embedding = session.embed(&photo.frame(), &face).unwrap();
    clock.pass(TRIAL_SECONDS + 60);
    // Reading a stored embedding and the pack it belongs to asks for no permit.
    assert!(
        session
            .detect(&photo.frame(), &DetectOptions::default())
            .is_err()
    );
    assert_eq!(embedding.model_id(), &**sdk.pack().model_id());
    assert!(sdk.curve(MaskState::BARE).is_ok());
}
