//! `issue` and `revoke`.

use crate::args::{IssueArgs, RevokeArgs};
use crate::failure::{CliResult, Failure, WithFile};
use crate::keys;
use crate::ledger::with_issuer;
use crate::outcome::Outcome;
use crate::output::Output;
use serde_json::json;
use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};
use vultus_issuer::entry::IssueRequest;
use vultus_issuer::error::IssuerError;
use vultus_issuer::issuer::{IssuedLicence, Issuer, Warning};
use vultus_issuer::refusal::Refusal;
use vultus_licensing::file;
use vultus_licensing::licence::{LicenceId, LivenessKinds};
use vultus_licensing::request::Request;

/// Larger than any request in text form.
const REQUEST_FILE_MAX: usize = 8 * 1024;

/// Issues for each request. One that fails does not stop the others; the worst outcome is the
/// exit code.
pub(crate) fn issue(args: &IssueArgs, output: &Output) -> CliResult<Outcome> {
    let kinds = args.kinds().ok_or(Refusal::LivenessKinds)?;
    if args.requests.len() > 1 && args.out_dir.is_none() {
        return usage("several requests need --out-dir, a folder for their licences");
    }
    if let Some(folder) = args.out_dir.as_ref().filter(|folder| !folder.is_dir()) {
        return Err(io::Error::from(io::ErrorKind::NotADirectory)).with_file(folder);
    }
    refuse_existing(args.out.as_deref())?;
    let signer = keys::signer(&args.write.key)?;
    with_issuer(&args.write, &signer, |issuer| {
        let mut worst = Outcome::Done;
        for path in &args.requests {
            if let Err(failure) = issue_one(args, kinds, path, issuer, output) {
                worst = worst.max(failure.outcome());
                output.failure(&failure);
            }
        }
        Ok(worst)
    })
}

fn issue_one(
    args: &IssueArgs,
    liveness: LivenessKinds,
    path: &Path,
    issuer: &mut Issuer<'_>,
    output: &Output,
) -> CliResult<()> {
    let request = IssueRequest {
        source: args.source,
        liveness,
        without_rtc: args.without_rtc,
        device: read_request(path)?,
    };
    let issued = issuer.issue(&request).with_file(path)?;
    for warning in &issued.warnings {
        let Warning::RequestAge { created_at } = warning;
        output.warning(&format!(
            "{}: the request says it was made at {created_at}, more than 30 days off; check the device's clock",
            path.display()
        ));
    }
    let written = write_licence(args, &issued).inspect_err(|_| {
        output.warning(&format!(
            "licence {} stands in the ledger; the same command hands it out again",
            issued.licence_id
        ));
    })?;
    show(&issued, path, written.as_deref(), issuer, output)
}

fn show(
    issued: &IssuedLicence,
    request: &Path,
    written: Option<&Path>,
    issuer: &Issuer<'_>,
    output: &Output,
) -> CliResult<()> {
    let text = text_form(&issued.bytes)?;
    let head = issuer.ledger().head();
    let json = json!({
        "licence_id": issued.licence_id.to_string(),
        "request": request.display().to_string(),
        "again": issued.reissued,
        "bytes": issued.bytes.len(),
        "warnings": issued.warnings.iter().map(|Warning::RequestAge { created_at }| json!({
            "name": "RequestAge",
            "created_at": created_at.to_string(),
        })).collect::<Vec<_>>(),
        "out": written.map(|path| path.display().to_string()),
        "licence": written.is_none().then_some(&text),
        "head": head.to_string(),
    });
    output.result(&json, || match written {
        None => text.trim_end().to_owned(),
        Some(path) => {
            let how = if issued.reissued {
                "issued before, the same bytes, no seat used"
            } else {
                "new"
            };
            format!(
                "{} ({how}) in {}\nhead {head}",
                issued.licence_id,
                path.display()
            )
        }
    });
    Ok(())
}

fn read_request(path: &Path) -> CliResult<Request> {
    let file = File::open(path).with_file(path)?;
    let bytes = keys::read_bounded(file, REQUEST_FILE_MAX, path)?;
    Request::parse(&bytes)
        .map_err(IssuerError::Request)
        .with_file(path)
}

/// Writes the licence where it was asked for. The ledger has it already: when writing fails, the
/// same command gives the same bytes again.
fn write_licence(args: &IssueArgs, issued: &IssuedLicence) -> CliResult<Option<PathBuf>> {
    let in_folder = |folder: &PathBuf| folder.join(file_name(issued.licence_id));
    let Some(path) = args.out.clone().or(args.out_dir.as_ref().map(in_folder)) else {
        return Ok(None);
    };
    let bytes = if args.binary {
        issued.bytes.clone()
    } else {
        text_form(&issued.bytes)?.into_bytes()
    };
    // A file of that name in the folder is this licence's, from an earlier run.
    if args.out_dir.is_some() && path.exists() {
        let file = File::open(&path).with_file(&path)?;
        if *keys::read_bounded(file, bytes.len(), &path)? == bytes {
            return Ok(Some(path));
        }
    }
    keys::write_new(&path, &bytes)?;
    Ok(Some(path))
}

fn text_form(file: &[u8]) -> CliResult<String> {
    Ok(file::to_text(file).map_err(IssuerError::Format)?)
}

fn file_name(licence: LicenceId) -> String {
    format!("{licence}.lic")
}

pub(crate) fn revoke(args: &RevokeArgs, output: &Output) -> CliResult<Outcome> {
    refuse_existing(args.list.as_deref())?;
    let signer = keys::signer(&args.write.key)?;
    with_issuer(&args.write, &signer, |issuer| {
        if let (Some(licence), Some(reason)) = (args.licence, &args.reason) {
            issuer.revoke(licence, reason)?;
            let head = issuer.ledger().head().to_string();
            let json = json!({ "revoked": licence.to_string(), "head": head });
            output.result(&json, || format!("revoked {licence}\nhead {head}"));
        }
        if let Some(path) = &args.list {
            let (list, bytes) = issuer.revocation_list()?;
            keys::write_new(path, text_form(&bytes)?.as_bytes())?;
            let head = issuer.ledger().head().to_string();
            let json = json!({
                "list": list.number,
                "licences": list.revoked.len(),
                "out": path.display().to_string(),
                "head": head,
            });
            output.result(&json, || {
                let (number, count) = (list.number, list.revoked.len());
                format!(
                    "list {number} with {count} licences in {}\nhead {head}",
                    path.display()
                )
            });
        }
        Ok(Outcome::Done)
    })
}

/// Refuses before anything is entered, rather than after.
fn refuse_existing(path: Option<&Path>) -> CliResult<()> {
    match path {
        Some(path) if path.exists() => {
            Err(io::Error::from(io::ErrorKind::AlreadyExists)).with_file(path)
        }
        _ => Ok(()),
    }
}

fn usage<T>(message: &'static str) -> CliResult<T> {
    Err(Failure::from(IssuerError::Usage(message)))
}
