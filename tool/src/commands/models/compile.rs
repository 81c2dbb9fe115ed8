//! `vultus models compile`: every network of a pack becomes a plan, proved against its ONNX file.

use super::args::CompileArgs;
use crate::failure::{Failure, Result, WithFile};
use crate::observer::Observer;
use crate::packs::{self, PackFile, Signer};
use crate::shown::shown_path;
use crate::terminal::opening::open_folder;
use crate::terminal::{Outcome, Output};
use serde_json::json;
use std::fs;
use std::path::Path;
use toml_edit::DocumentMut;
use vultus::internals::model::{Compiled, Manifest, NetworkSpec, PLAN_FORMAT, compile, sha256_hex};

/// Golden values that are written for networks without any hold within this much of the largest.
const GOLDEN_TOLERANCE: f32 = 1e-4;

/// Where the compiled pack goes.
pub(super) enum Target<'a> {
    /// Beside the ONNX files, which stay.
    Here,
    /// A new pack; with its ONNX files, or a device's without.
    New { folder: &'a Path, keep_onnx: bool },
}

pub(super) fn run(args: &CompileArgs, output: &Output) -> Result<Outcome> {
    let target = match &args.out {
        Some(folder) => Target::New {
            folder,
            keep_onnx: args.keep_onnx,
        },
        None => Target::Here,
    };
    let signer = Signer::open(args.sign.sign_key.as_deref())?;
    let networks = compile_pack(&args.pack, &target, &signer, output)?;
    output.note(&signer.note());
    let json = json!({
        "folder": shown_path(args.out.as_ref().unwrap_or(&args.pack)),
        "networks": networks.iter().map(|(spec, done)| json!({
            "network": spec.name,
            "operations": done.operations,
            "multiply_adds": done.multiply_adds,
            "plan_bytes": done.plan.len(),
            "activation_bytes": done.activation_bytes,
            "pictures": done.pictures,
            "max_difference": done.difference,
            "cosine": done.cosine,
        })).collect::<Vec<_>>(),
    });
    output.result(&json, || table(&networks));
    Ok(Outcome::Yes)
}

fn table(networks: &[(NetworkSpec, Compiled)]) -> String {
    let mut text = format!(
        "{:<20} {:>10} {:>9} {:>10} {:>14} {:>11}  {}",
        "network", "operations", "MMAC", "plan KiB", "activation KiB", "difference", "cosine"
    );
    for (spec, done) in networks {
        text += &format!(
            "\n{:<20} {:>10} {:>9.1} {:>10} {:>14} {:>11.1e}  {:.8}",
            spec.name,
            done.operations,
            done.multiply_adds as f64 / 1e6,
            done.plan.len() / 1024,
            done.activation_bytes / 1024,
            done.difference,
            done.cosine,
        );
    }
    text
}

/// Compiles and proves all networks before anything is written.
pub(super) fn compile_pack(
    from: &Path,
    target: &Target<'_>,
    signer: &Signer,
    output: &Output,
) -> Result<Vec<(NetworkSpec, Compiled)>> {
    let pack = open_folder(from, &[signer.public()])?;
    let progress = output.begin("compiling", pack.networks().len());
    let mut networks = Vec::new();
    for network in pack.networks() {
        let done = compile(from, network.spec());
        let done = done.map_err(Failure::from).with_file(from)?;
        networks.push((network.spec().clone(), done));
        progress.advance(1);
    }
    drop(progress);
    let mut document = packs::manifest(from)?;
    match target {
        Target::Here => {
            let files = plans(&networks, |name, bytes| free_name(from, name, bytes));
            edit(&mut document, &networks, &files, true);
            packs::extend(from, &document.to_string(), &files, signer)?;
        }
        Target::New { folder, keep_onnx } => {
            let mut files = plans(&networks, |name, _| format!("{name}.plan"));
            edit(&mut document, &networks, &files, *keep_onnx);
            let onnx = networks.iter().filter_map(|(spec, _)| spec.file.as_ref());
            let onnx = onnx.filter(|_| *keep_onnx);
            for name in curves(pack.manifest()).chain(onnx) {
                if files.iter().all(|(there, _)| there != name) {
                    let file = from.join(name);
                    files.push((name.clone(), fs::read(&file).with_file(&file)?));
                }
            }
            packs::create(folder, &document.to_string(), &files, signer)?;
        }
    }
    Ok(networks)
}

fn curves(manifest: &Manifest) -> impl Iterator<Item = &String> {
    let curves = [&manifest.calibration, &manifest.masked_calibration];
    curves.into_iter().flatten().map(|curve| &curve.file)
}

/// The plans' files, in the networks' order.
fn plans(
    networks: &[(NetworkSpec, Compiled)],
    name: impl Fn(&str, &[u8]) -> String,
) -> Vec<PackFile> {
    let file =
        |(spec, done): &(NetworkSpec, Compiled)| (name(&spec.name, &done.plan), done.plan.clone());
    networks.iter().map(file).collect()
}

/// A name that no other plan of the pack has: a pack that is compiled again must not lose the plan
/// that its manifest still names.
fn free_name(folder: &Path, name: &str, bytes: &[u8]) -> String {
    let plain = format!("{name}.plan");
    match fs::read(folder.join(&plain)) {
        Ok(there) if there != bytes => format!("{name}-{}.plan", &sha256_hex(bytes)[..8]),
        _ => plain,
    }
}

fn edit(
    document: &mut DocumentMut,
    networks: &[(NetworkSpec, Compiled)],
    plans: &[PackFile],
    keep_onnx: bool,
) {
    document["format"] = packs::replaced(&document["format"], i64::from(PLAN_FORMAT));
    let tables = document["network"]
        .as_array_of_tables_mut()
        .expect("the pack was opened: it has [[network]] tables");
    for ((table, (spec, done)), (file, bytes)) in tables.iter_mut().zip(networks).zip(plans) {
        if !keep_onnx {
            table.remove("file");
        }
        table["plan"] = packs::plan(file, bytes);
        if spec.golden.is_none() {
            table["golden"] = packs::golden(spec, &done.golden, GOLDEN_TOLERANCE);
        }
    }
}
