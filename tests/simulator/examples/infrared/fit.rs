//! Thresholds at which few living people are refused.

use super::dump::{SEEN, TRAIN};
use super::parallel::parallel;
use std::error::Error;
use std::path::Path;
use vultus::internals::model::PackNetwork;
use vultus::internals::stages::liveness::{Judge, Scratch};
use vultus::liveness::infrared::{InfraredFrames, InfraredLiveness, InfraredRules};
use vultus_simulator::{Conditions, Rng, Species, Wear};
use vultus_testkit::simulated::distance_mm;
use vultus_testkit::simulated::infrared::{NirShot, ambient};

/// First and last seed.
const TUNE: [u64; 2] = [12_000_000, 12_999_999];

const LIVE: u64 = 600;

/// Share of living people that a threshold may refuse on the tuning set.
const REFUSED: f64 = 0.01;

/// The limits of light, which are not fitted, are kept as they are in the file.
pub(crate) fn fit(network: &PackNetwork, file: &Path) -> Result<(), Box<dyn Error>> {
    let mut text = std::fs::read_to_string(file)?;
    text = with(&text, "network", &format!("\"{}\"", network.spec().sha256))?;
    text = with(
        &text,
        "simulator",
        &format!("\"vultus-simulator {}\"", env!("CARGO_PKG_VERSION")),
    )?;
    let names: Vec<String> = SEEN
        .iter()
        .map(|(s, _)| format!("\"{}\"", s.name()))
        .collect();
    text = with(&text, "species", &format!("[{}]", names.join(", ")))?;
    text = with(&text, "train_seeds", &format!("{TRAIN:?}"))?;
    text = with(&text, "tune_seeds", &format!("{TUNE:?}"))?;
    let judge = InfraredLiveness::new((), [network])?.with_rules(InfraredRules::parse(&text)?)?;
    let scores = parallel(LIVE, |i| scores(&judge, TUNE[0] + i));
    for (key, which) in [("pair", 0), ("lit_alone", 1)] {
        let mut known: Vec<f32> = scores.iter().filter_map(|s| s[which]).collect();
        known.sort_by(f32::total_cmp);
        let at = (known.len() as f64 * REFUSED) as usize;
        // Three decimals, and no threshold so low that it asks nothing.
        let threshold = (f64::from(known[at]) * 1e3).floor().clamp(100.0, 990.0) / 1e3;
        println!("{key}: {threshold}, {} people", known.len());
        text = with(&text, key, &format!("{threshold:?}"))?;
    }
    InfraredRules::parse(&text)?;
    Ok(std::fs::write(file, text)?)
}

/// With the frame of the room's light and without.
fn scores(judge: &InfraredLiveness, seed: u64) -> [Option<f32>; 2] {
    let mut conditions = Conditions::draw(distance_mm(seed), seed);
    conditions.wear = Wear {
        mask: Rng::new(seed, "mask").chance(0.12),
        ..conditions.wear
    };
    let shot = NirShot::under(Species::Live, &conditions, ambient(seed), seed);
    let mut scratch = Scratch::default();
    let mut score = |frames: &InfraredFrames<'_>| {
        let assessed = judge.assess(&mut scratch, (&shot.colour(), frames), &shot.face);
        assessed.expect("frames of one moment").score
    };
    [score(&shot.pair()), score(&shot.lit_alone())]
}

/// The file with another value of a key, which it has once.
fn with(text: &str, key: &str, value: &str) -> Result<String, String> {
    let start = format!("{key} = ");
    let mut found = 0;
    let lines: Vec<String> = text
        .lines()
        .map(|line| {
            if line.starts_with(&start) {
                found += 1;
                format!("{start}{value}")
            } else {
                line.to_owned()
            }
        })
        .collect();
    if found == 1 {
        Ok(lines.join("\n") + "\n")
    } else {
        Err(format!("{key} is there {found} times"))
    }
}
