//! `vultus calibrate`

use crate::Outcome;
use crate::args::CalibrateArgs;
use crate::context::{FaceChoice, open_sdk, pack_folder};
use crate::dataset::{LabelledFaces, impostor_cosines};
use crate::eval::pairs::score_pairs;
use crate::failure::{CliResult, Failure, WithFile};
use crate::output::Output;
use serde_json::json;
use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use toml_edit::{DocumentMut, Item, Table, value};
use vultus::Sdk;
use vultus::internals::model::{MANIFEST_FILE, sha256_hex};
use vultus::pack::{Curve, CurveSource};

/// Name of the curve inside a pack that this tool writes.
pub(crate) const CURVE_FILE: &str = "calibration.toml";

pub(crate) fn run(args: &CalibrateArgs, output: &Output) -> CliResult<Outcome> {
    let sdk = open_sdk(&args.sdk, output)?;
    let curve = match (&args.images, &args.pairs, &args.root) {
        (Some(images), _, _) => from_people(&sdk, images, args, output)?,
        (None, Some(pairs), Some(root)) => from_pairs(&sdk, pairs, root, args, output)?,
        _ => return Err(Failure::text("give --images, or --pairs with --root")),
    };
    let text = to_toml(&curve)?;
    if let Some(file) = &args.out {
        fs::write(file, &text).with_file(file)?;
    }
    if args.install {
        install(&pack_folder(&args.sdk.pack)?, &text)?;
    }
    let source = curve.source();
    let json = json!({
        "model_id": curve.model_id(),
        "set": source.set,
        "images": source.images,
        "people": source.people,
        "failed_to_detect": source.failed_to_detect,
        "impostor_pairs": source.impostor_pairs,
        "score_limit": curve.limit().get(),
    });
    output.result(&json, || {
        format!(
            "{} calibrated on {}: {} images of {} people, {} impostor pairs, scores up to {}",
            curve.model_id(),
            source.set,
            source.images,
            source.people,
            source.impostor_pairs,
            curve.limit()
        )
    });
    Ok(Outcome::Yes)
}

fn from_people(
    sdk: &Sdk,
    images: &Path,
    args: &CalibrateArgs,
    output: &Output,
) -> CliResult<Curve> {
    let choice = FaceChoice::new(&args.face, args.pick)?;
    let labelled = LabelledFaces::read(sdk, images, args.same.as_deref(), &choice, output)?;
    let faces = labelled.of(|_| true);
    let people: BTreeSet<usize> = faces.iter().map(|(person, _)| *person).collect();
    let source = CurveSource {
        set: args.set.clone(),
        images: faces.len() as u64,
        people: people.len() as u64,
        failed_to_detect: (labelled.people.images.len() - faces.len()) as u64,
        impostor_pairs: 0,
    };
    measure(sdk, source, impostor_cosines(&faces)?)
}

fn from_pairs(
    sdk: &Sdk,
    pairs: &Path,
    root: &Path,
    args: &CalibrateArgs,
    output: &Output,
) -> CliResult<Curve> {
    let choice = FaceChoice::new(&args.face, args.pick)?;
    let scored = score_pairs(sdk, pairs, root, &choice, output)?;
    let impostors = scored
        .pairs
        .iter()
        .filter(|pair| !pair.same)
        .filter_map(|pair| pair.cosine)
        .collect();
    let source = CurveSource {
        set: args.set.clone(),
        images: (scored.images - scored.failed_to_detect) as u64,
        people: 0,
        failed_to_detect: scored.failed_to_detect as u64,
        impostor_pairs: 0,
    };
    measure(sdk, source, impostors)
}

fn measure(sdk: &Sdk, source: CurveSource, impostors: Vec<f32>) -> CliResult<Curve> {
    Curve::measure(sdk.pack().model_id(), source, impostors).map_err(Failure::text)
}

fn to_toml(curve: &Curve) -> CliResult<String> {
    let document = toml::to_string(curve)
        .map_err(|error| Failure::text(format!("the curve cannot be written: {error}")))?;
    Ok(format!(
        "# Score over cosine, measured by `vultus calibrate`. FMR = 10^((10 - score) / 10).\n{document}"
    ))
}

/// Writes both files beside their places and then renames them, so that a full disk or a power cut
/// leaves whole files. Between the two renames the pack is refused, not misread; comments of the
/// manifest stay.
fn install(folder: &Path, curve: &str) -> CliResult<()> {
    let manifest = folder.join(MANIFEST_FILE);
    let text = fs::read_to_string(&manifest).with_file(&manifest)?;
    let mut document: DocumentMut = text
        .parse()
        .map_err(|error| Failure::text(format!("{error}")).about(&manifest))?;
    let mut table = Table::new();
    table["file"] = value(CURVE_FILE);
    table["sha256"] = value(sha256_hex(curve.as_bytes()));
    document["calibration"] = Item::Table(table);
    let new_curve = folder.join(format!("{CURVE_FILE}.new"));
    let new_manifest = folder.join(format!("{MANIFEST_FILE}.new"));
    fs::write(&new_curve, curve).with_file(&new_curve)?;
    fs::write(&new_manifest, document.to_string()).with_file(&new_manifest)?;
    let file = folder.join(CURVE_FILE);
    fs::rename(&new_curve, &file).with_file(&file)?;
    fs::rename(&new_manifest, &manifest).with_file(&manifest)
}
