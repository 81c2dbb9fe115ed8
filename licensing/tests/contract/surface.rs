//! What a host sees: names and messages.

use crate::common::name;
use std::collections::BTreeSet;
use std::error::Error;
use std::io;
use vultus_licensing::capability::{Capabilities, Capability, Detect, Licensed, Recognise};
use vultus_licensing::error::{FormatFault, LicenceError};
use vultus_licensing::fingerprint::{FingerprintSource, LicensedFingerprint, WeakFingerprint};
use vultus_licensing::keys::KeyId;
use vultus_licensing::licence::{LicenceId, LivenessKinds, Tier};
use vultus_licensing::platform::{Platform, Platforms};
use vultus_licensing::policy::PolicyFault;
use vultus_licensing::storage::StorageError;
use vultus_licensing::testkit::{ISSUED_AT, TestKey, licence, parts};
use vultus_licensing::time::UnixSeconds;

fn every_error() -> Vec<LicenceError> {
    let cause = || io::Error::from(io::ErrorKind::StorageFull);
    let fingerprint = parts().collect().fingerprint();
    let licensed = LicensedFingerprint::new(fingerprint.components().to_vec()).unwrap();
    vec![
        LicenceError::Missing {
            path: "/data/licence".into(),
        },
        LicenceError::BadFormat(FormatFault::Magic),
        LicenceError::UnknownKey(KeyId([7; 8])),
        LicenceError::BadSignature,
        LicenceError::PolicyViolation(PolicyFault::TrialLength),
        LicenceError::FingerprintMismatch(licensed.explain(&fingerprint)),
        LicenceError::FingerprintTooWeak(WeakFingerprint::NoAnchor),
        LicenceError::NotEntitled {
            capability: Capability::Recognise,
            tier: Tier::Detect,
        },
        LicenceError::Expired { at: ISSUED_AT },
        LicenceError::Revoked(LicenceId([1; 16])),
        LicenceError::PlatformNotLicensed(Platform::Android),
        LicenceError::SdkNotLicensed {
            sdk_major: 2,
            licensed: 1,
        },
        LicenceError::RequestMismatch,
        LicenceError::ClockUnreadable,
        LicenceError::ClockRolledBack {
            behind_seconds: 90_000,
        },
        LicenceError::StateForeign,
        LicenceError::StateUnsafe {
            path: "/data/state".into(),
            why: "is a symbolic link",
        },
        LicenceError::StateNotWritable(cause()),
        LicenceError::StateNotReadable {
            path: "/data/state".into(),
            source: cause(),
        },
        LicenceError::ListRollback {
            offered: 3,
            held: 4,
        },
        LicenceError::InvalidArgument {
            name: "state folder",
            why: "is empty",
        },
    ]
}

#[test]
fn every_error_has_words_of_its_own() {
    let errors = every_error();
    let messages: BTreeSet<String> = errors.iter().map(ToString::to_string).collect();
    let names: BTreeSet<&str> = errors.iter().map(name).collect();
    assert_eq!((messages.len(), names.len()), (errors.len(), errors.len()));
    for error in &errors {
        let text = error.to_string();
        assert!(text.len() > 15 && !text.ends_with('.'), "{text}");
        let has_cause = matches!(name(error), "StateNotWritable" | "StateNotReadable");
        assert_eq!(error.source().is_some(), has_cause);
    }
    let faults = [
        FormatFault::Truncated,
        FormatFault::TrailingBytes,
        FormatFault::TooLarge,
        FormatFault::Magic,
        FormatFault::Version,
        FormatFault::Text,
        FormatFault::Checksum,
        FormatFault::Field(7),
        FormatFault::Value(7),
    ];
    let messages: BTreeSet<String> = faults.iter().map(ToString::to_string).collect();
    assert_eq!(messages.len(), faults.len());
    let rules = [
        PolicyFault::TrialLength,
        PolicyFault::LivenessKinds,
        PolicyFault::NoPlatform,
        PolicyFault::Fingerprint,
        PolicyFault::Revoked,
        PolicyFault::KeyWindow,
    ];
    let messages: BTreeSet<String> = rules.iter().map(ToString::to_string).collect();
    assert_eq!(messages.len(), rules.len());
    let weak = WeakFingerprint::Threshold {
        threshold: 1,
        least: 2,
    };
    assert!(weak.to_string().contains("outside 2"));
    let storage = [
        StorageError::Unsafe("is a folder"),
        io::Error::from(io::ErrorKind::NotFound).into(),
    ];
    assert!(storage.iter().all(|error| !error.to_string().is_empty()));
}

