//! One record: its key on disk, its sealed form, and its share in the authenticator.

use super::error::StoreError;
use super::keys::{Keys, STAMP_BYTES, TAG_BYTES, decrypt, encrypt};
use super::table::Table;
use ring::aead::NONCE_LEN;
use ring::hmac;

/// The table's tag and 128 bits of HMAC-SHA-256 of the key: no identifier is readable on disk.
/// Two of a million keys share a hash with probability 2^-89.
pub(super) type DiskKey = [u8; 17];

/// Nonce and tag of one sealed record: no two records, and no two versions of one, share it.
pub(super) type Stamp = [u8; STAMP_BYTES];

/// The version of a sealed record's layout; part of what is authenticated.
const SCHEMA: u8 = 1;
/// Records are padded to a multiple of this, which hides the exact length of names.
const PADDING: usize = 64;
const OVERHEAD: usize = 1 + NONCE_LEN + TAG_BYTES;

/// What is sealed: a record, or the large body that a record stands for.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[repr(u8)]
pub(super) enum Kind {
    Record = 1,
    Body = 2,
}

/// A record as it was put.
#[derive(Debug)]
pub(super) struct Opened<'a> {
    pub(super) key: &'a [u8],
    pub(super) record: &'a [u8],
}

/// The table of a key on disk.
pub(super) fn table_of(key: &DiskKey) -> Option<Table> {
    Table::from_tag(key[0])
}

/// The stamp of a sealed value; `None` when it is too short to be one.
pub(super) fn stamp_of(sealed: &[u8]) -> Option<Stamp> {
    if sealed.len() < OVERHEAD + PADDING {
        return None;
    }
    let mut stamp = [0; STAMP_BYTES];
    stamp[..NONCE_LEN].copy_from_slice(&sealed[1..=NONCE_LEN]);
    stamp[NONCE_LEN..].copy_from_slice(&sealed[sealed.len() - TAG_BYTES..]);
    Some(stamp)
}

impl Keys {
    pub(super) fn disk_key(&self, table: Table, key: &[u8]) -> DiskKey {
        let mut context = hmac::Context::with_key(&self.name);
        context.update(&[table.tag()]);
        context.update(key);
        let mut name = [table.tag(); 17];
        name[1..].copy_from_slice(&context.sign().as_ref()[..16]);
        name
    }

    fn associated(&self, kind: Kind, name: &DiskKey) -> [u8; 35] {
        let mut bytes = [SCHEMA; 35];
        bytes[1] = kind as u8;
        bytes[2..18].copy_from_slice(&self.gallery);
        bytes[18..].copy_from_slice(name);
        bytes
    }

    /// Seals a record into `out`, whose content is replaced.
    pub(super) fn seal(
        &self,
        kind: Kind,
        name: &DiskKey,
        record: &Opened<'_>,
        out: &mut Vec<u8>,
    ) -> Result<Stamp, StoreError> {
        let key_length = u16::try_from(record.key.len());
        let key_length = key_length.map_err(|_| StoreError::Unencodable("the key is too long"))?;
        let length = u32::try_from(record.record.len());
        let length = length.map_err(|_| StoreError::Unencodable("the record is too long"))?;
        out.clear();
        out.push(SCHEMA);
        out.extend_from_slice(&[0; NONCE_LEN]);
        let start = out.len();
        out.extend_from_slice(&key_length.to_le_bytes());
        out.extend_from_slice(record.key);
        out.extend_from_slice(&length.to_le_bytes());
        out.extend_from_slice(record.record);
        let plain = (out.len() - start).next_multiple_of(PADDING);
        out.resize(start + plain, 0);
        let nonce = encrypt(&self.record, &self.associated(kind, name), out, start)?;
        out[1..start].copy_from_slice(&nonce);
        Ok(stamp_of(out).expect("longer than the overhead"))
    }

