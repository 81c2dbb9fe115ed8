//! From the host's secret to the keys of one gallery.
//!
//! ```text
//! secret ─┬─ HKDF(salt, "kek", binding) → key-encrypting key ─┐
//!                                                            opens the slot
//! slot = salt, nonce, AES-256-GCM(master) ───────────────────┘
//! master ─ HKDF ─┬ "record" → AES-256-GCM of records and blobs
//!                ├ "head"   → AES-256-GCM of the head
//!                ├ "name"   → HMAC-SHA-256 of table and key: the key on disk
//!                └ "root"   → HMAC-SHA-256 of each record: the authenticator over all of them
//! ```

use super::error::StoreError;
use ring::aead::{AES_256_GCM, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use ring::rand::{SecureRandom, SystemRandom};
use ring::{digest, hkdf, hmac};
use std::fmt;
use std::io;
use zeroize::{Zeroize, Zeroizing};

/// Bytes that AES-256-GCM adds: its nonce and its tag.
pub(super) const STAMP_BYTES: usize = NONCE_LEN + TAG_BYTES;
pub(super) const TAG_BYTES: usize = 16;

/// What opens a gallery: 32 bytes that the host keeps (Android Keystore, a TEE, a file) and,
/// where the host wants it, the binding of its licence. Wiped when dropped, never printed.
/// Destroying every copy of the secret erases the gallery.
#[derive(Clone)]
pub struct Secret {
    secret: Zeroizing<[u8; 32]>,
    binding: Option<Zeroizing<[u8; 32]>>,
}

impl Secret {
    /// The host's 32 bytes. They are used as a key and must be as hard to guess as one: a password
    /// is not.
    #[must_use]
    pub fn new(secret: [u8; 32]) -> Self {
        Self {
            secret: Zeroizing::new(secret),
            binding: None,
        }
    }

    /// A secret that is not kept anywhere: for a gallery in memory.
    ///
    /// # Errors
    /// [`StoreError::Io`] when the system gives no random numbers.
    pub fn random() -> Result<Self, StoreError> {
        Ok(Self::new(random()?))
    }

    /// The same secret, bound to a licence (`Grant::gallery_binding`) or to anything else of 32
    /// bytes: both are then needed to open the gallery.
    #[must_use]
    pub fn bound_to(mut self, binding: &[u8; 32]) -> Self {
        self.binding = Some(Zeroizing::new(*binding));
        self
    }

    fn key_encrypting_key(&self, salt: &[u8; 16]) -> LessSafeKey {
        let binding: &[u8] = self.binding.as_ref().map_or(&[], |bytes| bytes.as_slice());
        let info = [b"vultus/gallery/kek/v1", binding];
        let mut bytes = Zeroizing::new([0; 32]);
        hkdf::Salt::new(hkdf::HKDF_SHA256, salt)
            .extract(self.secret.as_slice())
            .expand(&info, hkdf::HKDF_SHA256)
            .and_then(|key| key.fill(bytes.as_mut_slice()))
            .expect("HKDF gives as many bytes as its own hash has");
        aes(&bytes)
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Secret")
            .field("bound", &self.binding.is_some())
            .finish_non_exhaustive()
    }
}

/// Random bytes of the operating system.
pub(super) fn random<const N: usize>() -> Result<[u8; N], StoreError> {
    let mut bytes = [0; N];
    SystemRandom::new()
        .fill(&mut bytes)
        .map_err(|_| io::Error::other("the system gives no random numbers"))?;
    Ok(bytes)
}

fn aes(key: &[u8; 32]) -> LessSafeKey {
    let key = UnboundKey::new(&AES_256_GCM, key).expect("AES-256 takes 32 bytes");
    LessSafeKey::new(key)
}

/// Encrypts `buffer[at..]` in place and appends the tag; the nonce is random and returned.
pub(super) fn encrypt(
    key: &LessSafeKey,
    aad: &[u8],
    buffer: &mut Vec<u8>,
    at: usize,
) -> Result<[u8; NONCE_LEN], StoreError> {
    let nonce: [u8; NONCE_LEN] = random()?;
    let tag = key
        .seal_in_place_separate_tag(
            Nonce::assume_unique_for_key(nonce),
            Aad::from(aad),
            &mut buffer[at..],
        )
        .map_err(|_| StoreError::Unencodable("longer than AES-GCM allows"))?;
    buffer.extend_from_slice(tag.as_ref());
    Ok(nonce)
}

/// Decrypts ciphertext and tag in place; `None` when they are not what was sealed.
pub(super) fn decrypt<'a>(
    key: &LessSafeKey,
    nonce: &[u8; NONCE_LEN],
    aad: &[u8],
    sealed: &'a mut [u8],
) -> Option<&'a mut [u8]> {
    let nonce = Nonce::assume_unique_for_key(*nonce);
    key.open_in_place(nonce, Aad::from(aad), sealed).ok()
}

