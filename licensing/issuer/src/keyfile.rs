//! The signing key's file: the seed, encrypted under a passphrase.
//!
//! Argon2id (RFC 9106) turns the passphrase into a key; AES-256-GCM seals the seed with everything
//! before it as associated data, so that no date, role or public key can be swapped.

use crate::environment::{Entropy, random};
use crate::error::{IssuerError, KeyFileFault};
use crate::reader::{Malformed, Reader};
use crate::signer::{KEY_BYTES, KeyTerms, PublicKeys, Signer};
use argon2::{Algorithm, Argon2, Params, Version};
use ring::aead::{AES_256_GCM, Aad, LessSafeKey, Nonce, UnboundKey};
use std::fmt;
use vultus_licensing::time::UnixSeconds;
use zeroize::Zeroizing;

/// Bytes of a key file.
pub const FILE_BYTES: usize = HEADER_BYTES + KEY_BYTES + TAG_BYTES;
/// Shortest passphrase in bytes.
pub const PASSPHRASE_MIN: usize = 12;
/// Longest passphrase in bytes.
pub const PASSPHRASE_MAX: usize = 1024;

const MAGIC: [u8; 4] = *b"VKEY";
const FORMAT: u16 = 1;
const ARGON2ID: u8 = 1;
const AES_GCM: u8 = 1;
const SALT_BYTES: usize = 16;
const NONCE_BYTES: usize = 12;
const TAG_BYTES: usize = 16;
/// Magic 4, format 2, derivation 1, cipher 1, cost 12, from 8, until 8, roles 1, two public keys
/// 64, salt 16, nonce 12.
const HEADER_BYTES: usize =
    4 + 2 + 1 + 1 + 12 + 8 + 8 + 1 + 2 * KEY_BYTES + SALT_BYTES + NONCE_BYTES;

/// How hard it is to try a passphrase.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Cost {
    kib: u32,
    passes: u32,
    lanes: u32,
}

impl Cost {
    /// 64 MiB, three passes, one lane: above the second recommendation of RFC 9106 in memory for
    /// one lane, a fraction of a second on a desktop.
    pub const STANDARD: Self = Self {
        kib: 64 * 1024,
        passes: 3,
        lanes: 1,
    };

    /// A cost: 8 KiB to 256 MiB (and 8 KiB a lane), 1 to 16 passes, 1 to 4 lanes. The bounds hold
    /// for files as well, before anything is allocated.
    ///
    /// # Errors
    /// [`KeyFileFault::Cost`].
    pub const fn new(kib: u32, passes: u32, lanes: u32) -> Result<Self, KeyFileFault> {
        let lanes_fit = lanes >= 1 && lanes <= 4;
        let passes_fit = passes >= 1 && passes <= 16;
        if lanes_fit && passes_fit && kib >= 8 * lanes && kib <= 256 * 1024 {
            return Ok(Self { kib, passes, lanes });
        }
        Err(KeyFileFault::Cost { kib, passes, lanes })
    }
}

/// A passphrase of 12 to 1024 bytes. Wiped when dropped.
pub struct Passphrase(Zeroizing<Vec<u8>>);

impl Passphrase {
    /// The passphrase of these bytes, which are taken as they are.
    ///
    /// # Errors
    /// [`IssuerError::Passphrase`].
    pub fn new(bytes: Zeroizing<Vec<u8>>) -> Result<Self, IssuerError> {
        if (PASSPHRASE_MIN..=PASSPHRASE_MAX).contains(&bytes.len()) {
            Ok(Self(bytes))
        } else {
            Err(IssuerError::Passphrase)
        }
    }
}

impl fmt::Debug for Passphrase {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Passphrase(..)")
    }
}

/// A parsed key file. Its public halves can be read without the passphrase; they are proven only
/// when it is opened.
#[derive(Clone)]
pub struct KeyFile {
    header: [u8; HEADER_BYTES],
    sealed: [u8; KEY_BYTES + TAG_BYTES],
    cost: Cost,
    public: PublicKeys,
    salt: [u8; SALT_BYTES],
    nonce: [u8; NONCE_BYTES],
}

impl KeyFile {
    /// Makes a new key and seals it.
    ///
    /// # Errors
    /// [`KeyFileFault::Window`], [`IssuerError::NoRandomness`].
    pub fn generate(
        terms: KeyTerms,
        passphrase: &Passphrase,
        cost: Cost,
        entropy: &dyn Entropy,
    ) -> Result<Self, IssuerError> {
        let seed = Zeroizing::new(random(entropy)?);
        Self::seal(&seed, terms, passphrase, cost, entropy)
    }

    /// Seals a seed that exists already.
    ///
    /// # Errors
    /// As [`generate`](Self::generate).
    pub fn seal(
        seed: &[u8; KEY_BYTES],
        terms: KeyTerms,
        passphrase: &Passphrase,
        cost: Cost,
        entropy: &dyn Entropy,
    ) -> Result<Self, IssuerError> {
        let public = *Signer::from_seed(seed, terms)?.public();
        let salt = random(entropy)?;
        let nonce = random(entropy)?;
        let header = write_header(cost, &public, &salt, &nonce);
        let key = derive(passphrase, cost, &salt)?;
        let mut buffer = Zeroizing::new(*seed);
        let tag = key
            .seal_in_place_separate_tag(
                Nonce::assume_unique_for_key(nonce),
                Aad::from(&header),
                &mut buffer[..],
            )
            .map_err(|_| KeyFileFault::Inconsistent)?;
        let mut sealed = [0; KEY_BYTES + TAG_BYTES];
        sealed[..KEY_BYTES].copy_from_slice(&buffer[..]);
        sealed[KEY_BYTES..].copy_from_slice(tag.as_ref());
        Ok(Self {
            header,
            sealed,
            cost,
            public,
            salt,
            nonce,
        })
    }

