//! `vultus eval calibration`: does a score promise what it says, on people it has never seen?

use super::split::Split;
use crate::Outcome;
use crate::args::CalibrationCheckArgs;
use crate::compare::score_json;
use crate::context::{FaceChoice, open_sdk};
use crate::dataset::{LabelledFaces, impostor_cosines};
use crate::failure::{CliResult, Failure};
use crate::output::Output;
use serde_json::{Value, json};
use vultus::embed::Embedding;
use vultus::model::{Curve, CurveSource, Score};

const FMRS: [f64; 4] = [1e-2, 1e-3, 1e-4, 1e-5];

/// One score measured on the people that did not make the curve.
struct Promise {
    score: Score,
    expected: f64,
    observed: usize,
}

impl Promise {
    fn ratio(&self) -> f64 {
        self.observed as f64 / self.expected
    }
}

/// One half of the people calibrated, the other tested.
struct Trial {
    split: Split,
    curve_images: usize,
    test_images: usize,
    promises: Vec<Promise>,
}

pub(crate) fn run(args: &CalibrationCheckArgs, output: &Output) -> CliResult<Outcome> {
    let sdk = open_sdk(&args.sdk, output)?;
    let choice = FaceChoice::new(&args.face, args.pick)?;
    let faces = LabelledFaces::read(&sdk, &args.images, None, &choice, output)?;
    let model_id = sdk.pack().model_id();
    let splits = Split::several(args.splits, args.seed);
    let bar = output.progress("splitting", splits.len());
    let mut trials = Vec::new();
    for split in splits {
        let in_first = split.first_half(faces.people.names.len());
        for calibrate_first in [true, false] {
            let curve = faces.of(|person| in_first[person] == calibrate_first);
            let test = faces.of(|person| in_first[person] != calibrate_first);
            trials.push(Trial {
                split,
                curve_images: curve.len(),
                test_images: test.len(),
                promises: check(model_id, &curve, &test)?,
            });
        }
        bar.inc(1);
    }
    bar.finish_and_clear();
    output.result(&to_json(model_id, &trials), || to_text(&trials));
    Ok(Outcome::Yes)
}

fn check(
    model_id: &str,
    curve_faces: &[(usize, &Embedding)],
    test_faces: &[(usize, &Embedding)],
) -> CliResult<Vec<Promise>> {
    let source = CurveSource {
        set: "half of the people".to_owned(),
        images: curve_faces.len() as u64,
        people: 0,
        failed_to_detect: 0,
        impostor_pairs: 0,
    };
    let curve =
        Curve::measure(model_id, source, impostor_cosines(curve_faces)?).map_err(Failure::text)?;
    let test = impostor_cosines(test_faces)?;
    let promises = FMRS.iter().filter_map(|&fmr| {
        let score = Score::from_fmr(fmr);
        let threshold = curve.cosine_at(score)?;
        let observed = test
            .iter()
            .filter(|&&cosine| f64::from(cosine) >= threshold)
            .count();
        Some(Promise {
            score,
            expected: fmr * test.len() as f64,
            observed,
        })
    });
    Ok(promises.collect())
}

fn to_json(model_id: &str, trials: &[Trial]) -> Value {
    let promise = |p: &Promise| {
        json!({
            "score": score_json(p.score),
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
            "scores": t.promises.iter().map(promise).collect::<Vec<_>>(),
        })
    };
    json!({ "model_id": model_id, "trials": trials.iter().map(trial).collect::<Vec<_>>() })
}

/// How far off the promises were: one paragraph for the alternating split, one for the others.
fn to_text(trials: &[Trial]) -> String {
    let (alternating, random): (Vec<_>, Vec<_>) = trials
        .iter()
        .partition(|trial| trial.split == Split::Alternating);
    let mut text =
        "calibrated on one half of the people, tested on the other; every second name:".to_owned();
    text += &lines(&alternating);
    text += &format!("\n{} trials on random halves:", random.len());
    text += &lines(&random);
    text
}

/// One line a score.
fn lines(trials: &[&Trial]) -> String {
    let mut text = String::new();
    for fmr in FMRS {
        let score = Score::from_fmr(fmr);
        let promises = trials.iter().flat_map(|trial| &trial.promises);
        let at: Vec<&Promise> = promises.filter(|p| p.score == score).collect();
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