/// The keys of one gallery, all from its master key.
pub(super) struct Keys {
    pub(super) record: LessSafeKey,
    pub(super) head: LessSafeKey,
    pub(super) name: hmac::Key,
    pub(super) root: hmac::Key,
    /// The gallery's random name, part of everything sealed.
    pub(super) gallery: [u8; 16],
}

impl Keys {
    fn from_master(master: &[u8; 32], gallery: [u8; 16]) -> Self {
        let prk = hkdf::Salt::new(hkdf::HKDF_SHA256, &gallery).extract(master);
        let derive = |label: &[u8]| {
            let mut bytes = Zeroizing::new([0; 32]);
            prk.expand(&[b"vultus/gallery/v1/", label], hkdf::HKDF_SHA256)
                .and_then(|key| key.fill(bytes.as_mut_slice()))
                .expect("HKDF gives as many bytes as its own hash has");
            bytes
        };
        Self {
            record: aes(&derive(b"record")),
            head: aes(&derive(b"head")),
            name: hmac::Key::new(hmac::HMAC_SHA256, derive(b"name").as_slice()),
            root: hmac::Key::new(hmac::HMAC_SHA256, derive(b"root").as_slice()),
            gallery,
        }
    }
}

/// The slot's length: magic 4, version 2, flags 2, gallery 16, salt 16, nonce 12, master 32 + 16,
/// checksum 16.
pub(super) const SLOT_BYTES: usize = 116;
const MAGIC: [u8; 4] = *b"VGAL";
/// The newest format that this build writes and reads.
pub(super) const VERSION: u16 = 1;
const FLAG_BOUND: u16 = 1;

/// Makes fresh keys for a gallery and the slot from which the secret opens them again.
pub(super) fn make(
    secret: &Secret,
    gallery: [u8; 16],
) -> Result<(Keys, [u8; SLOT_BYTES]), StoreError> {
    let mut master: [u8; 32] = random()?;
    let salt: [u8; 16] = random()?;
    let flags = if secret.binding.is_some() {
        FLAG_BOUND
    } else {
        0
    };
    let mut slot = Vec::with_capacity(SLOT_BYTES);
    slot.extend_from_slice(&MAGIC);
    slot.extend_from_slice(&VERSION.to_le_bytes());
    slot.extend_from_slice(&flags.to_le_bytes());
    slot.extend_from_slice(&gallery);
    slot.extend_from_slice(&salt);
    let aad = slot.clone();
    slot.extend_from_slice(&[0; NONCE_LEN]);
    let at = slot.len();
    slot.extend_from_slice(&master);
    let kek = secret.key_encrypting_key(&salt);
    let nonce = encrypt(&kek, &aad, &mut slot, at)?;
    slot[at - NONCE_LEN..at].copy_from_slice(&nonce);
    let checksum = checksum(&slot);
    slot.extend_from_slice(&checksum);
    let keys = Keys::from_master(&master, gallery);
    master.zeroize();
    let slot = slot.try_into().expect("the parts add up to the slot");
    Ok((keys, slot))
}

/// Tells a damaged slot from a wrong secret.
fn checksum(bytes: &[u8]) -> [u8; 16] {
    let hash = digest::digest(&digest::SHA256, bytes);
    *hash.as_ref().first_chunk().expect("SHA-256 has 32 bytes")
}

