//! Mutated files by the ten thousand; ten million with `--release -- --ignored --nocapture`.
//!
//! What nobody signed is never accepted. What was signed again after the mutation reaches the
//! fields and the rules; what of it is accepted has one spelling and obeys them.

use crate::common::mutate::{mutate, mutate_payload, without_optional};
use crate::common::{
    LICENCE_CONTEXT, REVOCATION_CONTEXT, check, frame, payload_of, snapshot, states,
};
use std::sync::Arc;
use vultus_licensing::error::LicenceError;
use vultus_licensing::keyfile::parse_key_table;
use vultus_licensing::keys::KeyTable;
use vultus_licensing::licence::{Licence, LicenceId, LivenessKinds, Tier};
use vultus_licensing::policy;
use vultus_licensing::request::Request;
use vultus_licensing::revocation::RevocationList;
use vultus_licensing::signed_licence::{SignedLicence, seal, verify};
use vultus_licensing::testkit::{
    ISSUED_AT, MemoryFolder, TestClock, TestKey, device, licence, sign, trial,
};
use vultus_test_basics::Rng;

#[derive(Debug, Default)]
struct Count {
    unsigned: u64,
    unsigned_accepted: u64,
    signed: u64,
    signed_accepted: u64,
    requests: u64,
    requests_accepted: u64,
    states: u64,
    states_accepted: u64,
    tables: u64,
}

struct Fuzz {
    rng: Rng,
    keys: KeyTable,
    key: TestKey,
    licences: Vec<Vec<u8>>,
    texts: Vec<Vec<u8>>,
    lists: Vec<Vec<u8>>,
    folder: MemoryFolder,
    clock: Arc<TestClock>,
    count: Count,
}

impl Fuzz {
    fn new(seed: u64) -> Self {
        let kinds = LivenessKinds {
            monocular: true,
            ..LivenessKinds::NONE
        };
        let all = [
            licence(),
            trial(),
            Licence {
                tier: Tier::Detect,
                liveness: LivenessKinds::NONE,
                gallery_max: Some(50_000),
                ..trial()
            },
            Licence {
                tier: Tier::Liveness,
                liveness: kinds,
                without_rtc: true,
                ..trial()
            },
            Licence {
                revoked: (1..9).map(|i| LicenceId([i; 16])).collect(),
                ..licence()
            },
        ];
        let licences: Vec<_> = all.iter().map(sign).collect();
        let texts = licences
            .iter()
            .map(|bytes| check(bytes).unwrap().to_text().into_bytes());
        let key = TestKey::current();
        let list = |count: u8| {
            let revoked = (0..count).map(|i| LicenceId([i; 16])).collect();
            let list = RevocationList {
                number: u64::from(count),
                issued_at: ISSUED_AT,
                revoked,
            };
            list.seal(key.id(), |message| key.sign(message)).unwrap()
        };
        let lists = vec![list(0), list(1), list(40)];
        let folder = MemoryFolder::new();
        let clock = Arc::new(TestClock::at(ISSUED_AT));
        device(&folder, &clock).install(&licences[1]).unwrap();
        Self {
            rng: Rng(seed),
            keys: KeyTable::with_test_keys(),
            texts: texts.collect(),
            licences,
            lists,
            key,
            folder,
            clock,
            count: Count::default(),
        }
    }

    /// As the shared functions, with keys that are made once.
    fn check(&self, bytes: &[u8]) -> Result<SignedLicence, LicenceError> {
        verify(bytes, &self.keys)
    }

    fn sign(&self, licence: &Licence) -> Vec<u8> {
        let id = self.key.id();
        seal(licence, id, |message| self.key.sign(message)).unwrap()
    }

    fn licence(&mut self) {
        let text = self.rng.below(8) == 0;
        let set = if text { &self.texts } else { &self.licences };
        let mut bytes = self.rng.pick(set).clone();
        let other = self.rng.pick(set).clone();
        mutate(&mut self.rng, &mut bytes, &other);
        self.count.unsigned += 1;
        if let Ok(signed) = self.check(&bytes) {
            // Nothing was changed, or only room around the text.
            let is_original = self
                .licences
                .iter()
                .any(|original| original == signed.as_bytes());
            self.count.unsigned_accepted += u64::from(!is_original);
        }
    }

    fn list(&mut self) {
        let mut bytes = self.rng.pick(&self.lists).clone();
        let other = self.rng.pick(&self.lists).clone();
        mutate(&mut self.rng, &mut bytes, &other);
        self.count.unsigned += 1;
        let accepted = RevocationList::verify(&bytes, &self.keys).is_ok();
        self.count.unsigned_accepted += u64::from(accepted && !self.lists.contains(&bytes));
    }

