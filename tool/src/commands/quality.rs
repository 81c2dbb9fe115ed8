//! `vultus quality`

use crate::drawing::{annotated_quality, save_png};
use crate::failure::{Failure, Result, WithFile};
use crate::inputs::{FaceChoice, Pick};
use crate::observer::Observer;
use crate::shown::shown_path;
use crate::terminal::args::{FaceArgs, SdkArgs, check_annotate};
use crate::terminal::opening::open_sdk;
use crate::terminal::{Outcome, Output, json};
use clap::Args;
use serde_json::{Map, Value, json};
use std::path::{Path, PathBuf};
use vultus::config::QualityControl;
use vultus::error::Status;
use vultus::frame::Photo;
use vultus::quality::{Component, Flaw, QualityReport, QualityRules};
use vultus::{Face, Session};

#[derive(Args)]
pub(crate) struct QualityArgs {
    /// Photographs: JPEG, PNG or BMP.
    #[arg(required = true, value_name = "IMG")]
    images: Vec<PathBuf>,
    /// Strictness to judge by: 0 takes every face, 4 only the best.
    #[arg(long, value_name = "N", default_value_t = 0)]
    control: u8,
    /// Judge every face, not only the largest.
    #[arg(long)]
    all: bool,
    /// Write the picture with the parts of the face coloured by how well they can be seen, and the
    /// axes of the head (one photograph only).
    #[arg(long, value_name = "OUT.png")]
    annotate: Option<PathBuf>,
    #[command(flatten)]
    face: FaceArgs,
    #[command(flatten)]
    sdk: SdkArgs,
}

/// A face with its report.
struct Judged {
    face: Face,
    report: QualityReport,
}

pub(crate) fn run(args: &QualityArgs, output: &Output) -> Result<Outcome> {
    check_annotate(args.annotate.as_ref(), &args.images)?;
    let choice = args.face.choice(Pick::Largest)?;
    let control = QualityControl::new(args.control)?;
    let rules = QualityRules::default();
    let sdk = open_sdk(&args.sdk, output)?;
    let mut session = sdk.session()?;
    let mut outcome = Outcome::Yes;
    for path in &args.images {
        let judged = choice.read_photo(path).and_then(|photo| {
            let judged = judge(&mut session, &photo, &choice, args.all, output);
            Ok((judged.with_file(path)?, photo))
        });
        let (judged, photo) = match judged {
            Ok(judged) => judged,
            Err(failure) => {
                // One bad picture does not keep the others from being looked at.
                outcome = outcome.max(if failure.is_no_face() {
                    Outcome::No
                } else {
                    Outcome::BadInput
                });
                output.failure(&failure);
                continue;
            }
        };
        let json = json!({
            "image": shown_path(&path),
            "faces": judged.iter().map(|j| to_json(j, &rules, control)).collect::<Vec<_>>(),
        });
        output.result(&json, || to_text(path, &judged, &rules, control));
        if let Some(file) = &args.annotate {
            let faces: Vec<_> = judged.iter().map(|j| (&j.face, &j.report)).collect();
            let picture = annotated_quality(&photo, &faces, &mut session, sdk.grant())?;
            save_png(&picture, file)?;
        }
        let refused = judged
            .iter()
            .any(|j| rules.check(&j.report, control).is_err());
        if refused {
            outcome = outcome.max(Outcome::No);
        }
    }
    Ok(outcome)
}

/// The largest face, or all.
fn judge(
    session: &mut Session,
    photo: &Photo,
    choice: &FaceChoice,
    all: bool,
    output: &Output,
) -> Result<Vec<Judged>> {
    let frame = photo.frame();
    let found = session.detect(&frame, &choice.options)?;
    let (min_face, empty) = (choice.options.min_face, found.faces.is_empty());
    if !all || empty {
        let face = found.largest(min_face)?;
        let report = session.quality(&frame, &face)?;
        return Ok(vec![Judged { face, report }]);
    }
    let mut judged = Vec::new();
    for face in found.faces {
        match session.quality(&frame, &face) {
            Ok(report) => judged.push(Judged { face, report }),
            Err(error) if error.status() == Status::FaceGeometryInvalid => {
                output.warning(&format!("a face is left out: {error}"));
            }
            Err(error) => return Err(Failure::from(error)),
        }
    }
    Ok(judged)
}

fn flaw_json(flaw: &Flaw) -> Value {
    json!({
        "flaw": flaw.name,
        "component": flaw.component.name(),
        "value": json::rounded(flaw.value, 2),
        if flaw.is_below { "below" } else { "above" }: json::rounded(flaw.border, 2),
    })
}

/// Every component by its name; `null` where the pack has no network for it.
fn components_json(report: &QualityReport) -> Map<String, Value> {
    let value = |component: Component| match component.value(report) {
        Some(value) => json!(json::rounded(value, 2)),
        None => Value::Null,
    };
    Component::ALL
        .into_iter()
        .map(|component| (component.name().to_owned(), value(component)))
        .collect()
}

fn to_json(judged: &Judged, rules: &QualityRules, control: QualityControl) -> Value {
    let Judged { face, report } = judged;
    let pose = report.pose;
    json!({
        "rect": json::rect(&face.rect),
        "quality": components_json(report),
        "blur": json::rounded(report.measured.blur, 3),
        "pose": {
            "yaw": json::rounded(pose.yaw, 2),
            "pitch": json::rounded(pose.pitch, 2),
            "roll": json::rounded(pose.roll, 2),
        },
        "eyes": {
            "apertures": report.eyes.apertures.map(|a| json::rounded(a, 3)),
            "by_network": report.eyes.by_network,
        },
        "mask": report.mask.map(|mask| json!({
            "worn": mask.worn,
            "probability": json::rounded(mask.probability, 3),
        })),
        "face_px": json::rounded(report.face_px, 1),
        "flaws": rules.flaws(report).iter().map(flaw_json).collect::<Vec<_>>(),
        "control": control.level(),
        "qualified": rules.check(report, control).is_ok(),
    })
}

fn to_text(
    path: &Path,
    judged: &[Judged],
    rules: &QualityRules,
    control: QualityControl,
) -> String {
    let mut text = shown_path(&path);
    for Judged { report, .. } in judged {
        let pose = report.pose;
        let m = &report.measured;
        let c = &m.completeness;
        let learned = report
            .learned
            .map_or(String::new(), |l| format!("  learned {l:.0}"));
        let mask = match report.mask {
            Some(mask) if mask.worn => "worn",
            Some(_) => "none",
            None => "unknown (this pack has no network for it)",
        };
        text += &format!(
            "\n  total {:.0}{learned}  sharpness {:.0}  brightness {:.0}  eyes {:.0} px apart\
             \n  visible: eyebrows {:.0}  eyes {:.0}  nose {:.0}  cheeks {:.0}  mouth {:.0}  chin {:.0}  in frame {:.0} %\
             \n  yaw {:+.0}°  pitch {:+.0}°  roll {:+.0}°  eyes open {:.0}  mask {mask}",
            report.total,
            m.sharpness,
            m.brightness,
            report.eye_distance_px,
            c.eyebrows,
            c.eyes,
            c.nose,
            c.cheeks,
            c.mouth,
            c.chin,
            m.in_frame * 100.0,
            pose.yaw,
            pose.pitch,
            pose.roll,
            report.eyes.points(),
        );
        match rules.check(report, control) {
            Ok(()) => text += &format!("\n  good enough for quality control {}", control.level()),
            Err(refused) => text += &format!("\n  {refused}"),
        }
    }
    text
}
