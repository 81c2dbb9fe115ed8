//! Attacks on the licence file itself: each has exactly one answer.

use crate::common::{answer, check, fields_of, payload_from, payload_of, signed_fields};
use vultus_licensing::envelope::{HEADER_BYTES, SIGNATURE_BYTES};
use vultus_licensing::licence::{Licence, LicenceId, LivenessKinds, Term, Tier};
use vultus_licensing::platform::Platforms;
use vultus_licensing::policy::TRIAL_SECONDS;
use vultus_licensing::testkit::{ISSUED_AT, licence, sign, trial};
use vultus_licensing::time::UnixSeconds;

#[test]
fn every_flipped_bit_is_found() {
    let valid = sign(&trial());
    assert!(valid.len() <= 1024, "{} bytes with 7 parts", valid.len());
    for bit in 0..valid.len() * 8 {
        let mut bytes = valid.clone();
        bytes[bit / 8] ^= 1 << (bit % 8);
        let answer = answer(check(&bytes));
        let expected: &[&str] = match bit / 8 {
            // Magic, format, algorithm; the first also decides between binary and text.
            0..7 => &["BadFormat"],
            7..15 => &["UnknownKey"],
            15..19 => &["BadFormat"],
            _ => &["BadSignature"],
        };
        assert!(expected.contains(&answer), "bit {bit}: {answer}");
    }
    println!("{} bits flipped, 0 accepted", valid.len() * 8);
}

#[test]
fn every_truncation_and_every_tail_is_found() {
    let signed = check(&sign(&licence())).unwrap();
    let text = signed.to_text();
    assert_eq!(check(text.as_bytes()).unwrap(), signed);
    for length in 0..signed.as_bytes().len() {
        let result = check(&signed.as_bytes()[..length]);
        assert_eq!(answer(result), "BadFormat", "binary, {length} bytes");
    }
    // The line end behind the END line is nobody's.
    for length in 0..text.len() - 1 {
        let result = check(&text.as_bytes()[..length]);
        assert_eq!(answer(result), "BadFormat", "text, {length} bytes");
    }
    for extra in 1..=64 {
        for fill in [0, b'A', 0xff] {
            let mut bytes = signed.as_bytes().to_vec();
            bytes.extend(vec![fill; extra]);
            assert_eq!(answer(check(&bytes)), "BadFormat", "{extra} bytes more");
        }
        let longer = format!("{text}{}", "A".repeat(extra));
        assert_eq!(answer(check(longer.as_bytes())), "BadFormat");
    }
}

#[test]
fn the_text_form_takes_either_line_end_and_room_around_it() {
    let signed = check(&sign(&licence())).unwrap();
    let text = signed.to_text();
    let windows = format!("\r\n  {}\r\n\r\n", text.replace('\n', "\r\n"));
    assert_eq!(check(windows.as_bytes()).unwrap(), signed);
    for damage in [
        text.replacen("VULTUS LICENCE", "VULTUS REQUEST", 1),
        text.replacen('\n', "\n!", 1),
        text.replacen('\n', "\n=", 1),
        text.replace("-----END", "----END"),
        format!("-----{}", "A".repeat(100_000)),
        "-----BEGIN VULTUS LICENCE-----\n-----END VULTUS LICENCE-----".to_owned(),
    ] {
        assert_eq!(answer(check(damage.as_bytes())), "BadFormat");
    }
    assert_eq!(answer(check(b"-----\xff\xfe-----")), "BadFormat");
}

#[test]
fn edits_of_the_payload_break_the_signature() {
    let valid = sign(&trial());
    let signature = &valid[valid.len() - SIGNATURE_BYTES..];
    let edits: [(u16, Vec<u8>); 4] = [
        (4, vec![Tier::Detect.code()]),
        (5, vec![7]),
        (6, vec![2]),
        (
            8,
            ISSUED_AT.plus(9 * TRIAL_SECONDS).0.to_le_bytes().to_vec(),
        ),
    ];
    for (tag, value) in edits {
        let mut fields = fields_of(payload_of(&valid));
        fields.iter_mut().find(|field| field.0 == tag).unwrap().1 = value;
        let bytes = [&valid[..HEADER_BYTES], &payload_from(&fields), signature].concat();
        assert_eq!(answer(check(&bytes)), "BadSignature", "field {tag}");
    }
}

#[test]
fn a_good_signature_does_not_excuse_a_bad_licence() {
    let trial_of = |seconds| Licence {
        term: Term::Trial {
            expires_at: ISSUED_AT.plus(seconds),
        },
        ..trial()
    };
    let endless = Licence {
        term: Term::Trial {
            expires_at: UnixSeconds(0),
        },
        ..trial()
    };
    let of = |tier, bits| Licence {
        tier,
        liveness: LivenessKinds::from_bits(bits).unwrap(),
        ..licence()
    };
    let mut no_anchor = licence();
    no_anchor
        .fingerprint
        .components
        .retain(|c| !c.kind().is_anchor());
    let mut low_threshold = licence();
    low_threshold.fingerprint.threshold -= 1;
    let refused = [
        ("61 days", trial_of(61 * 86_400)),
        ("a second too long", trial_of(TRIAL_SECONDS + 1)),
        ("no time at all", trial_of(0)),
        ("no end", endless),
        ("two kinds", of(Tier::Liveness, 3)),
        ("no kind", of(Tier::Liveness, 0)),
        ("detect with a kind", of(Tier::Detect, 1)),
        ("recognise without a kind", of(Tier::Recognise, 0)),
        (
            "no platform",
            Licence {
                platforms: Platforms(0),
                ..licence()
            },
        ),
        ("no anchor", no_anchor),
        ("a low threshold", low_threshold),
        (
            "itself revoked",
            Licence {
                revoked: vec![licence().licence_id],
                ..licence()
            },
        ),
    ];
    for (what, licence) in refused {
        assert_eq!(answer(check(&sign(&licence))), "PolicyViolation", "{what}");
    }
    for licence in [
        trial_of(TRIAL_SECONDS),
        trial_of(1),
        of(Tier::Detect, 0),
        of(Tier::Recognise, 7),
    ] {
        assert_eq!(answer(check(&sign(&licence))), "OK");
    }
    // 64 revoked licences fit, 65 do not.
    let many = |count: u8| Licence {
        revoked: (0..count)
            .map(|i| LicenceId([i.wrapping_add(0x80); 16]))
            .collect(),
        ..licence()
    };
    assert_eq!(answer(check(&sign(&many(64)))), "OK");
    assert_eq!(answer(check(&sign(&many(65)))), "BadFormat");
    let forever = signed_fields(&licence(), |fields| fields[7].1 = vec![1; 8]);
    assert_eq!(
        answer(check(&forever)),
        "BadFormat",
        "permanent with an end"
    );
}