    fn signed_licence(&mut self) {
        let base = self.rng.pick(&self.licences).clone();
        let other = self.rng.pick(&self.licences).clone();
        let payload = mutate_payload(&mut self.rng, payload_of(&base), payload_of(&other));
        let bytes = frame(b"VLIC", LICENCE_CONTEXT, &self.key, &payload);
        self.count.signed += 1;
        let Ok(signed) = self.check(&bytes) else {
            return;
        };
        self.count.signed_accepted += 1;
        assert_eq!(policy::check(signed.licence()), Ok(()));
        assert_eq!(signed.as_bytes(), bytes);
        let again = self.sign(signed.licence());
        assert_eq!(
            payload_of(&again),
            without_optional(&payload),
            "one licence, one spelling"
        );
        assert_eq!(self.check(&again).unwrap().licence(), signed.licence());
    }

    fn signed_list(&mut self) {
        let base = self.rng.pick(&self.lists).clone();
        let other = self.rng.pick(&self.lists).clone();
        let payload = mutate_payload(&mut self.rng, payload_of(&base), payload_of(&other));
        let bytes = frame(b"VREV", REVOCATION_CONTEXT, &self.key, &payload);
        self.count.signed += 1;
        let Ok(list) = RevocationList::verify(&bytes, &self.keys) else {
            return;
        };
        self.count.signed_accepted += 1;
        let again = list
            .seal(self.key.id(), |message| self.key.sign(message))
            .unwrap();
        assert_eq!(payload_of(&again), without_optional(&payload));
    }

    fn request(&mut self) {
        let components = licence().fingerprint.components;
        let request = Request {
            sdk_major: 1,
            platform: vultus_licensing::platform::Platform::LinuxArmv7,
            created_at: ISSUED_AT,
            nonce: licence().nonce,
            components,
        };
        let mut bytes = request.to_bytes().unwrap();
        if self.rng.below(2) == 0 {
            bytes = request.to_text().unwrap().into_bytes();
            mutate(&mut self.rng, &mut bytes, b"-----");
        } else {
            // Behind the checksum's back.
            bytes.truncate(bytes.len() - 4);
            mutate(&mut self.rng, &mut bytes, &self.licences[0]);
            let sum = ring::digest::digest(&ring::digest::SHA256, &bytes);
            bytes.extend(&sum.as_ref()[..4]);
        }
        self.count.requests += 1;
        if let Ok(read) = Request::parse(&bytes) {
            self.count.requests_accepted += 1;
            let written = read.to_bytes().unwrap();
            assert!(
                written == bytes || read == request,
                "one request, one spelling"
            );
        }
    }

    fn state(&mut self) {
        let copies = snapshot(&self.folder);
        for name in states(&self.folder) {
            let mut bytes = copies[&name].clone();
            while bytes == copies[&name] {
                mutate(&mut self.rng, &mut bytes, &self.licences[0]);
            }
            self.folder.set(&name, Some(bytes));
        }
        self.count.states += 1;
        let accepted = device(&self.folder, &self.clock).activate().is_ok();
        self.count.states_accepted += u64::from(accepted);
        for (name, bytes) in copies {
            self.folder.set(&name, Some(bytes));
        }
    }

    fn table(&mut self) {
        let hex: String = self
            .key
            .public()
            .iter()
            .map(|byte| format!("{byte:02x}"))
            .collect();
        let line = format!(
            "# keys\nkey {hex} from 2026-01-31T00:00:00Z until 2030-01-31T00:00:00Z roles licence,revocation\n"
        );
        let mut bytes = line.into_bytes();
        mutate(
            &mut self.rng,
            &mut bytes,
            b"key 00 from 99999-01-01T00:00:00Z until",
        );
        self.count.tables += 1;
        if let Ok(keys) = parse_key_table(&String::from_utf8_lossy(&bytes)) {
            assert!(keys.len() <= 1);
            assert!(keys.iter().all(|key| key.issue_from < key.issue_until));
            assert!(keys.iter().all(|key| key.licences || key.revocations));
        }
    }

    fn play(mut self, mutants: u64) -> Count {
        for _ in 0..mutants {
            match self.rng.below(100) {
                0..45 => self.licence(),
                45..55 => self.list(),
                55..78 => self.signed_licence(),
                78..83 => self.signed_list(),
                83..94 => self.request(),
                94..96 => self.state(),
                _ => self.table(),
            }
        }
        self.count
    }
}

/// Plays in rounds, each with seeds of its own, on so many threads.
fn play(rounds: u64, mutants: u64, threads: u64) {
    for round in 0..rounds {
        let workers: Vec<_> = (0..threads)
            .map(|thread| {
                let fuzz = Fuzz::new(round * threads + thread);
                std::thread::spawn(move || fuzz.play(mutants / threads))
            })
            .collect();
        for worker in workers {
            let count = worker.join().unwrap(); // a panic anywhere in the crate ends here
            println!("{count:?}");
            assert_eq!((count.unsigned_accepted, count.states_accepted), (0, 0));
            assert!(
                count.signed_accepted > 0 && count.requests_accepted > 0,
                "deep enough"
            );
        }
        println!("{} mutants, 0 panics", (round + 1) * mutants);
    }
}

#[test]
fn fifty_thousand_mutants() {
    play(1, 50_000, 2);
}

#[test]
#[ignore = "minutes; run it with --release -- --ignored --nocapture"]
fn ten_million_mutants() {
    play(20, 500_000, 2);
}
