//! What is printed of any kind of liveness.

use crate::datasets::presentations::Record;
use crate::evaluation::pad::{Answer, Judge};
use crate::failure::Result;
use crate::shown::shown_path;
use crate::terminal::{Outcome, Output, json};
use serde_json::{Map, Value, json};
use std::path::{Path, PathBuf};
use vultus::liveness::{Check, Liveness, Reason};

/// Judges descriptions of frames as those of a set are.
pub(super) fn of_sidecars(judge: &dyn Judge, files: &[PathBuf], output: &Output) -> Outcome {
    of_files(files, output, |file| {
        let record = Record::read(file)?;
        let (answer, _) = judge.assess(&record, file)?;
        Ok(answer)
    })
}

/// Judges each file and prints what is said of it; the worst outcome counts.
pub(super) fn of_files(
    files: &[PathBuf],
    output: &Output,
    mut assess: impl FnMut(&Path) -> Result<Answer>,
) -> Outcome {
    let mut outcome = Outcome::Yes;
    for file in files {
        let found = match assess(file) {
            Ok(answer) => {
                output.result(&to_json(file, &answer), || to_text(file, &answer));
                Outcome::from_answer(answer.verdict == Some(Liveness::Live))
            }
            Err(failure) => {
                let found = if failure.is_no_face() {
                    Outcome::No
                } else {
                    Outcome::BadInput
                };
                output.failure(&failure);
                found
            }
        };
        outcome = outcome.max(found);
    }
    outcome
}

fn to_json(file: &Path, answer: &Answer) -> Value {
    let (verdict, reasons) = answer.words();
    let measures = answer.measures.iter().map(|measure| {
        let rounded = json::rounded(measure.value, measure.decimals as i32);
        (measure.name.to_owned(), json!(rounded))
    });
    json!({
        "file": shown_path(&file),
        "verdict": verdict,
        "score": answer.score.map(|score| json::rounded(score, 4)),
        "reasons": reasons.iter().map(Reason::name).collect::<Vec<_>>(),
        "evidence": answer.evidence.iter().map(Check::name).collect::<Vec<_>>(),
        "measures": measures.collect::<Map<_, _>>(),
    })
}

fn to_text(file: &Path, answer: &Answer) -> String {
    let (verdict, reasons) = answer.words();
    let mut text = format!("{}: {verdict}", shown_path(&file));
    if let Some(score) = answer.score {
        text += &format!(", score {score:.3}");
    }
    if !reasons.is_empty() {
        text += &format!("\n  because: {reasons}");
    }
    if !answer.evidence.is_empty() {
        text += &format!("\n  passed: {}", answer.evidence);
    }
    let measures: Vec<String> = answer
        .measures
        .iter()
        .map(|m| format!("{} {:.*}", m.name, m.decimals, m.value))
        .collect();
    if !measures.is_empty() {
        text += &format!("\n  {}", measures.join("  "));
    }
    text
}
