//! Random work at the desk against a model that keeps the rules in a few maps.

use crate::common::{ALL_KINDS, DAY, Desk, INFRARED, MONOCULAR, START, ask, request};
use proptest::prelude::*;
use std::collections::{BTreeMap, BTreeSet};
use vultus_issuer::error::IssuerError;
use vultus_issuer::issuer::{IssuedLicence, Issuer};
use vultus_licensing::licence::{LicenceId, LivenessKinds, OrderId, Tier};
use vultus_licensing::policy::TRIAL_SECONDS;
use vultus_licensing::time::UnixSeconds;

#[derive(Clone, Debug)]
enum Work {
    Order {
        customer: u8,
        tier: usize,
        quantity: u32,
    },
    Trial {
        customer: u8,
        tier: usize,
    },
    Issue {
        source: usize,
        kinds: usize,
        first: u32,
        count: u32,
    },
    Revoke {
        licence: usize,
    },
    Wait {
        days: u64,
    },
    Reopen,
}

fn work() -> impl Strategy<Value = Work> {
    let order = (0..3u8, 0..3usize, 48..53u32);
    let trial = (0..3u8, 0..3usize);
    let issue = (
        any::<usize>(),
        0..4usize,
        0..60u32,
        prop_oneof![4 => 1..3u32, 1 => 40..60u32],
    );
    prop_oneof![
        2 => order.prop_map(|(customer, tier, quantity)| Work::Order { customer, tier, quantity }),
        2 => trial.prop_map(|(customer, tier)| Work::Trial { customer, tier }),
        8 => issue.prop_map(|(source, kinds, first, count)| Work::Issue { source, kinds, first, count }),
        1 => any::<usize>().prop_map(|licence| Work::Revoke { licence }),
        1 => (0..40u64).prop_map(|days| Work::Wait { days }),
        1 => Just(Work::Reopen),
    ]
}

const KINDS: [LivenessKinds; 4] = [LivenessKinds::NONE, INFRARED, MONOCULAR, ALL_KINDS];

struct Held {
    id: LicenceId,
    customer: u8,
    tier: usize,
    kinds: usize,
    device: u32,
    source: usize,
    trial: bool,
    revoked: bool,
    bytes: Vec<u8>,
}

struct Source {
    id: OrderId,
    customer: u8,
    tier: usize,
    /// Seats, or the trial's end.
    seats: Result<u32, UnixSeconds>,
    used: u32,
}

#[derive(Default)]
struct Model {
    sources: Vec<Source>,
    trials: BTreeSet<(u8, usize)>,
    held: Vec<Held>,
    nonces: BTreeMap<u32, ()>,
}

impl Model {
    /// What the rules say: an earlier licence, a new one, or the name of a refusal.
    fn judge(
        &self,
        now: UnixSeconds,
        source: usize,
        kinds: usize,
        device: u32,
    ) -> Result<Option<usize>, &'static str> {
        let from = &self.sources[source];
        if from.seats.is_err_and(|end| now >= end) {
            return Err("LedgerTrialOver");
        }
        let count = KINDS[kinds].count();
        let fits = [count == 0, count == 1, count >= 1][from.tier];
        if !fits {
            return Err("LivenessKinds");
        }
        let of_device = || {
            self.held
                .iter()
                .enumerate()
                .filter(|(_, h)| h.device == device)
        };
        match from.seats {
            Ok(seats) => {
                let valid = |h: &Held| !h.trial && !h.revoked && h.customer == from.customer;
                let mut mine = of_device().filter(|(_, h)| valid(h));
                if let Some((i, _)) = mine
                    .clone()
                    .find(|(_, h)| h.tier == from.tier && h.kinds == kinds)
                {
                    return Ok(Some(i));
                }
                let carries = |h: &Held| KINDS[kinds].bits() & !KINDS[h.kinds].bits() == 0;
                if mine.any(|(_, h)| h.tier >= from.tier && carries(h)) {
                    return Err("LedgerAlreadyCovered");
                }
                if from.used == seats {
                    Err("LedgerNoSeats")
                } else {
                    Ok(None)
                }
            }
            Err(_) => {
                let had = of_device().find(|(_, h)| h.trial && h.tier == from.tier);
                match had {
                    Some((i, h)) if h.source == source && h.kinds == kinds => {
                        if h.revoked {
                            Err("LedgerTrialRevoked")
                        } else {
                            Ok(Some(i))
                        }
                    }
                    Some(_) => Err("LedgerDeviceTrialled"),
                    None if from.used == 3 => Err("LedgerTrialLimit"),
                    None => Ok(None),
                }
            }
        }
    }
}

