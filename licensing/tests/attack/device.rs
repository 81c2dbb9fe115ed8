//! Attacks with a valid licence: on another device, for more than was bought, after revocation.

use crate::common::{answer, device_with, snapshot, states};
use std::sync::Arc;
use vultus_licensing::capability::{
    Capability, Detect, LiveInfrared, LiveMonocular, LiveStructuredLight, Recognise,
};
use vultus_licensing::device::Device;
use vultus_licensing::error::LicenceError;
use vultus_licensing::fingerprint::{ComponentKind, Given, Verdict};
use vultus_licensing::grant::{Grant, Warning};
use vultus_licensing::licence::{Licence, LicenceId, LivenessKinds, Nonce, Tier};
use vultus_licensing::platform::{Platform, Platforms};
use vultus_licensing::testkit::{
    ISSUED_AT, MemoryFolder, TestClock, device, grant_of, licence, sign, trial,
};

fn clock() -> Arc<TestClock> {
    Arc::new(TestClock::at(ISSUED_AT))
}

/// Another board of the same make.
fn sister() -> Given {
    Given::new()
        .bytes(ComponentKind::OemSecret, b"secret of another board")
        .text(ComponentKind::EmmcCid, "150100424a4e42345207ffeeddccbb00")
        .text(ComponentKind::AndroidSerial, "RK3568-00D4E5F6")
        .text(ComponentKind::Mac, "00:11:32:8a:4b:9d")
        .text(ComponentKind::MachineId, "00112233445566778899aabbccddeeff")
}

/// The sister after her owner has copied every part that he can write.
fn sister_in_disguise() -> Given {
    Given::new()
        .bytes(ComponentKind::OemSecret, b"secret of another board")
        .text(ComponentKind::EmmcCid, "150100424a4e42345207ffeeddccbb00")
        .text(ComponentKind::AndroidSerial, "RK3568-00D4E5F6")
        .text(ComponentKind::Mac, "00:11:32:8a:4b:9c")
        .text(ComponentKind::CpuSerial, "3d5c1f7a90b2e864")
        .text(ComponentKind::DeviceTreeSerial, "f2c7a1b09e83d456")
        .text(ComponentKind::MachineId, "5b1c0f3e9a7d4286b0e1f2a3c4d5e697")
}

fn mismatch(device: Device) -> (usize, usize, String) {
    let error = device.activate().unwrap_err();
    let text = error.to_string();
    let LicenceError::FingerprintMismatch(explanation) = error else {
        panic!("{text}");
    };
    let count = |verdict| {
        explanation
            .parts
            .iter()
            .filter(|part| part.verdict == verdict)
            .count()
    };
    (count(Verdict::Matches), count(Verdict::Differs), text)
}

#[test]
fn another_device_and_a_clone_with_everything_copied() {
    for licence in [licence(), trial()] {
        let folder = MemoryFolder::new();
        device(&folder, &clock()).install(&sign(&licence)).unwrap();
        // The cloned image has every file, the state included.
        let cloned = MemoryFolder::new();
        for (name, bytes) in snapshot(&folder) {
            cloned.set(&name, Some(bytes));
        }
        let before = snapshot(&cloned);
        let (matching, differing, text) = mismatch(device_with(&cloned, &clock(), sister()));
        assert_eq!((matching, differing), (0, 5), "{text}");
        let disguised = device_with(&cloned, &clock(), sister_in_disguise());
        let (matching, differing, text) = mismatch(disguised);
        assert_eq!((matching, differing), (4, 3), "{text}");
        assert!(
            text.contains("emmc-cid differs") && text.contains("mac matches"),
            "{text}"
        );
        assert!(
            !text.contains("150100") && !text.contains("secret of"),
            "{text}"
        );
        let install = device_with(&cloned, &clock(), sister_in_disguise()).install(&sign(&licence));
        assert_eq!(answer(install), "FingerprintMismatch");
        assert_eq!(snapshot(&cloned), before);
    }
}

#[test]
fn a_repaired_board_is_still_the_same_and_says_what_changed() {
    let folder = MemoryFolder::new();
    device(&folder, &clock())
        .install(&sign(&licence()))
        .unwrap();
    let repaired = Given::new()
        .bytes(ComponentKind::OemSecret, b"secret of this one board")
        .text(ComponentKind::EmmcCid, "150100424a4e42345207d3a1c2e4f5a6")
        .text(ComponentKind::AndroidSerial, "RK3568-00A1B2C3")
        .text(ComponentKind::Mac, "00:11:32:00:00:07");
    let grant = device_with(&folder, &clock(), repaired).activate().unwrap();
    let [Warning::PartsChanged(explanation)] = grant.warnings() else {
        panic!("{:?}", grant.warnings());
    };
    assert!(explanation.is_accepted());
    assert!(explanation.to_string().contains("mac differs"));
}

#[test]
fn the_state_of_another_licence_under_this_ones_name() {
    let other = Licence {
        licence_id: LicenceId([0x78; 16]),
        ..trial()
    };
    let folder = MemoryFolder::new();
    device(&folder, &clock()).install(&sign(&other)).unwrap();
    let foreign = folder.get(&states(&folder)[0]).unwrap();
    let folder = MemoryFolder::new();
    device(&folder, &clock()).install(&sign(&trial())).unwrap();
    let [a, b] = <[String; 2]>::try_from(states(&folder)).unwrap();
    // One copy of two: the other answers, and heals it.
    let valid = folder.get(&a).unwrap();
    folder.set(&a, Some(foreign.clone()));
    assert_eq!(answer(device(&folder, &clock()).activate()), "OK");
    assert_eq!(folder.get(&a), folder.get(&b));
    // Both: nothing can be believed.
    for damage in [
        foreign,
        vec![],
        valid[..valid.len() - 1].to_vec(),
        vec![7; 4096],
    ] {
        folder.set(&a, Some(damage.clone()));
        folder.set(&b, Some(damage));
        assert_eq!(answer(device(&folder, &clock()).activate()), "StateForeign");
        assert_eq!(
            answer(device(&folder, &clock()).install(&sign(&trial()))),
            "StateForeign"
        );
    }
    folder.set(&a, Some(vec![7; 4097]));
    assert_eq!(answer(device(&folder, &clock()).activate()), "StateUnsafe");
}

