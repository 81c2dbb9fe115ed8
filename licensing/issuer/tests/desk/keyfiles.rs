//! Key files: what they give back, and what every damaged or hostile one gives instead.

use crate::common::{Numbers, terms};
use std::cell::Cell;
use vultus_issuer::environment::System;
use vultus_issuer::error::{IssuerError, KeyFileFault};
use vultus_issuer::keyfile::{Cost, FILE_BYTES, KeyFile, PASSPHRASE_MAX, Passphrase};
use vultus_issuer::signer::{KEY_BYTES, KeyTerms, Signer, is_signed_by};
use vultus_issuer::storage::Location;
use vultus_licensing::keyfile::parse_key_table;
use vultus_licensing::testkit::SEED;
use vultus_licensing::time::UnixSeconds;
use zeroize::Zeroizing;

const MEMORY_AT: usize = 8;

fn passphrase(text: &str) -> Passphrase {
    Passphrase::new(Zeroizing::new(text.as_bytes().to_vec())).unwrap()
}

fn cheap() -> Cost {
    Cost::new(8, 1, 1).unwrap()
}

fn sealed() -> KeyFile {
    let numbers = Numbers(Cell::new(5));
    KeyFile::seal(
        &SEED,
        terms(),
        &passphrase("correct horse"),
        cheap(),
        &numbers,
    )
    .unwrap()
}

fn fault(bytes: &[u8]) -> KeyFileFault {
    match KeyFile::parse(bytes) {
        Err(fault) => fault,
        Ok(file) => file.open(&passphrase("correct horse")).err().unwrap(),
    }
}

#[test]
fn a_key_comes_back_with_its_passphrase_only() {
    let bytes = sealed().to_bytes();
    assert_eq!(bytes.len(), FILE_BYTES);
    let file = KeyFile::parse(&bytes).unwrap();
    let signer = file.open(&passphrase("correct horse")).unwrap();
    assert_eq!(
        signer.public(),
        Signer::from_seed(&SEED, terms()).unwrap().public()
    );
    assert!(is_signed_by(
        &file.public().issuing,
        b"m",
        &signer.sign_file(b"m")
    ));
    assert!(is_signed_by(
        &file.public().ledger,
        b"m",
        &signer.sign_record(b"m")
    ));
    // One key's signature is not the other's.
    assert!(!is_signed_by(
        &file.public().ledger,
        b"m",
        &signer.sign_file(b"m")
    ));
    let wrong = file.open(&passphrase("correct horsf")).err().unwrap();
    assert_eq!(wrong.name(), "KeyFilePassphrase");
}

#[test]
fn neither_seed_nor_passphrase_stands_in_the_file() {
    let bytes = sealed().to_bytes();
    for secret in [&SEED[..8], b"correct horse"] {
        assert!(!bytes.windows(secret.len()).any(|window| window == secret));
    }
}

#[test]
fn two_keys_are_never_alike_and_neither_are_two_files_of_one() {
    let make = || KeyFile::generate(terms(), &passphrase("correct horse"), cheap(), &System);
    assert_ne!(make().unwrap().public(), make().unwrap().public());
    let seal = || {
        KeyFile::seal(
            &SEED,
            terms(),
            &passphrase("correct horse"),
            cheap(),
            &System,
        )
    };
    assert_ne!(seal().unwrap().to_bytes(), seal().unwrap().to_bytes());
}

#[test]
fn every_prefix_and_every_longer_file_is_refused() {
    let bytes = sealed().to_bytes();
    for length in 0..bytes.len() {
        let expected = if length < 4 {
            "KeyFileMagic"
        } else {
            "KeyFileLength"
        };
        assert_eq!(fault(&bytes[..length]).name(), expected, "{length} bytes");
    }
    for extra in 1..=64 {
        let longer = [&bytes[..], &vec![0; extra]].concat();
        assert_eq!(fault(&longer).name(), "KeyFileLength");
    }
}

