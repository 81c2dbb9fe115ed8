//! Attacks on the signature: other keys, borrowed signatures, weak points.

use crate::common::{LICENCE_CONTEXT, answer, check, frame, name, payload_of};
use vultus_licensing::envelope::SIGNATURE_BYTES;
use vultus_licensing::keys::{KeyId, KeyTable};
use vultus_licensing::licence::Licence;
use vultus_licensing::revocation::RevocationList;
use vultus_licensing::signed_licence::verify;
use vultus_licensing::testkit::{OLD_SEED, TestKey, licence, sign, trial};
use vultus_licensing::time::UnixSeconds;

#[test]
fn keys_that_this_build_does_not_know() {
    let stranger = TestKey::from_seed(&[7; 32]);
    let payload = payload_of(&sign(&licence())).to_vec();
    let bytes = frame(b"VLIC", LICENCE_CONTEXT, &stranger, &payload);
    assert_eq!(answer(check(&bytes)), "UnknownKey");
    // What a release build answers to the key that everybody knows.
    let error = verify(&sign(&licence()), &KeyTable::compiled()).unwrap_err();
    assert_eq!(name(&error), "UnknownKey");
    assert!(
        error
            .to_string()
            .contains(&TestKey::current().id().to_string())
    );
}

#[test]
fn a_retired_key_vouches_for_its_own_time_only() {
    let retired = TestKey::from_seed(&OLD_SEED);
    let at = |issued_at| {
        let licence = Licence {
            issued_at: UnixSeconds(issued_at),
            ..licence()
        };
        let payload = payload_of(&sign(&licence)).to_vec();
        answer(check(&frame(b"VLIC", LICENCE_CONTEXT, &retired, &payload)))
    };
    assert_eq!(at(1_704_067_200 - 1), "PolicyViolation");
    assert_eq!(at(1_704_067_200), "OK");
    assert_eq!(at(1_735_689_600), "OK");
    assert_eq!(at(1_735_689_600 + 1), "PolicyViolation");
    // It never signed revocation lists.
    let list = RevocationList {
        number: 1,
        issued_at: UnixSeconds(1_710_000_000),
        revoked: vec![],
    };
    let bytes = list
        .seal(retired.id(), |message| retired.sign(message))
        .unwrap();
    let result = RevocationList::verify(&bytes, &KeyTable::with_test_keys());
    assert_eq!(answer(result), "UnknownKey");
}

#[test]
fn signatures_do_not_travel() {
    let one = sign(&licence());
    let other = sign(&trial());
    // From another licence.
    let mut bytes = one.clone();
    let at = bytes.len() - SIGNATURE_BYTES;
    bytes[at..].copy_from_slice(&other[other.len() - SIGNATURE_BYTES..]);
    assert_eq!(answer(check(&bytes)), "BadSignature");
    // Under another key's name.
    let mut bytes = one.clone();
    bytes[7..15].copy_from_slice(&TestKey::retired().id().0);
    assert_eq!(answer(check(&bytes)), "BadSignature");
    // As another kind of file, with and without the other kind's magic.
    let keys = KeyTable::with_test_keys();
    assert_eq!(answer(RevocationList::verify(&one, &keys)), "BadFormat");
    let mut bytes = one;
    bytes[..4].copy_from_slice(b"VREV");
    assert_eq!(
        answer(RevocationList::verify(&bytes, &keys)),
        "BadSignature"
    );
}

#[test]
fn signatures_that_only_a_lax_verifier_takes() {
    let valid = sign(&licence());
    let at = valid.len() - SIGNATURE_BYTES;
    let with = |signature: &[u8]| answer(check(&[&valid[..at], signature].concat()));
    // S + L for the order L of the group: the same number, written in a second way.
    const L: [u8; 32] = [
        0xed, 0xd3, 0xf5, 0x5c, 0x1a, 0x63, 0x12, 0x58, 0xd6, 0x9c, 0xf7, 0xa2, 0xde, 0xf9, 0xde,
        0x14, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x10,
    ];
    let mut malleable = valid[at..].to_vec();
    let mut carry = 0;
    for (byte, l) in malleable[32..].iter_mut().zip(L) {
        let sum = u16::from(*byte) + u16::from(l) + carry;
        *byte = sum as u8;
        carry = sum >> 8;
    }
    assert_eq!(carry, 0);
    assert_eq!(with(&malleable), "BadSignature");
    // Points of small order as R, with S = 0, and S = L.
    for r in small_order_points() {
        for s in [[0; 32], L] {
            assert_eq!(with(&[r, s].concat()), "BadSignature");
        }
        // Named as the signing key, it is none that a build knows.
        let mut bytes = valid.clone();
        bytes[7..15].copy_from_slice(&KeyId::of(&r).0);
        assert_eq!(answer(check(&bytes)), "UnknownKey");
    }
    assert_eq!(with(&[0; 64]), "BadSignature");
    assert_eq!(with(&[0xff; 64]), "BadSignature");
}

#[test]
fn no_build_takes_a_key_that_anybody_can_sign_for() {
    use vultus_licensing::keyfile::parse_key_table;
    let line = |public: &[u8; 32]| {
        let hex: String = public.iter().map(|byte| format!("{byte:02x}")).collect();
        format!("key {hex} from 2026-01-01T00:00:00Z until 2030-01-01T00:00:00Z roles licence")
    };
    for public in small_order_points() {
        let why = parse_key_table(&line(&public)).unwrap_err();
        assert!(why.contains("anybody can sign"), "{why}");
    }
    assert!(parse_key_table(&line(&TestKey::current().public())).is_ok());
}

/// Every spelling of the points of order 1, 2, 4 and 8, the non-canonical ones included.
fn small_order_points() -> Vec<[u8; 32]> {
    let number = |low: u8, middle: u8, high: u8| {
        let mut bytes = [middle; 32];
        bytes[0] = low;
        bytes[31] = high;
        bytes
    };
    let order_8 = [
        "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
        "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
    ];
    let mut points = vec![
        number(0, 0, 0),
        number(1, 0, 0),
        number(0xec, 0xff, 0x7f),
        number(0xed, 0xff, 0x7f),
        number(0xee, 0xff, 0x7f),
    ];
    points.extend(order_8.map(|hex| {
        let byte = |i: usize| u8::from_str_radix(&hex[2 * i..2 * i + 2], 16).unwrap();
        std::array::from_fn(byte)
    }));
    let negative = points.clone().into_iter().map(|mut point| {
        point[31] |= 0x80;
        point
    });
    points.extend(negative.collect::<Vec<_>>());
    points
}
