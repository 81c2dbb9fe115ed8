//! A gallery as one stream of bytes: sealed with a key that the caller gives, or, by an explicit
//! call, in clear.
//!
//! ```text
//! header 68 bytes | chunk | chunk | ... | last chunk
//! ```
//!
//! Chunks are sealed with AES-256-GCM under a key for this export alone; the nonce is the chunk's
//! number and whether it is the last, as in the STREAM construction of Hoang, Reyhanitabar, Rogaway
//! and Vizar (2015), so that chunks cannot be left out, exchanged, or cut off at the end.

mod read;
#[cfg(test)]
mod tests;
mod write;

use super::Store;
use super::error::StoreError;
use super::head::Anchor;
use super::keys::{Keys, random};
use super::scan::{read_body, visit_all};
use super::table::{self, Table};
use super::writer::{Outcome, Writer};
use ring::aead::{AES_256_GCM, LessSafeKey, NONCE_LEN, UnboundKey};
use ring::{digest, hkdf};
use std::fmt;
use std::io::{Read, Write};
use std::sync::Arc;
use zeroize::Zeroizing;

/// Plain bytes of every chunk but the last.
const CHUNK: usize = 64 << 10;
const MAGIC: [u8; 4] = *b"VGEX";
const VERSION: u16 = 1;
/// Magic 4, version 2, reserved 2, salt 32, key check 16, checksum 12.
const HEADER_BYTES: usize = 68;
/// Ends the list of records; no table has this tag.
const END: u8 = 0;

/// The 32 bytes that seal an export. The same rules as for a gallery's secret: random, not a
/// password. Wiped when dropped, never printed.
#[derive(Clone)]
pub struct ExportKey(Zeroizing<[u8; 32]>);

impl ExportKey {
    /// The caller's 32 bytes.
    #[must_use]
    pub fn new(bytes: [u8; 32]) -> Self {
        Self(Zeroizing::new(bytes))
    }

    fn derive(&self, salt: &[u8], label: &[u8]) -> Zeroizing<[u8; 32]> {
        let mut bytes = Zeroizing::new([0; 32]);
        hkdf::Salt::new(hkdf::HKDF_SHA256, salt)
            .extract(self.0.as_slice())
            .expand(&[b"vultus/gallery-export/v1/", label], hkdf::HKDF_SHA256)
            .and_then(|key| key.fill(bytes.as_mut_slice()))
            .expect("HKDF gives as many bytes as its own hash has");
        bytes
    }

    fn cipher(&self, salt: &[u8]) -> LessSafeKey {
        let key = self.derive(salt, b"chunks");
        LessSafeKey::new(UnboundKey::new(&AES_256_GCM, key.as_slice()).expect("32 bytes"))
    }

    /// Tells a wrong key from a damaged file before anything is read.
    fn check(&self, salt: &[u8]) -> [u8; 16] {
        let key = self.derive(salt, b"check");
        *key.first_chunk().expect("32 bytes hold 16")
    }
}

impl fmt::Debug for ExportKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ExportKey(..)")
    }
}

fn header(key: &ExportKey, salt: &[u8; 32]) -> [u8; HEADER_BYTES] {
    let mut bytes = [0; HEADER_BYTES];
    bytes[..4].copy_from_slice(&MAGIC);
    bytes[4..6].copy_from_slice(&VERSION.to_le_bytes());
    bytes[8..40].copy_from_slice(salt);
    bytes[40..56].copy_from_slice(&key.check(salt));
    let sum = digest::digest(&digest::SHA256, &bytes[..56]);
    bytes[56..].copy_from_slice(&sum.as_ref()[..HEADER_BYTES - 56]);
    bytes
}

/// The nonce of a chunk: its number, and whether it is the last.
fn nonce(number: u64, is_last: bool) -> [u8; NONCE_LEN] {
    let mut bytes = [0; NONCE_LEN];
    bytes[..8].copy_from_slice(&number.to_le_bytes());
    bytes[NONCE_LEN - 1] = u8::from(is_last);
    bytes
}

