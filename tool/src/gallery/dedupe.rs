//! `vultus gallery dedupe`

use super::args::DedupeArgs;
use super::file;
use super::search::scope;
use crate::Outcome;
use crate::compare::score_json;
use crate::context::open_sdk;
use crate::detect::rounded;
use crate::failure::CliResult;
use crate::output::Output;
use serde_json::json;
use std::ops::ControlFlow;
use vultus::MaskState;
use vultus::config::TargetFmr;
use vultus::gallery::store::Access;

pub(super) fn run(args: &DedupeArgs, output: &Output) -> CliResult<Outcome> {
    let (groups, against) = scope(&args.scope)?;
    let target = TargetFmr::new(args.fmr)?;
    let sdk = open_sdk(&args.sdk, output)?;
    let snapshot = file::open(&args.file, Access::Read)?.snapshot();
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
    let bar = output.progress("comparing", estimate.persons);
    let found = snapshot.find_duplicates(&matcher, &groups, against, target, |done| {
        bar.set_position(done as u64);
        ControlFlow::Continue(())
    })?;
    bar.finish_and_clear();
    for pair in &found {
        let json = json!({
            "first": pair.first.as_str(),
            "second": pair.second.as_str(),
            "score": score_json(pair.score),
            "cosine": rounded(pair.cosine, 6),
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
    Ok(if found.is_empty() {
        Outcome::Yes
    } else {
        Outcome::No
    })
}
