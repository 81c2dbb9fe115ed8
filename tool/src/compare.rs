//! `vultus compare`

use crate::Outcome;
use crate::args::CompareArgs;
use crate::context::{FaceChoice, open_sdk};
use crate::detect::rounded;
use crate::embed::{is_no_face, read_embedding};
use crate::failure::CliResult;
use crate::output::Output;
use serde_json::json;
use std::path::Path;
use vultus::Comparison;
use vultus::MaskState;
use vultus::Score;
use vultus::config::TargetFmr;

pub(crate) fn run(args: &CompareArgs, output: &Output) -> CliResult<Outcome> {
    let target = TargetFmr::new(args.fmr)?;
    let choice = FaceChoice::new(&args.face, args.pick)?.with_quality(args.quality)?;
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
        Err(failure) if is_no_face(&failure) => {
            output.failure(&failure);
            return Ok(Outcome::No);
        }
        other => other?,
    };
    let comparison = sdk.compare(&a, &b, MaskState::BARE, target)?;
    let json = json!({
        "cosine": rounded(comparison.cosine, 6),
        "score": score_json(comparison.score),
        "fmr": comparison.fmr,
        "is_match": comparison.is_match,
        "model_id": a.model_id(),
        "score_at_limit": comparison.at_limit,
        "threshold": score_json(Score::from_fmr(target.get())),
    });
    output.result(&json, || to_text(&comparison, target));
    Ok(if comparison.is_match {
        Outcome::Yes
    } else {
        Outcome::No
    })
}

/// A score with two decimals.
pub(crate) fn score_json(score: Score) -> f64 {
    (score.get() * 100.0).round() / 100.0
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