    /// Opens what [`seal`](Self::seal) made, in place; `None` when it is anything else.
    pub(super) fn unseal<'a>(
        &self,
        kind: Kind,
        name: &DiskKey,
        sealed: &'a mut [u8],
    ) -> Option<Opened<'a>> {
        stamp_of(sealed)?;
        if sealed[0] != SCHEMA {
            return None;
        }
        let nonce = *sealed[1..].first_chunk()?;
        let aad = self.associated(kind, name);
        let plain = decrypt(&self.record, &nonce, &aad, &mut sealed[1 + NONCE_LEN..])?;
        let (key_length, rest) = plain.split_first_chunk()?;
        let (key, rest) = rest.split_at_checked(u16::from_le_bytes(*key_length).into())?;
        let (length, rest) = rest.split_first_chunk()?;
        let length = usize::try_from(u32::from_le_bytes(*length)).ok()?;
        let record = rest.get(..length)?;
        Some(Opened { key, record })
    }

    /// A record's share in the authenticator.
    pub(super) fn share(&self, name: &DiskKey, stamp: &Stamp) -> [u8; 32] {
        let mut context = hmac::Context::with_key(&self.root);
        context.update(b"record");
        context.update(name);
        context.update(stamp);
        *context
            .sign()
            .as_ref()
            .first_chunk()
            .expect("HMAC-SHA-256 has 32 bytes")
    }
}

#[cfg(test)]
mod tests {
    use super::super::keys::{Secret, make};
    use super::*;
    use proptest::prelude::*;

    fn keys() -> Keys {
        make(&Secret::new([3; 32]), [5; 16]).unwrap().0
    }

    fn sealed(keys: &Keys, kind: Kind, name: &DiskKey, key: &[u8], record: &[u8]) -> Vec<u8> {
        let mut out = Vec::new();
        let opened = Opened { key, record };
        keys.seal(kind, name, &opened, &mut out).unwrap();
        out
    }

    #[test]
    fn a_record_opens_only_whole_and_in_its_place() {
        let keys = keys();
        let name = keys.disk_key(Table::Person, b"p1");
        let bytes = sealed(&keys, Kind::Record, &name, b"p1", b"content");
        assert_eq!(bytes.len(), OVERHEAD + PADDING);
        let mut copy = bytes.clone();
        let opened = keys.unseal(Kind::Record, &name, &mut copy).unwrap();
        assert_eq!((opened.key, opened.record), (&b"p1"[..], &b"content"[..]));

        let other_table = keys.disk_key(Table::Face, b"p1");
        let other_key = keys.disk_key(Table::Person, b"p2");
        for (kind, name) in [
            (Kind::Body, name),
            (Kind::Record, other_table),
            (Kind::Record, other_key),
        ] {
            assert!(keys.unseal(kind, &name, &mut bytes.clone()).is_none());
        }
        for length in 0..bytes.len() {
            let mut cut = bytes[..length].to_vec();
            assert!(keys.unseal(Kind::Record, &name, &mut cut).is_none());
        }
        for bit in 0..bytes.len() * 8 {
            let mut changed = bytes.clone();
            changed[bit / 8] ^= 1 << (bit % 8);
            assert!(keys.unseal(Kind::Record, &name, &mut changed).is_none());
        }
        let other = make(&Secret::new([3; 32]), [5; 16]).unwrap().0;
        assert!(
            other
                .unseal(Kind::Record, &name, &mut bytes.clone())
                .is_none()
        );
    }

    #[test]
    fn two_seals_of_one_record_differ_in_stamp_and_share() {
        let keys = keys();
        let name = keys.disk_key(Table::Person, b"p1");
        let stamps = [(); 2]
            .map(|()| stamp_of(&sealed(&keys, Kind::Record, &name, b"p1", b"same")).unwrap());
        assert_ne!(stamps[0], stamps[1]);
        assert_ne!(keys.share(&name, &stamps[0]), keys.share(&name, &stamps[1]));
    }

    #[test]
    fn names_depend_on_table_key_and_gallery() {
        let keys = keys();
        let name = keys.disk_key(Table::Person, b"p1");
        assert_eq!(name, keys.disk_key(Table::Person, b"p1"));
        assert_eq!(table_of(&name), Some(Table::Person));
        assert_ne!(name[1..], keys.disk_key(Table::Face, b"p1")[1..]);
        let other = make(&Secret::new([3; 32]), [5; 16]).unwrap().0;
        assert_ne!(name, other.disk_key(Table::Person, b"p1"));
    }

    proptest! {
        #[test]
        fn any_record_comes_back(key: Vec<u8>, record: Vec<u8>) {
            let keys = keys();
            let name = keys.disk_key(Table::Face, &key);
            let mut bytes = sealed(&keys, Kind::Record, &name, &key, &record);
            let opened = keys.unseal(Kind::Record, &name, &mut bytes).unwrap();
            prop_assert_eq!(opened.key, &key[..]);
            prop_assert_eq!(opened.record, &record[..]);
        }
    }
}
