//! `vultus compare`

use super::embed::read_embedding;
use crate::failure::Result;
use crate::inputs::Pick;
use crate::terminal::args::{FaceArgs, SdkArgs};
use crate::terminal::opening::open_sdk;
use crate::terminal::{Outcome, Output, json};
use clap::Args;
use serde_json::json;
use std::path::{Path, PathBuf};
use vultus::config::TargetFmr;
use vultus::{Comparison, MaskState, Score};

#[derive(Args)]
pub(crate) struct CompareArgs {
    /// A photograph, or a .json file from `vultus embed --json`.
    #[arg(value_name = "A")]
    a: PathBuf,
    /// The other one.
    #[arg(value_name = "B")]
    b: PathBuf,
    /// False match rate at which to decide.
    #[arg(long, value_name = "RATE", default_value_t = 1e-5)]
    fmr: f64,
    /// Which face of a photograph counts.
    #[arg(long, value_enum, value_name = "RULE", default_value = "largest")]
    pick: Pick,
    /// Quality control of the photographs: 0 takes every face, 4 only the best.
    #[arg(long, value_name = "N", default_value_t = 0)]
    quality: u8,
    #[command(flatten)]
    face: FaceArgs,
    #[command(flatten)]
    sdk: SdkArgs,
}

pub(crate) fn run(args: &CompareArgs, output: &Output) -> Result<Outcome> {
    let target = TargetFmr::new(args.fmr)?;
    let choice = args.face.choice(args.pick)?.with_quality(args.quality)?;
    let sdk = open_sdk(&args.sdk, output)?;
    let mut session = sdk.session()?;
    let mut load = |path: &Path| {
        if path.extension().is_some_and(|ending| ending == "json") {
            read_embedding(path)
        } else {
            choice.embed(&mut session, path)
        }
    };
    let (a, b) = match load(&args.a).and_then(|a| Ok((a, load(&args.b)?))) {
        Err(failure) if failure.is_no_face() => {
            output.failure(&failure);
            return Ok(Outcome::No);
        }
        other => other?,
    };
    let comparison = sdk.compare(&a, &b, MaskState::BARE, target)?;
    let json = json!({
        "cosine": json::rounded(comparison.cosine, 6),
        "score": json::score(comparison.score),
        "fmr": comparison.fmr,
        "is_match": comparison.is_match,
        "model_id": a.model_id(),
        "score_at_limit": comparison.at_limit,
        "threshold": json::score(Score::from_fmr(target.get())),
    });
    output.result(&json, || to_text(&comparison, target));
    Ok(Outcome::from_answer(comparison.is_match))
}

fn to_text(comparison: &Comparison, target: TargetFmr) -> String {
    let verdict = if comparison.is_match {
        "match"
    } else {
        "no match"
    };
    let (least, most) = if comparison.at_limit {
        ("at least ", "at most ")
    } else {
        ("", "")
    };
    format!(
        "{verdict}: score {least}{}, needed {}\n  cosine {:.4}; {most}{:.1e} of strangers come this close; decided at FMR {:.0e}",
        comparison.score,
        Score::from_fmr(target.get()),
        comparison.cosine,
        comparison.fmr,
        target.get(),
    )
}
