//! `vultus liveness depth`

use super::Answer;
use super::args::DepthArgs;
use crate::Outcome;
use crate::failure::CliResult;
use crate::output::Output;
use crate::pad::judge::DepthJudge;
use crate::pad::record::Record;
use std::path::Path;

pub(super) fn run(args: &DepthArgs, output: &Output) -> CliResult<Outcome> {
    let judge = DepthJudge::new(args.rules.as_deref(), args.children)?;
    Ok(super::judge(&args.files, output, |file| {
        assess(&judge, file)
    }))
}

fn assess(judge: &DepthJudge, file: &Path) -> CliResult<Answer> {
    let record = Record::read(file)?;
    let (answer, _) = judge.assess(&record, file)?;
    let measures = answer.measures.map(|m| {
        vec![
            ("distance_mm", m.distance_mm, 0),
            ("valid", m.valid, 2),
            ("eye_distance_mm", m.eye_distance_mm, 1),
            ("nose_mm", m.nose_mm, 1),
            ("prominence_mm", m.prominence_mm, 1),
            ("plane_rms_mm", m.plane_rms_mm, 1),
            ("quadric_rms_mm", m.quadric_rms_mm, 1),
            ("skew_mm", m.skew_mm, 1),
        ]
    });
    Ok(Answer {
        file: file.display().to_string(),
        verdict: answer.verdict,
        score: answer.score,
        evidence: answer.evidence,
        measures: measures.unwrap_or_default(),
    })
}