#[test]
fn a_permanent_licence_needs_no_state() {
    let folder = MemoryFolder::new();
    device(&folder, &clock())
        .install(&sign(&licence()))
        .unwrap();
    for name in states(&folder) {
        folder.set(&name, Some(b"damaged".to_vec()));
    }
    let grant = device(&folder, &clock()).activate().unwrap();
    assert!(matches!(grant.warnings(), [Warning::State(_)]));
    // Installing it again heals the state.
    assert_eq!(
        answer(device(&folder, &clock()).install(&sign(&licence()))),
        "OK"
    );
    let grant = device(&folder, &clock()).activate().unwrap();
    assert!(grant.warnings().is_empty(), "{:?}", grant.warnings());
}

#[test]
fn nothing_beyond_what_was_bought() {
    let kinds = |bits| LivenessKinds::from_bits(bits).unwrap();
    let cases = [
        (Tier::Detect, kinds(0), [true, false, false, false, false]),
        (Tier::Liveness, kinds(1), [true, true, false, false, false]),
        (Tier::Liveness, kinds(2), [true, false, true, false, false]),
        (Tier::Liveness, kinds(4), [true, false, false, true, false]),
        (Tier::Recognise, kinds(4), [true, false, false, true, true]),
        (Tier::Recognise, kinds(7), [true; 5]),
    ];
    for (tier, liveness, allowed) in cases {
        let licence = Licence {
            tier,
            liveness,
            ..licence()
        };
        let grant = grant_of(&licence, &clock());
        for (i, (answer, capability)) in answers(&grant).into_iter().enumerate() {
            let expected = if allowed[i] { "OK" } else { "NotEntitled" };
            assert_eq!(answer, expected, "{tier} {capability}");
        }
    }
}

fn answers(grant: &Grant) -> [(&'static str, Capability); 5] {
    [
        (answer(grant.permit::<Detect>()), Capability::Detect),
        (
            answer(grant.permit::<LiveInfrared>()),
            Capability::LiveInfrared,
        ),
        (
            answer(grant.permit::<LiveStructuredLight>()),
            Capability::LiveStructuredLight,
        ),
        (
            answer(grant.permit::<LiveMonocular>()),
            Capability::LiveMonocular,
        ),
        (answer(grant.permit::<Recognise>()), Capability::Recognise),
    ]
}

#[test]
fn other_platforms_and_later_versions() {
    let at = |platform, major| {
        let folder = MemoryFolder::new();
        answer(
            device(&folder, &clock())
                .pretending(platform, major)
                .install(&sign(&licence())),
        )
    };
    assert_eq!(at(Some(Platform::LinuxX86_64), 1), "OK");
    assert_eq!(at(Some(Platform::LinuxX86_64), 2), "SdkNotLicensed");
    assert_eq!(at(Some(Platform::Android), 1), "PlatformNotLicensed");
    assert_eq!(at(None, 1), "InvalidArgument");
    let unknown = Licence {
        platforms: Platforms(1 << 31),
        ..licence()
    };
    let result = device(&MemoryFolder::new(), &clock()).install(&sign(&unknown));
    assert_eq!(answer(result), "PlatformNotLicensed");
}

#[test]
fn a_device_that_was_flashed_anew_asks_under_the_same_number() {
    let first = device(&MemoryFolder::new(), &clock()).request().unwrap();
    let folder = MemoryFolder::new();
    let again = device(&folder, &clock()).request().unwrap();
    assert_eq!(again.nonce, first.nonce);
    // The vendor answers with the bytes of the first time.
    let answered = Licence {
        nonce: first.nonce,
        ..trial()
    };
    assert_eq!(
        answer(device(&folder, &clock()).install(&sign(&answered))),
        "OK"
    );
}

#[test]
fn a_licence_answers_the_request_that_was_made() {
    let folder = MemoryFolder::new();
    let request = device(&folder, &clock()).request().unwrap();
    assert_eq!(device(&folder, &clock()).request().unwrap(), request);
    let install = |licence: &Licence| answer(device(&folder, &clock()).install(&sign(licence)));
    assert_eq!(install(&trial()), "RequestMismatch");
    assert!(
        states(&folder).is_empty(),
        "a refused licence leaves nothing behind"
    );
    let answered = Licence {
        nonce: request.nonce,
        ..trial()
    };
    assert_eq!(install(&answered), "OK");
    assert_eq!(install(&answered), "OK", "the same licence twice");
    // Flashed anew: everything is gone, and the licence comes back from the customer's files.
    let fresh = MemoryFolder::new();
    assert_eq!(
        answer(device(&fresh, &clock()).install(&sign(&answered))),
        "OK"
    );
    assert_eq!(answer(device(&fresh, &clock()).activate()), "OK");
    // A request that somebody damaged counts as none.
    folder.set("request", Some(b"damaged".to_vec()));
    assert_ne!(
        device(&folder, &clock()).request().unwrap().nonce,
        Nonce([0; 16])
    );
    let weak = device_with(&MemoryFolder::new(), &clock(), Given::new());
    assert_eq!(answer(weak.request()), "FingerprintTooWeak");
    assert_eq!(
        answer(device(&MemoryFolder::new(), &clock()).activate()),
        "Missing"
    );
}
