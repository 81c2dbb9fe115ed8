//! `vultus gallery dedupe`

use super::args::{FileArgs, ScopeArgs};
use super::opening;
use crate::failure::Result;
use crate::observer::Observer;
use crate::terminal::args::SdkArgs;
use crate::terminal::opening::open_sdk;
use crate::terminal::{Outcome, Output, json};
use clap::Args;
use serde_json::json;
use std::ops::ControlFlow;
use vultus::MaskState;
use vultus::config::TargetFmr;
use vultus::gallery::store::Access;

#[derive(Args)]
pub(crate) struct DedupeArgs {
    #[command(flatten)]
    file: FileArgs,
    #[command(flatten)]
    scope: ScopeArgs,
    /// False match rate from which two persons count as one.
    #[arg(long, value_name = "RATE", default_value_t = 1e-5)]
    fmr: f64,
    /// Only say how much work it is and how many pairs chance makes.
    #[arg(long)]
    estimate: bool,
    #[command(flatten)]
    sdk: SdkArgs,
}

pub(super) fn run(args: &DedupeArgs, output: &Output) -> Result<Outcome> {
    let (groups, against) = args.scope.parsed()?;
    let target = TargetFmr::new(args.fmr)?;
    let sdk = open_sdk(&args.sdk, output)?;
    let snapshot = opening::open(&args.file, Access::Read)?.snapshot();
    let matcher = sdk.matcher(MaskState::BARE)?;
    let estimate = snapshot.estimate_duplicates(&matcher, &groups, against, target)?;
    if args.estimate {
        let json = json!({
            "persons": estimate.persons,
            "comparisons": estimate.comparisons,
            "expected_false_pairs": estimate.expected_false_pairs,
        });
        output.result(&json, || {
            format!(
                "{} persons, {} comparisons; chance alone makes {:.2} pairs",
                estimate.persons, estimate.comparisons, estimate.expected_false_pairs
            )
        });
        return Ok(Outcome::Yes);
    }
    let progress = output.begin("comparing", estimate.persons);
    let found = snapshot.find_duplicates(&matcher, &groups, against, target, |done| {
        progress.set(done);
        ControlFlow::Continue(())
    })?;
    drop(progress);
    for pair in &found {
        let json = json!({
            "first": pair.first.as_str(),
            "second": pair.second.as_str(),
            "score": json::score(pair.score),
            "cosine": json::rounded(pair.cosine, 6),
        });
        output.result(&json, || {
            format!("{} and {}: score {}", pair.first, pair.second, pair.score)
        });
    }
    output.note(&format!(
        "{} pairs among {} persons; chance alone makes {:.2}",
        found.len(),
        estimate.persons,
        estimate.expected_false_pairs
    ));
    Ok(Outcome::from_answer(found.is_empty()))
}