/// Opens a slot.
pub(super) fn open(secret: &Secret, slot: &[u8]) -> Result<Keys, StoreError> {
    const DAMAGED: StoreError = StoreError::corrupt("the key slot is damaged");
    let slot: &[u8; SLOT_BYTES] = slot.try_into().map_err(|_| DAMAGED)?;
    let (body, sum) = slot.split_at(SLOT_BYTES - 16);
    let part = |at: usize| &body[at..];
    if body[..4] != MAGIC || checksum(body) != sum {
        return Err(DAMAGED);
    }
    let version = u16::from_le_bytes([body[4], body[5]]);
    if version != VERSION {
        return Err(StoreError::Version {
            found: version,
            newest: VERSION,
        });
    }
    let gallery = *part(8).first_chunk().ok_or(DAMAGED)?;
    let salt = part(24).first_chunk().ok_or(DAMAGED)?;
    let nonce = part(40).first_chunk().ok_or(DAMAGED)?;
    let mut wrapped = Zeroizing::new(part(52).to_vec());
    let kek = secret.key_encrypting_key(salt);
    let master = decrypt(&kek, nonce, &body[..40], &mut wrapped).ok_or(StoreError::SecretWrong)?;
    let master: &[u8; 32] = (&*master).try_into().map_err(|_| DAMAGED)?;
    Ok(Keys::from_master(master, gallery))
}

/// Opens the first of some copies of a slot that is not damaged.
pub(super) fn open_any(
    secret: &Secret,
    slots: impl Iterator<Item = Vec<u8>>,
) -> Result<Keys, StoreError> {
    let mut refused = StoreError::corrupt("the key slot is missing");
    for slot in slots {
        match open(secret, &slot) {
            Ok(keys) => return Ok(keys),
            Err(cause) => refused = cause,
        }
    }
    Err(refused)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answer(result: Result<Keys, StoreError>) -> &'static str {
        use crate::error::Coded;
        result.map_or_else(|error| error.status().name(), |_| "OK")
    }

    #[test]
    fn only_the_secret_and_its_binding_open_a_slot() {
        let secret = Secret::new([7; 32]);
        let bound = secret.clone().bound_to(&[9; 32]);
        let (_, slot) = make(&secret, [1; 16]).unwrap();
        let (_, bound_slot) = make(&bound, [1; 16]).unwrap();
        assert_eq!(answer(open(&secret, &slot)), "OK");
        assert_eq!(answer(open(&bound, &bound_slot)), "OK");
        for (wrong, slot) in [
            (Secret::new([8; 32]), slot),
            (bound.clone(), slot),
            (secret.clone(), bound_slot),
            (secret.clone().bound_to(&[8; 32]), bound_slot),
        ] {
            assert_eq!(answer(open(&wrong, &slot)), "GallerySecretWrong");
        }
    }

    #[test]
    fn a_damaged_slot_is_not_called_a_wrong_secret() {
        let secret = Secret::new([7; 32]);
        let (_, slot) = make(&secret, [1; 16]).unwrap();
        for length in 0..slot.len() {
            assert_eq!(answer(open(&secret, &slot[..length])), "GalleryCorrupt");
        }
        for bit in 0..slot.len() * 8 {
            let mut changed = slot;
            changed[bit / 8] ^= 1 << (bit % 8);
            assert_eq!(
                answer(open(&secret, &changed)),
                "GalleryCorrupt",
                "bit {bit}"
            );
        }
        let mut newer = slot;
        newer[4] = 2;
        let sum = checksum(&newer[..SLOT_BYTES - 16]);
        newer[SLOT_BYTES - 16..].copy_from_slice(&sum);
        assert_eq!(answer(open(&secret, &newer)), "GalleryVersionMismatch");
    }

    #[test]
    fn secrets_are_not_printed() {
        let text = format!("{:?}", Secret::new([0xAB; 32]).bound_to(&[0xCD; 32]));
        assert_eq!(text, "Secret { bound: true, .. }");
    }
}
