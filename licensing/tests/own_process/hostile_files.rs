//! Signed files with hostile contents: refused, and with little memory.

use crate::common::{
    Field, LICENCE_CONTEXT, REVOCATION_CONTEXT, fields_of, frame, name, payload_from, payload_of,
    signed_payload,
};
use vultus_licensing::keys::KeyTable;
use vultus_licensing::request::Request;
use vultus_licensing::revocation::RevocationList;
use vultus_licensing::signed_licence::{PAYLOAD_MAX, verify};
use vultus_licensing::testkit::{TestKey, licence, sign};
use vultus_test_basics::Counting;

/// Most bytes that may be live while such a file is refused.
const LIVE_MAX: usize = 8 * 1024;

/// The error's name, and the bytes that were live at most.
fn refused(bytes: &[u8], keys: &KeyTable) -> (&'static str, usize) {
    Counting::restart();
    let result = verify(bytes, keys);
    let peak = Counting::peak();
    (result.as_ref().map_or_else(name, |_| "OK"), peak)
}

fn expect(what: &str, bytes: &[u8], expected: &str) -> usize {
    let keys = KeyTable::with_test_keys();
    let (answer, peak) = refused(bytes, &keys);
    assert_eq!(answer, expected, "{what}");
    assert!(peak <= LIVE_MAX, "{what}: {peak} bytes live");
    peak
}

fn fields() -> Vec<Field> {
    fields_of(payload_of(&sign(&licence())))
}

fn changed(change: impl FnOnce(&mut Vec<Field>)) -> Vec<u8> {
    let mut fields = fields();
    change(&mut fields);
    signed_payload(&payload_from(&fields))
}

#[test]
fn lengths_that_lie() {
    let valid = sign(&licence());
    for length in [0_u32, 1, 4097, 65_536, 0x7fff_ffff, 0xffff_ffff] {
        let mut bytes = valid.clone();
        bytes[15..19].copy_from_slice(&length.to_le_bytes());
        expect("a false payload length", &bytes, "BadFormat");
    }
    // Signed, so that only the limit is at fault.
    for (length, expected) in [(0, "BadFormat"), (PAYLOAD_MAX + 1, "BadFormat")] {
        expect(
            "a long payload",
            &signed_payload(&vec![0; length]),
            expected,
        );
    }
    expect("a large file", &vec![b'V'; 1 << 20], "BadFormat");
    expect("a large text", &vec![b'-'; 1 << 20], "BadFormat");
    // Every field's length, one at a time, in a signed payload.
    let payload = payload_of(&valid).to_vec();
    let mut at = 0;
    for (tag, value) in fields() {
        for length in [0, value.len() + 1, 0xffff] {
            let mut payload = payload.clone();
            payload[at + 2..at + 4].copy_from_slice(&(length as u16).to_le_bytes());
            expect(
                &format!("field {tag}"),
                &signed_payload(&payload),
                "BadFormat",
            );
        }
        at += 4 + value.len();
    }
}

#[test]
fn tags_that_are_twice_out_of_order_or_unknown() {
    let count = fields().len();
    for i in 0..count {
        let twice = changed(|fields| fields.insert(i, fields[i].clone()));
        expect("a repeated field", &twice, "BadFormat");
        let gone = changed(|fields| drop(fields.remove(i)));
        expect("a missing field", &gone, "BadFormat");
        let empty = changed(|fields| fields[i].1.clear());
        expect("an empty field", &empty, "BadFormat");
        if i > 0 {
            let swapped = changed(|fields| fields.swap(i - 1, i));
            expect("fields out of order", &swapped, "BadFormat");
        }
    }
    for tag in [0, 17, 18, 0x7fff] {
        let critical = changed(|fields| {
            fields.push((tag, vec![1]));
            fields.sort();
        });
        expect("an unknown field that matters", &critical, "BadFormat");
    }
    for tag in [0x8000, 0x8001, 0xffff] {
        let optional = changed(|fields| fields.push((tag, vec![1; 100])));
        expect("an unknown field that may be skipped", &optional, "OK");
        let twice = changed(|fields| fields.extend([(tag, vec![1]), (tag, vec![2])]));
        expect("skipped fields twice", &twice, "BadFormat");
    }
    let falling = changed(|fields| fields.extend([(0x8001, vec![1]), (0x8000, vec![1])]));
    expect("skipped fields out of order", &falling, "BadFormat");
    let early = changed(|fields| fields.insert(0, (0x8000, vec![1])));
    expect("a skipped field too early", &early, "BadFormat");
}

