//! `vultus detect`

use crate::Outcome;
use crate::args::{DetectArgs, Pick};
use crate::context::{FaceChoice, check_annotate, open_sdk};
use crate::draw::{self, Mark};
use crate::failure::{CliResult, WithFile};
use crate::output::Output;
use serde_json::{Value, json};
use std::path::Path;
use vultus::Session;
use vultus::frame::Photo;
use vultus::geom::{Point, Rect};
use vultus::{DetectOptions, Face};

pub(crate) fn run(args: &DetectArgs, output: &Output) -> CliResult<Outcome> {
    check_annotate(args.annotate.as_ref(), &args.images)?;
    let choice = FaceChoice::new(&args.face, Pick::Largest)?;
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
                .map(|face| Mark::new(face, draw::FACE, format!("{:.2}", face.score)))
                .collect();
            draw::save(photo.image(), &marks, sdk.grant(), file)?;
        }
        if faces.is_empty() {
            outcome = outcome.max(Outcome::No);
        }
    }
    Ok(outcome)
}

fn find(session: &mut Session, photo: &Photo, options: &DetectOptions) -> CliResult<Vec<Face>> {
    Ok(session.detect(&photo.frame(), options)?.faces)
}

fn to_json(path: &Path, photo: &Photo, faces: &[Face]) -> Value {
    let (width, height) = photo.image().size();
    json!({
        "image": path.display().to_string(),
        "width": width,
        "height": height,
        "faces": faces.iter().map(|face| json!({
            "score": rounded(face.score, 4),
            "rect": rect_json(&face.rect),
            "landmarks": face.landmarks.to_array().map(point_json),
        })).collect::<Vec<_>>(),
    })
}

/// `[x, y, width, height]` in pixels.
pub(crate) fn rect_json(rect: &Rect) -> [f64; 4] {
    [rect.x, rect.y, rect.width, rect.height].map(|v| rounded(v, 2))
}

fn point_json(point: Point) -> [f64; 2] {
    [rounded(point.x, 2), rounded(point.y, 2)]
}

/// A number with so many decimals, free of the noise of f32.
pub(crate) fn rounded(value: f32, decimals: i32) -> f64 {
    let factor = 10_f64.powi(decimals);
    (f64::from(value) * factor).round() / factor
}

fn to_text(path: &Path, photo: &Photo, faces: &[Face]) -> String {
    let (width, height) = photo.image().size();
    let plural = if faces.len() == 1 { "" } else { "s" };
    let mut text = format!(
        "{}: {width}×{height} px, {} face{plural}",
        path.display(),
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