/// What an import did.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Imported {
    /// Records that are new.
    pub new: u64,
    /// Records that the gallery had already, byte for byte.
    pub same: u64,
    /// Records that `accept` left out.
    pub left_out: u64,
    /// The state of the gallery afterwards.
    pub anchor: Anchor,
}

impl Store {
    /// Writes every record, large ones too, sealed with `key`. The stream opens on any processor,
    /// with the key alone: no secret of the gallery, no licence. Returns the number of records.
    ///
    /// # Errors
    /// [`StoreError::Corrupt`] for a damaged gallery, [`StoreError::Io`] of `out`.
    pub fn export(&self, key: &ExportKey, out: &mut dyn Write) -> Result<u64, StoreError> {
        let salt = random()?;
        let mut sink = write::Sealer::begin(key, &salt, out)?;
        let records = self.each_with_large(|table, key, record| sink.record(table, key, record))?;
        sink.finish(records)?;
        Ok(records)
    }

    /// Writes every record **without any protection**, one JSON object a line: table, key and record
    /// in hexadecimal. Whoever has the file has the faces. Returns the number of records.
    ///
    /// # Errors
    /// As [`export`](Self::export).
    pub fn export_unencrypted(&self, out: &mut dyn Write) -> Result<u64, StoreError> {
        self.each_with_large(|table, key, record| {
            write::json_line(table, key, record, out).map_err(StoreError::from)
        })
    }

    /// Adds the records of an export for which `accept` says yes, all of them or, on any error, none.
    /// Records that are there byte for byte are no conflict.
    ///
    /// # Errors
    /// [`StoreError::ExportKeyWrong`], [`StoreError::ExportCorrupt`],
    /// [`StoreError::ExportVersion`]; [`StoreError::ImportConflict`] where the gallery has another
    /// record under a key; what `accept` returns; or as [`commit`](Self::commit).
    pub fn import(
        &self,
        key: &ExportKey,
        input: &mut dyn Read,
        mut accept: impl FnMut(Table, &[u8], &[u8]) -> Result<bool, StoreError>,
    ) -> Result<Imported, StoreError> {
        let mut source = read::Opener::begin(key, input)?;
        self.writing(|inner| {
            let keys = Arc::clone(&inner.keys);
            let head = inner.head.clone();
            let mut bodies = Vec::new();
            let (mut new, mut same, mut left_out, mut conflicts) = (0, 0, 0, 0);
            inner.change(&*self.place, false, |tables| {
                let mut writer = Writer::new(&keys, head, tables);
                while let Some((table, key, record)) = source.record()? {
                    table::check(table, &key, &record)?;
                    if !accept(table, &key, &record)? {
                        left_out += 1;
                        continue;
                    }
                    match writer.put_new(table, &key, &record)? {
                        Outcome::New(name, stamp) => {
                            bodies.extend(stamp.map(|stamp| (name, stamp)));
                            new += 1;
                        }
                        Outcome::Same => same += 1,
                        Outcome::Conflict => conflicts += 1,
                    }
                }
                if conflicts > 0 {
                    return Err(StoreError::ImportConflict { conflicts });
                }
                writer.finish()
            })?;
            inner.bodies.extend(bodies);
            Ok(Imported {
                new,
                same,
                left_out,
                anchor: inner.head.anchor(&inner.keys),
            })
        })
    }

    /// Every record of the present state, large ones last and one at a time.
    fn each_with_large(
        &self,
        mut visit: impl FnMut(Table, &[u8], &[u8]) -> Result<(), StoreError>,
    ) -> Result<u64, StoreError> {
        let (snapshot, keys, head) = self.state()?;
        let keys: &Keys = &keys;
        let bodies = visit_all(&snapshot, keys, &head, &mut visit)?;
        let mut order: Vec<_> = bodies.into_iter().collect();
        order.sort_unstable();
        for (name, stamp) in &order {
            let (table, key, record) = read_body(&snapshot, keys, name, stamp)?;
            visit(table, &key, &record)?;
        }
        Ok(head.records())
    }
}
