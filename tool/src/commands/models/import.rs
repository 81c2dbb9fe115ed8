//! `vultus models import`: published weights become a verified pack, with plans.

use super::args::ImportArgs;
use super::compile::{Target, compile_pack};
use crate::failure::{Failure, Result, WithFile};
use crate::observer::Observer;
use crate::packs::{CURVE_FILE, Signer};
use crate::shown::shown_path;
use crate::terminal::{Outcome, Output};
use serde::Deserialize;
use serde_json::json;
use std::fs;
use std::path::Path;
use toml_edit::DocumentMut;
use vultus::Verification;
use vultus::internals::model::{MANIFEST_FILE, Pack, SIGNATURE_FILE, sha256_hex};

/// The registry of published files, and the pack that is made of them.
const REGISTRY: &str = include_str!("../../../../models/packs.toml");
const STANDARD_MANIFEST: &str = include_str!("../../../../models/standard/pack.toml");
const STANDARD_CURVE: &str = include_str!("../../../../models/standard/calibration.toml");

/// Networks of this project's own, which the tool brings along.
const OWN: [(&str, &[u8]); 2] = [
    (
        "infrared.onnx",
        include_bytes!("../../../../models/source/lite/infrared.onnx"),
    ),
    (
        "depth.onnx",
        include_bytes!("../../../../models/source/lite/depth.onnx"),
    ),
];

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Registry {
    #[serde(rename = "file")]
    files: Vec<PublishedFile>,
}

/// A file as its author publishes it.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct PublishedFile {
    file: String,
    bytes: u64,
    sha256: String,
    repository: String,
    commit: String,
    path: String,
    /// SHA-256 of the file at the source, where that is converted.
    published_sha256: Option<String>,
    licence: String,
    /// Whether the pack is made without it where it is missing.
    #[serde(default)]
    optional: bool,
}

pub(super) fn run(args: &ImportArgs, output: &Output) -> Result<Outcome> {
    let registry: Registry =
        toml::from_str(REGISTRY).expect("models/packs.toml is part of this tool and tested");
    let signer = Signer::open(args.sign.sign_key.as_deref())?;
    let progress = output.begin("importing", registry.files.len());
    // All files are checked before the first is written.
    let mut verified = Vec::new();
    let (files, left_out): (Vec<&PublishedFile>, Vec<&PublishedFile>) = registry
        .files
        .iter()
        .partition(|file| !file.optional || args.from.join(&file.file).exists());
    for published in &files {
        verified.push((&published.file, published.read(&args.from)?));
        progress.advance(1);
    }
    drop(progress);
    fs::create_dir_all(&args.to).with_file(&args.to)?;
    let write = |name: &str, bytes: &[u8]| {
        let file = args.to.join(name);
        fs::write(&file, bytes).with_file(&file)
    };
    for (name, bytes) in &verified {
        write(name, bytes)?;
    }
    for (name, bytes) in OWN {
        write(name, bytes)?;
    }
    write(CURVE_FILE, STANDARD_CURVE.as_bytes())?;
    for published in &left_out {
        let message = format!("{} is not there: a pack without it", published.file);
        output.warning(&message);
    }
    let mut manifest = without(&left_out);
    let mut converted = false;
    for (published, (_, bytes)) in files.iter().zip(&verified) {
        let found = sha256_hex(bytes);
        converted |= found != published.sha256;
        manifest = manifest.replace(&published.sha256, &found);
    }
    write(MANIFEST_FILE, manifest.as_bytes())?;
    write(SIGNATURE_FILE, signer.sign(&manifest).as_bytes())?;
    let opened = Pack::open_with(&args.to, Verification::OnOpening, &[signer.public()]);
    let opened = opened.and_then(|pack| {
        let golden = if converted {
            pack.check_golden()?
        } else {
            Vec::new()
        };
        Ok((pack, golden))
    });
    let (pack, golden) = opened.map_err(Failure::from).with_file(&args.to)?;
    if let Some(wrong) = golden.iter().find(|report| !report.passed()) {
        let message = format!(
            "{}: this conversion does not compute what the published network does",
            wrong.network
        );
        fs::remove_file(args.to.join(MANIFEST_FILE)).with_file(&args.to)?;
        return Err(Failure::text(message).about(&args.to));
    }
    compile_pack(&args.to, &Target::Here, &signer, output)?;
    output.note(&signer.note());
    let json = json!({
        "model_id": &**pack.model_id(),
        "folder": shown_path(&args.to),
        "files": files.iter().map(|f| json!({ "file": f.file, "licence": f.licence })).collect::<Vec<_>>(),
    });
    output.result(&json, || {
        format!(
            "{} written to {} from {} verified files; use it with --models or VULTUS_MODELS",
            pack.model_id(),
            shown_path(&args.to),
            verified.len()
        )
    });
    Ok(Outcome::Yes)
}

/// The manifest of the pack without the networks of some files.
fn without(left_out: &[&PublishedFile]) -> String {
    let mut manifest: DocumentMut = STANDARD_MANIFEST
        .parse()
        .expect("models/standard/pack.toml is part of this tool and tested");
    if let Some(networks) = manifest["network"].as_array_of_tables_mut() {
        networks.retain(|network| {
            let file = network.get("file").and_then(|file| file.as_str());
            left_out.iter().all(|gone| Some(gone.file.as_str()) != file)
        });
    }
    manifest.to_string()
}

impl PublishedFile {
    fn read(&self, folder: &Path) -> Result<Vec<u8>> {
        let file = folder.join(&self.file);
        let found_bytes = fs::metadata(&file)
            .map_err(|error| {
                let source = format!(
                    "{} at commit {}, {}",
                    self.repository, self.commit, self.path
                );
                Failure::text(format!("{error}; it is published by {source}")).about(&file)
            })?
            .len();
        if self.published_sha256.is_some() {
            // A conversion may name things otherwise; the golden vectors will tell.
            if found_bytes > self.bytes * 2 {
                let message = format!("it has {found_bytes} bytes, about {} are right", self.bytes);
                return Err(Failure::text(message).about(&file));
            }
            return fs::read(&file).with_file(&file);
        }
        if found_bytes != self.bytes {
            let message = format!(
                "it has {found_bytes} bytes, the published file has {}",
                self.bytes
            );
            return Err(Failure::text(message).about(&file));
        }
        let bytes = fs::read(&file).with_file(&file)?;
        let found = sha256_hex(&bytes);
        if found != self.sha256 {
            let message = format!(
                "it has SHA-256 {found}, the published file has {}",
                self.sha256
            );
            return Err(Failure::text(message).about(&file));
        }
        Ok(bytes)
    }
}
