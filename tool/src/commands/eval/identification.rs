//! `vultus eval identification`: does a search name as few strangers as it promises?
//!
//! Half of the people are enrolled and make the curve; the others, whom it has never seen, are
//! strangers. A photograph of somebody enrolled is searched among all others of the half.

use super::halves::{self, Halves, HalvesArgs};
use super::split::Split;
use crate::failure::Result;
use crate::statistics::Rate;
use crate::terminal::{Outcome, Output, json};
use serde_json::{Value, json};
use vultus::Embedding;
use vultus::Score;
use vultus::config::TargetFpir;
use vultus::internals::matching::index::{Hit, Index};
use vultus::internals::matching::{expected_fpir, search_threshold};
use vultus::pack::Curve;

const TARGETS: [f64; 2] = [1e-2, 1e-3];

/// What a search at one target did.
struct Searches {
    target: f64,
    /// The threshold and the bound that the search states; `None` where the half supports none.
    promise: Option<(Score, f64)>,
    /// Strangers who were named.
    false_positives: usize,
    /// Enrolled people who were not named, or by another name.
    misses: usize,
}

/// One half enrolled.
struct Trial {
    split: Split,
    enrolled: usize,
    strangers: usize,
    mated: usize,
    targets: Vec<Searches>,
}

pub(super) fn run(args: &HalvesArgs, output: &Output) -> Result<Outcome> {
    let (model_id, trials) = halves::each_split(args, "searching", output, trial)?;
    output.result(&to_json(&model_id, &trials), || to_text(&trials));
    Ok(Outcome::Yes)
}

fn trial(halves: &Halves<'_>) -> Result<Trial> {
    let (enrolled, strangers) = (&halves.known, &halves.unknown);
    let curve = halves.curve()?;
    let dimension = enrolled.first().map_or(1, |(_, face)| face.values().len());
    let mut index = Index::new(halves.model_id, dimension)?;
    for (_, face) in enrolled {
        index.insert(face)?;
    }
    let closest = |face: &Embedding| -> Result<Option<Hit>> {
        Ok(index.search(face, 1, None)?.first().copied())
    };
    let strange: Vec<Option<Hit>> = strangers
        .iter()
        .map(|(_, face)| closest(face))
        .collect::<Result<_>>()?;
    let mated = mated_searches(&index, enrolled)?;
    let targets = TARGETS.map(|target| outcomes(&curve, enrolled.len(), target, &strange, &mated));
    Ok(Trial {
        split: halves.split,
        enrolled: enrolled.len(),
        strangers: strangers.len(),
        mated: mated.len(),
        targets: targets.into_iter().collect::<Result<_>>()?,
    })
}

/// The closest other row of every photograph whose person has another one, and whether it shows
/// that person. Rows are in the order of `enrolled`.
fn mated_searches(index: &Index, enrolled: &[(usize, &Embedding)]) -> Result<Vec<(f32, bool)>> {
    let mut found = Vec::new();
    for (row, (person, face)) in enrolled.iter().enumerate() {
        let photographs = enrolled.iter().filter(|(other, _)| other == person);
        if photographs.count() < 2 {
            continue;
        }
        let hits = index.search(face, 2, None)?;
        let other = hits.iter().find(|hit| hit.row.number() as usize != row);
        let other = other.expect("of two rows one is another");
        found.push((
            other.cosine,
            enrolled[other.row.number() as usize].0 == *person,
        ));
    }
    Ok(found)
}

fn outcomes(
    curve: &Curve,
    enrolled: usize,
    target: f64,
    strange: &[Option<Hit>],
    mated: &[(f32, bool)],
) -> Result<Searches> {
    let Ok(threshold) = search_threshold(curve, enrolled, TargetFpir::new(target)?) else {
        return Ok(Searches {
            target,
            promise: None,
            false_positives: 0,
            misses: 0,
        });
    };
    let named = |cosine: f32| curve.search_score(cosine) >= threshold;
    let strange = strange.iter().flatten();
    Ok(Searches {
        target,
        promise: Some((threshold, expected_fpir(curve, enrolled, threshold))),
        false_positives: strange.filter(|hit| named(hit.cosine)).count(),
        misses: mated
            .iter()
            .filter(|(cosine, right)| !(*right && named(*cosine)))
            .count(),
    })
}

fn to_json(model_id: &str, trials: &[Trial]) -> Value {
    let target = |trial: &Trial, at: &Searches| {
        let Some((threshold, bound)) = at.promise else {
            return json!({ "target_fpir": at.target, "supported": false });
        };
        let (fpir, fnir) = (
            Rate::wilson(at.false_positives, trial.strangers),
            Rate::wilson(at.misses, trial.mated),
        );
        json!({
            "target_fpir": at.target,
            "supported": true,
            "threshold": json::score(threshold),
            "expected_fpir": bound,
            "false_positives": at.false_positives,
            "fpir": fpir.value,
            "fpir_ci95": [fpir.low, fpir.high],
            "misses": at.misses,
            "fnir": fnir.value,
            "fnir_ci95": [fnir.low, fnir.high],
        })
    };
    let trial = |t: &Trial| {
        json!({
            "split": t.split.name(),
            "enrolled": t.enrolled,
            "strangers": t.strangers,
            "mated": t.mated,
            "targets": t.targets.iter().map(|at| target(t, at)).collect::<Vec<_>>(),
        })
    };
    json!({ "model_id": model_id, "trials": trials.iter().map(trial).collect::<Vec<_>>() })
}

fn to_text(trials: &[Trial]) -> String {
    let heading = "half of the people enrolled, the others strangers";
    halves::paragraphs(heading, trials, |trial| trial.split, lines)
}

/// One line a target: the counts of all trials together.
fn lines(trials: &[&Trial]) -> String {
    let mut text = String::new();
    for (at, target) in TARGETS.iter().enumerate() {
        let supported = |trial: &&&Trial| trial.targets[at].promise.is_some();
        let held: Vec<&&Trial> = trials.iter().filter(supported).collect();
        if held.is_empty() {
            text += &format!("\n  target {target}: beyond what half of the people can support");
            continue;
        }
        let sum = |of: fn(&Trial, &Searches) -> usize| -> usize {
            held.iter().map(|trial| of(trial, &trial.targets[at])).sum()
        };
        let (positives, strangers) = (sum(|_, o| o.false_positives), sum(|t, _| t.strangers));
        let (misses, mated) = (sum(|_, o| o.misses), sum(|t, _| t.mated));
        let (fpir, fnir) = (
            Rate::wilson(positives, strangers),
            Rate::wilson(misses, mated),
        );
        text += &format!(
            "\n  target {target}: FPIR {:.5} ({:.5} to {:.5}), {positives} of {strangers} strangers named; FNIR {:.4} ({:.4} to {:.4}), {misses} of {mated} missed",
            fpir.value, fpir.low, fpir.high, fnir.value, fnir.low, fnir.high,
        );
    }
    text
}
