//! The test: people and artefacts that neither weights nor thresholds have seen.

use super::parallel::parallel;
use super::simulated::{SHEETS_AND_SCREENS, Shot, distance_mm, wearing};
use super::tally::{Tally, upper95};
use std::error::Error;
use vultus::liveness::depth::{DepthAssessment, DepthLiveness, SensorClass, Subjects};
use vultus_simulator::{Rng, Species, Wear};

/// First seed of the test.
const TEST: u64 = 3_000_000;

/// Worn on a face or in its place: with a nose of their own or of their wearer's.
const MASKS: [Species; 4] = [
    Species::CutEyes,
    Species::CutEyesNose,
    Species::Fabric,
    Species::RigidMask,
];

fn assess(shot: &Shot, class: SensorClass, subjects: Subjects) -> DepthAssessment {
    shot.assess(DepthLiveness::new(class).with_subjects(subjects))
}

/// Attacks: every presentation is another person and another artefact.
fn attacks(count: u64, subjects: Subjects) {
    println!(
        "species | class A, B: n, accepted, APCER, upper 95 % | class C: n, accepted | inconclusive | why"
    );
    let attacks = SHEETS_AND_SCREENS.into_iter().chain(MASKS);
    for (i, species) in attacks.enumerate() {
        let from = TEST + i as u64 * 10_000;
        let judged = |classes: &'static [SensorClass], count: u64, from: u64| {
            Tally::of(parallel(count, |k| {
                let class = classes[k as usize % classes.len()];
                let shot = Shot::draw(species, class, distance_mm(from + k), from + k);
                assess(&shot, class, subjects).verdict
            }))
        };
        let good = judged(&[SensorClass::A, SensorClass::B], count, from);
        let weak = judged(&[SensorClass::C], count / 2, from + 5_000);
        println!(
            "{} | {}, {}, {:.2} %, {:.2} % | {}, {} | {} | {}",
            species.name(),
            good.total(),
            good.live,
            good.live as f64 / good.total() as f64 * 100.0,
            upper95(good.live, good.total()) * 100.0,
            weak.total(),
            weak.live,
            good.inconclusive,
            good.why(),
        );
    }
}

/// Living people by class, distance and what they wear.
fn living(count: u64) {
    println!("who | class | distance | n | refused | BPCER | upper 95 % | inconclusive | why");
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
                // Every band for people with nothing on; for others all of them together.
                if i > 0 && near > 300.0 {
                    continue;
                }
                let (near, far) = if i > 0 { (310.0, 680.0) } else { (near, far) };
                let tally = Tally::of(parallel(count, |k| {
                    let seed = from + k;
                    let distance = Rng::new(seed, "band")
                        .uniform(near, far)
                        .clamp(310.0, 680.0);
                    let shot = Shot::under(species, class, &wearing(distance, seed, wear), seed);
                    assess(&shot, class, subjects).verdict
                }));
                println!(
                    "{name} | {class:?} | {near:.0}-{far:.0} | {} | {} | {:.2} % | {:.2} % | {} | {}",
                    tally.total(),
                    tally.spoof,
                    tally.spoof as f64 / tally.total() as f64 * 100.0,
                    upper95(tally.spoof, tally.total()) * 100.0,
                    tally.inconclusive,
                    tally.why(),
                );
                from += 10_000;
            }
        }
    }
}

/// Prints every table.
pub(crate) fn evaluate(count: u64) -> Result<(), Box<dyn Error>> {
    println!("SIMULATED, single frames; test seeds from {TEST}");
    println!("\nattacks, policy adults");
    attacks(count, Subjects::Adults);
    println!("\nattacks, policy children");
    attacks(count, Subjects::AdultsAndChildren);
    println!("\nliving people");
    living(count);
    Ok(())
}
