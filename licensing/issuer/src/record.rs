//! One record of the ledger: what is hashed, what is signed.

use crate::error::Fault;
use crate::hash::Hash;
use crate::signer::{self, KEY_BYTES, SIGNATURE_BYTES, Signature, Signer};
use ring::digest;
use vultus_licensing::time::UnixSeconds;

/// Largest body in bytes. The largest entry, a licence, stays below 6 KiB.
pub const BODY_MAX: usize = 16 * 1024;

const CONTEXT: &[u8] = b"vultus/ledger/v1\0";

/// A record as it is stored. Nothing about it is proven before [`check`](Self::check).
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Record {
    /// Place in the ledger, from 0.
    pub seq: u64,
    /// Hash of the record before.
    pub prev: Hash,
    /// When it was written.
    pub time: UnixSeconds,
    /// What it is ([`crate::entry::Entry::kind`]).
    pub kind: u8,
    /// Its content, at most [`BODY_MAX`] bytes.
    pub body: Vec<u8>,
    /// SHA-256 over everything above.
    pub hash: Hash,
    /// The ledger key's signature of the hash.
    pub signature: Signature,
}

impl Record {
    /// Makes and signs a record.
    #[must_use]
    pub fn sign(
        seq: u64,
        prev: Hash,
        time: UnixSeconds,
        kind: u8,
        body: Vec<u8>,
        signer: &Signer,
    ) -> Self {
        let mut record = Self {
            seq,
            prev,
            time,
            kind,
            body,
            hash: Hash::GENESIS,
            signature: [0; SIGNATURE_BYTES],
        };
        record.hash = record.computed_hash();
        record.signature = signer.sign_record(&signed_message(record.hash));
        record
    }

    /// Checks place, link, hash and signature.
    ///
    /// # Errors
    /// The first [`Fault`].
    pub fn check(&self, seq: u64, prev: Hash, key: &[u8; KEY_BYTES]) -> Result<(), Fault> {
        if self.seq != seq {
            return Err(Fault::Missing);
        }
        if self.prev != prev {
            return Err(Fault::Link);
        }
        if self.body.len() > BODY_MAX {
            return Err(Fault::Content("it is too long"));
        }
        if self.computed_hash() != self.hash {
            return Err(Fault::Hash);
        }
        if !signer::is_signed_by(key, &signed_message(self.hash), &self.signature) {
            return Err(Fault::Signature);
        }
        Ok(())
    }

    fn computed_hash(&self) -> Hash {
        let mut hash = digest::Context::new(&digest::SHA256);
        hash.update(CONTEXT);
        hash.update(&self.prev.0);
        hash.update(&self.seq.to_le_bytes());
        hash.update(&self.time.0.to_le_bytes());
        hash.update(&[self.kind]);
        hash.update(&(self.body.len() as u64).to_le_bytes());
        hash.update(&self.body);
        let mut bytes = [0; 32];
        bytes.copy_from_slice(hash.finish().as_ref());
        Hash(bytes)
    }
}

fn signed_message(hash: Hash) -> Vec<u8> {
    [CONTEXT, &hash.0].concat()
}
