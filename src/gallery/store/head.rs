//! The head: what authenticates all records together, and the generation.
//!
//! AES-GCM says that a record is one that was sealed for its key, not that it is the latest one,
//! nor that none is missing. The head therefore keeps the XOR of a keyed hash of every live record
//! (its key on disk, nonce and tag), and is sealed itself and written in the transaction of every
//! change. This is the XOR scheme of Bellare, Guerin and Rogaway ("XOR MACs", 1995), as Clarke et
//! al. use it for sets ("Incremental multiset hash functions", 2003). A set is what we have: keys
//! are unique, and so are stamps. To pass with another set of records, an attacker would need one
//! whose hashes have the same XOR; the hashes are HMAC-SHA-256 under a secret key and their XOR is
//! encrypted, so that no attempt succeeds with more than probability 2^-256. A change costs one
//! HMAC for each record that comes or goes; the whole is compared when the gallery is opened.

use super::error::StoreError;
use super::keys::{Keys, decrypt, encrypt};
use super::seal::{DiskKey, Stamp};
use super::table::{TAGS, Table};
use ring::aead::NONCE_LEN;
use ring::hmac;

/// Random nonces of 96 bits stay apart, with probability 1 - 2^-32, up to this number of seals
/// (NIST SP 800-38D, 8.3).
const SEALS_MAX: u64 = 1 << 32;

/// Plain bytes: generation 8, seals 8, root 32, counts 8 each.
const PLAIN_BYTES: usize = 48 + 8 * TAGS;

/// What is known about all records together.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(super) struct Head {
    /// One more with each commit.
    pub(super) generation: u64,
    /// How often the record key was used.
    pub(super) seals: u64,
    root: [u8; 32],
    /// Live records by the tag of their table.
    pub(super) counts: [u64; TAGS],
}

impl Head {
    pub(super) const fn new() -> Self {
        Self {
            generation: 0,
            seals: 0,
            root: [0; 32],
            counts: [0; TAGS],
        }
    }

    /// A head that starts anew, for the same generation: what a scan is compared with.
    pub(super) fn recount(&self) -> Self {
        Self {
            generation: self.generation,
            seals: self.seals,
            ..Self::new()
        }
    }

    fn toggle(&mut self, keys: &Keys, name: &DiskKey, stamp: &Stamp) {
        for (byte, share) in self.root.iter_mut().zip(keys.share(name, stamp)) {
            *byte ^= share;
        }
    }

    pub(super) fn add(&mut self, keys: &Keys, name: &DiskKey, stamp: &Stamp) {
        self.toggle(keys, name, stamp);
        self.counts[usize::from(name[0])] += 1;
    }

    pub(super) fn remove(
        &mut self,
        keys: &Keys,
        name: &DiskKey,
        stamp: &Stamp,
    ) -> Result<(), StoreError> {
        self.toggle(keys, name, stamp);
        let count = &mut self.counts[usize::from(name[0])];
        *count = count
            .checked_sub(1)
            .ok_or(StoreError::corrupt("more records than the head counts"))?;
        Ok(())
    }

    /// Counts uses of the record key.
    pub(super) fn spend(&mut self, seals: u64) -> Result<(), StoreError> {
        self.seals += seals;
        if self.seals > SEALS_MAX {
            return Err(StoreError::KeyWornOut);
        }
        Ok(())
    }

    pub(super) fn records(&self) -> u64 {
        self.counts.iter().sum()
    }

    pub(super) fn count(&self, table: Table) -> u64 {
        self.counts[usize::from(table.tag())]
    }

    fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(PLAIN_BYTES + 32);
        bytes.extend_from_slice(&self.generation.to_le_bytes());
        bytes.extend_from_slice(&self.seals.to_le_bytes());
        bytes.extend_from_slice(&self.root);
        bytes.extend(self.counts.iter().flat_map(|count| count.to_le_bytes()));
        bytes
    }

    fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let bytes: &[u8; PLAIN_BYTES] = bytes.try_into().ok()?;
        let number = |at: usize| bytes[at..].first_chunk().map(|b| u64::from_le_bytes(*b));
        let mut counts = [0; TAGS];
        for (i, count) in counts.iter_mut().enumerate() {
            *count = number(48 + 8 * i)?;
        }
        Some(Self {
            generation: number(0)?,
            seals: number(8)?,
            root: *bytes[16..].first_chunk()?,
            counts,
        })
    }

    pub(super) fn seal(&self, keys: &Keys) -> Result<Vec<u8>, StoreError> {
        let mut sealed = vec![0; NONCE_LEN];
        sealed.extend_from_slice(&self.to_bytes());
        let nonce = encrypt(&keys.head, &keys.gallery, &mut sealed, NONCE_LEN)?;
        sealed[..NONCE_LEN].copy_from_slice(&nonce);
        Ok(sealed)
    }

    pub(super) fn open(keys: &Keys, mut sealed: Vec<u8>) -> Option<Self> {
        let nonce = *sealed.first_chunk()?;
        let plain = decrypt(&keys.head, &nonce, &keys.gallery, &mut sealed[NONCE_LEN..])?;
        Self::from_bytes(plain)
    }

    /// What a host keeps to recognise this state.
    pub(super) fn anchor(&self, keys: &Keys) -> Anchor {
        let mut context = hmac::Context::with_key(&keys.root);
        context.update(b"anchor");
        context.update(&self.to_bytes());
        Anchor {
            gallery: keys.gallery,
            generation: self.generation,
            digest: *context
                .sign()
                .as_ref()
                .first_chunk()
                .expect("HMAC-SHA-256 has 32 bytes"),
        }
    }
}

