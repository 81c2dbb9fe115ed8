//! The stream's header and chunks, and the key that seals them.

use ring::aead::{AES_256_GCM, LessSafeKey, NONCE_LEN, UnboundKey};
use ring::{digest, hkdf};
use std::fmt;
use zeroize::Zeroizing;

/// Plain bytes of every chunk but the last.
pub(super) const CHUNK: usize = 64 << 10;
pub(super) const MAGIC: [u8; 4] = *b"VGEX";
pub(super) const VERSION: u16 = 1;
/// Magic 4, version 2, reserved 2, salt 32, key check 16, checksum 12.
pub(super) const HEADER_BYTES: usize = 68;
/// Ends the list of records; no table has this tag.
pub(super) const END: u8 = 0;

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

    pub(super) fn cipher(&self, salt: &[u8]) -> LessSafeKey {
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

pub(super) fn header(key: &ExportKey, salt: &[u8; 32]) -> [u8; HEADER_BYTES] {
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
pub(super) fn nonce(number: u64, is_last: bool) -> [u8; NONCE_LEN] {
    let mut bytes = [0; NONCE_LEN];
    bytes[..8].copy_from_slice(&number.to_le_bytes());
    bytes[NONCE_LEN - 1] = u8::from(is_last);
    bytes
}