    /// Reads a key file's bytes. Nothing is derived or decrypted yet.
    ///
    /// # Errors
    /// [`KeyFileFault`].
    pub fn parse(bytes: &[u8]) -> Result<Self, KeyFileFault> {
        if !bytes.starts_with(&MAGIC) {
            return Err(KeyFileFault::NotAKeyFile);
        }
        let (header, sealed) = bytes
            .split_first_chunk::<HEADER_BYTES>()
            .ok_or(KeyFileFault::Length)?;
        let sealed = sealed.try_into().map_err(|_| KeyFileFault::Length)?;
        let mut reader = Reader::new(&header[MAGIC.len()..]);
        let short = |_: Malformed| KeyFileFault::Length;
        let known = (
            reader.u16("format").map_err(short)?,
            reader.u8("derivation").map_err(short)?,
            reader.u8("cipher").map_err(short)?,
        );
        if known != (FORMAT, ARGON2ID, AES_GCM) {
            return Err(KeyFileFault::Version);
        }
        let cost = Cost::new(
            reader.u32("memory").map_err(short)?,
            reader.u32("passes").map_err(short)?,
            reader.u32("lanes").map_err(short)?,
        )?;
        let from = UnixSeconds(reader.u64("from").map_err(short)?);
        let until = UnixSeconds(reader.u64("until").map_err(short)?);
        let roles = reader.u8("roles").map_err(short)?;
        let terms = KeyTerms::from_parts(from, until, roles).ok_or(KeyFileFault::Window)?;
        terms.check()?;
        Ok(Self {
            header: *header,
            sealed,
            cost,
            public: PublicKeys {
                issuing: reader.array("issuing key").map_err(short)?,
                ledger: reader.array("ledger key").map_err(short)?,
                terms,
            },
            salt: reader.array("salt").map_err(short)?,
            nonce: reader.array("nonce").map_err(short)?,
        })
    }

    /// The file's bytes.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        [&self.header[..], &self.sealed[..]].concat()
    }

    /// The public halves, as the header states them.
    #[must_use]
    pub fn public(&self) -> &PublicKeys {
        &self.public
    }

    /// Opens the file.
    ///
    /// # Errors
    /// [`KeyFileFault::WrongPassphrase`] or [`KeyFileFault::Inconsistent`].
    pub fn open(&self, passphrase: &Passphrase) -> Result<Signer, KeyFileFault> {
        let key = derive(passphrase, self.cost, &self.salt)?;
        let mut buffer = Zeroizing::new(self.sealed);
        let seed = key
            .open_in_place(
                Nonce::assume_unique_for_key(self.nonce),
                Aad::from(&self.header),
                &mut buffer[..],
            )
            .map_err(|_| KeyFileFault::WrongPassphrase)?;
        let seed: &[u8; KEY_BYTES] = (&*seed)
            .try_into()
            .map_err(|_| KeyFileFault::Inconsistent)?;
        let signer = Signer::from_seed(seed, self.public.terms)?;
        if *signer.public() != self.public {
            return Err(KeyFileFault::Inconsistent);
        }
        Ok(signer)
    }
}

impl fmt::Debug for KeyFile {
    /// Without the encrypted seed and its salt.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("KeyFile")
            .field("cost", &self.cost)
            .field("public", &self.public)
            .finish_non_exhaustive()
    }
}

fn write_header(
    cost: Cost,
    public: &PublicKeys,
    salt: &[u8; SALT_BYTES],
    nonce: &[u8; NONCE_BYTES],
) -> [u8; HEADER_BYTES] {
    let bytes = [
        &MAGIC[..],
        &FORMAT.to_le_bytes(),
        &[ARGON2ID, AES_GCM],
        &cost.kib.to_le_bytes(),
        &cost.passes.to_le_bytes(),
        &cost.lanes.to_le_bytes(),
        &public.terms.from.0.to_le_bytes(),
        &public.terms.until.0.to_le_bytes(),
        &[public.terms.role_bits()],
        &public.issuing,
        &public.ledger,
        salt,
        nonce,
    ]
    .concat();
    let mut header = [0; HEADER_BYTES];
    header.copy_from_slice(&bytes);
    header
}

fn derive(
    passphrase: &Passphrase,
    cost: Cost,
    salt: &[u8; SALT_BYTES],
) -> Result<LessSafeKey, KeyFileFault> {
    let refused = KeyFileFault::Cost {
        kib: cost.kib,
        passes: cost.passes,
        lanes: cost.lanes,
    };
    let Ok(params) = Params::new(cost.kib, cost.passes, cost.lanes, Some(KEY_BYTES)) else {
        return Err(refused);
    };
    let mut key = Zeroizing::new([0; KEY_BYTES]);
    if Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
        .hash_password_into(&passphrase.0, salt, &mut key[..])
        .is_err()
    {
        return Err(refused);
    }
    UnboundKey::new(&AES_256_GCM, &key[..])
        .map(LessSafeKey::new)
        .map_err(|_| KeyFileFault::Inconsistent)
}
