//! Files of a pack: plain names, limits before memory, hashes before use.

use super::pack::PackError;
use ring::digest;
use std::fs::File;
use std::io::Read;
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

pub(super) fn read_limited(folder: &Path, file: &str, most: u64) -> Result<Vec<u8>, PackError> {
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_.".contains(c);
    if file.is_empty() || file.starts_with('.') || !file.chars().all(plain) {
        return Err(PackError::FileName {
            file: file.to_owned(),
        });
    }
    let unreadable = |cause| PackError::Unreadable {
        file: folder.join(file).display().to_string(),
        cause,
    };
    let opened = File::open(folder.join(file)).map_err(unreadable)?;
    let mut bytes = Vec::new();
    opened
        .take(most + 1)
        .read_to_end(&mut bytes)
        .map_err(unreadable)?;
    if bytes.len() as u64 > most {
        return Err(PackError::TooLarge {
            file: file.to_owned(),
            most,
        });
    }
    Ok(bytes)
}

/// SHA-256 in lower-case hexadecimal.
#[must_use]
pub fn sha256_hex(bytes: &[u8]) -> String {
    let digest = digest::digest(&digest::SHA256, bytes);
    digest
        .as_ref()
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect()
}
