//! Training: a logistic model of the measures, and thresholds at which few living people are refused.

use super::parallel::parallel;
use std::error::Error;
use std::fmt::Write as _;
use vultus::internals::stages::liveness::depth::{Geometry, MEASURES};
use vultus::liveness::depth::{DepthMeasures, DepthRules, SensorClass, Subjects};
use vultus_simulator::Species;
use vultus_testkit::simulated::depth::{Shot, geometry};
use vultus_testkit::simulated::distance_mm;

/// First and last seed of each part. Test seeds begin at 3,000,000.
const TRAIN: [u64; 2] = [1_000_000, 1_999_999];
const TUNE: [u64; 2] = [2_000_000, 2_999_999];

/// Attacks that the model sees. Masks, cloth and telephones are held out.
const SEEN: [Species; 8] = [
    Species::Flat,
    Species::CurvedUpright,
    Species::CurvedAcross,
    Species::Folded,
    Species::Crumpled,
    Species::BentCrumpled,
    Species::Tablet,
    Species::Monitor,
];

const LIVE: u64 = 900;
const ATTACKS: u64 = 150;

/// Living people of a class and a policy that a threshold is chosen by: a share of few needs many.
const TUNED_BY: u64 = 2400;

/// Share of them that it may refuse. Not more, because borders and stage B refuse some, too.
const REFUSED: f64 = 0.003;

/// Weight decay: keeps a separable set from infinite weights.
const DECAY: f64 = 1e-3;

type Row = ([f32; MEASURES], bool);

fn measures(species: Species, class: SensorClass, seed: u64) -> Option<DepthMeasures> {
    let shot = Shot::draw(species, class, distance_mm(seed), seed);
    shot.assess(&geometry(class)).measures
}

fn draw(species: Species, count: u64, from: u64) -> Vec<Option<DepthMeasures>> {
    parallel(count, |i| {
        measures(species, SensorClass::ALL[(i % 3) as usize], from + i)
    })
}

/// The file.
pub(crate) fn fit() -> Result<String, Box<dyn Error>> {
    let (mut adults, mut both) = (Vec::new(), Vec::new());
    let mut from = TRAIN[0];
    let rows = |drawn: Vec<Option<DepthMeasures>>, live| -> Vec<Row> {
        drawn
            .into_iter()
            .flatten()
            .map(|m| (m.inputs(), live))
            .collect()
    };
    for species in SEEN {
        let attacks = rows(draw(species, ATTACKS, from), false);
        println!("{}: {} measured", species.name(), attacks.len());
        adults.extend_from_slice(&attacks);
        both.extend(attacks);
        from += 10_000;
    }
    let live = rows(draw(Species::Live, LIVE, from), true);
    let children = rows(draw(Species::Child, LIVE, from + 10_000), true);
    println!("live: {}, children: {}", live.len(), children.len());
    adults.extend_from_slice(&live);
    both.extend(live.iter().chain(&children));
    let models = [Model::fit(&adults), Model::fit(&both)];
    write_file(&models)
}

/// A logistic model of standardised inputs.
struct Model {
    mean: [f64; MEASURES],
    deviation: [f64; MEASURES],
    weights: [f64; MEASURES],
    bias: f64,
}

impl Model {
    /// Gradient descent with momentum over the whole set, both sides of equal weight.
    fn fit(rows: &[Row]) -> Self {
        let n = rows.len() as f64;
        let mut mean = [0.0; MEASURES];
        let mut deviation = [0.0; MEASURES];
        for i in 0..MEASURES {
            let values = || rows.iter().map(|(inputs, _)| f64::from(inputs[i]));
            mean[i] = values().sum::<f64>() / n;
            let square = values().map(|v| (v - mean[i]).powi(2)).sum::<f64>() / n;
            deviation[i] = square.sqrt();
        }
        let scaled: Vec<([f64; MEASURES], f64)> = rows
            .iter()
            .map(|(inputs, live)| {
                let scaled =
                    std::array::from_fn(|i| (f64::from(inputs[i]) - mean[i]) / deviation[i]);
                (scaled, f64::from(u8::from(*live)))
            })
            .collect();
        let live = scaled.iter().map(|(_, y)| y).sum::<f64>();
        let (mut weights, mut bias) = ([0.0; MEASURES], 0.0);
        let mut speed = [0.0; MEASURES + 1];
        for _ in 0..4000 {
            let mut gradient = [0.0; MEASURES + 1];
            for (inputs, y) in &scaled {
                let sum: f64 = bias + (0..MEASURES).map(|i| weights[i] * inputs[i]).sum::<f64>();
                let p = 1.0 / (1.0 + (-sum).exp());
                let share = if *y > 0.5 {
                    0.5 / live
                } else {
                    0.5 / (n - live)
                };
                let error = (p - y) * share;
                for i in 0..MEASURES {
                    gradient[i] += error * inputs[i];
                }
                gradient[MEASURES] += error;
            }
            for i in 0..=MEASURES {
                let decay = if i < MEASURES {
                    DECAY * weights[i]
                } else {
                    0.0
                };
                speed[i] = 0.9 * speed[i] - 0.5 * (gradient[i] + decay);
            }
            for i in 0..MEASURES {
                weights[i] += speed[i];
            }
            bias += speed[MEASURES];
        }
        Self {
            mean,
            deviation,
            weights,
            bias,
        }
    }

