//! Files that only their owner may read.

use crate::failure::{Failure, Result, WithFile};
use crate::inputs::read_at_most;
use crate::secrets::{new_private_file, random_bytes};
use crate::shown::shown_path;
use std::io::{ErrorKind, Write};
use std::path::Path;

/// Bytes of a key file.
const KEY_BYTES: usize = 32;

/// The 32 bytes of a key file. Where others may read the file it is refused, unless `insecure` says to go on.
pub(super) fn read_key(file: &Path, insecure: bool) -> Result<[u8; KEY_BYTES]> {
    if !insecure {
        check_private(file)?;
    }
    let bytes = read_at_most(file, KEY_BYTES)?;
    <[u8; KEY_BYTES]>::try_from(bytes.as_slice()).map_err(|_| {
        let message = format!("a key file has {KEY_BYTES} bytes, this one {}", bytes.len());
        Failure::text(message).about(file)
    })
}

/// Refuses a file that others than its owner may read.
#[cfg(unix)]
fn check_private(file: &Path) -> Result<()> {
    use std::os::unix::fs::PermissionsExt;
    let mode = file.metadata().with_file(file)?.permissions().mode();
    if mode & 0o077 == 0 {
        return Ok(());
    }
    let message = format!(
        "others than its owner may read this key (mode {:03o}): chmod 600 {}, or --insecure-key to go on",
        mode & 0o777,
        shown_path(&file)
    );
    Err(Failure::text(message).about(file))
}

/// Other systems keep access in lists of their own.
#[cfg(not(unix))]
fn check_private(_: &Path) -> Result<()> {
    Ok(())
}

/// Makes a key file that only its owner may read; false where there is one.
pub(super) fn make_key(file: &Path) -> Result<bool> {
    let mut open = match new_private_file(file) {
        Err(error) if error.kind() == ErrorKind::AlreadyExists => return Ok(false),
        other => other.with_file(file)?,
    };
    let key = random_bytes().with_file(file)?;
    open.write_all(&key)
        .and_then(|()| open.sync_all())
        .with_file(file)?;
    Ok(true)
}