fn issue(
    model: &mut Model,
    issuer: &mut Issuer<'_>,
    now: UnixSeconds,
    source: usize,
    kinds: usize,
    device: u32,
) {
    let expected = model.judge(now, source, kinds, device);
    let from = &mut model.sources[source];
    let result: Result<IssuedLicence, IssuerError> =
        issuer.issue(&ask(from.id, KINDS[kinds], request(device)));
    match (expected, result) {
        (Err(name), Err(error)) => assert_eq!(error.name(), name),
        (Ok(Some(i)), Ok(handed)) => {
            assert!(handed.reissued);
            assert_eq!(handed.bytes, model.held[i].bytes);
        }
        (Ok(None), Ok(handed)) => {
            assert!(!handed.reissued);
            from.used += 1;
            model.held.push(Held {
                id: handed.licence_id,
                customer: from.customer,
                tier: from.tier,
                kinds,
                device,
                source,
                trial: from.seats.is_err(),
                revoked: false,
                bytes: handed.bytes,
            });
        }
        (expected, result) => {
            let got = result.map(|h| h.reissued).map_err(|e| e.name());
            panic!("expected {expected:?}, got {got:?}")
        }
    }
    model.nonces.insert(device, ());
}

fn sell(model: &mut Model, desk: &Desk, issuer: &mut Issuer<'_>, work: &Work) {
    match *work {
        Work::Order {
            customer,
            tier,
            quantity,
        } => {
            let code = format!("c{customer}");
            let result = crate::common::order(issuer, &code, Tier::ALL[tier], quantity);
            match result {
                Ok(order) => {
                    assert!(quantity >= 50);
                    let (id, seats) = (order.id, Ok(quantity));
                    model.sources.push(Source {
                        id,
                        customer,
                        tier,
                        seats,
                        used: 0,
                    });
                }
                Err(error) => {
                    assert_eq!((error.name(), quantity < 50), ("LedgerMinimum", true));
                }
            }
        }
        Work::Trial { customer, tier } => {
            let code = vultus_issuer::customer::Customer::new(&format!("c{customer}")).unwrap();
            let fresh = model.trials.insert((customer, tier));
            match issuer.trial(&code, Tier::ALL[tier], crate::common::scope()) {
                Ok(grant) => {
                    assert!(fresh);
                    let end = desk.clock.0.get().plus(TRIAL_SECONDS);
                    let (id, seats) = (grant.id, Err(end));
                    model.sources.push(Source {
                        id,
                        customer,
                        tier,
                        seats,
                        used: 0,
                    });
                }
                Err(error) => assert_eq!((error.name(), fresh), ("LedgerTrialUsed", false)),
            }
        }
        _ => unreachable!("sells nothing"),
    }
}

/// The balances of a ledger that is read from its first record are the model's.
fn compare(model: &Model, desk: &Desk) {
    let issuer = desk.issuer();
    let book = issuer.ledger().book();
    let of = |trial: bool| {
        let mine = model
            .sources
            .iter()
            .filter(move |s| s.seats.is_err() == trial);
        mine.map(|s| (s.id, s.used)).collect::<Vec<_>>()
    };
    let orders: Vec<_> = book.orders().iter().map(|a| (a.order.id, a.used)).collect();
    let trials: Vec<_> = book
        .grants()
        .iter()
        .map(|a| (a.grant.id, a.devices))
        .collect();
    assert_eq!((orders, trials), (of(false), of(true)));
    let held: Vec<_> = model.held.iter().map(|h| (h.id, h.revoked)).collect();
    let issued: Vec<_> = book
        .issued()
        .iter()
        .map(|i| (i.licence_id, i.revoked))
        .collect();
    assert_eq!(issued, held);
    assert!(book.orders().iter().all(|a| a.used <= a.order.quantity));
    assert!(book.grants().iter().all(|a| a.devices <= 3));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_desk_does_what_the_model_says(day in proptest::collection::vec(work(), 1..80)) {
        let desk = Desk::new();
        let mut model = Model::default();
        let mut issuer = desk.issuer();
        for work in &day {
            match *work {
                Work::Order { .. } | Work::Trial { .. } => {
                    sell(&mut model, &desk, &mut issuer, work);
                }
                Work::Issue { source, kinds, first, count } if !model.sources.is_empty() => {
                    let source = source % model.sources.len();
                    let now = desk.clock.0.get();
                    for device in first..first + count {
                        issue(&mut model, &mut issuer, now, source, kinds, device);
                    }
                }
                Work::Revoke { licence } if !model.held.is_empty() => {
                    let place = licence % model.held.len();
                    let held = &mut model.held[place];
                    let result = issuer.revoke(held.id, "property");
                    assert_eq!(result.is_ok(), !held.revoked);
                    held.revoked = true;
                }
                Work::Wait { days } => desk.clock.forward(days * DAY),
                Work::Reopen => issuer = desk.issuer(),
                _ => {}
            }
            prop_assert!(desk.clock.0.get() >= START);
        }
        compare(&model, &desk);
    }

    #[test]
    fn bodies_of_noise_never_panic(kind in any::<u8>(), body in proptest::collection::vec(any::<u8>(), 0..600)) {
        use vultus_issuer::entry::Entry;
        if let Ok(entry) = Entry::decode(kind % 8, &body) {
            prop_assert_eq!(entry.encode().unwrap(), body);
        }
    }

    #[test]
    fn key_files_of_noise_never_panic(mut bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
        use vultus_issuer::keyfile::KeyFile;
        if bytes.len() > 8 {
            bytes[..8].copy_from_slice(b"VKEY\x01\x00\x01\x01");
        }
        prop_assert!(KeyFile::parse(&bytes).is_err() || bytes.len() == vultus_issuer::keyfile::FILE_BYTES);
    }
}
