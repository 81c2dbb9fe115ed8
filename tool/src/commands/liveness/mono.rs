//! `vultus liveness mono`

use super::answers;
use crate::evaluation::pad::{Answer, Measure};
use crate::failure::{Failure, Result, WithFile};
use crate::inputs::{FaceChoice, Pick};
use crate::terminal::args::{FaceArgs, SdkArgs};
use crate::terminal::opening::open_sdk;
use crate::terminal::{Outcome, Output};
use clap::Args;
use std::path::{Path, PathBuf};
use vultus::{Sdk, Session};

#[derive(Args)]
pub(crate) struct MonoArgs {
    /// Photographs: JPEG, PNG or BMP.
    #[arg(required = true, value_name = "IMG")]
    images: Vec<PathBuf>,
    #[command(flatten)]
    face: FaceArgs,
    #[command(flatten)]
    sdk: SdkArgs,
}

pub(super) fn run(args: &MonoArgs, output: &Output) -> Result<Outcome> {
    let choice = args.face.choice(Pick::Largest)?;
    let sdk = open_sdk(&args.sdk, output)?;
    let mut session = sdk.session()?;
    Ok(answers::of_files(&args.images, output, |path| {
        assess(&sdk, &mut session, &choice, path)
    }))
}

fn assess(sdk: &Sdk, session: &mut Session, choice: &FaceChoice, path: &Path) -> Result<Answer> {
    let photo = choice.read_photo(path)?;
    let frame = photo.frame();
    let judged = session
        .largest_face(&frame, &choice.options)
        .and_then(|face| session.liveness_colour(&sdk.liveness_colour()?, &frame, &face));
    let judged = judged.map_err(Failure::from).with_file(path)?;
    let measures = judged.measures.map(|m| {
        vec![
            Measure::new("face_px", m.face_px, 0),
            Measure::new("surroundings", m.surroundings, 2),
            Measure::new("in_frame", m.in_frame, 2),
            Measure::new("brightness", m.brightness, 0),
            Measure::new("contrast", m.contrast, 0),
            Measure::new("colour", m.colour, 0),
            Measure::new("sharpness", m.sharpness, 2),
        ]
    });
    Ok(Answer {
        verdict: Some(judged.verdict),
        score: judged.score,
        evidence: judged.evidence,
        measures: measures.unwrap_or_default(),
    })
}
