//! `vultus identify`

mod answer;
mod args;
mod enrolled;
mod folder;

pub(crate) use args::IdentifyArgs;

use crate::drawing::{Mark, annotated, save_png};
use crate::failure::{Result, WithFile};
use crate::inputs::Pick;
use crate::observer::Observer;
use crate::terminal::args::check_annotate;
use crate::terminal::opening::open_sdk;
use crate::terminal::{Outcome, Output};
use answer::Answer;
use enrolled::Enrolled;
use vultus::config::TargetFpir;
use vultus::error::Status;
use vultus::frame::Photo;
use vultus::{DetectOptions, Session};

pub(crate) fn run(args: &IdentifyArgs, output: &Output) -> Result<Outcome> {
    check_annotate(args.annotate.as_ref(), &args.probes)?;
    let target = TargetFpir::new(args.fpir)?;
    let choice = args
        .face
        .choice(Pick::Largest)?
        .with_quality(args.quality)?;
    let sdk = open_sdk(&args.sdk, output)?;
    let enrolled = Enrolled::new(args, target, &sdk, &choice, output)?;
    let mut session = sdk.session()?;
    let (mut named, mut failed) = (false, false);
    for path in &args.probes {
        let found = choice.read_photo(path).and_then(|photo| {
            let options = &choice.options;
            let answers = search(&mut session, &photo, &enrolled, options, output);
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
        named |= answers.iter().any(Answer::is_named);
        output.result(&answer::to_json(path, &answers), || {
            answer::to_text(path, &answers, &enrolled)
        });
        if let Some(file) = &args.annotate {
            let marks: Vec<Mark> = answers.iter().map(Answer::mark).collect();
            save_png(&annotated(photo.image(), &marks, sdk.grant()), file)?;
        }
    }
    Ok(match (failed, named) {
        (true, _) => Outcome::BadInput,
        (false, named) => Outcome::from_answer(named),
    })
}

fn search(
    session: &mut Session,
    photo: &Photo,
    enrolled: &Enrolled,
    options: &DetectOptions,
    output: &Output,
) -> Result<Vec<Answer>> {
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
