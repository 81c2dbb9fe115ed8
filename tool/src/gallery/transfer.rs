//! `vultus gallery export` and `import`

use super::args::{ExportArgs, ImportArgs};
use super::file;
use crate::Outcome;
use crate::context::open_sdk;
use crate::failure::{CliResult, Failure, WithFile};
use crate::output::Output;
use serde_json::json;
use std::fs::{self, File, OpenOptions};
use std::io::{BufReader, BufWriter, Read, Write};
use std::path::Path;
use vultus::MaskState;
use vultus::gallery::store::{Access, ExportKey};

pub(super) fn export(args: &ExportArgs, output: &Output) -> CliResult<Outcome> {
    let key = args
        .export_key_file
        .as_deref()
        .map(export_key)
        .transpose()?;
    let gallery = file::open(&args.file, Access::Read)?;
    let mut out = BufWriter::new(create(&args.out)?);
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
        "file": args.out.display().to_string(),
        "records": records,
        "encrypted": sealed,
    });
    output.result(&json, || {
        let how = if sealed {
            "sealed with the export's key"
        } else {
            "for everybody to read"
        };
        format!("{}: {records} records, {how}", args.out.display())
    });
    Ok(Outcome::Yes)
}

pub(super) fn import(args: &ImportArgs, output: &Output) -> CliResult<Outcome> {
    let key = ExportKey::new(file::read_key(&args.export_key_file)?);
    let sdk = open_sdk(&args.sdk, output)?;
    let gallery = file::open(&args.file, Access::Write)?;
    let open = || Ok(Box::new(BufReader::new(File::open(&args.export)?)) as Box<dyn Read>);
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
fn export_key(file: &Path) -> CliResult<ExportKey> {
    file::make_key(file)?;
    Ok(ExportKey::new(file::read_key(file)?))
}

/// A new file that only its owner may read.
fn create(path: &Path) -> CliResult<File> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path).with_file(path)
}
