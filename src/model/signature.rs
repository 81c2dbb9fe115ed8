//! `pack.sig`: who answers for a pack. Checked over the exact bytes of the manifest before any of it
//! is parsed; the manifest has the hash of every other file.

use super::error::PackError;
use super::fault::{SIGNATURE_FILE, SignatureFault};
use super::hex::bytes_of_hex;
#[cfg(feature = "internals")]
use super::hex::hex_of;
use super::read::read_limited;
use super::trust::{PackKey, TrustedKeys};
use ring::signature::{ED25519, UnparsedPublicKey};
use vultus_licensing::keys::KeyId;

/// A signature is three short lines.
const MAX_SIGNATURE_BYTES: u64 = 1024;
const FIRST_LINE: &str = "vultus-pack-signature 1";

/// What is signed begins so: no signature of a licence or of anything else is one of a pack.
const DOMAIN: &[u8] = b"vultus pack manifest 1\0";

fn signed_bytes(manifest: &[u8]) -> Vec<u8> {
    [DOMAIN, manifest].concat()
}

/// The key that signed this manifest of a folder.
pub(super) fn verify(
    folder: &std::path::Path,
    manifest: &[u8],
    trusted: &TrustedKeys,
) -> Result<PackKey, PackError> {
    let text = match read_limited(folder, SIGNATURE_FILE, MAX_SIGNATURE_BYTES) {
        Err(PackError::Unreadable { cause, .. })
            if cause.kind() == std::io::ErrorKind::NotFound =>
        {
            return Err(PackError::Unsigned);
        }
        read => read?,
    };
    check(&text, manifest, trusted).map_err(PackError::Signature)
}

fn check(text: &[u8], manifest: &[u8], trusted: &TrustedKeys) -> Result<PackKey, SignatureFault> {
    let (id, signature) = parse(text).ok_or(SignatureFault::Malformed)?;
    let key = trusted.find(id)?;
    UnparsedPublicKey::new(&ED25519, key.bytes())
        .verify(&signed_bytes(manifest), &signature)
        .map_err(|_| SignatureFault::OtherManifest(id))?;
    Ok(key)
}

/// One spelling alone is read.
fn parse(text: &[u8]) -> Option<(KeyId, [u8; 64])> {
    let lines = str::from_utf8(text).ok()?.strip_suffix('\n')?;
    let mut lines = lines.split('\n');
    let (first, key, signature) = (lines.next()?, lines.next()?, lines.next()?);
    if first != FIRST_LINE || lines.next().is_some() {
        return None;
    }
    let id = bytes_of_hex(key.strip_prefix("key ")?)?;
    Some((
        KeyId(id),
        bytes_of_hex(signature.strip_prefix("ed25519 ")?)?,
    ))
}

/// A key that signs packs.
#[cfg(feature = "internals")]
#[derive(Debug)]
pub struct PackSigner(ring::signature::Ed25519KeyPair);

#[cfg(feature = "internals")]
impl PackSigner {
    /// The key of a seed; `None` for 32 bytes that make none.
    #[must_use]
    pub fn of_seed(seed: &[u8; 32]) -> Option<Self> {
        let pair = ring::signature::Ed25519KeyPair::from_seed_unchecked(seed).ok()?;
        Some(Self(pair))
    }

    /// Its public half.
    #[must_use]
    pub fn public(&self) -> PackKey {
        use ring::signature::KeyPair;
        let mut public = [0; 32];
        public.copy_from_slice(self.0.public_key().as_ref());
        PackKey::of_pair(public)
    }

    /// The text of [`SIGNATURE_FILE`] beside this manifest.
    #[must_use]
    pub fn sign(&self, manifest: &[u8]) -> String {
        let signature = hex_of(self.0.sign(&signed_bytes(manifest)).as_ref());
        let id = self.public().id();
        format!("{FIRST_LINE}\nkey {id}\ned25519 {signature}\n")
    }
}
