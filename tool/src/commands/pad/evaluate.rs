//! `vultus pad evaluate`

use super::args::SetArgs;
use crate::evaluation::pad::{JudgedPresentation, judge_set};
use crate::failure::Result;
use crate::terminal::{Outcome, Output, json};
use serde_json::{Value, json};
use vultus::liveness::{Check, Reason};

pub(super) fn run(args: &SetArgs, output: &Output) -> Result<Outcome> {
    let (set, judge) = args.open()?;
    for judged in judge_set(&set, &*judge, output)?.presentations {
        output.result(&to_json(&judged), || to_text(&judged));
    }
    Ok(Outcome::Yes)
}

fn to_json(judged: &JudgedPresentation) -> Value {
    let (verdict, reasons) = judged.answer.words();
    json!({
        "presentation": judged.number,
        "species": judged.label.species,
        "subject": judged.label.subject,
        "artefact": judged.label.artefact,
        "verdict": verdict,
        "score": judged.answer.score.map(|score| json::rounded(score, 4)),
        "reasons": reasons.iter().map(Reason::name).collect::<Vec<_>>(),
        "evidence": judged.answer.evidence.iter().map(Check::name).collect::<Vec<_>>(),
    })
}

fn to_text(judged: &JudgedPresentation) -> String {
    let (verdict, reasons) = judged.answer.words();
    let score = judged
        .answer
        .score
        .map_or(String::new(), |score| format!("  score {score:.3}"));
    format!(
        "{:06}  {}  {verdict}{score}  {reasons}",
        judged.number, judged.label.species
    )
}
