//! `vultus eval verification`

use crate::evaluation::Verification;
use crate::evaluation::accuracy::OperatingPoint;
use crate::failure::{Result, WithFile};
use crate::inputs::Pick;
use crate::reports::verification_page;
use crate::terminal::args::{FaceArgs, SdkArgs};
use crate::terminal::opening::open_sdk;
use crate::terminal::{Outcome, Output};
use clap::Args;
use serde_json::{Value, json};
use std::fs;
use std::path::PathBuf;

#[derive(Args)]
pub(crate) struct VerificationArgs {
    /// Labelled pairs.
    #[arg(long, value_name = "CSV")]
    pairs: PathBuf,
    /// Folder that the images of the pairs are in.
    #[arg(long, value_name = "DIR")]
    root: PathBuf,
    /// Write a page with tables and plots.
    #[arg(long, value_name = "OUT.html")]
    report: Option<PathBuf>,
    /// Which face of a photograph counts.
    #[arg(long, value_enum, value_name = "RULE", default_value = "prominent")]
    pick: Pick,
    #[command(flatten)]
    face: FaceArgs,
    #[command(flatten)]
    sdk: SdkArgs,
}

pub(super) fn run(args: &VerificationArgs, output: &Output) -> Result<Outcome> {
    let sdk = open_sdk(&args.sdk, output)?;
    let choice = args.face.choice(args.pick)?;
    let result = Verification::measure(&sdk, &args.pairs, &args.root, &choice, output)?;
    output.result(&to_json(&result), || to_text(&result));
    if let Some(file) = &args.report {
        let page = verification_page(&result).with_file(file)?;
        fs::write(file, page).with_file(file)?;
    }
    Ok(Outcome::Yes)
}

fn to_json(result: &Verification) -> Value {
    let rate = &result.accuracy.rate;
    let by_target = |value: &dyn Fn(&OperatingPoint) -> Value| {
        let entries = result
            .points
            .iter()
            .map(|(key, point)| ((*key).to_owned(), value(point)));
        Value::Object(entries.collect())
    };
    json!({
        "model_id": result.model_id,
        "pairs": result.scored.pairs.len(),
        "images": result.scored.images,
        "failed_to_detect": result.scored.failed_to_detect,
        "accuracy": rate.value,
        "accuracy_ci95": [rate.low, rate.high],
        "tar_at_fmr": by_target(&|point| json!(point.tar.value)),
        "tar_at_fmr_ci95": by_target(&|point| json!([point.tar.low, point.tar.high])),
        "false_matches": by_target(&|point| json!(point.false_matches)),
        "threshold": result.accuracy.threshold,
    })
}

fn to_text(result: &Verification) -> String {
    let rate = &result.accuracy.rate;
    let mut text = format!(
        "{} on {}: {} pairs of {} images, {} without a usable face\n\
             accuracy {:.2} % (95 % interval {:.2} to {:.2}), {} folds, best cosine {:.3}",
        result.model_id,
        result.set,
        result.scored.pairs.len(),
        result.scored.images,
        result.scored.failed_to_detect,
        rate.value * 100.0,
        rate.low * 100.0,
        rate.high * 100.0,
        result.accuracy.folds.len(),
        result.accuracy.threshold,
    );
    for (key, point) in &result.points {
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