#[test]
fn names_and_numbers_go_both_ways() {
    for tier in Tier::ALL {
        assert_eq!(Tier::from_name(tier.name()), Some(tier));
        assert_eq!(Tier::from_code(tier.code()), Some(tier));
        assert_eq!(tier.to_string(), tier.name());
    }
    assert_eq!((Tier::from_name("all"), Tier::from_code(4)), (None, None));
    for platform in Platform::ALL {
        assert_eq!(Platform::from_name(platform.name()), Some(platform));
        assert_eq!(Platform::from_code(platform.code()), Some(platform));
        assert_eq!(platform.to_string(), platform.name());
        assert!(Platforms::only(platform).contains(platform));
        assert_eq!(
            Platforms::default().with(platform),
            Platforms::only(platform)
        );
    }
    assert!(!Platforms::only(Platform::Android).contains(Platform::LinuxArmv7));
    assert_eq!(
        (Platform::from_name("windows"), Platform::from_code(0)),
        (None, None)
    );
    for bits in 0..=7 {
        let kinds = LivenessKinds::from_bits(bits).unwrap();
        assert_eq!((kinds.bits(), kinds.count()), (bits, bits.count_ones()));
    }
    assert_eq!(LivenessKinds::from_bits(8), None);
    let all = Capabilities::all();
    assert_eq!(all.iter().collect::<Vec<_>>(), Capability::ALL);
    assert_eq!(
        all.iter()
            .map(Capability::name)
            .collect::<BTreeSet<_>>()
            .len(),
        5
    );
    let two = Capabilities::NONE
        .with(Capability::Recognise)
        .with(Capability::Detect);
    assert_eq!(
        two.iter().collect::<Vec<_>>(),
        [Detect::CAPABILITY, Recognise::CAPABILITY]
    );
    assert_eq!(Capability::LiveMonocular.to_string(), "live-monocular");
}

#[test]
fn times_as_people_read_them() {
    assert_eq!(UnixSeconds::IMPLAUSIBLE.to_string(), "2100-01-01T00:00:00Z");
    assert_eq!(
        UnixSeconds(253_402_300_799).to_string(),
        "9999-12-31T23:59:59Z"
    );
    assert_eq!(
        UnixSeconds(253_402_300_800).to_string(),
        "253402300800 s after 1970"
    );
    assert_eq!(UnixSeconds(u64::MAX).plus(1), UnixSeconds(u64::MAX));
    assert_eq!(UnixSeconds(1).minus(2), UnixSeconds(0));
    assert_eq!(UnixSeconds(1).since(UnixSeconds(2)), 0);
    let early = std::time::SystemTime::UNIX_EPOCH - std::time::Duration::from_secs(1);
    assert_eq!(UnixSeconds::from_system(early), None);
}

#[test]
fn ids_show_as_hex() {
    let licence = licence();
    let hex = "11".repeat(16);
    assert_eq!(licence.licence_id.to_string(), hex);
    assert_eq!(
        format!("{:?}", licence.licence_id),
        format!("LicenceId({hex})")
    );
    assert_eq!(format!("{:?}", KeyId([0xab; 8])), "KeyId(abababababababab)");
    assert_eq!(TestKey::current().id().to_string().len(), 16);
}
