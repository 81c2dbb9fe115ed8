//! `vultus liveness`

pub(crate) mod args;
mod mono;

use crate::Outcome;
use crate::embed::is_no_face;
use crate::failure::CliResult;
use crate::output::Output;
use crate::pad::evaluate::verdict_words;
use crate::pad::judge::{DepthJudge, InfraredJudge, Judge, Measure};
use crate::pad::record::Record;
use args::{LivenessArgs, LivenessCommand};
use serde_json::{Map, Value, json};
use std::path::{Path, PathBuf};
use vultus::liveness::{Check, Evidence, Liveness, Reason};

pub(crate) fn run(args: &LivenessArgs, output: &Output) -> CliResult<Outcome> {
    match &args.what {
        LivenessCommand::Depth(args) => {
            let pack = (!args.geometry_alone).then_some(&args.pack);
            let judge = DepthJudge::new(pack, args.rules.as_deref(), args.children)?;
            Ok(sidecars(&judge, &args.files, output))
        }
        LivenessCommand::Ir(args) => {
            let judge = InfraredJudge::new(&args.pack, args.rules.as_deref(), args.lit_alone)?;
            Ok(sidecars(&judge, &args.files, output))
        }
        LivenessCommand::Mono(args) => mono::run(args, output),
    }
}

/// Judges descriptions of frames as those of a set are.
fn sidecars(by: &dyn Judge, files: &[PathBuf], output: &Output) -> Outcome {
    judge(files, output, |file| {
        let record = Record::read(file)?;
        let (answer, _) = by.assess(&record, file)?;
        Ok(Answer {
            file: file.display().to_string(),
            verdict: answer.verdict,
            score: answer.score,
            evidence: answer.evidence,
            measures: answer.measures,
        })
    })
}

/// Judges each file and prints what it says; the worst outcome counts.
fn judge(
    files: &[PathBuf],
    output: &Output,
    mut assess: impl FnMut(&Path) -> CliResult<Answer>,
) -> Outcome {
    let mut outcome = Outcome::Yes;
    for file in files {
        let found = match assess(file) {
            Ok(answer) => {
                answer.print(output);
                answer.outcome()
            }
            Err(failure) => {
                let found = if is_no_face(&failure) {
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

/// What is printed of any kind of liveness.
struct Answer {
    file: String,
    verdict: Option<Liveness>,
    score: Option<f32>,
    evidence: Evidence,
    measures: Vec<Measure>,
}

impl Answer {
    fn outcome(&self) -> Outcome {
        match self.verdict {
            Some(Liveness::Live) => Outcome::Yes,
            _ => Outcome::No,
        }
    }

    fn print(&self, output: &Output) {
        output.result(&self.to_json(), || self.to_text());
    }

    fn to_json(&self) -> Value {
        let (verdict, reasons) = verdict_words(self.verdict);
        let measures: Map<String, Value> = self
            .measures
            .iter()
            .map(|(name, value, decimals)| {
                let rounded = crate::detect::rounded(*value, *decimals as i32);
                ((*name).to_owned(), json!(rounded))
            })
            .collect();
        json!({
            "file": self.file,
            "verdict": verdict,
            "score": self.score.map(|score| crate::detect::rounded(score, 4)),
            "reasons": reasons.iter().map(Reason::name).collect::<Vec<_>>(),
            "evidence": self.evidence.iter().map(Check::name).collect::<Vec<_>>(),
            "measures": measures,
        })
    }

    fn to_text(&self) -> String {
        let (verdict, reasons) = verdict_words(self.verdict);
        let mut text = format!("{}: {verdict}", self.file);
        if let Some(score) = self.score {
            text += &format!(", score {score:.3}");
        }
        if !reasons.is_empty() {
            text += &format!("\n  because: {reasons}");
        }
        if !self.evidence.is_empty() {
            text += &format!("\n  passed: {}", self.evidence);
        }
        let measures = self.measures.iter();
        let measures: Vec<String> = measures
            .map(|(name, value, decimals)| format!("{name} {value:.decimals$}"))
            .collect();
        if !measures.is_empty() {
            text += &format!("\n  {}", measures.join("  "));
        }
        text
    }
}
