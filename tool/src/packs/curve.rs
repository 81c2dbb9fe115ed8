//! The curve of a pack.

use super::folder::manifest;
use super::signer::Signer;
use crate::failure::{Result, WithFile};
use std::fs;
use std::path::Path;
use toml_edit::{Item, Table, value};
use vultus::internals::model::{MANIFEST_FILE, sha256_hex};

/// Name of the curve inside a pack that this tool writes.
pub(crate) const CURVE_FILE: &str = "calibration.toml";

/// Writes all files beside their places and then renames them, so that a full disk or a power cut
/// leaves whole files. Between the renames the pack is refused, not misread; comments of the
/// manifest stay.
pub(crate) fn install_curve(folder: &Path, curve: &str, signer: &Signer) -> Result<()> {
    let mut document = manifest(folder)?;
    let mut table = Table::new();
    table["file"] = value(CURVE_FILE);
    table["sha256"] = value(sha256_hex(curve.as_bytes()));
    document["calibration"] = Item::Table(table);
    let manifest_file = folder.join(MANIFEST_FILE);
    let new_curve = folder.join(format!("{CURVE_FILE}.new"));
    let new_manifest = folder.join(format!("{MANIFEST_FILE}.new"));
    fs::write(&new_curve, curve).with_file(&new_curve)?;
    fs::write(&new_manifest, document.to_string()).with_file(&new_manifest)?;
    let file = folder.join(CURVE_FILE);
    fs::rename(&new_curve, &file).with_file(&file)?;
    fs::rename(&new_manifest, &manifest_file).with_file(&manifest_file)?;
    signer.put(folder, &document.to_string())
}
