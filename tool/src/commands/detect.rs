//! `vultus detect`

use crate::drawing::{Colour, Mark, annotated, save_png};
use crate::failure::{Result, WithFile};
use crate::inputs::Pick;
use crate::shown::shown_path;
use crate::terminal::args::{FaceArgs, SdkArgs, check_annotate};
use crate::terminal::opening::open_sdk;
use crate::terminal::{Outcome, Output, json};
use clap::Args;
use serde_json::{Value, json};
use std::path::{Path, PathBuf};
use vultus::frame::Photo;
use vultus::geom::Rect;
use vultus::{DetectOptions, Face, Session};

#[derive(Args)]
pub(crate) struct DetectArgs {
    /// Photographs: JPEG, PNG or BMP.
    #[arg(required = true, value_name = "IMG")]
    images: Vec<PathBuf>,
    /// Write the picture with boxes, points and scores drawn (one photograph only).
    #[arg(long, value_name = "OUT.png")]
    annotate: Option<PathBuf>,
    #[command(flatten)]
    face: FaceArgs,
    #[command(flatten)]
    sdk: SdkArgs,
}

pub(crate) fn run(args: &DetectArgs, output: &Output) -> Result<Outcome> {
    check_annotate(args.annotate.as_ref(), &args.images)?;
    let choice = args.face.choice(Pick::Largest)?;
    let sdk = open_sdk(&args.sdk, output)?;
    let mut session = sdk.session()?;
    let mut outcome = Outcome::Yes;
    for path in &args.images {
        let found = choice.read_photo(path).and_then(|photo| {
            find(&mut session, &photo, &choice.options)
                .with_file(path)
                .map(|faces| (photo, faces))
        });
        let (photo, faces) = match found {
            Ok(found) => found,
            Err(failure) => {
                // One bad picture does not keep the others from being looked at.
                output.failure(&failure);
                outcome = Outcome::BadInput;
                continue;
            }
        };
        output.result(&to_json(path, &photo, &faces), || {
            to_text(path, &photo, &faces)
        });
        if let Some(file) = &args.annotate {
            let marks: Vec<Mark> = faces
                .iter()
                .map(|face| Mark {
                    face,
                    colour: Colour::FACE,
                    label: format!("{:.2}", face.score),
                })
                .collect();
            save_png(&annotated(photo.image(), &marks, sdk.grant()), file)?;
        }
        if faces.is_empty() {
            outcome = outcome.max(Outcome::No);
        }
    }
    Ok(outcome)
}

fn find(session: &mut Session, photo: &Photo, options: &DetectOptions) -> Result<Vec<Face>> {
    Ok(session.detect(&photo.frame(), options)?.faces)
}

fn to_json(path: &Path, photo: &Photo, faces: &[Face]) -> Value {
    let (width, height) = photo.image().size();
    json!({
        "image": shown_path(&path),
        "width": width,
        "height": height,
        "faces": faces.iter().map(|face| json!({
            "score": json::rounded(face.score, 4),
            "rect": json::rect(&face.rect),
            "landmarks": face.landmarks.to_array().map(json::point),
        })).collect::<Vec<_>>(),
    })
}

fn to_text(path: &Path, photo: &Photo, faces: &[Face]) -> String {
    let (width, height) = photo.image().size();
    let plural = if faces.len() == 1 { "" } else { "s" };
    let mut text = format!(
        "{}: {width}×{height} px, {} face{plural}",
        shown_path(&path),
        faces.len()
    );
    for (number, face) in faces.iter().enumerate() {
        let Rect {
            x,
            y,
            width,
            height,
        } = face.rect;
        text += &format!(
            "\n  {}  {width:.0}×{height:.0} px at ({x:.0}, {y:.0})  score {:.2}  eyes {:.0} px apart",
            number + 1,
            face.score,
            face.landmarks.eye_distance()
        );
    }
    text
}