    fn lines(&self) -> String {
        let list = |values: &[f64]| {
            let words: Vec<String> = values.iter().map(|v| format!("{v:.4}")).collect();
            format!("[{}]", words.join(", "))
        };
        format!(
            "mean = {}\ndeviation = {}\nweights = {}\nbias = {:.4}\n",
            list(&self.mean),
            list(&self.deviation),
            list(&self.weights),
            self.bias
        )
    }
}

/// Thresholds of a class: the score that all but a few living people of the tuning set reach.
fn threshold(rules: &DepthRules, class: SensorClass, subjects: Subjects, from: u64) -> f64 {
    let geometry = Geometry::new(rules.clone(), class, subjects);
    let species = match subjects {
        Subjects::Adults => Species::Live,
        Subjects::AdultsAndChildren => Species::Child,
    };
    let mut scores: Vec<f32> = parallel(TUNED_BY, |i| measures(species, class, from + i))
        .into_iter()
        .flatten()
        .filter_map(|m| geometry.judge(m).score)
        .collect();
    scores.sort_by(f32::total_cmp);
    let at = (scores.len() as f64 * REFUSED) as usize;
    // Four decimals, and no threshold so low that it asks nothing.
    let score = f64::from(scores[at]).clamp(0.02, 0.9);
    (score * 1e4).floor() / 1e4
}

fn write_file(models: &[Model; 2]) -> Result<String, Box<dyn Error>> {
    let draft = text(models, &[[0.5; 2]; 3])?;
    let rules = DepthRules::parse(&draft)?;
    let mut thresholds = [[0.5; 2]; 3];
    for (i, class) in SensorClass::ALL.into_iter().enumerate() {
        for (k, subjects) in [Subjects::Adults, Subjects::AdultsAndChildren]
            .into_iter()
            .enumerate()
        {
            let from = TUNE[0] + (i * 2 + k) as u64 * 10_000;
            thresholds[i][k] = threshold(&rules, class, subjects, from);
        }
    }
    text(models, &thresholds)
}

fn text(models: &[Model; 2], thresholds: &[[f64; 2]; 3]) -> Result<String, Box<dyn Error>> {
    let mut out = String::from(
        "# Rules of depth liveness, stage A. Written by\n\
         #     cargo run --release -p vultus-simulator --example depth -- fit models/liveness/depth.toml\n\
         # Borders of eyes and nose are anthropometry (docs/liveness.md); the rest is fitted to SIMULATED pictures.\n\n",
    );
    let species: Vec<String> = SEEN.iter().map(|s| format!("\"{}\"", s.name())).collect();
    writeln!(out, "format = 1\n\n[provenance]\nsimulated = true")?;
    writeln!(
        out,
        "simulator = \"vultus-simulator {}\"",
        env!("CARGO_PKG_VERSION")
    )?;
    writeln!(out, "train_seeds = [{}, {}]", TRAIN[0], TRAIN[1])?;
    writeln!(out, "tune_seeds = [{}, {}]", TUNE[0], TUNE[1])?;
    writeln!(
        out,
        "species = [\"live\", \"child\", {}]",
        species.join(", ")
    )?;
    writeln!(
        out,
        "\n[face]\nleast_eye_distance_px = 32.0\nleast_valid = 0.6"
    )?;
    let people = [
        ("adults", "[52.0, 80.0]", "[18.0, 50.0]"),
        ("children", "[44.0, 80.0]", "[12.0, 50.0]"),
    ];
    for ((name, eyes, nose), model) in people.into_iter().zip(models) {
        writeln!(
            out,
            "\n# Inputs: nose, prominence, plane, quadric, skew (all mm), share measured."
        )?;
        write!(
            out,
            "[{name}]\neye_distance_mm = {eyes}\nnose_mm = {nose}\n{}",
            model.lines()
        )?;
    }
    for (name, [adults, children]) in ["a", "b", "c"].into_iter().zip(thresholds) {
        let line = "distance_mm = [300.0, 700.0]";
        writeln!(
            out,
            "\n[class.{name}]\n{line}\nadults = {adults:.4}\nchildren = {children:.4}"
        )?;
    }
    Ok(out)
}
