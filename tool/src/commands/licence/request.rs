//! `vultus licence request`

use super::args::DeviceArgs;
use super::qr;
use crate::failure::{Result, WithFile};
use crate::shown::shown_path;
use crate::terminal::{Outcome, Output};
use clap::Args;
use serde_json::json;
use std::fs;
use std::path::PathBuf;

#[derive(Args)]
pub(crate) struct RequestArgs {
    #[command(flatten)]
    device: DeviceArgs,
    /// Write the request here, as text.
    #[arg(long, value_name = "FILE")]
    out: PathBuf,
    /// Draw it as a QR code as well.
    #[arg(long, value_name = "OUT.png")]
    qr: Option<PathBuf>,
}

pub(super) fn run(args: &RequestArgs, output: &Output) -> Result<Outcome> {
    let request = args.device.open()?.request()?;
    let text = request.to_text()?;
    fs::write(&args.out, &text).with_file(&args.out)?;
    if let Some(picture) = &args.qr {
        qr::draw(&text, picture)?;
    }
    let json = json!({
        "file": shown_path(&args.out),
        "qr": args.qr.as_ref().map(|picture| shown_path(&picture)),
        "request": request.nonce.to_string(),
        "platform": request.platform.name(),
        "parts": request.components.iter().map(|part| part.kind().name()).collect::<Vec<_>>(),
    });
    output.result(&json, || {
        format!(
            "{}: send it to the vendor, and install the licence that comes back",
            shown_path(&args.out)
        )
    });
    Ok(Outcome::Yes)
}
