//! `vultus pad evaluate`

use super::args::SetArgs;
use super::judge::{self, Judged};
use crate::Outcome;
use crate::detect::rounded;
use crate::failure::CliResult;
use crate::output::Output;
use serde_json::{Value, json};
use vultus::liveness::{Check, Liveness, Reason, Reasons};

pub(super) fn run(args: &SetArgs, output: &Output) -> CliResult<Outcome> {
    let (set, judge) = judge::open(args)?;
    for judged in judge::judge(&set, &*judge, output)?.judged {
        output.result(&to_json(&judged), || to_text(&judged));
    }
    Ok(Outcome::Yes)
}

/// A verdict's word and reasons; no verdict is one of no face.
pub(crate) fn verdict_words(verdict: Option<Liveness>) -> (&'static str, Reasons) {
    match verdict {
        None => ("no_face", Reasons::default()),
        Some(Liveness::Live) => ("live", Reasons::default()),
        Some(Liveness::Spoof(reasons)) => ("spoof", reasons),
        Some(Liveness::Inconclusive(reasons)) => ("inconclusive", reasons),
    }
}

fn to_json(judged: &Judged) -> Value {
    let (verdict, reasons) = verdict_words(judged.answer.verdict);
    json!({
        "presentation": judged.number,
        "species": judged.label.species,
        "subject": judged.label.subject,
        "artefact": judged.label.artefact,
        "verdict": verdict,
        "score": judged.answer.score.map(|score| rounded(score, 4)),
        "reasons": reasons.iter().map(Reason::name).collect::<Vec<_>>(),
        "evidence": judged.answer.evidence.iter().map(Check::name).collect::<Vec<_>>(),
    })
}

fn to_text(judged: &Judged) -> String {
    let (verdict, reasons) = verdict_words(judged.answer.verdict);
    let score = judged
        .answer
        .score
        .map_or(String::new(), |score| format!("  score {score:.3}"));
    format!(
        "{:06}  {}  {verdict}{score}  {reasons}",
        judged.number, judged.label.species
    )
}
