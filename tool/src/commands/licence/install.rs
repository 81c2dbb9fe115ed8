//! `vultus licence install`

use super::args::DeviceArgs;
use super::files;
use crate::failure::{Failure, Result, WithFile};
use crate::terminal::{Outcome, Output};
use clap::Args;
use serde_json::json;
use std::path::PathBuf;
use vultus::licensing::file::FileKind;

#[derive(Args)]
pub(crate) struct InstallArgs {
    #[command(flatten)]
    device: DeviceArgs,
    /// The licence or revocation list, as text or binary.
    #[arg(value_name = "FILE")]
    file: PathBuf,
}

pub(super) fn run(args: &InstallArgs, output: &Output) -> Result<Outcome> {
    let device = args.device.open()?;
    let bytes = files::read(&args.file)?;
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
