//! `vultus eval calibration`: does a score promise what it says, on people it has never seen?

use crate::Outcome;
use crate::args::CalibrationCheckArgs;
use crate::compare::score_json;
use crate::context::{FaceChoice, open_sdk};
use crate::dataset::{People, embed_all, impostor_cosines};
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

pub(crate) fn run(args: &CalibrationCheckArgs, output: &Output) -> CliResult<Outcome> {
    let sdk = open_sdk(&args.pack)?;
    let people = People::read(&args.images)?;
    let choice = FaceChoice::new(&args.face, args.pick)?;
    let embedded = embed_all(&sdk, &people.paths(), &choice, output, "embedding")?;
    let in_first = halves(people.names.len(), args.seed);
    let faces = |first: bool| -> Vec<(usize, &Embedding)> {
        let labelled = people.images.iter().zip(&embedded);
        labelled
            .filter(|(image, _)| in_first[image.person] == first)
            .filter_map(|(image, face)| Some((image.person, face.as_ref()?)))
            .collect()
    };
    let model_id = sdk.pack().model_id();
    let mut results = Vec::new();
    for calibrate_first in [true, false] {
        let (curve_faces, test_faces) = (faces(calibrate_first), faces(!calibrate_first));
        let promises = check(model_id, &curve_faces, &test_faces)?;
        results.push((curve_faces.len(), test_faces.len(), promises));
    }
    output.result(&to_json(model_id, args.seed, &results), || {
        to_text(&results)
    });
    Ok(Outcome::Yes)
}

/// Which people are in the first half: the lower half of a seeded hash of their number.
fn halves(people: usize, seed: u64) -> Vec<bool> {
    let mut order: Vec<usize> = (0..people).collect();
    order.sort_by_key(|&person| mix(seed ^ mix(person as u64 + 1)));
    let mut first = vec![false; people];
    for &person in &order[..people / 2] {
        first[person] = true;
    }
    first
}

/// The finaliser of SplitMix64 (Steele, Lea, Flood, 2014).
fn mix(mut x: u64) -> u64 {
    x = x.wrapping_add(0x9e37_79b9_7f4a_7c15);
    x = (x ^ (x >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    x = (x ^ (x >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    x ^ (x >> 31)
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
        Curve::measure(model_id, source, impostor_cosines(curve_faces)).map_err(Failure::text)?;
    let test = impostor_cosines(test_faces);
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

fn to_json(model_id: &str, seed: u64, results: &[(usize, usize, Vec<Promise>)]) -> Value {
    let promise = |p: &Promise| {
        json!({
            "score": score_json(p.score),
            "expected": p.expected,
            "observed": p.observed,
            "ratio": p.ratio(),
        })
    };
    let halves = results.iter().map(|(curve_images, test_images, promises)| {
        json!({
            "calibrated_on_images": curve_images,
            "tested_on_images": test_images,
            "scores": promises.iter().map(promise).collect::<Vec<_>>(),
        })
    });
    json!({ "model_id": model_id, "seed": seed, "halves": halves.collect::<Vec<_>>() })
}

fn to_text(results: &[(usize, usize, Vec<Promise>)]) -> String {
    let mut text = String::new();
    for (curve_images, test_images, promises) in results {
        text += &format!(
            "calibrated on {curve_images} images, tested on {test_images} of other people\n"
        );
        for p in promises {
            text += &format!(
                "  score {:>4}: {:>8.0} false matches promised, {:>7} seen, ratio {:.2}\n",
                p.score.to_string(),
                p.expected,
                p.observed,
                p.ratio()
            );
        }
    }
    text.trim_end().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn halves_are_halves_and_depend_on_the_seed() {
        let first = halves(101, 1);
        assert_eq!(first.iter().filter(|&&f| f).count(), 50);
        assert_eq!(first, halves(101, 1));
        assert_ne!(first, halves(101, 2));
    }
}
