//! Files and folders.

use crate::failure::{Failure, Result, WithFile};
use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Path, PathBuf};

/// Largest CSV file.
pub(crate) const MAX_CSV_BYTES: usize = 64 << 20;

/// Opens a file to read it. What is no plain file is refused before it is opened: a pipe would wait for its other end, and a
/// device may never end.
///
/// # Errors
/// When it cannot be opened, and when it is a pipe, a device or a folder.
pub fn open_plain(path: &Path) -> Result<File> {
    if !fs::metadata(path).with_file(path)?.is_file() {
        return Err(Failure::text("not a plain file").about(path));
    }
    File::open(path).with_file(path)
}

/// Reads a file without ever reading more than its limit of `max` bytes.
///
/// # Errors
/// When it cannot be read, and when it is larger.
pub fn read_at_most(path: &Path, max: usize) -> Result<Vec<u8>> {
    let bytes = read_one_beyond(path, max)?;
    if bytes.len() > max {
        return Err(Failure::text(format!("larger than {max} bytes")).about(path));
    }
    Ok(bytes)
}

/// Reads a file up to one byte beyond a limit, so that a decoder can refuse what is too large in its own words.
pub(super) fn read_one_beyond(path: &Path, max: usize) -> Result<Vec<u8>> {
    let mut bytes = Vec::new();
    open_plain(path)?
        .take(max as u64 + 1)
        .read_to_end(&mut bytes)
        .with_file(path)?;
    Ok(bytes)
}

/// What a folder holds, by name.
///
/// # Errors
/// When it cannot be read.
pub fn sorted_entries(folder: &Path) -> Result<Vec<PathBuf>> {
    let entries: io::Result<Vec<PathBuf>> = fs::read_dir(folder)
        .with_file(folder)?
        .map(|entry| Ok(entry?.path()))
        .collect();
    let mut entries = entries.with_file(folder)?;
    entries.sort();
    Ok(entries)
}

/// All pictures below a folder, a folder at a time, by name.
///
/// # Errors
/// When a folder cannot be read.
pub fn pictures_below(folder: &Path) -> Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    for entry in sorted_entries(folder)? {
        if entry.is_dir() {
            found.extend(pictures_below(&entry)?);
        } else if is_picture(&entry) {
            found.push(entry);
        }
    }
    Ok(found)
}

/// Whether there is a file whose name ends as those of JPEG, PNG and BMP files do.
#[must_use]
pub fn is_picture(path: &Path) -> bool {
    let ending = path
        .extension()
        .unwrap_or_default()
        .to_string_lossy()
        .to_lowercase();
    path.is_file() && ["jpg", "jpeg", "png", "bmp"].contains(&ending.as_str())
}
