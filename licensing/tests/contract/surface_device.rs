//! What a host sees: grants, the system's own clock and folder, files by their kind.

use crate::common::answer;
use std::sync::Arc;
use vultus_licensing::capability::{Detect, Recognise};
use vultus_licensing::clock::{Clock, SystemClock};
use vultus_licensing::device::Device;
use vultus_licensing::file::{FileKind, to_text};
use vultus_licensing::fingerprint::{ComponentKind, FingerprintSource, Given, LicensedFingerprint};
use vultus_licensing::grant::Warning;
use vultus_licensing::licence::{Licence, Tier};
use vultus_licensing::platform::Platforms;
use vultus_licensing::policy::TRIAL_SECONDS;
use vultus_licensing::revocation::RevocationList;
use vultus_licensing::storage::{Folder, Storage, StorageError};
use vultus_licensing::testkit::{
    self, ISSUED_AT, MemoryFolder, TestClock, TestKey, device, grant_of, licence, parts, sign,
    trial,
};
use vultus_licensing::time::UnixSeconds;
use vultus_test_basics::TempDir;

#[test]
fn a_trial_counts_down_and_a_permanent_licence_does_not() {
    let clock = Arc::new(TestClock::at(ISSUED_AT));
    assert_eq!(grant_of(&licence(), &clock).seconds_left().unwrap(), None);
    let grant = grant_of(&trial(), &clock);
    let at_first = grant.seconds_left().unwrap().unwrap();
    assert!(at_first <= TRIAL_SECONDS && at_first > TRIAL_SECONDS - 3600);
    clock.pass(86_400);
    let a_day_later = grant.seconds_left().unwrap().unwrap();
    assert_eq!(at_first - a_day_later, 86_400);
    clock.pass(TRIAL_SECONDS);
    assert_eq!(grant.seconds_left().unwrap(), Some(0));
    assert!(grant.check_now().is_err());
}

#[test]
fn a_device_shows_where_it_keeps_its_files() {
    let clock = Arc::new(TestClock::at(ISSUED_AT));
    assert_eq!(
        format!("{:?}", device(&MemoryFolder::new(), &clock)),
        "Device { folder: \"memory\", second: None, platform: Some(LinuxX86_64), sdk_major: 1, .. }"
    );
    let key = TestKey::current();
    assert_eq!(format!("{key:?}"), format!("TestKey({})", key.id()));
}

#[test]
fn grants_warnings_and_permits_say_what_they_are() {
    let clock = Arc::new(TestClock::at(ISSUED_AT));
    let permanent = grant_of(
        &Licence {
            gallery_max: Some(9),
            ..licence()
        },
        &clock,
    );
    assert_eq!(format!("{permanent:?}"), "Grant(permanent)");
    assert_eq!(
        (permanent.gallery_max(), permanent.is_demo()),
        (Some(9), false)
    );
    let permit = permanent.permit::<Detect>().unwrap();
    assert_eq!(format!("{:?}", permit.clone()), "Permit(detect)");
    assert!(permit.check().is_ok());
    let running = grant_of(&trial(), &clock);
    assert_eq!(
        format!("{running:?}"),
        "Grant(trial until 2027-01-30T00:00:00Z)"
    );
    assert_eq!(running.licence().unwrap().licence_id, trial().licence_id);
    assert_ne!(running.gallery_binding(), permanent.gallery_binding());
    let permit = running.permit::<Recognise>().unwrap();
    clock.pass(59 * 86_400);
    assert!(permit.check().is_ok());
    clock.pass(86_400);
    assert_eq!(answer(permit.check()), "Expired");
    let late = Arc::new(TestClock::at(ISSUED_AT.plus(46 * 86_400)));
    let late = grant_of(&trial(), &late);
    let [Warning::EndsSoon(left)] = late.warnings() else {
        panic!("14 days before its end a trial says so");
    };
    assert_eq!(*left, 14 * 86_400);
    let fingerprint = parts().collect().fingerprint();
    let warnings = [
        Warning::State("full".to_owned()),
        Warning::ClockBehind(700),
        Warning::EndsSoon(3601),
        Warning::PartsChanged(licence().fingerprint.explain(&fingerprint)),
    ];
    let words = warnings.map(|warning| warning.to_string());
    assert!(
        words[2].contains("2 h") && words[3].contains("emmc-cid matches"),
        "{words:?}"
    );
}

#[test]
fn the_systems_own_clock() {
    let clock = SystemClock;
    let (first, second) = (
        clock.seconds_since_boot().unwrap(),
        clock.seconds_since_boot().unwrap(),
    );
    assert!(second >= first);
    assert!(clock.wall().unwrap() > UnixSeconds(1_700_000_000));
    assert_eq!(clock.boot_id(), clock.boot_id());
    assert_ne!(clock.boot_id().unwrap().0, [0; 16]);
    assert!(clock.evidence().len() <= 4);
}

#[test]
fn a_device_on_this_machine() {
    let folder = TempDir::new("here");
    let secret = Given::new().bytes(ComponentKind::OemSecret, b"a secret of this test's own");
    let here = || {
        Device::here(folder.path())
            .unwrap()
            .with_source(Box::new(secret.clone()))
            .with_test_keys()
    };
    let request = here().request().unwrap();
    let answered = Licence {
        fingerprint: LicensedFingerprint::new(request.components.clone()).unwrap(),
        platforms: Platforms::only(request.platform),
        sdk_major_max: request.sdk_major,
        nonce: request.nonce,
        ..licence()
    };
    here().install(&sign(&answered)).unwrap();
    let grant = here().activate().unwrap();
    assert!(grant.check_now().is_ok());
    let storage = Folder::open(folder.path()).unwrap();
    assert_eq!(storage.describe(), folder.path().display().to_string());
    assert!(format!("{storage:?}").contains("Folder"));
    assert_eq!(
        storage.read("licence", 4096).unwrap().unwrap(),
        sign(&answered)
    );
    assert!(matches!(
        storage.rename("nothing", "else"),
        Err(StorageError::Io(_))
    ));
    assert!(storage.create("licence", b"").is_err() && storage.remove("nothing").is_ok());
}

#[test]
fn files_by_their_kind() {
    let key = TestKey::current();
    let list = RevocationList {
        number: 1,
        issued_at: ISSUED_AT,
        revoked: vec![],
    };
    let request = device(&MemoryFolder::new(), &Arc::new(TestClock::at(ISSUED_AT)))
        .request()
        .unwrap();
    let files = [
        (FileKind::Licence, sign(&licence())),
        (FileKind::Request, request.to_bytes().unwrap()),
        (
            FileKind::RevocationList,
            list.seal(key.id(), |message| key.sign(message)).unwrap(),
        ),
    ];
    for (kind, bytes) in files {
        assert_eq!(FileKind::of(&bytes), Some(kind));
        let text = to_text(&bytes).unwrap();
        assert_eq!(FileKind::of(text.as_bytes()), Some(kind));
        assert_eq!(to_text(text.as_bytes()).unwrap(), text);
        if kind == FileKind::Request {
            assert_eq!(answer(to_text(&bytes[..40])), "BadFormat");
        }
    }
    for other in [&b""[..], b"VSTA", b"-----BEGIN CERTIFICATE-----", b"V"] {
        assert_eq!(FileKind::of(other), None);
        assert_eq!(answer(to_text(other)), "BadFormat");
    }
    assert!(testkit::grant(Tier::Liveness).permit::<Detect>().is_ok());
}
