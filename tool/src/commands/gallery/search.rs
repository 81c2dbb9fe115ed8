//! `vultus gallery search`

use super::args::{FileArgs, ScopeArgs};
use super::searcher::Searcher;
use crate::failure::{Result, WithFile};
use crate::inputs::{FaceChoice, Pick};
use crate::shown::shown_path;
use crate::terminal::args::{FaceArgs, SdkArgs};
use crate::terminal::opening::open_sdk;
use crate::terminal::{Outcome, Output, json};
use clap::Args;
use serde_json::{Value, json};
use std::path::{Path, PathBuf};
use vultus::config::TargetFpir;
use vultus::frame::Photo;
use vultus::gallery::{Candidate, FaceId, GroupId, SearchOptions, SearchResult};
use vultus::{Face, Score, Session};

#[derive(Args)]
pub(crate) struct SearchArgs {
    #[command(flatten)]
    file: FileArgs,
    #[command(flatten)]
    scope: ScopeArgs,
    /// Photographs.
    #[arg(required = true, value_name = "IMG")]
    pictures: Vec<PathBuf>,
    /// Share of strangers that may be given a name (FPIR).
    #[arg(long, value_name = "RATE", default_value_t = 1e-3)]
    fpir: f64,
    /// Candidates for each face, 1 to 100; by group 1 to 10.
    #[arg(long, value_name = "N", default_value_t = 5)]
    top: usize,
    /// Leave out candidates below this score.
    #[arg(long, value_name = "SCORE")]
    min_score: Option<f64>,
    /// Answer for each group on its own.
    #[arg(long)]
    by_group: bool,
    /// Faces of a photograph to search for, largest first, 1 to 10.
    #[arg(long, value_name = "N", default_value_t = 10)]
    max_faces: usize,
    #[command(flatten)]
    face: FaceArgs,
    #[command(flatten)]
    sdk: SdkArgs,
}

/// Who a face may be: one answer, or one for each group.
struct Answer {
    face: Face,
    found: Vec<(Option<GroupId>, SearchResult)>,
}

pub(super) fn run(args: &SearchArgs, output: &Output) -> Result<Outcome> {
    let (groups, against) = args.scope.parsed()?;
    let options = SearchOptions {
        top: args.top,
        fpir: TargetFpir::new(args.fpir)?,
        min_score: args.min_score.map(Score::new).transpose()?,
    };
    let choice = args.face.choice(Pick::Largest)?;
    let sdk = open_sdk(&args.sdk, output)?;
    let searcher = Searcher::open(&args.file, &sdk, groups, against, options)?;
    let mut session = sdk.session()?;
    let (mut named, mut failed) = (false, false);
    for path in &args.pictures {
        let answers = choice.read_photo(path).and_then(|photo| {
            photograph(args, &searcher, &mut session, &choice, &photo).with_file(path)
        });
        match answers {
            Ok(answers) => {
                named |= answers.iter().any(Answer::is_named);
                output.result(&to_json(path, &answers), || to_text(path, &answers));
            }
            Err(failure) => {
                output.failure(&failure);
                failed |= !failure.is_no_face();
            }
        }
    }
    Ok(match (failed, named) {
        (true, _) => Outcome::BadInput,
        (false, named) => Outcome::from_answer(named),
    })
}

fn photograph(
    args: &SearchArgs,
    searcher: &Searcher,
    session: &mut Session,
    choice: &FaceChoice,
    photo: &Photo,
) -> Result<Vec<Answer>> {
    let probes = session.probes(&photo.frame(), &choice.options, args.max_faces)?;
    let mut answers = Vec::new();
    for (face, probe) in probes {
        let found = match args.by_group {
            true => searcher.by_group(&probe)?,
            false => vec![(None, searcher.all(&probe)?)],
        };
        answers.push(Answer { face, found });
    }
    Ok(answers)
}

impl Answer {
    fn is_named(&self) -> bool {
        self.found
            .iter()
            .any(|(_, found)| found.accepted().is_some())
    }
}

fn candidate_json(candidate: &Candidate) -> Value {
    json!({
        "person": candidate.person.as_str(),
        "face": candidate.face.map(FaceId::get),
        "score": json::score(candidate.score),
        "cosine": json::rounded(candidate.cosine, 6),
    })
}

fn to_json(path: &Path, answers: &[Answer]) -> Value {
    let found = |(group, found): &(Option<GroupId>, SearchResult)| {
        json!({
            "group": group.as_ref().map(GroupId::as_str),
            "decision": json::decision(found.decision),
            "margin": json::margin(found.margin),
            "candidates": found.candidates.iter().map(candidate_json).collect::<Vec<_>>(),
            "threshold": json::score(found.threshold),
            "expected_fpir": found.expected_fpir,
            "searched": found.searched,
        })
    };
    let face = |answer: &Answer| {
        json!({
            "rect": json::rect(&answer.face.rect),
            "answers": answer.found.iter().map(found).collect::<Vec<_>>(),
        })
    };
    json!({
        "picture": shown_path(&path),
        "faces": answers.iter().map(face).collect::<Vec<_>>(),
    })
}

fn to_text(path: &Path, answers: &[Answer]) -> String {
    let named = answers.iter().filter(|answer| answer.is_named()).count();
    let mut text = format!(
        "{}: {named} of {} faces named",
        shown_path(&path),
        answers.len()
    );
    for (number, answer) in answers.iter().enumerate() {
        for (group, found) in &answer.found {
            let verdict = found
                .accepted()
                .map_or(json::decision(found.decision), |best| best.person.as_str());
            let group = group
                .as_ref()
                .map_or(String::new(), |group| format!(" in {group}"));
            text += &format!(
                "\n  face {}{group}: {verdict} (score {} needed among {} features, expected FPIR {:.1e})",
                number + 1,
                found.threshold,
                found.searched,
                found.expected_fpir
            );
            for candidate in &found.candidates {
                let person = candidate.person.as_str();
                let score = candidate.score.to_string();
                text += &format!(
                    "\n    {person:<24} score {score:>5}  cosine {:.3}",
                    candidate.cosine
                );
            }
        }
    }
    text
}
