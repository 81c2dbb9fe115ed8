//! `vultus quality`

use crate::Outcome;
use crate::args::{Pick, QualityArgs};
use crate::context::{FaceChoice, check_annotate, open_sdk};
use crate::detect::{rect_json, rounded};
use crate::draw;
use crate::embed::is_no_face;
use crate::failure::{CliResult, Failure, WithFile};
use crate::output::Output;
use serde_json::{Map, Value, json};
use std::path::Path;
use vultus::Face;
use vultus::Session;
use vultus::config::QualityControl;
use vultus::error::Status;
use vultus::frame::Photo;
use vultus::quality::{Component, Flaw, QualityReport, QualityRules};

/// A face with its report.
pub(crate) struct Judged {
    pub(crate) face: Face,
    pub(crate) report: QualityReport,
}

pub(crate) fn run(args: &QualityArgs, output: &Output) -> CliResult<Outcome> {
    check_annotate(args.annotate.as_ref(), &args.images)?;
    let choice = FaceChoice::new(&args.face, Pick::Largest)?;
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
                outcome = outcome.max(if is_no_face(&failure) {
                    Outcome::No
                } else {
                    Outcome::BadInput
                });
                output.failure(&failure);
                continue;
            }
        };
        let json = json!({
            "image": path.display().to_string(),
            "faces": judged.iter().map(|j| to_json(j, &rules, control)).collect::<Vec<_>>(),
        });
        output.result(&json, || to_text(path, &judged, &rules, control));
        if let Some(file) = &args.annotate {
            let faces: Vec<_> = judged.iter().map(|j| (&j.face, &j.report)).collect();
            draw::save_quality(&photo, &faces, &mut session, sdk.grant(), file)?;
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
) -> CliResult<Vec<Judged>> {
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
        "value": rounded(flaw.value, 2),
        if flaw.is_below { "below" } else { "above" }: rounded(flaw.border, 2),
    })
}

/// Every component by its name; `null` where the pack has no network for it.
pub(crate) fn components_json(report: &QualityReport) -> Map<String, Value> {
    let value = |component: Component| match component.value(report) {
        Some(value) => json!(rounded(value, 2)),
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
        "rect": rect_json(&face.rect),
        "quality": components_json(report),
        "blur": rounded(report.measured.blur, 3),
        "pose": {
            "yaw": rounded(pose.yaw, 2),
            "pitch": rounded(pose.pitch, 2),
            "roll": rounded(pose.roll, 2),
        },
        "eyes": {
            "apertures": report.eyes.apertures.map(|a| rounded(a, 3)),
            "by_network": report.eyes.by_network,
        },
        "mask": report.mask.map(|mask| json!({
            "worn": mask.worn,
            "probability": rounded(mask.probability, 3),
        })),
        "face_px": rounded(report.face_px, 1),
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
    let mut text = path.display().to_string();
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
