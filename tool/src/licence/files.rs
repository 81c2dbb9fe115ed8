//! `vultus licence request` and `install`, and the files that they read.

use super::args::{InstallArgs, RequestArgs};
use super::{device, qr};
use crate::Outcome;
use crate::context::read_at_most;
use crate::failure::{CliResult, Failure, WithFile};
use crate::output::Output;
use serde_json::json;
use std::fs;
use std::path::Path;
use vultus::licensing::file::FileKind;
use vultus::licensing::keys::KeyTable;
use vultus::licensing::signed_licence::{self, SignedLicence};

/// No file of ours is larger, whatever its form.
const FILE_MAX: usize = 128 * 1024;

pub(super) fn read(file: &Path) -> CliResult<Vec<u8>> {
    read_at_most(file, FILE_MAX)
}

/// A licence whose signature is good; whose it is, is another question.
pub(super) fn verified(file: &Path) -> CliResult<SignedLicence> {
    signed_licence::verify(&read(file)?, &KeyTable::compiled())
        .map_err(Failure::from)
        .with_file(file)
}

pub(super) fn request(args: &RequestArgs, output: &Output) -> CliResult<Outcome> {
    let request = device::open(&args.device)?.request()?;
    let text = request.to_text()?;
    fs::write(&args.out, &text).with_file(&args.out)?;
    if let Some(picture) = &args.qr {
        qr::draw(&text, picture)?;
    }
    let json = json!({
        "file": args.out.display().to_string(),
        "qr": args.qr.as_ref().map(|picture| picture.display().to_string()),
        "request": request.nonce.to_string(),
        "platform": request.platform.name(),
        "parts": request.components.iter().map(|part| part.kind().name()).collect::<Vec<_>>(),
    });
    output.result(&json, || {
        format!(
            "{}: send it to the vendor, and install the licence that comes back",
            args.out.display()
        )
    });
    Ok(Outcome::Yes)
}

pub(super) fn install(args: &InstallArgs, output: &Output) -> CliResult<Outcome> {
    let device = device::open(&args.device)?;
    let bytes = read(&args.file)?;
    if FileKind::of(&bytes) == Some(FileKind::RevocationList) {
        let list = device
            .install_revocations(&bytes)
            .map_err(Failure::from)
            .with_file(&args.file)?;
        let json = json!({ "revocation_list": list.number, "revoked": list.revoked.len() });
        output.result(&json, || {
            format!(
                "revocation list {} of {} installed: {} licences",
                list.number,
                list.issued_at,
                list.revoked.len()
            )
        });
        return Ok(Outcome::Yes);
    }
    let signed = device
        .install(&bytes)
        .map_err(Failure::from)
        .with_file(&args.file)?;
    let licence = signed.licence();
    let json = json!({ "licence": licence.licence_id.to_string(), "tier": licence.tier.name() });
    output.result(&json, || {
        format!("licence {} installed: {}", licence.licence_id, licence.tier)
    });
    Ok(Outcome::Yes)
}
