//! `vultus gallery search`, and the search that `vultus identify --gallery` does.

use super::args::{FileArgs, ScopeArgs, SearchArgs};
use super::file;
use crate::Outcome;
use crate::args::{IdentifyArgs, Pick};
use crate::compare::score_json;
use crate::context::{FaceChoice, open_sdk};
use crate::detect::{rect_json, rounded};
use crate::embed::is_no_face;
use crate::failure::{CliResult, Failure, WithFile};
use crate::output::Output;
use serde_json::{Value, json};
use std::path::Path;
use vultus::Embedding;
use vultus::Face;
use vultus::MaskState;
use vultus::Score;
use vultus::config::TargetFpir;
use vultus::frame::Photo;
use vultus::gallery::store::Access;
use vultus::gallery::{
    Against, Candidate, FaceId, GroupId, Matcher, PersonId, SearchOptions, SearchResult, Snapshot,
};
use vultus::{Sdk, Session};

/// Where and how faces are searched for.
pub(crate) struct Searcher {
    pub(crate) snapshot: Snapshot,
    pub(crate) matcher: Matcher,
    pub(crate) groups: Vec<GroupId>,
    pub(crate) against: Against,
    pub(crate) options: SearchOptions,
}

/// Who a face may be: one answer, or one for each group.
struct Answer {
    face: Face,
    found: Vec<(Option<GroupId>, SearchResult)>,
}

/// Groups to look in, and what is compared.
pub(super) fn scope(args: &ScopeArgs) -> CliResult<(Vec<GroupId>, Against)> {
    let groups: Result<Vec<_>, _> = args.group.iter().map(|id| GroupId::new(id)).collect();
    let against = if args.fused {
        Against::Persons
    } else {
        Against::Faces
    };
    Ok((groups?, against))
}

pub(super) fn run(args: &SearchArgs, output: &Output) -> CliResult<Outcome> {
    let (groups, against) = scope(&args.scope)?;
    let options = SearchOptions {
        top: args.top,
        fpir: TargetFpir::new(args.fpir)?,
        min_score: args.min_score.map(Score::new).transpose()?,
    };
    let choice = FaceChoice::new(&args.face, Pick::Largest)?;
    let sdk = open_sdk(&args.sdk, output)?;
    let searcher = Searcher {
        snapshot: file::open(&args.file, Access::Read)?.snapshot(),
        matcher: sdk.matcher(MaskState::BARE)?,
        groups,
        against,
        options,
    };
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
                failed |= !is_no_face(&failure);
            }
        }
    }
    Ok(match (failed, named) {
        (true, _) => Outcome::BadInput,
        (false, true) => Outcome::Yes,
        (false, false) => Outcome::No,
    })
}

fn photograph(
    args: &SearchArgs,
    searcher: &Searcher,
    session: &mut Session,
    choice: &FaceChoice,
    photo: &Photo,
) -> CliResult<Vec<Answer>> {
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

impl Searcher {
    /// For `vultus identify`: every face of the named groups.
    pub(crate) fn named(args: &IdentifyArgs, fpir: TargetFpir, sdk: &Sdk) -> CliResult<Self> {
        let missing = || Failure::text("name a folder with --people or a gallery with --gallery");
        let file = FileArgs {
            gallery: args.gallery.clone().ok_or_else(missing)?,
            key_file: args.key_file.clone(),
        };
        let groups: Result<Vec<_>, _> = args.group.iter().map(|id| GroupId::new(id)).collect();
        Ok(Self {
            snapshot: file::open(&file, Access::Read)?.snapshot(),
            matcher: sdk.matcher(MaskState::BARE)?,
            groups: groups?,
            against: Against::Faces,
            options: SearchOptions {
                top: usize::from(args.top),
                fpir,
                min_score: None,
            },
        })
    }

    /// What a person is called.
    pub(crate) fn name(&self, id: &PersonId) -> String {
        let person = self.snapshot.person(id);
        person.map_or_else(|_| id.to_string(), |person| person.name)
    }

    /// One answer for all groups.
    pub(crate) fn all(&self, probe: &Embedding) -> CliResult<SearchResult> {
        let Self {
            matcher,
            groups,
            options,
            ..
        } = self;
        Ok(self
            .snapshot
            .search(matcher, probe, groups, self.against, options)?)
    }

    fn by_group(&self, probe: &Embedding) -> CliResult<Vec<(Option<GroupId>, SearchResult)>> {
        let Self {
            matcher,
            groups,
            options,
            ..
        } = self;
        let found = self
            .snapshot
            .search_by_group(matcher, probe, groups, self.against, options)?;
        Ok(found
            .into_iter()
            .map(|(group, found)| (Some(group), found))
            .collect())
    }
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
        "score": score_json(candidate.score),
        "cosine": rounded(candidate.cosine, 6),
    })
}

fn to_json(path: &Path, answers: &[Answer]) -> Value {
    let found = |(group, found): &(Option<GroupId>, SearchResult)| {
        json!({
            "group": group.as_ref().map(GroupId::as_str),
            "decision": if found.accepted().is_some() { "match" } else { "unknown" },
            "candidates": found.candidates.iter().map(candidate_json).collect::<Vec<_>>(),
            "threshold": score_json(found.threshold),
            "expected_fpir": found.expected_fpir,
            "searched": found.searched,
        })
    };
    let face = |answer: &Answer| {
        json!({
            "rect": rect_json(&answer.face.rect),
            "answers": answer.found.iter().map(found).collect::<Vec<_>>(),
        })
    };
    json!({
        "picture": path.display().to_string(),
        "faces": answers.iter().map(face).collect::<Vec<_>>(),
    })
}

fn to_text(path: &Path, answers: &[Answer]) -> String {
    let named = answers.iter().filter(|answer| answer.is_named()).count();
    let mut text = format!(
        "{}: {named} of {} faces named",
        path.display(),
        answers.len()
    );
    for (number, answer) in answers.iter().enumerate() {
        for (group, found) in &answer.found {
            let verdict = found
                .accepted()
                .map_or("unknown", |best| best.person.as_str());
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
