//! Files that are whole.

use crate::failure::{Result, WithFile};
use std::fs::File;
use std::io::Write;
use std::path::Path;

/// Contents reach the disk before any name points at them.
pub(super) fn write_whole(file: &Path, bytes: &[u8]) -> Result<()> {
    let mut opened = File::create(file).with_file(file)?;
    opened.write_all(bytes).with_file(file)?;
    opened.sync_all().with_file(file)
}
