//! The vendor's keys: one signs licences and revocation lists, the other, derived from the same
//! seed, signs the ledger's records. Two keys, so that a signature of one can never pass for the
//! other's.

use crate::error::KeyFileFault;
use crate::hex;
use ring::hkdf;
use ring::signature::{ED25519, Ed25519KeyPair, KeyPair, UnparsedPublicKey};
use std::fmt;
use vultus_licensing::keyfile::KeyLine;
use vultus_licensing::keys::KeyId;
use vultus_licensing::time::UnixSeconds;
use zeroize::Zeroizing;

/// Bytes of a seed, a public key.
pub const KEY_BYTES: usize = 32;
/// Bytes of a signature.
pub const SIGNATURE_BYTES: usize = 64;

/// An Ed25519 signature.
pub type Signature = [u8; SIGNATURE_BYTES];

const LEDGER_CONTEXT: &[u8] = b"vultus/ledger-key/v1";

/// When a key issues, and what it may sign.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct KeyTerms {
    /// First second at which it issues.
    pub from: UnixSeconds,
    /// Last second at which it issues.
    pub until: UnixSeconds,
    /// May sign licences.
    pub licences: bool,
    /// May sign revocation lists.
    pub revocations: bool,
}

impl KeyTerms {
    const LICENCES: u8 = 1;
    const REVOCATIONS: u8 = 2;

    /// Refuses terms under which a key could sign nothing.
    ///
    /// # Errors
    /// [`KeyFileFault::Window`].
    pub fn check(&self) -> Result<(), KeyFileFault> {
        let window = self.from < self.until && self.until < UnixSeconds::IMPLAUSIBLE;
        if window && (self.licences || self.revocations) {
            Ok(())
        } else {
            Err(KeyFileFault::Window)
        }
    }

    pub(crate) const fn role_bits(&self) -> u8 {
        (if self.licences { Self::LICENCES } else { 0 })
            | (if self.revocations {
                Self::REVOCATIONS
            } else {
                0
            })
    }

    pub(crate) const fn from_parts(
        from: UnixSeconds,
        until: UnixSeconds,
        roles: u8,
    ) -> Option<Self> {
        if roles & !(Self::LICENCES | Self::REVOCATIONS) != 0 {
            return None;
        }
        Some(Self {
            from,
            until,
            licences: roles & Self::LICENCES != 0,
            revocations: roles & Self::REVOCATIONS != 0,
        })
    }
}

/// The public halves of a vendor's keys and their terms.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct PublicKeys {
    /// Signs licences and lists.
    pub issuing: [u8; KEY_BYTES],
    /// Signs the ledger's records.
    pub ledger: [u8; KEY_BYTES],
    /// The issuing key's terms.
    pub terms: KeyTerms,
}

impl PublicKeys {
    /// The id by which licences name the issuing key.
    #[must_use]
    pub fn id(&self) -> KeyId {
        KeyId::of(&self.issuing)
    }

    /// The line for the key table of the SDK.
    #[must_use]
    pub fn table_line(&self) -> String {
        let terms = &self.terms;
        let roles: Vec<&str> = [
            (terms.licences, "licence"),
            (terms.revocations, "revocation"),
        ]
        .into_iter()
        .filter_map(|(has, name)| has.then_some(name))
        .collect();
        format!(
            "key {} from {} until {} roles {}",
            hex::write(&self.issuing),
            terms.from,
            terms.until,
            roles.join(",")
        )
    }

    /// The same as a parsed line, for comparing.
    #[must_use]
    pub fn key_line(&self) -> KeyLine {
        KeyLine {
            public: self.issuing,
            issue_from: self.terms.from.0,
            issue_until: self.terms.until.0,
            licences: self.terms.licences,
            revocations: self.terms.revocations,
        }
    }
}

/// Signs with the vendor's keys.
pub struct Signer {
    issuing: Ed25519KeyPair,
    ledger: Ed25519KeyPair,
    public: PublicKeys,
}

impl Signer {
    /// The signer of a seed.
    ///
    /// # Errors
    /// [`KeyFileFault::Window`] for terms under which it could sign nothing.
    pub fn from_seed(seed: &[u8; KEY_BYTES], terms: KeyTerms) -> Result<Self, KeyFileFault> {
        terms.check()?;
        let issuing = key_pair(seed)?;
        let derived = ledger_seed(seed)?;
        let ledger = key_pair(&derived)?;
        let public = PublicKeys {
            issuing: public_half(&issuing),
            ledger: public_half(&ledger),
            terms,
        };
        Ok(Self {
            issuing,
            ledger,
            public,
        })
    }

    /// The public halves.
    #[must_use]
    pub fn public(&self) -> &PublicKeys {
        &self.public
    }

    /// Signs a licence's or a list's bytes.
    #[must_use]
    pub fn sign_file(&self, message: &[u8]) -> Signature {
        signature(&self.issuing, message)
    }

    /// Signs a record's bytes.
    #[must_use]
    pub fn sign_record(&self, message: &[u8]) -> Signature {
        signature(&self.ledger, message)
    }
}

impl fmt::Debug for Signer {
    /// The public halves alone.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Signer")
            .field("public", &self.public)
            .finish_non_exhaustive()
    }
}

/// Whether the signature is that key's of the message.
#[must_use]
pub fn is_signed_by(public: &[u8; KEY_BYTES], message: &[u8], signature: &[u8]) -> bool {
    UnparsedPublicKey::new(&ED25519, public)
        .verify(message, signature)
        .is_ok()
}

fn key_pair(seed: &[u8; KEY_BYTES]) -> Result<Ed25519KeyPair, KeyFileFault> {
    Ed25519KeyPair::from_seed_unchecked(seed).map_err(|_| KeyFileFault::Inconsistent)
}

fn public_half(pair: &Ed25519KeyPair) -> [u8; KEY_BYTES] {
    let mut public = [0; KEY_BYTES];
    public.copy_from_slice(pair.public_key().as_ref());
    public
}

fn signature(pair: &Ed25519KeyPair, message: &[u8]) -> Signature {
    let mut bytes = [0; SIGNATURE_BYTES];
    bytes.copy_from_slice(pair.sign(message).as_ref());
    bytes
}

/// HKDF-SHA256 (RFC 5869) of the seed, without salt.
fn ledger_seed(seed: &[u8; KEY_BYTES]) -> Result<Zeroizing<[u8; KEY_BYTES]>, KeyFileFault> {
    let mut derived = Zeroizing::new([0; KEY_BYTES]);
    hkdf::Salt::new(hkdf::HKDF_SHA256, &[])
        .extract(seed)
        .expand(&[LEDGER_CONTEXT], hkdf::HKDF_SHA256)
        .and_then(|okm| okm.fill(&mut derived[..]))
        .map_err(|_| KeyFileFault::Inconsistent)?;
    Ok(derived)
}
