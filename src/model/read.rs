//! Files of a pack: plain names, limits before memory, hashes before use.

use super::error::PackError;
use super::hex::hex_of;
use ring::digest;
use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

pub(super) const MAX_MANIFEST_BYTES: u64 = 1024 * 1024;
pub(super) const MAX_NETWORK_BYTES: u64 = 256 * 1024 * 1024;

pub(super) fn read_verified(
    folder: &Path,
    file: &str,
    sha256: &str,
    most: u64,
) -> Result<Vec<u8>, PackError> {
    let bytes = read_limited(folder, file, most)?;
    let found = sha256_hex(&bytes);
    if found == sha256 {
        Ok(bytes)
    } else {
        Err(PackError::Hash {
            file: file.to_owned(),
            expected: sha256.to_owned(),
            found,
        })
    }
}

/// Looks for a file without reading it.
pub(super) fn find(folder: &Path, file: &str, most: u64) -> Result<(), PackError> {
    open(folder, file, most).map(drop)
}

pub(super) fn read_limited(folder: &Path, file: &str, most: u64) -> Result<Vec<u8>, PackError> {
    let mut bytes = Vec::new();
    let opened = open(folder, file, most)?;
    opened
        .take(most + 1)
        .read_to_end(&mut bytes)
        .map_err(|cause| unreadable(folder, file, cause))?;
    // It may have grown since.
    check_length(file, bytes.len() as u64, most)?;
    Ok(bytes)
}

fn open(folder: &Path, file: &str, most: u64) -> Result<File, PackError> {
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_.".contains(c);
    if file.is_empty() || file.starts_with('.') || !file.chars().all(plain) {
        return Err(PackError::FileName {
            file: file.to_owned(),
        });
    }
    let failed = |cause| unreadable(folder, file, cause);
    let opened = File::open(folder.join(file)).map_err(failed)?;
    let length = opened.metadata().map_err(failed)?.len();
    check_length(file, length, most)?;
    Ok(opened)
}

fn unreadable(folder: &Path, file: &str, cause: io::Error) -> PackError {
    PackError::Unreadable {
        file: folder.join(file).display().to_string(),
        cause,
    }
}

fn check_length(file: &str, length: u64, most: u64) -> Result<(), PackError> {
    if length <= most {
        Ok(())
    } else {
        Err(PackError::TooLarge {
            file: file.to_owned(),
            most,
        })
    }
}

/// SHA-256 in lower-case hexadecimal.
#[must_use]
pub fn sha256_hex(bytes: &[u8]) -> String {
    hex_of(digest::digest(&digest::SHA256, bytes).as_ref())
}
