//! `vultus identify`

use crate::Outcome;
use crate::args::{IdentifyArgs, Pick};
use crate::compare::score_json;
use crate::context::{FaceChoice, check_annotate, open_sdk};
use crate::dataset::{self, People};
use crate::detect::{rect_json, rounded};
use crate::draw::{self, Mark};
use crate::failure::{CliResult, Failure, WithFile};
use crate::gallery::Searcher;
use crate::output::Output;
use serde_json::{Value, json};
use std::path::Path;
use vultus::Embedding;
use vultus::Score;
use vultus::config::TargetFpir;
use vultus::error::Status;
use vultus::frame::Photo;
use vultus::internals::matching::Template;
use vultus::{DetectOptions, Face};
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
    Folder {
        people: People,
        templates: Vec<Template>,
        target: TargetFpir,
        top: usize,
    },
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
            let answers = search(
                &sdk,
                &mut session,
                &photo,
                &enrolled,
                &choice.options,
                output,
            );
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

/// Embeds the largest face of every photograph; one without a face is named and left out.
fn enroll(
    sdk: &Sdk,
    people: &People,
    choice: &FaceChoice,
    output: &Output,
) -> CliResult<Vec<Template>> {
    let embedded = dataset::embed_all(sdk, &people.paths(), choice, output, "enrolling")?;
    let mut templates = Vec::new();
    for (image, embedding) in people.images.iter().zip(embedded) {
        match embedding {
            Some(embedding) => templates.push(Template {
                person: image.person,
                embedding,
            }),
            None => output.warning(&format!(
                "{}: no usable face, left out",
                image.path.display()
            )),
        }
    }
    for (person, name) in people.names.iter().enumerate() {
        if !templates.iter().any(|template| template.person == person) {
            return Err(Failure::text(format!(
                "{name} has no photograph with a usable face"
            )));
        }
    }
    Ok(templates)
}

fn search(
    sdk: &Sdk,
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
        let found = enrolled.search(sdk, &probe)?;
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
        let templates = enroll(sdk, &people, choice, output)?;
        Ok(Self::Folder {
            people,
            templates,
            target,
            top: usize::from(args.top),
        })
    }

    fn search(&self, sdk: &Sdk, probe: &Embedding) -> CliResult<Found> {
        match self {
            Self::Folder {
                people,
                templates,
                target,
                top,
            } => {
                let found = sdk.identify(probe, templates, *target, *top)?;
                let candidate = |one: &vultus::internals::matching::Candidate| Candidate {
                    name: people.names[one.person].clone(),
                    score: one.score,
                    cosine: one.cosine,
                };
                Ok(Found {
                    candidates: found.candidates.iter().map(candidate).collect(),
                    threshold: found.threshold,
                    expected_fpir: found.expected_fpir,
                    named: found.named,
                })
            }
            Self::Gallery(searcher) => {
                let found = searcher.all(probe)?;
                let candidate = |one: &vultus::gallery::Candidate| Candidate {
                    name: searcher.name(&one.person),
                    score: one.score,
                    cosine: one.cosine,
                };
                Ok(Found {
                    candidates: found.candidates.iter().map(candidate).collect(),
                    threshold: found.threshold,
                    expected_fpir: found.expected_fpir,
                    named: found.named,
                })
            }
        }
    }

    /// How many are enrolled, in words.
    fn size(&self) -> String {
        match self {
            Self::Folder {
                people, templates, ..
            } => format!(
                "{} people with {} photographs",
                people.names.len(),
                templates.len()
            ),
            Self::Gallery(searcher) => format!("{} people", searcher.snapshot.person_count()),
        }
    }
}

impl Found {
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
