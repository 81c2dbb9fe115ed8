//! Files of the first format, as they were written once: every later version reads them.

use crate::common::{answer, check, mark_of};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use vultus_licensing::keys::KeyTable;
use vultus_licensing::licence::{LicenceId, Nonce};
use vultus_licensing::platform::Platform;
use vultus_licensing::request::Request;
use vultus_licensing::revocation::RevocationList;
use vultus_licensing::testkit::{
    ISSUED_AT, MemoryFolder, TestClock, TestKey, device, licence, sign, trial,
};

/// With this variable set, the files that are missing are written. None is ever written over.
const WRITE: &str = "VULTUS_WRITE_FIXTURES";

fn data(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/data")
        .join(name)
}

fn fixture(name: &str, make: impl FnOnce() -> Vec<u8>) -> Vec<u8> {
    let path = data(name);
    if std::env::var_os(WRITE).is_some() && !path.exists() {
        std::fs::write(&path, make()).unwrap();
    }
    std::fs::read(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

fn request() -> Request {
    Request {
        sdk_major: 1,
        platform: Platform::LinuxAarch64,
        created_at: ISSUED_AT,
        nonce: Nonce([0x44; 16]),
        components: licence().fingerprint.components,
    }
}

fn list() -> RevocationList {
    RevocationList {
        number: 7,
        issued_at: ISSUED_AT,
        revoked: vec![LicenceId([1; 16]), LicenceId([2; 16])],
    }
}

#[test]
fn a_licence_of_format_1() {
    let bytes = fixture("licence-1.bin", || sign(&licence()));
    assert_eq!(check(&bytes).unwrap().licence(), &licence());
    // Ed25519 is deterministic: the same licence has the same bytes on every machine.
    assert_eq!(sign(&licence()), bytes);
    let text = fixture("licence-1.txt", || {
        check(&bytes).unwrap().to_text().into_bytes()
    });
    assert_eq!(check(&text).unwrap().as_bytes(), bytes);
    assert_eq!(check(&bytes).unwrap().to_text().as_bytes(), text);
    println!(
        "{} bytes with 7 components, {} as text",
        bytes.len(),
        text.len()
    );
    assert!(bytes.len() <= 1024);
}

#[test]
fn a_request_of_format_1() {
    let bytes = fixture("request-1.bin", || request().to_bytes().unwrap());
    assert_eq!(Request::parse(&bytes).unwrap(), request());
    assert_eq!(request().to_bytes().unwrap(), bytes);
    let text = request().to_text().unwrap();
    assert_eq!(Request::parse(text.as_bytes()).unwrap(), request());
    assert!(request().to_string().contains("7 parts"));
    // Every damaged bit and every length is found.
    for bit in 0..bytes.len() * 8 {
        let mut damaged = bytes.clone();
        damaged[bit / 8] ^= 1 << (bit % 8);
        assert_eq!(answer(Request::parse(&damaged)), "BadFormat", "bit {bit}");
    }
    for length in 0..bytes.len() {
        assert_eq!(answer(Request::parse(&bytes[..length])), "BadFormat");
    }
    let components = vec![request().components[0]; 17];
    let crowded = Request {
        components,
        ..request()
    };
    assert_eq!(answer(crowded.to_bytes()), "BadFormat");
    assert_eq!(answer(crowded.to_text()), "BadFormat");
}

#[test]
fn fields_of_a_request_that_mean_nothing() {
    let with = |change: &dyn Fn(&mut Vec<u8>)| {
        let mut bytes = request().to_bytes().unwrap();
        bytes.truncate(bytes.len() - 4);
        change(&mut bytes);
        let sum = ring::digest::digest(&ring::digest::SHA256, &bytes);
        bytes.extend(&sum.as_ref()[..4]);
        answer(Request::parse(&bytes))
    };
    assert_eq!(with(&|_| {}), "OK");
    assert_eq!(with(&|bytes| bytes[0] = b'X'), "BadFormat");
    assert_eq!(with(&|bytes| bytes[4] = 2), "BadFormat");
    assert_eq!(with(&|bytes| bytes[8] = 0), "BadFormat", "platform");
    assert_eq!(with(&|bytes| bytes[33] = 17), "BadFormat", "too many parts");
    assert_eq!(with(&|bytes| bytes[33] = 8), "BadFormat", "a part too few");
    assert_eq!(with(&|bytes| bytes[33] = 6), "BadFormat", "a part too many");
    assert_eq!(
        with(&|bytes| bytes[34] = 99),
        "BadFormat",
        "an unknown part"
    );
}

#[test]
fn a_revocation_list_of_format_1() {
    let key = TestKey::current();
    let seal = || list().seal(key.id(), |message| key.sign(message)).unwrap();
    let bytes = fixture("revocations-1.bin", seal);
    let read = RevocationList::verify(&bytes, &KeyTable::with_test_keys()).unwrap();
    assert_eq!(read, list());
    assert_eq!(seal(), bytes);
    let crowded = RevocationList {
        revoked: vec![LicenceId([1; 16]); 4001],
        ..list()
    };
    assert_eq!(
        answer(crowded.seal(key.id(), |message| key.sign(message))),
        "BadFormat"
    );
    for bit in 0..bytes.len() * 8 {
        let mut damaged = bytes.clone();
        damaged[bit / 8] ^= 1 << (bit % 8);
        assert!(RevocationList::verify(&damaged, &KeyTable::with_test_keys()).is_err());
    }
}

#[test]
fn a_state_of_format_1() {
    const MARK: u64 = ISSUED_AT.0 + 12_345;
    let name = |ending| format!("state-{}.{ending}", trial().licence_id);
    let bytes = fixture("state-1.bin", || {
        let folder = MemoryFolder::new();
        let clock = Arc::new(TestClock::at(ISSUED_AT));
        device(&folder, &clock).install(&sign(&trial())).unwrap();
        clock.pass(12_345);
        device(&folder, &clock).activate().unwrap();
        folder.get(&name("a")).unwrap()
    });
    assert_eq!(bytes.len(), 151);
    assert_eq!(mark_of(&bytes), MARK);
    let folder = MemoryFolder::new();
    folder.set("licence", Some(sign(&trial())));
    folder.set(&name("a"), Some(bytes.clone()));
    folder.set(&name("b"), Some(bytes.clone()));
    // The time that it remembers is behind the clock of a device that comes later, ...
    let start = |wall| {
        let clock = Arc::new(TestClock::at(wall));
        clock.reboot(0);
        answer(device(&folder, &clock).activate())
    };
    assert_eq!(start(ISSUED_AT.plus(13_000)), "OK");
    assert!(mark_of(&folder.get(&name("a")).unwrap()) >= MARK);
    // ... and stops one whose clock was set back before it.
    assert_eq!(start(ISSUED_AT.minus(86_400)), "ClockRolledBack");
    for bit in (0..bytes.len() * 8).step_by(3) {
        let mut damaged = bytes.clone();
        damaged[bit / 8] ^= 1 << (bit % 8);
        folder.set(&name("a"), Some(damaged.clone()));
        folder.set(&name("b"), Some(damaged));
        assert_eq!(start(ISSUED_AT.plus(13_000)), "StateForeign", "bit {bit}");
    }
}

#[test]
fn the_committed_key_table_and_its_faults() {
    use vultus_licensing::keyfile::parse_key_table;
    let committed = Path::new(env!("CARGO_MANIFEST_DIR")).join("keys/issuing.keys");
    parse_key_table(&std::fs::read_to_string(committed).unwrap()).unwrap();
    assert_eq!(
        KeyTable::compiled().is_empty(),
        KeyTable::compiled().is_empty()
    );
    assert_eq!(
        KeyTable::with_test_keys().len(),
        KeyTable::compiled().len() + 2
    );
    let hex: String = TestKey::current()
        .public()
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect();
    let good =
        format!("key {hex} from 2026-01-01T00:00:00Z until 2030-01-01T00:00:00Z roles licence");
    let keys = parse_key_table(&format!("# two\r\n\r\n  {good},revocation  \r\n")).unwrap();
    assert!(keys.len() == 1 && keys[0].licences && keys[0].revocations);
    assert_eq!(
        (keys[0].issue_from, keys[0].issue_until),
        (1_767_225_600, 1_893_456_000)
    );
    let faults = [
        (good.replace("key ", "kay "), "line 2: expected"),
        (format!("{good} more"), "line 2: expected"),
        (good.replace(&hex, &hex[1..]), "64 hex digits"),
        (
            good.replace(&hex, &hex.replace(&hex[..1], "g")),
            "64 hex digits",
        ),
        (
            good.replace("2026-01-01T", "yesterday "),
            "line 2: expected",
        ),
        (good.replace("2026-01-01", "2026-13-01"), "is not a time"),
        (good.replace("2026", "1969"), "is not a time"),
        (good.replace("2026", "2030"), "not before"),
        (good.replace("licence", "licence,all"), "unknown role"),
        (good.replace("licence", ","), "unknown role"),
        (
            format!("{good}\n{good}"),
            "line 3: the key stands there twice",
        ),
    ];
    for (text, expected) in faults {
        let why = parse_key_table(&format!("# first\n{text}")).unwrap_err();
        assert!(why.contains(expected), "{why}");
    }
}