/// A state of a gallery, to be kept where an attacker who can write the disk cannot (a TEE, a
/// server): a file that is older is then refused. Without one, a whole file put back from a backup
/// cannot be told from the latest. It tells nothing about the content and needs no secrecy.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Anchor {
    gallery: [u8; 16],
    generation: u64,
    digest: [u8; 32],
}

impl Anchor {
    /// Length of [`to_bytes`](Self::to_bytes).
    pub const BYTES: usize = 56;

    /// How many commits the gallery had seen.
    #[must_use]
    pub const fn generation(&self) -> u64 {
        self.generation
    }

    /// Gallery 16, generation 8 (little-endian), digest 32.
    #[must_use]
    pub fn to_bytes(&self) -> [u8; Self::BYTES] {
        let mut bytes = [0; Self::BYTES];
        bytes[..16].copy_from_slice(&self.gallery);
        bytes[16..24].copy_from_slice(&self.generation.to_le_bytes());
        bytes[24..].copy_from_slice(&self.digest);
        bytes
    }

    /// The anchor of these bytes. Any bytes are an anchor; those of no state are refused by
    /// [`Store::open`](super::Store::open).
    #[must_use]
    pub fn from_bytes(bytes: &[u8; Self::BYTES]) -> Self {
        let part = |at: usize| &bytes[at..];
        let long = "the array is long enough";
        Self {
            gallery: *part(0).first_chunk().expect(long),
            generation: u64::from_le_bytes(*part(16).first_chunk().expect(long)),
            digest: *part(24).first_chunk().expect(long),
        }
    }

    /// Whether a gallery in state `found` may follow this one. A later generation may: the power
    /// can fail between a commit and the host's writing of its anchor.
    pub(super) fn allows(&self, found: &Self) -> Result<(), StoreError> {
        let same = self.generation != found.generation || self.digest == found.digest;
        if self.gallery == found.gallery && self.generation <= found.generation && same {
            return Ok(());
        }
        Err(StoreError::RolledBack {
            found: found.generation,
            expected: self.generation,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::super::keys::{Secret, make};
    use super::*;

    fn keys() -> Keys {
        make(&Secret::new([3; 32]), [5; 16]).unwrap().0
    }

    #[test]
    fn the_root_is_of_a_set_and_tells_every_change() {
        let keys = keys();
        let records: Vec<(DiskKey, Stamp)> = (0..4_u8)
            .map(|i| (keys.disk_key(Table::Person, &[i]), [i; 28]))
            .collect();
        let of = |order: &[usize]| {
            let mut head = Head::new();
            for &i in order {
                head.add(&keys, &records[i].0, &records[i].1);
            }
            head
        };
        assert_eq!(of(&[0, 1, 2, 3]), of(&[3, 1, 0, 2]));
        let mut without = of(&[0, 1, 2, 3]);
        without.remove(&keys, &records[3].0, &records[3].1).unwrap();
        assert_eq!(without, of(&[2, 1, 0]));
        // An older version of a record, with the count unchanged.
        let mut replayed = of(&[0, 1, 2]);
        replayed.add(&keys, &records[3].0, &[9; 28]);
        assert_eq!(replayed.counts, of(&[0, 1, 2, 3]).counts);
        assert_ne!(replayed.root, of(&[0, 1, 2, 3]).root);
        assert!(Head::new().remove(&keys, &records[0].0, &[0; 28]).is_err());
    }

    #[test]
    fn a_head_opens_only_whole() {
        let keys = keys();
        let mut head = Head::new();
        head.generation = 77;
        head.spend(5).unwrap();
        head.add(&keys, &keys.disk_key(Table::Face, b"f"), &[1; 28]);
        let sealed = head.seal(&keys).unwrap();
        assert_eq!(Head::open(&keys, sealed.clone()), Some(head.clone()));
        for length in 0..sealed.len() {
            assert_eq!(Head::open(&keys, sealed[..length].to_vec()), None);
        }
        for bit in 0..sealed.len() * 8 {
            let mut changed = sealed.clone();
            changed[bit / 8] ^= 1 << (bit % 8);
            assert_eq!(Head::open(&keys, changed), None);
        }
    }

    #[test]
    fn a_key_wears_out() {
        let mut head = Head::new();
        head.spend(SEALS_MAX).unwrap();
        assert!(matches!(head.spend(1), Err(StoreError::KeyWornOut)));
    }

    #[test]
    fn an_anchor_refuses_what_is_older_or_forked() {
        let keys = keys();
        let mut head = Head::new();
        head.generation = 5;
        let anchor = head.anchor(&keys);
        assert_eq!(Anchor::from_bytes(&anchor.to_bytes()), anchor);
        assert!(anchor.allows(&anchor).is_ok());
        head.generation = 6;
        assert!(anchor.allows(&head.anchor(&keys)).is_ok());
        head.generation = 4;
        let refused = anchor.allows(&head.anchor(&keys)).unwrap_err();
        assert_eq!(refused.to_string(), "generation 4, the host has seen 5");
        // The same generation with another content.
        head.generation = 5;
        head.add(&keys, &keys.disk_key(Table::Face, b"f"), &[1; 28]);
        assert!(anchor.allows(&head.anchor(&keys)).is_err());
        let other = make(&Secret::new([3; 32]), [6; 16]).unwrap().0;
        head.generation = 9;
        assert!(anchor.allows(&head.anchor(&other)).is_err());
    }
}
