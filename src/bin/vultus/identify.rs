//! `vultus identify`

use crate::Outcome;
use crate::args::{IdentifyArgs, Pick};
use crate::compare::score_json;
use crate::context::{FaceChoice, check_annotate, open_sdk};
use crate::dataset::{self, People};
use crate::detect::{rect_json, rounded};
use crate::draw::{self, Mark};
use crate::failure::{CliResult, Failure, WithFile};
use crate::output::Output;
use serde_json::{Value, json};
use std::path::Path;
use vultus::config::TargetFpir;
use vultus::error::Status;
use vultus::frame::Photo;
use vultus::matching::{Candidate, Identification, Template};
use vultus::pipeline::{DetectOptions, Face};
use vultus::sdk::{Sdk, Session};

/// Who a face of the probe may be.
struct Answer {
    face: Face,
    found: Identification,
}

/// Everyone enrolled, and the rule by which a face gets a name.
struct Enrolled {
    people: People,
    templates: Vec<Template>,
    target: TargetFpir,
    top: usize,
}

pub(crate) fn run(args: &IdentifyArgs, output: &Output) -> CliResult<Outcome> {
    check_annotate(args.annotate.as_ref(), &args.probes)?;
    let target = TargetFpir::new(args.fpir)?;
    let choice = FaceChoice::new(&args.face, Pick::Largest)?.with_quality(args.quality)?;
    let sdk = open_sdk(&args.sdk, output)?;
    let people = People::read(&args.people, output)?;
    // Refused before the work of embedding everybody.
    sdk.search_threshold(people.images.len(), target)?;
    let templates = enroll(&sdk, &people, &choice, output)?;
    let enrolled = Enrolled {
        people,
        templates,
        target,
        top: usize::from(args.top),
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
        output.result(&to_json(path, &answers, &enrolled), || {
            to_text(path, &answers, &enrolled)
        });
        if let Some(file) = &args.annotate {
            let marks: Vec<Mark> = answers.iter().map(|answer| enrolled.mark(answer)).collect();
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
        let found = sdk.identify(&probe, &enrolled.templates, enrolled.target, enrolled.top)?;
        answers.push(Answer { face, found });
    }
    Ok(answers)
}

impl Enrolled {
    fn name(&self, candidate: &Candidate) -> &str {
        &self.people.names[candidate.person]
    }

    fn mark<'a>(&self, answer: &'a Answer) -> Mark<'a> {
        match answer.found.accepted() {
            Some(best) => Mark::new(
                &answer.face,
                draw::ACCEPTED,
                format!("{} {}", self.name(best), best.score),
            ),
            None => Mark::new(&answer.face, draw::UNKNOWN, "unknown".to_owned()),
        }
    }
}

fn to_json(path: &Path, answers: &[Answer], enrolled: &Enrolled) -> Value {
    let face = |answer: &Answer| {
        let accepted = answer.found.accepted();
        json!({
            "rect": rect_json(&answer.face.rect),
            "decision": if accepted.is_some() { "match" } else { "unknown" },
            "candidates": answer.found.candidates.iter().map(|candidate| json!({
                "person": enrolled.name(candidate),
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
    let mut text = format!(
        "{}: {} of {} faces named, {} people with {} photographs enrolled",
        path.display(),
        answers
            .iter()
            .filter(|answer| answer.found.accepted().is_some())
            .count(),
        answers.len(),
        enrolled.people.names.len(),
        enrolled.templates.len(),
    );
    for (number, answer) in answers.iter().enumerate() {
        let verdict = answer
            .found
            .accepted()
            .map_or("unknown", |best| enrolled.name(best));
        let threshold = answer.found.threshold;
        text += &format!(
            "\n  face {}: {verdict} (score {threshold} needed)",
            number + 1
        );
        for candidate in &answer.found.candidates {
            text += &format!(
                "\n    {:<24} score {:>5}  cosine {:.3}",
                enrolled.name(candidate),
                candidate.score.to_string(),
                candidate.cosine
            );
        }
    }
    text
}
