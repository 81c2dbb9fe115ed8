//! Why a pack's signature does not count.

use super::manifest::MANIFEST_FILE;
use std::fmt;
use vultus_licensing::keys::KeyId;

/// The file of a pack's signature.
pub const SIGNATURE_FILE: &str = "pack.sig";

/// Why a signature does not count.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum SignatureFault {
    /// The file is no signature that this SDK reads.
    Malformed,
    /// A key that is not trusted here.
    UnknownKey(KeyId),
    /// The key that everybody has, in a library for devices.
    DevelopmentKey,
    /// The manifest is not what the key signed.
    OtherManifest(KeyId),
}

impl fmt::Display for SignatureFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Malformed => write!(f, "it is no signature of format 1"),
            Self::UnknownKey(id) => write!(
                f,
                "it is of the key {id}, which is not trusted here (VULTUS_PACK_KEYS when the SDK is built, or \
                 trusted_packs of its configuration)"
            ),
            Self::DevelopmentKey => write!(
                f,
                "it is of the project's development key, which everybody has and no device trusts. Sign the pack with a key of \
                 your own (`vultus models keygen FILE`, `vultus models sign --key FILE PACK`) and build with its public half in \
                 VULTUS_PACK_KEYS; VULTUS_PACK_KEYS=development trusts everybody"
            ),
            Self::OtherManifest(id) => {
                write!(f, "{MANIFEST_FILE} is not what the key {id} signed")
            }
        }
    }
}
