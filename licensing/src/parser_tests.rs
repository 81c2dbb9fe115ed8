//! The parsers by themselves, without the cryptography in front of them, so that an interpreter
//! that knows no machine code can run them: `cargo +nightly miri test -p vultus-licensing --lib`.

#![allow(clippy::unwrap_used)]

use crate::fingerprint::{Component, ComponentKind, LicensedFingerprint};
use crate::format::tlv::Fields;
use crate::format::{Reader, text};
use crate::keyfile::parse_key_table;
use crate::licence::{CustomerId, Licence, LicenceId, LivenessKinds, Nonce, OrderId, Term, Tier};
use crate::platform::Platforms;
use crate::policy;
use crate::time::UnixSeconds;

/// The interpreter takes a hundred times as long, and looks at every eleventh case.
const STEP: usize = if cfg!(miri) { 11 } else { 1 };

fn licence() -> Licence {
    let component = |kind: ComponentKind, digest: u8| {
        let mut bytes = [digest; Component::BYTES];
        (bytes[0], bytes[1]) = (kind.code(), kind.weight());
        Component::from_bytes(&bytes).unwrap()
    };
    Licence {
        licence_id: LicenceId([1; 16]),
        order_id: OrderId([2; 16]),
        customer_id: CustomerId([3; 16]),
        tier: Tier::Liveness,
        liveness: LivenessKinds::from_bits(2).unwrap(),
        term: Term::Trial {
            expires_at: UnixSeconds(1_800_000_000),
        },
        issued_at: UnixSeconds(1_799_000_000),
        platforms: Platforms(3),
        sdk_major_max: 2,
        gallery_max: Some(1000),
        fingerprint: LicensedFingerprint {
            components: vec![
                component(ComponentKind::EmmcCid, 4),
                component(ComponentKind::Mac, 5),
            ],
            threshold: 4,
        },
        nonce: Nonce([6; 16]),
        without_rtc: true,
        revoked: vec![LicenceId([7; 16]), LicenceId([8; 16])],
    }
}

#[test]
fn fields_become_a_licence_and_nothing_else_does() {
    let payload = licence().encode().unwrap();
    assert_eq!(Licence::decode(&payload).unwrap(), licence());
    assert_eq!(policy::check(&licence()), Ok(()));
    // Only the last field, which may be absent, can be cut away whole.
    let shorter = payload.len() - (4 + 32);
    assert!(Licence::decode(&payload[..shorter]).is_ok());
    for length in (0..payload.len()).step_by(STEP) {
        let decoded = Licence::decode(&payload[..length]);
        assert_eq!(decoded.is_ok(), length == shorter, "{length} bytes");
    }
    for at in (0..payload.len()).step_by(STEP) {
        for change in [1, 0x80, 0xff] {
            let mut payload = payload.clone();
            payload[at] ^= change;
            if let Ok(other) = Licence::decode(&payload) {
                // What is missing then is a last field whose tag may be skipped.
                assert!(payload.starts_with(&other.encode().unwrap()));
            }
        }
    }
}

#[test]
fn text_becomes_bytes_within_bounds() {
    let bytes: Vec<u8> = (0..100).collect();
    let text = text::write("THING", &bytes);
    assert_eq!(
        text::to_binary("THING", text.as_bytes(), 100).unwrap(),
        bytes
    );
    assert!(text::to_binary("THING", text.as_bytes(), 99).is_err());
    assert!(text::to_binary("OTHER", text.as_bytes(), 100).is_err());
    for length in (0..text.len() - 1).step_by(STEP) {
        let cut = &text.as_bytes()[..length];
        // Without its dashes it is taken for a binary file, for the next one to judge.
        let taken = text::to_binary("THING", cut, 100).is_ok();
        assert_eq!(taken, length < 5, "{length} bytes");
    }
}

#[test]
fn readers_and_fields_stop_at_the_end() {
    let mut reader = Reader::new(&[1, 2, 3]);
    assert_eq!(reader.u16().unwrap(), 0x0201);
    assert!(reader.u64().is_err() && reader.u32().is_err() && reader.take(2).is_err());
    assert_eq!(reader.take(1).unwrap(), [3]);
    assert!(reader.u8().is_err() && reader.is_empty() && reader.finish().is_ok());
    for bytes in [&[1][..], &[1, 0, 2, 0, 9], &[1, 0, 0xff, 0xff, 0]] {
        assert!(Fields::new(bytes).required(1).is_err());
        assert!(Fields::new(bytes).finish().is_err());
    }
}

#[test]
fn a_key_table_line_by_line() {
    let line = format!(
        "key {} from 2026-01-01T00:00:00Z until 2027-01-01T00:00:00Z roles licence",
        "5a".repeat(32)
    );
    assert_eq!(parse_key_table(&line).unwrap()[0].public, [0x5a; 32]);
    for length in (0..line.len()).step_by(STEP) {
        let part = &line[..length];
        assert_eq!(
            parse_key_table(part).is_ok(),
            part.trim().is_empty(),
            "{part:?}"
        );
    }
}
