//! The test: people and artefacts that neither weights nor thresholds have seen.

use super::classifier;
use super::parallel::parallel;
use super::tally::{Tally, upper95};
use std::error::Error;
use vultus::internals::model::PackNetwork;
use vultus::internals::stages::liveness::Judge;
use vultus::liveness::Liveness;
use vultus::liveness::depth::{DepthLiveness, DepthRules, SensorClass, Subjects};
use vultus_simulator::{Rng, Species, Wear};
use vultus_testkit::simulated::depth::{SHEETS_AND_SCREENS, Shot, wearing};
use vultus_testkit::simulated::distance_mm;

/// First seed of the test.
const TEST: u64 = 51_000_000;

/// Worn on a face or in its place: with a nose of their own or of their wearer's.
const MASKS: [Species; 4] = [
    Species::CutEyes,
    Species::CutEyesNose,
    Species::Fabric,
    Species::RigidMask,
];

/// The rules, and the network where the pack has one.
pub(crate) struct Judges {
    rules: DepthRules,
    network: Option<PackNetwork>,
}

impl Judges {
    /// Of a pack and a file of rules.
    pub(crate) fn of(models: &str, rules: &str) -> Result<Self, Box<dyn Error>> {
        let network = classifier::network(models);
        if let Err(error) = &network {
            println!("stage A alone: {error}");
        }
        Ok(Self {
            rules: DepthRules::parse(&std::fs::read_to_string(rules)?)?,
            network: network.ok(),
        })
    }

    /// What stage A says, and what both say.
    pub(crate) fn verdicts(
        &self,
        shot: &Shot,
        class: SensorClass,
        subjects: Subjects,
    ) -> [Liveness; 2] {
        let verdict = |network: Option<&PackNetwork>| {
            let judge = DepthLiveness::new(class, network).expect("a network of this role");
            let judge = judge.with_rules(self.rules.clone());
            let judge = judge.expect("rules of this network");
            shot.assess(&judge.with_subjects(subjects)).verdict
        };
        [verdict(None), verdict(self.network.as_ref())]
    }
}

fn tallies<const N: usize>(drawn: &[[Liveness; N]]) -> [Tally; N] {
    std::array::from_fn(|which| Tally::of(drawn.iter().map(|v| v[which])))
}

pub(crate) fn rate(hits: u64, total: u64) -> String {
    let percent = hits as f64 / total.max(1) as f64 * 100.0;
    format!(
        "{hits}: {percent:.2} % (to {:.2} %)",
        upper95(hits, total) * 100.0
    )
}

/// Attacks: every presentation is another person and another artefact.
fn attacks(judges: &Judges, count: u64) {
    println!(
        "| species | adults, A and B: stage A | both stages | adults, C: of {} A | both | children allowed, A and B: A | both | inconclusive |",
        count / 3
    );
    println!("|---|---|---|---|---|---|---|---|");
    let attacks = SHEETS_AND_SCREENS.into_iter().chain(MASKS);
    for (i, species) in attacks.enumerate() {
        let from = TEST + i as u64 * 10_000;
        let judged = |classes: &'static [SensorClass], count: u64, from: u64| {
            let drawn = parallel(count, |k| {
                let class = classes[k as usize % classes.len()];
                let shot = Shot::draw(species, class, distance_mm(from + k), from + k);
                let [a, b] = judges.verdicts(&shot, class, Subjects::Adults);
                let [c, d] = judges.verdicts(&shot, class, Subjects::AdultsAndChildren);
                [a, b, c, d]
            });
            tallies(&drawn)
        };
        let [first, both, all_first, all_both] =
            judged(&[SensorClass::A, SensorClass::B], count, from);
        let [weak_first, weak, _, _] = judged(&[SensorClass::C], count / 3, from + 5_000);
        println!(
            "| {} | {} | {} | {} | {} | {} | {} | {} |",
            species.name(),
            rate(first.live, count),
            rate(both.live, count),
            weak_first.live,
            weak.live,
            rate(all_first.live, count),
            rate(all_both.live, count),
            both.inconclusive,
        );
    }
}

/// Living people by class, distance and what they wear.
fn living(judges: &Judges, count: u64) {
    println!(
        "| who | class | distance mm | n | stage A refuses | both refuse, BPCER (to 95 %) | inconclusive | why |"
    );
    println!("|---|---|---|---|---|---|---|---|");
    let bands = [
        (300.0, 400.0),
        (400.0, 500.0),
        (500.0, 600.0),
        (600.0, 700.0),
    ];
    let plain = Wear::default();
    let glasses = Wear {
        glasses: true,
        mask: false,
    };
    let mask = Wear {
        glasses: false,
        mask: true,
    };
    let kinds = [
        ("adult", Species::Live, plain, Subjects::Adults),
        ("adult, glasses", Species::Live, glasses, Subjects::Adults),
        ("adult, mask", Species::Live, mask, Subjects::Adults),
        (
            "child, policy adults",
            Species::Child,
            plain,
            Subjects::Adults,
        ),
        (
            "child, policy children",
            Species::Child,
            plain,
            Subjects::AdultsAndChildren,
        ),
    ];
    let mut from = TEST + 500_000;
    for (i, (name, species, wear, subjects)) in kinds.into_iter().enumerate() {
        for class in SensorClass::ALL {
            for (near, far) in bands {
                if i > 0 && near > 300.0 {
                    continue;
                }
                // Every band for people with nothing on, and all of them together for a third as many others.
                let (near, far, count) = if i > 0 {
                    (310.0, 680.0, count / 3)
                } else {
                    (near, far, count)
                };
                let drawn = parallel(count, |k| {
                    let seed = from + k;
                    let distance = Rng::new(seed, "band")
                        .uniform(near, far)
                        .clamp(310.0, 680.0);
                    let shot = Shot::under(species, class, &wearing(distance, seed, wear), seed);
                    judges.verdicts(&shot, class, subjects)
                });
                let [first, both] = tallies(&drawn);
                println!(
                    "| {name} | {class:?} | {near:.0}–{far:.0} | {count} | {} | {} | {} | {} |",
                    first.spoof,
                    rate(both.spoof, count),
                    both.inconclusive,
                    both.why(),
                );
                from += 10_000;
            }
        }
    }
}

/// Prints every table.
pub(crate) fn evaluate(judges: &Judges, count: u64) -> Result<(), Box<dyn Error>> {
    println!("SIMULATED, single frames, {count} of each; test seeds from {TEST}\n");
    attacks(judges, count);
    println!();
    living(judges, count);
    Ok(())
}
