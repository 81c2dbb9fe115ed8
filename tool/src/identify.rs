//! `vultus identify`

use crate::Outcome;
use crate::args::{IdentifyArgs, Pick};
use crate::compare::score_json;
use crate::context::{FaceChoice, check_annotate, open_sdk};
use crate::dataset::{self, People};
use crate::detect::{rect_json, rounded};
use crate::draw::{self, Mark};
use crate::failure::{CliResult, Failure, WithFile};
use crate::folder::Folder;
use crate::gallery::Searcher;
use crate::output::Output;
use serde_json::{Value, json};
use std::path::Path;
use vultus::Embedding;
use vultus::Score;
use vultus::config::TargetFpir;
use vultus::error::Status;
use vultus::frame::Photo;
use vultus::gallery::{SearchOptions, SearchResult};
use vultus::{DetectOptions, Face, MaskState};
use vultus::{Sdk, Session};

/// Who a face of the probe may be.
struct Answer {
    face: Face,
    found: Found,
}

/// The people most similar to a face, best first.
struct Found {
    candidates: Vec<Candidate>,
    threshold: Score,
    expected_fpir: f64,
    named: bool,
}

struct Candidate {
    name: String,
    score: Score,
    cosine: f32,
}

/// Everyone who can be named.
enum Enrolled {
    Folder(Folder),
    Gallery(Searcher),
}

pub(crate) fn run(args: &IdentifyArgs, output: &Output) -> CliResult<Outcome> {
    check_annotate(args.annotate.as_ref(), &args.probes)?;
    let target = TargetFpir::new(args.fpir)?;
    let choice = FaceChoice::new(&args.face, Pick::Largest)?.with_quality(args.quality)?;
    let sdk = open_sdk(&args.sdk, output)?;
    let enrolled = match &args.people {
        Some(folder) => Enrolled::folder(args, folder, target, &sdk, &choice, output)?,
        None => Enrolled::Gallery(Searcher::named(args, target, &sdk)?),
    };
    let mut session = sdk.session()?;
    let (mut named, mut failed) = (false, false);
    for path in &args.probes {
        let found = choice.read_photo(path).and_then(|photo| {
            let answers = search(&mut session, &photo, &enrolled, &choice.options, output);
            Ok((answers.with_file(path)?, photo))
        });
        let (answers, photo) = match found {
            Ok(found) => found,
            Err(failure) => {
                // One bad picture does not keep the others from being looked at.
                output.failure(&failure);
                failed = true;
                continue;
            }
        };
        named |= answers
            .iter()
            .any(|answer| answer.found.accepted().is_some());
        output.result(&to_json(path, &answers), || {
            to_text(path, &answers, &enrolled)
        });
        if let Some(file) = &args.annotate {
            let marks: Vec<Mark> = answers.iter().map(Answer::mark).collect();
            draw::save(photo.image(), &marks, sdk.grant(), file)?;
        }
    }
    Ok(match (failed, named) {
        (true, _) => Outcome::BadInput,
        (false, true) => Outcome::Yes,
        (false, false) => Outcome::No,
    })
}

/// Embeds the largest face of every photograph; one without a face is named and left out. Each person
/// has one at least.
fn faces(
    sdk: &Sdk,
    people: &People,
    choice: &FaceChoice,
    output: &Output,
) -> CliResult<Vec<Vec<Embedding>>> {
    let embedded = dataset::embed_all(sdk, &people.paths(), choice, output, "enrolling")?;
    let mut faces = vec![Vec::new(); people.names.len()];
    for (image, embedding) in people.images.iter().zip(embedded) {
        match embedding {
            Some(embedding) => faces[image.person].push(embedding),
            None => output.warning(&format!(
                "{}: no usable face, left out",
                image.path.display()
            )),
        }
    }
    match faces.iter().position(Vec::is_empty) {
        Some(person) => Err(Failure::text(format!(
            "{} has no photograph with a usable face",
            people.names[person]
        ))),
        None => Ok(faces),
    }
}

fn search(
    session: &mut Session,
    photo: &Photo,
    enrolled: &Enrolled,
    options: &DetectOptions,
    output: &Output,
) -> CliResult<Vec<Answer>> {
    let frame = photo.frame();
    let mut answers = Vec::new();
    for face in session.detect(&frame, options)?.faces {
        let probe = match session.embed(&frame, &face) {
            Err(error) if error.status() == Status::FaceGeometryInvalid => {
                output.warning(&format!("a face is left out: {error}"));
                continue;
            }
            other => other?,
        };
        let found = enrolled.search(&probe)?;
        answers.push(Answer { face, found });
    }
    Ok(answers)
}