#[test]
fn values_without_a_meaning() {
    let of = |index: usize, value: &[u8]| changed(|fields| fields[index].1 = value.to_vec());
    for (index, value) in [(3, 0), (3, 4), (3, 255), (4, 8), (4, 255), (5, 0), (5, 3)] {
        expect("a code", &of(index, &[value]), "BadFormat");
    }
    let flags = fields().len() - 1;
    for bits in [2, 3, 0x80, 0xff] {
        expect("a flag", &of(flags, &[bits]), "BadFormat");
    }
    let mut components = fields()[10].1.clone();
    components[1] += 1;
    expect("a false weight", &of(10, &components), "BadFormat");
    components[0] = 200;
    expect("an unknown kind", &of(10, &components), "BadFormat");
    let many = fields()[10].1[..18].repeat(17);
    expect("17 components", &of(10, &many), "BadFormat");
    let largest = expect("the largest licence", &largest_licence(), "OK");
    println!("at most {largest} bytes live for a licence of 4179 bytes");
}

/// A licence whose payload is as long as the format allows.
fn largest_licence() -> Vec<u8> {
    let mut fields = fields();
    let used = payload_from(&fields).len();
    fields.push((0x9000, vec![0xab; PAYLOAD_MAX - used - 4]));
    signed_payload(&payload_from(&fields))
}

#[test]
fn lists_and_requests_have_the_same_limits() {
    let keys = KeyTable::with_test_keys();
    let key = TestKey::current();
    let number = (1, 7_u64.to_le_bytes().to_vec());
    let issued_at = (2, 1_796_083_200_u64.to_le_bytes().to_vec());
    let list = |fields: &[Field]| {
        let bytes = frame(b"VREV", REVOCATION_CONTEXT, &key, &payload_from(fields));
        RevocationList::verify(&bytes, &keys).map_err(|error| name(&error))
    };
    let two = [number.clone(), issued_at.clone()];
    assert_eq!(list(&two).unwrap().number, 7);
    let with = |value: Vec<u8>| list(&[number.clone(), issued_at.clone(), (3, value)]);
    assert_eq!(with(vec![9; 4000 * 16]).unwrap().revoked.len(), 4000);
    for value in [vec![], vec![9; 15], vec![9; 17], vec![9; 4001 * 16]] {
        assert_eq!(with(value).unwrap_err(), "BadFormat");
    }
    assert_eq!(
        list(&[number.clone(), issued_at.clone(), (4, vec![1])]).unwrap_err(),
        "BadFormat"
    );
    assert_eq!(list(&[issued_at, number]).unwrap_err(), "BadFormat");
    let early = (2, 1_u64.to_le_bytes().to_vec());
    assert_eq!(
        list(&[two[0].clone(), early]).unwrap_err(),
        "PolicyViolation"
    );
    let licence = frame(b"VREV", LICENCE_CONTEXT, &key, &payload_from(&two));
    assert!(RevocationList::verify(&licence, &keys).is_err());

    for bytes in [
        vec![0; 1 << 20],
        vec![b'-'; 1 << 20],
        b"VREQ".to_vec(),
        vec![],
    ] {
        Counting::restart();
        assert!(Request::parse(&bytes).is_err());
        assert!(Counting::peak() <= LIVE_MAX);
    }
}
