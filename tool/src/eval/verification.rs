//! `vultus eval verification`

use super::pairs::{ScoredPairs, score_pairs};
use super::report;
use super::statistics::{FoldedAccuracy, OperatingPoint, folded_accuracy, tar_at_fmr, totals};
use crate::Outcome;
use crate::args::VerificationArgs;
use crate::context::{FaceChoice, open_sdk};
use crate::failure::{CliResult, Failure, WithFile};
use crate::output::Output;
use serde_json::{Value, json};
use std::fs;

/// Target FMRs, as their JSON keys write them.
const TARGETS: [(&str, f64); 3] = [("0.01", 1e-2), ("0.001", 1e-3), ("0.0001", 1e-4)];

/// Everything that is printed, written as JSON and shown in the report.
pub(crate) struct Verification {
    pub(crate) model_id: String,
    pub(crate) set: String,
    pub(crate) scored: ScoredPairs,
    pub(crate) accuracy: FoldedAccuracy,
    pub(crate) points: Vec<(&'static str, OperatingPoint)>,
}

pub(crate) fn run(args: &VerificationArgs, output: &Output) -> CliResult<Outcome> {
    let sdk = open_sdk(&args.sdk, output)?;
    let choice = FaceChoice::new(&args.face, args.pick)?;
    let scored = score_pairs(&sdk, &args.pairs, &args.root, &choice, output)?;
    let (mated, impostors) = totals(&scored.pairs);
    if mated == 0 || impostors == 0 {
        let message = "it needs pairs of the same and of different people";
        return Err(Failure::text(message).about(&args.pairs));
    }
    let accuracy = folded_accuracy(&scored.pairs)
        .ok_or_else(|| Failure::text("it needs two folds or more").about(&args.pairs))?;
    let points = TARGETS
        .iter()
        .map(|&(key, fmr)| (key, tar_at_fmr(&scored.pairs, fmr)))
        .collect();
    let result = Verification {
        model_id: sdk.pack().model_id().to_string(),
        set: args.pairs.display().to_string(),
        scored,
        accuracy,
        points,
    };
    output.result(&result.to_json(), || result.to_text());
    if let Some(file) = &args.report {
        let page = report::page(&result).map_err(|cause| Failure::text(cause).about(file))?;
        fs::write(file, page).with_file(file)?;
    }
    Ok(Outcome::Yes)
}

impl Verification {
    fn to_json(&self) -> Value {
        let rate = &self.accuracy.rate;
        let by_target = |value: &dyn Fn(&OperatingPoint) -> Value| {
            let entries = self
                .points
                .iter()
                .map(|(key, point)| ((*key).to_owned(), value(point)));
            Value::Object(entries.collect())
        };
        json!({
            "model_id": self.model_id,
            "pairs": self.scored.pairs.len(),
            "images": self.scored.images,
            "failed_to_detect": self.scored.failed_to_detect,
            "accuracy": rate.value,
            "accuracy_ci95": [rate.low, rate.high],
            "tar_at_fmr": by_target(&|point| json!(point.tar.value)),
            "tar_at_fmr_ci95": by_target(&|point| json!([point.tar.low, point.tar.high])),
            "false_matches": by_target(&|point| json!(point.false_matches)),
            "threshold": self.accuracy.threshold,
        })
    }

    fn to_text(&self) -> String {
        let rate = &self.accuracy.rate;
        let mut text = format!(
            "{} on {}: {} pairs of {} images, {} without a usable face\n\
             accuracy {:.2} % (95 % interval {:.2} to {:.2}), {} folds, best cosine {:.3}",
            self.model_id,
            self.set,
            self.scored.pairs.len(),
            self.scored.images,
            self.scored.failed_to_detect,
            rate.value * 100.0,
            rate.low * 100.0,
            rate.high * 100.0,
            self.accuracy.folds.len(),
            self.accuracy.threshold,
        );
        for (key, point) in &self.points {
            text += &format!(
                "\nTAR {:.2} % ({:.2} to {:.2}) at FMR {key}: {} of {} impostor pairs at cosine {:.3}{}",
                point.tar.value * 100.0,
                point.tar.low * 100.0,
                point.tar.high * 100.0,
                point.false_matches,
                point.impostors,
                point.threshold,
                point.caveat(),
            );
        }
        text
    }
}
