//! `vultus models`

#[cfg(feature = "onnx")]
mod compile;
mod folder;
#[cfg(feature = "onnx")]
mod import;
mod manifest;
mod quantize;
mod tiled;

use crate::Outcome;
use crate::args::{ModelsArgs, ModelsCommand, PackArgs};
use crate::context::pack_folder;
use crate::failure::{CliResult, Failure};
use crate::output::Output;
use serde_json::json;
use vultus::internals::model::{GoldenReport, Pack, PackNetwork};
use vultus::licensing::grant::Grant;
use vultus::{Config, Sdk};

pub(crate) fn run(args: &ModelsArgs, output: &Output) -> CliResult<Outcome> {
    match &args.what {
        ModelsCommand::List(pack) => list(pack, output),
        ModelsCommand::Verify(pack) => verify(pack, output),
        ModelsCommand::Quantize(args) => quantize::run(args, output),
        #[cfg(feature = "onnx")]
        ModelsCommand::Import(args) => import::run(args, output),
        #[cfg(feature = "onnx")]
        ModelsCommand::Compile(args) => compile::run(args, output),
        #[cfg(not(feature = "onnx"))]
        ModelsCommand::Import(_) | ModelsCommand::Compile(_) => Err(Failure::text(
            "this build cannot read ONNX: rebuild with --features onnx",
        )),
    }
}

fn list(args: &PackArgs, output: &Output) -> CliResult<Outcome> {
    let folder = pack_folder(args)?;
    let pack = Pack::open(&folder).map_err(|error| Failure::from(error).about(&folder))?;
    let networks: Vec<_> = pack.networks().iter().map(PackNetwork::spec).collect();
    let curve = pack.curve();
    let json = json!({
        "model_id": &**pack.model_id(),
        "folder": folder.display().to_string(),
        "description": pack.description(),
        "networks": networks.iter().map(|spec| json!({
            "name": spec.name,
            "role": format!("{:?}", spec.role).to_lowercase(),
            "file": spec.file,
            "sha256": spec.sha256,
            "plan": spec.plan.as_ref().map(|plan| json!({ "file": plan.file, "sha256": plan.sha256 })),
            "input": spec.input.shape,
            "licence": spec.licence,
            "source": spec.source,
            "training_data": spec.training_data,
        })).collect::<Vec<_>>(),
        "calibration": curve.map(|curve| json!({
            "set": curve.source().set,
            "impostor_pairs": curve.source().impostor_pairs,
            "score_limit": curve.limit().get(),
        })),
    });
    output.result(&json, || {
        let mut text = format!(
            "{}  {}\n  {}",
            pack.model_id(),
            folder.display(),
            pack.description()
        );
        for spec in &networks {
            let (width, height) = spec.input.side();
            text += &format!(
                "\n  {:<9} {} ({width}×{height}), {}\n            {}\n            trained on: {}",
                format!("{:?}", spec.role).to_lowercase(),
                spec.name,
                spec.licence,
                spec.source,
                spec.training_data,
            );
        }
        text + &match curve {
            Some(curve) => format!(
                "\n  calibrated on {} ({} impostor pairs), scores up to {}",
                curve.source().set,
                curve.source().impostor_pairs,
                curve.limit()
            ),
            None => "\n  not calibrated: no scores and no decisions".to_owned(),
        }
    });
    Ok(Outcome::Yes)
}

fn verify(args: &PackArgs, output: &Output) -> CliResult<Outcome> {
    let folder = pack_folder(args)?;
    // Proving a pack needs no licence.
    let sdk = Sdk::open(&Config::new(&folder), Grant::demo())
        .map_err(|error| Failure::from(error).about(&folder))?;
    sdk.pack().check_files()?;
    let reports = sdk.pack().check_golden()?;
    let passed = reports.iter().all(GoldenReport::passed);
    let unproved: Vec<&str> = sdk
        .pack()
        .networks()
        .iter()
        .map(PackNetwork::spec)
        .filter(|spec| spec.golden.is_none())
        .map(|spec| spec.name.as_str())
        .collect();
    let json = json!({
        "model_id": &**sdk.pack().model_id(),
        "hashes": "ok",
        "golden": reports.iter().map(|report| json!({
            "network": report.network,
            "values": report.compared,
            "max_difference": report.max_difference,
            "tolerance": report.tolerance,
            "passed": report.passed(),
        })).collect::<Vec<_>>(),
        "without_golden": unproved,
        "passed": passed && unproved.is_empty(),
    });
    output.result(&json, || {
        let mut text = format!("{}: all hashes are right", sdk.pack().model_id());
        for report in &reports {
            text += &format!(
                "\n  {:<16} {} golden values, largest difference {:.1e} of {:.0e} allowed: {}",
                report.network,
                report.compared,
                report.max_difference,
                report.tolerance,
                if report.passed() { "ok" } else { "WRONG" },
            );
        }
        for name in &unproved {
            text += &format!("\n  {name:<16} has no golden values: nothing is proved");
        }
        text
    });
    if passed && unproved.is_empty() {
        Ok(Outcome::Yes)
    } else if passed {
        Ok(Outcome::No)
    } else {
        Err(Failure::text(
            "this machine does not compute what the pack's maker saw; do not use it",
        ))
    }
}
