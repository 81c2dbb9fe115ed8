//! Requests and licences as QR codes, for terminals without a port for a memory stick.

use super::files;
use crate::failure::{Failure, Result, WithFile};
use crate::shown::shown_path;
use crate::terminal::{Outcome, Output};
use clap::Args;
use image::{ImageFormat, Luma};
use qrcode::{EcLevel, QrCode};
use serde_json::json;
use std::path::{Path, PathBuf};
use vultus::licensing::file;

/// Pixels of a module: large enough for a camera, small enough for a screen.
const MODULE_PIXELS: u32 = 6;

#[derive(Args)]
pub(crate) struct QrArgs {
    /// A request or licence, as text or binary.
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// Where to draw it.
    #[arg(long, value_name = "OUT.png")]
    out: PathBuf,
}

pub(super) fn run(args: &QrArgs, output: &Output) -> Result<Outcome> {
    let bytes = files::read(&args.file)?;
    let text = file::to_text(&bytes)
        .map_err(Failure::from)
        .with_file(&args.file)?;
    draw(&text, &args.out)?;
    let json = json!({ "file": shown_path(&args.out), "characters": text.len() });
    output.result(&json, || {
        format!("{}: {} characters", shown_path(&args.out), text.len())
    });
    Ok(Outcome::Yes)
}

/// Writes text as a QR code whose fourth part may be unreadable, with the margin the standard asks.
pub(super) fn draw(text: &str, file: &Path) -> Result<()> {
    let code = QrCode::with_error_correction_level(text, EcLevel::M)
        .map_err(|_| Failure::text("too long for a QR code; hand over the file").about(file))?;
    code.render::<Luma<u8>>()
        .module_dimensions(MODULE_PIXELS, MODULE_PIXELS)
        .build()
        .save_with_format(file, ImageFormat::Png)
        .map_err(|error| Failure::text(error.to_string()).about(file))
}
