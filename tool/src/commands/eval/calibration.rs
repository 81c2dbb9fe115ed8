//! `vultus eval calibration`: does a score promise what it says, on people it has never seen?

use super::halves::{self, Halves, HalvesArgs};
use super::split::Split;
use crate::datasets::impostor_cosines;
use crate::failure::Result;
use crate::terminal::{Outcome, Output, json};
use serde_json::{Value, json};
use vultus::Score;

const FMRS: [f64; 4] = [1e-2, 1e-3, 1e-4, 1e-5];

/// One score measured on the people that did not make the curve.
struct ScoreCheck {
    score: Score,
    /// False matches that the score promises.
    expected: f64,
    /// False matches that were seen.
    observed: usize,
}

impl ScoreCheck {
    fn ratio(&self) -> f64 {
        self.observed as f64 / self.expected
    }
}

/// One half of the people calibrated, the other tested.
struct Trial {
    split: Split,
    curve_images: usize,
    test_images: usize,
    checks: Vec<ScoreCheck>,
}

pub(super) fn run(args: &HalvesArgs, output: &Output) -> Result<Outcome> {
    let (model_id, trials) = halves::each_split(args, "splitting", output, |halves| {
        Ok(Trial {
            split: halves.split,
            curve_images: halves.known.len(),
            test_images: halves.unknown.len(),
            checks: check(halves)?,
        })
    })?;
    output.result(&to_json(&model_id, &trials), || to_text(&trials));
    Ok(Outcome::Yes)
}

fn check(halves: &Halves<'_>) -> Result<Vec<ScoreCheck>> {
    let curve = halves.curve()?;
    let test = impostor_cosines(&halves.unknown)?;
    let checks = FMRS.iter().filter_map(|&fmr| {
        let score = Score::from_fmr(fmr);
        let threshold = curve.cosine_at(score)?;
        let observed = test
            .iter()
            .filter(|&&cosine| f64::from(cosine) >= threshold)
            .count();
        Some(ScoreCheck {
            score,
            expected: fmr * test.len() as f64,
            observed,
        })
    });
    Ok(checks.collect())
}

fn to_json(model_id: &str, trials: &[Trial]) -> Value {
    let check = |p: &ScoreCheck| {
        json!({
            "score": json::score(p.score),
            "expected": p.expected,
            "observed": p.observed,
            "ratio": p.ratio(),
        })
    };
    let trial = |t: &Trial| {
        json!({
            "split": t.split.name(),
            "calibrated_on_images": t.curve_images,
            "tested_on_images": t.test_images,
            "scores": t.checks.iter().map(check).collect::<Vec<_>>(),
        })
    };
    json!({ "model_id": model_id, "trials": trials.iter().map(trial).collect::<Vec<_>>() })
}

/// How far off the scores were.
fn to_text(trials: &[Trial]) -> String {
    let heading = "calibrated on one half of the people, tested on the other";
    halves::paragraphs(heading, trials, |trial| trial.split, lines)
}

/// One line a score.
fn lines(trials: &[&Trial]) -> String {
    let mut text = String::new();
    for fmr in FMRS {
        let score = Score::from_fmr(fmr);
        let checks = trials.iter().flat_map(|trial| &trial.checks);
        let at: Vec<&ScoreCheck> = checks.filter(|c| c.score == score).collect();
        if at.is_empty() {
            text += &format!("\n  score {score}: beyond what half of the people can support");
            continue;
        }
        let mut ratios: Vec<f64> = at.iter().map(|p| p.ratio()).collect();
        ratios.sort_by(f64::total_cmp);
        let mean = at.iter().map(|p| p.expected).sum::<f64>() / at.len() as f64;
        text += &format!(
            "\n  score {score}: about {mean:.0} false matches promised, {:.2} to {:.2} times as many seen (median {:.2})",
            ratios[0],
            ratios[ratios.len() - 1],
            ratios[ratios.len() / 2],
        );
    }
    text
}
