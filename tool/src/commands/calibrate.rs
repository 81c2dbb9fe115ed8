//! `vultus calibrate`

use crate::datasets::{LabelledFaces, ScoredPairs, impostor_cosines};
use crate::failure::{Failure, Result, WithFile};
use crate::inputs::Pick;
use crate::packs::{self, Signer};
use crate::terminal::args::{FaceArgs, SdkArgs, SignArgs};
use crate::terminal::opening::{open_sdk, pack_folder};
use crate::terminal::{Outcome, Output};
use clap::Args;
use serde_json::json;
use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use vultus::Sdk;
use vultus::pack::{Curve, CurveSource};

#[derive(Args)]
pub(crate) struct CalibrateArgs {
    /// Folder with one folder a person: every pair of different people counts.
    #[arg(long, value_name = "DIR", conflicts_with_all = ["pairs", "root"], required_unless_present = "pairs")]
    images: Option<PathBuf>,
    /// Folders that show one person under two names: a CSV file with the columns person,also.
    #[arg(long, value_name = "CSV", requires = "images")]
    same: Option<PathBuf>,
    /// Labelled pairs: those of different people count.
    #[arg(long, value_name = "CSV", requires = "root")]
    pairs: Option<PathBuf>,
    /// Folder that the images of the pairs are in.
    #[arg(long, value_name = "DIR")]
    root: Option<PathBuf>,
    /// Name of the image set, recorded in the curve.
    #[arg(long, value_name = "NAME")]
    set: String,
    /// Write the curve to a file.
    #[arg(long, value_name = "FILE", required_unless_present = "install")]
    out: Option<PathBuf>,
    /// Write the curve into the pack and record its hash in the manifest.
    #[arg(long)]
    install: bool,
    /// Which face of a photograph counts.
    #[arg(long, value_enum, value_name = "RULE", default_value = "prominent")]
    pick: Pick,
    #[command(flatten)]
    face: FaceArgs,
    #[command(flatten)]
    sign: SignArgs,
    #[command(flatten)]
    sdk: SdkArgs,
}

pub(crate) fn run(args: &CalibrateArgs, output: &Output) -> Result<Outcome> {
    let signer = Signer::open(args.sign.sign_key.as_deref())?;
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
        packs::install_curve(&pack_folder(&args.sdk.pack)?, &text, &signer)?;
        output.note(&signer.note());
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

fn from_people(sdk: &Sdk, images: &Path, args: &CalibrateArgs, output: &Output) -> Result<Curve> {
    let choice = args.face.choice(args.pick)?;
    let labelled = LabelledFaces::read(sdk, images, args.same.as_deref(), &choice, output)?;
    let faces = labelled.of_people(|_| true);
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
) -> Result<Curve> {
    let choice = args.face.choice(args.pick)?;
    let scored = ScoredPairs::score(sdk, pairs, root, &choice, output)?;
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

fn measure(sdk: &Sdk, source: CurveSource, impostors: Vec<f32>) -> Result<Curve> {
    Curve::measure(sdk.pack().model_id(), source, impostors).map_err(Failure::text)
}

fn to_toml(curve: &Curve) -> Result<String> {
    let document = toml::to_string(curve)
        .map_err(|error| Failure::text(format!("the curve cannot be written: {error}")))?;
    Ok(format!(
        "# Score over cosine, measured by `vultus calibrate`. FMR = 10^((10 - score) / 10).\n{document}"
    ))
}