impl Enrolled {
    fn folder(
        args: &IdentifyArgs,
        folder: &Path,
        target: TargetFpir,
        sdk: &Sdk,
        choice: &FaceChoice,
        output: &Output,
    ) -> CliResult<Self> {
        let people = People::read(folder, output)?;
        // Refused before the work of embedding everybody.
        sdk.search_threshold(people.images.len(), target)?;
        let matcher = sdk.matcher(MaskState::BARE)?;
        let options = SearchOptions {
            top: usize::from(args.top),
            fpir: target,
            min_score: None,
        };
        let faces = faces(sdk, &people, choice, output)?;
        let folder = Folder::enrol(people.names, &faces, matcher, options)?;
        Ok(Self::Folder(folder))
    }

    fn search(&self, probe: &Embedding) -> CliResult<Found> {
        match self {
            Self::Folder(folder) => {
                let (known, result) = folder.search(probe)?;
                let known = known.iter();
                let candidates = known.map(|one| Candidate::new(one.name, &one.candidate));
                Ok(Found::new(candidates.collect(), &result))
            }
            Self::Gallery(searcher) => {
                let result = searcher.all(probe)?;
                let found = result.candidates.iter();
                let candidates = found.map(|one| Candidate::new(&searcher.name(&one.person), one));
                Ok(Found::new(candidates.collect(), &result))
            }
        }
    }

    /// How many are enrolled, in words.
    fn size(&self) -> String {
        match self {
            Self::Folder(folder) => folder.size(),
            Self::Gallery(searcher) => format!("{} people", searcher.snapshot.person_count()),
        }
    }
}

impl Candidate {
    fn new(name: &str, found: &vultus::gallery::Candidate) -> Self {
        Self {
            name: name.to_owned(),
            score: found.score,
            cosine: found.cosine,
        }
    }
}

impl Found {
    fn new(candidates: Vec<Candidate>, result: &SearchResult) -> Self {
        Self {
            candidates,
            threshold: result.threshold,
            expected_fpir: result.expected_fpir,
            named: result.named,
        }
    }

    /// The best candidate, if it reaches the threshold.
    fn accepted(&self) -> Option<&Candidate> {
        self.candidates.first().filter(|_| self.named)
    }
}

impl Answer {
    fn mark(&self) -> Mark<'_> {
        match self.found.accepted() {
            Some(best) => Mark::new(
                &self.face,
                draw::ACCEPTED,
                format!("{} {}", best.name, best.score),
            ),
            None => Mark::new(&self.face, draw::UNKNOWN, "unknown".to_owned()),
        }
    }
}

fn to_json(path: &Path, answers: &[Answer]) -> Value {
    let face = |answer: &Answer| {
        let accepted = answer.found.accepted();
        json!({
            "rect": rect_json(&answer.face.rect),
            "decision": if accepted.is_some() { "match" } else { "unknown" },
            "candidates": answer.found.candidates.iter().map(|candidate| json!({
                "person": candidate.name,
                "score": score_json(candidate.score),
                "cosine": rounded(candidate.cosine, 6),
            })).collect::<Vec<_>>(),
            "threshold": score_json(answer.found.threshold),
            "expected_fpir": answer.found.expected_fpir,
        })
    };
    json!({
        "probe": path.display().to_string(),
        "faces": answers.iter().map(face).collect::<Vec<_>>(),
    })
}

fn to_text(path: &Path, answers: &[Answer], enrolled: &Enrolled) -> String {
    let named = answers
        .iter()
        .filter(|answer| answer.found.accepted().is_some())
        .count();
    let mut text = format!(
        "{}: {named} of {} faces named, {} enrolled",
        path.display(),
        answers.len(),
        enrolled.size(),
    );
    for (number, answer) in answers.iter().enumerate() {
        let accepted = answer.found.accepted();
        let verdict = accepted.map_or("unknown", |best| best.name.as_str());
        let threshold = answer.found.threshold;
        text += &format!(
            "\n  face {}: {verdict} (score {threshold} needed)",
            number + 1
        );
        for candidate in &answer.found.candidates {
            text += &format!(
                "\n    {:<24} score {:>5}  cosine {:.3}",
                candidate.name,
                candidate.score.to_string(),
                candidate.cosine
            );
        }
    }
    text
}
