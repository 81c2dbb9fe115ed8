//! `vultus liveness mono`

use super::Answer;
use super::args::MonoArgs;
use crate::Outcome;
use crate::args::Pick;
use crate::context::{FaceChoice, open_sdk};
use crate::failure::{CliResult, Failure, WithFile};
use crate::output::Output;
use std::path::Path;
use vultus::{Sdk, Session};

pub(super) fn run(args: &MonoArgs, output: &Output) -> CliResult<Outcome> {
    let choice = FaceChoice::new(&args.face, Pick::Largest)?;
    let sdk = open_sdk(&args.sdk, output)?;
    let mut session = sdk.session()?;
    Ok(super::judge(&args.images, output, |path| {
        assess(&sdk, &mut session, &choice, path)
    }))
}

fn assess(sdk: &Sdk, session: &mut Session, choice: &FaceChoice, path: &Path) -> CliResult<Answer> {
    let photo = choice.read_photo(path)?;
    let frame = photo.frame();
    let judged = session
        .largest_face(&frame, &choice.options)
        .and_then(|face| session.liveness_colour(&sdk.liveness_colour()?, &frame, &face));
    let judged = judged.map_err(Failure::from).with_file(path)?;
    let measures = judged.measures.map(|m| {
        vec![
            ("face_px", m.face_px, 0),
            ("surroundings", m.surroundings, 2),
            ("in_frame", m.in_frame, 2),
            ("brightness", m.brightness, 0),
            ("contrast", m.contrast, 0),
            ("colour", m.colour, 0),
            ("sharpness", m.sharpness, 2),
        ]
    });
    Ok(Answer {
        file: path.display().to_string(),
        verdict: Some(judged.verdict),
        score: judged.score,
        evidence: judged.evidence,
        measures: measures.unwrap_or_default(),
    })
}
