//! The test: people and artefacts that neither weights nor thresholds have seen.

use super::dump::SEEN;
use super::parallel::parallel;
use super::tally::{Tally, upper95};
use std::error::Error;
use vultus::internals::stages::liveness::{Judge, Scratch};
use vultus::liveness::Liveness;
use vultus::liveness::infrared::{InfraredFrames, InfraredLiveness};
use vultus_simulator::{Conditions, Rng, Species, Wear};
use vultus_testkit::simulated::distance_mm;
use vultus_testkit::simulated::infrared::{NirShot, ambient};

/// First seed of the test. It was chosen once, after network, rules and this file were frozen, and tables were drawn from it once:
/// a change in view of them needs another one.
const TEST: u64 = 31_000_000;

/// Shapes of paper that come with inks of four kinds: three that were trained on, and vinyl.
const SHAPES: [Species; 6] = [
    Species::Flat,
    Species::CurvedUpright,
    Species::CurvedAcross,
    Species::Folded,
    Species::Crumpled,
    Species::BentCrumpled,
];

/// Yaws of a reprint in degrees.
const YAWS: [f32; 9] = [-40.0, -30.0, -20.0, -10.0, 0.0, 10.0, 20.0, 30.0, 40.0];

fn verdicts(judge: &InfraredLiveness, shot: &NirShot) -> [Liveness; 2] {
    let mut scratch = Scratch::default();
    let mut verdict = |frames: &InfraredFrames<'_>| {
        let assessed = judge.assess(&mut scratch, (&shot.colour(), frames), &shot.face);
        assessed.expect("frames of one moment").verdict
    };
    [verdict(&shot.pair()), verdict(&shot.lit_alone())]
}

fn tallies(drawn: &[[Liveness; 2]]) -> [Tally; 2] {
    [0, 1].map(|which| Tally::of(drawn.iter().map(|v| v[which])))
}

fn rate(hits: u64, total: u64) -> String {
    let percent = hits as f64 / total.max(1) as f64 * 100.0;
    format!(
        "{hits}: {percent:.2} % (to {:.2} %)",
        upper95(hits, total) * 100.0
    )
}

/// Attacks: every presentation is another person and another artefact.
fn attacks(judge: &InfraredLiveness, count: u64) {
    println!(
        "| species | n | accepted with a pair, APCER (to 95 %) | inconclusive | lit alone: accepted | inconclusive |\n|---|---|---|---|---|---|"
    );
    let seen = SEEN.map(|(species, _)| species);
    for (i, species) in Species::ATTACKS.into_iter().enumerate() {
        let from = TEST + i as u64 * 10_000;
        let draw = |k| verdicts(judge, &NirShot::draw(species, from + k));
        let [pair, alone] = tallies(&parallel(count, draw));
        let known = seen.contains(&species) || SHAPES.contains(&species);
        println!(
            "| {}{} | {count} | {} | {} | {} | {} |",
            species.name(),
            if known { "" } else { " *" },
            rate(pair.live, count),
            pair.inconclusive,
            rate(alone.live, count),
            alone.inconclusive,
        );
    }
}

/// Living people by what they wear and by the room's light.
fn living(judge: &InfraredLiveness, count: u64) {
    let none = Wear::default();
    let glasses = Wear {
        glasses: true,
        mask: false,
    };
    let mask = Wear {
        glasses: false,
        mask: true,
    };
    let kinds = [
        ("adult", Species::Live, Some(none), [0.0, 0.25]),
        ("adult", Species::Live, Some(none), [0.25, 0.5]),
        ("adult", Species::Live, Some(none), [0.5, 1.0]),
        ("adult", Species::Live, Some(none), [1.0, 2.0]),
        ("adult, glasses", Species::Live, Some(glasses), [0.0, 0.5]),
        ("adult, mask", Species::Live, Some(mask), [0.0, 0.5]),
        ("child", Species::Child, None, [0.0, 0.5]),
    ];
    println!(
        "| who | room's light over the lamp's | n | refused with a pair, BPCER (to 95 %) | inconclusive | lit alone: refused | inconclusive |\n|---|---|---|---|---|---|---|"
    );
    for (i, (name, species, wear, [low, high])) in kinds.into_iter().enumerate() {
        let from = TEST + 500_000 + i as u64 * 10_000;
        let drawn = parallel(count, |k| {
            let seed = from + k;
            let drawn = Conditions::draw(distance_mm(seed), seed);
            let conditions = Conditions {
                wear: wear.unwrap_or(drawn.wear),
                ..drawn
            };
            let light = Rng::new(seed, "band").uniform(low, high);
            verdicts(judge, &NirShot::under(species, &conditions, light, seed))
        });
        let [pair, alone] = tallies(&drawn);
        println!(
            "| {name} | {low}–{high} | {count} | {} | {} | {} | {} |",
            rate(pair.spoof, count),
            pair.inconclusive,
            rate(alone.spoof, count),
            alone.inconclusive,
        );
    }
}

/// The reprint of an infrared picture, turned.
fn turned(judge: &InfraredLiveness, count: u64) {
    let each = count.div_ceil(YAWS.len() as u64);
    let (mut with_pair, mut lit_alone) = (0, 0);
    println!("| yaw of the reprint | n | accepted with a pair | lit alone |\n|---|---|---|---|");
    for (i, yaw) in YAWS.into_iter().enumerate() {
        let from = TEST + 700_000 + i as u64 * 10_000;
        let drawn = parallel(each, |k| {
            let seed = from + k;
            let drawn = Conditions::draw(distance_mm(seed), seed);
            let conditions = Conditions {
                pose: [yaw, 0.0, 0.0],
                ..drawn
            };
            let shot = NirShot::under(Species::NirReprint, &conditions, ambient(seed), seed);
            verdicts(judge, &shot)
        });
        let [pair, alone] = tallies(&drawn);
        println!("| {yaw} | {each} | {} | {} |", pair.live, alone.live);
        with_pair += pair.live;
        lit_alone += alone.live;
    }
    let all = each * YAWS.len() as u64;
    println!(
        "| all | {all} | {} | {} |",
        rate(with_pair, all),
        rate(lit_alone, all)
    );
}

/// Judges so many presentations and prints what became of them.
type Table = fn(&InfraredLiveness, u64);

/// Prints one table, or every one.
pub(crate) fn evaluate(
    judge: &InfraredLiveness,
    count: u64,
    part: Option<&str>,
) -> Result<(), Box<dyn Error>> {
    println!("SIMULATED, single moments; test seeds from {TEST}\n");
    let tables: [(&str, Table); 3] = [("living", living), ("attacks", attacks), ("turned", turned)];
    let chosen = |name: &str| part.is_none_or(|part| part == name);
    if !tables.iter().any(|(name, _)| chosen(name)) {
        return Err("the tables are living, attacks and turned".into());
    }
    for (_, table) in tables.iter().filter(|(name, _)| chosen(name)) {
        table(judge, count);
        println!();
    }
    Ok(())
}
