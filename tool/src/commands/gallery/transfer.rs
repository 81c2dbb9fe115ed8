//! `vultus gallery export` and `import`

use super::args::FileArgs;
use super::{files, opening};
use crate::failure::{Failure, Result, WithFile};
use crate::inputs::open_plain;
use crate::secrets::new_private_file;
use crate::shown::shown_path;
use crate::terminal::args::SdkArgs;
use crate::terminal::opening::open_sdk;
use crate::terminal::{Outcome, Output};
use clap::Args;
use serde_json::json;
use std::fs::{self, File};
use std::io::{BufReader, BufWriter, Read, Write};
use std::path::{Path, PathBuf};
use vultus::MaskState;
use vultus::gallery::store::{Access, ExportKey};

#[derive(Args)]
pub(crate) struct ExportArgs {
    #[command(flatten)]
    file: FileArgs,
    /// Where to write; must not exist.
    #[arg(long, value_name = "FILE")]
    out: PathBuf,
    /// File with the export's key, 32 bytes.
    #[arg(long, value_name = "FILE", required_unless_present = "in_the_clear")]
    export_key_file: Option<PathBuf>,
    /// Write names, fields and features for everybody to read.
    #[arg(long, conflicts_with = "export_key_file")]
    in_the_clear: bool,
}

#[derive(Args)]
pub(crate) struct ImportArgs {
    #[command(flatten)]
    file: FileArgs,
    /// The export.
    #[arg(value_name = "FILE")]
    export: PathBuf,
    /// File with the export's key.
    #[arg(long, value_name = "FILE")]
    export_key_file: PathBuf,
    #[command(flatten)]
    sdk: SdkArgs,
}

pub(super) fn export(args: &ExportArgs, output: &Output) -> Result<Outcome> {
    let key = args
        .export_key_file
        .as_deref()
        .map(|file| export_key(file, args.file.insecure_key))
        .transpose()?;
    let gallery = opening::open(&args.file, Access::Read)?;
    let mut out = BufWriter::new(new_private_file(&args.out).with_file(&args.out)?);
    let written = match &key {
        Some(key) => gallery.store().export(key, &mut out),
        None => gallery.store().export_unencrypted(&mut out),
    };
    let whole = written.map_err(Failure::from).and_then(|records| {
        out.flush().with_file(&args.out)?;
        out.get_ref().sync_all().with_file(&args.out)?;
        Ok(records)
    });
    let records = whole.inspect_err(|_| {
        // Half an export is of no use; that it could not be written is what there is to say.
        let _ = fs::remove_file(&args.out);
    })?;
    let sealed = key.is_some();
    let json = json!({
        "file": shown_path(&args.out),
        "records": records,
        "encrypted": sealed,
    });
    output.result(&json, || {
        let how = if sealed {
            "sealed with the export's key"
        } else {
            "for everybody to read"
        };
        format!("{}: {records} records, {how}", shown_path(&args.out))
    });
    Ok(Outcome::Yes)
}

pub(super) fn import(args: &ImportArgs, output: &Output) -> Result<Outcome> {
    let key = ExportKey::new(files::read_key(
        &args.export_key_file,
        args.file.insecure_key,
    )?);
    let sdk = open_sdk(&args.sdk, output)?;
    let gallery = opening::open(&args.file, Access::Write)?;
    let open = || Ok(Box::new(BufReader::new(File::open(&args.export)?)) as Box<dyn Read>);
    open_plain(&args.export)?;
    let imported = gallery
        .import(&sdk.matcher(MaskState::BARE)?, &key, open)
        .map_err(Failure::from)
        .with_file(&args.export)?;
    let json = json!({
        "groups": imported.groups,
        "persons": imported.persons,
        "faces": imported.faces,
    });
    output.result(&json, || {
        format!(
            "{} groups, {} persons and {} faces added",
            imported.groups, imported.persons, imported.faces
        )
    });
    Ok(Outcome::Yes)
}

/// The key of a file, which is made where it is missing.
fn export_key(file: &Path, insecure: bool) -> Result<ExportKey> {
    files::make_key(file)?;
    Ok(ExportKey::new(files::read_key(file, insecure)?))
}