#[test]
fn every_flipped_bit_has_a_named_answer_and_no_key() {
    let bytes = sealed().to_bytes();
    for bit in 0..bytes.len() * 8 {
        let mut edited = bytes.clone();
        edited[bit / 8] ^= 1 << (bit % 8);
        let name = fault(&edited).name();
        let expected: &[&str] = match bit / 8 {
            0..4 => &["KeyFileMagic"],
            4..8 => &["KeyFileVersion"],
            8..20 => &["KeyFileCost", "KeyFilePassphrase"],
            20..37 => &["KeyFileWindow", "KeyFilePassphrase"],
            _ => &["KeyFilePassphrase"],
        };
        assert!(expected.contains(&name), "bit {bit}: {name}");
    }
}

#[test]
fn absurd_costs_are_refused_before_anything_is_allocated() {
    let bytes = sealed().to_bytes();
    let with = |kib: u32, passes: u32, lanes: u32| {
        let mut bytes = bytes.clone();
        let cost = [kib.to_le_bytes(), passes.to_le_bytes(), lanes.to_le_bytes()].concat();
        bytes[MEMORY_AT..MEMORY_AT + 12].copy_from_slice(&cost);
        KeyFile::parse(&bytes).map(|_| ())
    };
    for (kib, passes, lanes) in [(8, 1, 1), (262_144, 16, 4), (32, 1, 4)] {
        assert!(with(kib, passes, lanes).is_ok());
    }
    let absurd = [
        (7, 1, 1),
        (262_145, 1, 1),
        (u32::MAX, 1, 1),
        (8, 0, 1),
        (8, 17, 1),
        (8, u32::MAX, 1),
        (8, 1, 0),
        (262_144, 1, 5),
        (31, 1, 4),
        (262_144, 1, u32::MAX),
    ];
    for (kib, passes, lanes) in absurd {
        assert_eq!(with(kib, passes, lanes).unwrap_err().name(), "KeyFileCost");
    }
}

#[test]
fn passphrases_have_12_to_1024_bytes() {
    let of = |length| Passphrase::new(Zeroizing::new(vec![b'x'; length]));
    for length in [0, 11, PASSPHRASE_MAX + 1] {
        assert!(matches!(of(length), Err(IssuerError::Passphrase)));
    }
    for length in [12, PASSPHRASE_MAX] {
        assert!(of(length).is_ok());
    }
}

#[test]
fn terms_that_allow_nothing_are_refused() {
    let from = terms().from;
    let bad = [
        KeyTerms {
            until: from,
            ..terms()
        },
        KeyTerms {
            until: UnixSeconds::IMPLAUSIBLE,
            ..terms()
        },
        KeyTerms {
            licences: false,
            revocations: false,
            ..terms()
        },
    ];
    for terms in bad {
        let made = KeyFile::generate(terms, &passphrase("correct horse"), cheap(), &System);
        assert_eq!(made.err().unwrap().name(), "KeyFileWindow");
    }
}

#[test]
fn the_printed_line_is_a_line_of_the_key_table() {
    for (licences, revocations) in [(true, true), (true, false), (false, true)] {
        let terms = KeyTerms {
            licences,
            revocations,
            ..terms()
        };
        let signer = Signer::from_seed(&SEED, terms).unwrap();
        let lines = parse_key_table(&signer.public().table_line()).unwrap();
        assert_eq!(lines, [signer.public().key_line()]);
        assert_eq!(lines[0].public, signer.public().issuing);
        assert_eq!(
            (lines[0].licences, lines[0].revocations),
            (licences, revocations)
        );
    }
}

#[test]
fn debug_output_shows_no_secret() {
    let text = "correct horse";
    assert_eq!(format!("{:?}", passphrase(text)), "Passphrase(..)");
    let file = sealed();
    let signer = file.open(&passphrase(text)).unwrap();
    let bytes = file.to_bytes();
    let sealed_seed = &bytes[FILE_BYTES - KEY_BYTES - 16..];
    for shown in [format!("{file:?}"), format!("{signer:?}")] {
        assert!(shown.contains("terms"), "{shown}");
        for secret in [&SEED[..], sealed_seed] {
            let secret = format!("{secret:?}");
            assert!(!shown.contains(secret.trim_matches(['[', ']'])), "{shown}");
        }
    }
    let url = "postgres://vendor:hunter2secret@host/ledger";
    assert_eq!(format!("{:?}", Location::parse(url)), "Postgres(..)");
    assert_eq!(format!("{:?}", Location::parse("a.db")), "File(\"a.db\")");
}
