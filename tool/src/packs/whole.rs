//! Files that are whole.

use crate::failure::{Result, WithFile};
use std::fs::{self, File};
use std::io::Write;
use std::path::Path;

/// Contents reach the disk before any name points at them.
pub(super) fn write_whole(file: &Path, bytes: &[u8]) -> Result<()> {
    let mut opened = File::create(file).with_file(file)?;
    opened.write_all(bytes).with_file(file)?;
    opened.sync_all().with_file(file)
}

/// Puts a file in the place of another one, or of none: at every moment the name has the old contents or the new ones.
pub(super) fn replace_whole(folder: &Path, name: &str, bytes: &[u8]) -> Result<()> {
    let new = folder.join(format!("{name}.new"));
    write_whole(&new, bytes)?;
    let file = folder.join(name);
    fs::rename(&new, &file).with_file(&file)
}
