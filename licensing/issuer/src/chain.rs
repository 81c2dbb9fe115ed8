//! Checks records one after the other and keeps the book that they add up to.

use crate::book::Book;
use crate::entry::{Entry, Issue, List};
use crate::error::{Fault, IssuerError};
use crate::hash::Hash;
use crate::record::Record;
use crate::signer::{self, PublicKeys, SIGNATURE_BYTES, Signature};
use vultus_licensing::signed_licence;
use vultus_licensing::time::UnixSeconds;

/// Records that have been checked, reduced to the last one's hash and the book.
#[derive(Clone, Debug)]
pub struct Chain {
    book: Book,
    length: u64,
    head: Hash,
}

impl Default for Chain {
    fn default() -> Self {
        Self {
            book: Book::default(),
            length: 0,
            head: Hash::GENESIS,
        }
    }
}

impl Chain {
    /// What the records add up to.
    #[must_use]
    pub fn book(&self) -> &Book {
        &self.book
    }

    /// How many records there are.
    #[must_use]
    pub fn length(&self) -> u64 {
        self.length
    }

    /// Hash of the last record.
    #[must_use]
    pub fn head(&self) -> Hash {
        self.head
    }

    /// Checks that the record may follow and gives its content.
    ///
    /// # Errors
    /// [`IssuerError::Tampered`] with the place of the record.
    pub fn check(&self, record: &Record) -> Result<Entry, IssuerError> {
        self.find_fault(record)
            .map_err(|fault| IssuerError::Tampered {
                seq: self.length,
                fault,
            })
    }

    /// Adds a record whose content [`check`](Self::check) gave.
    pub(crate) fn enter(&mut self, record: &Record, entry: Entry) {
        self.book.enter(record.time, entry);
        self.length += 1;
        self.head = record.hash;
    }

    fn find_fault(&self, record: &Record) -> Result<Entry, Fault> {
        // The first record brings the key that it is signed with.
        let first = match self.book.keys() {
            Some(_) => None,
            None if record.seq != self.length => return Err(Fault::Missing),
            None => match Entry::decode(record.kind, &record.body)? {
                Entry::Key(change) => Some(change.keys),
                _ => return Err(Fault::Content("a ledger begins with its key")),
            },
        };
        let Some(keys) = first.as_ref().or(self.book.keys()) else {
            return Err(Fault::Missing);
        };
        record.check(self.length, self.head, &keys.ledger)?;
        if record.time < self.book.now() || record.time >= UnixSeconds::IMPLAUSIBLE {
            return Err(Fault::Time);
        }
        let entry = Entry::decode(record.kind, &record.body)?;
        self.book.check(record.time, &entry).map_err(Fault::Rule)?;
        let genuine = match &entry {
            Entry::Issue(issue) => self.licence_is_genuine(record.time, issue, keys)?,
            Entry::List(list) => self.list_is_genuine(record.time, list, keys),
            _ => true,
        };
        if genuine {
            Ok(entry)
        } else {
            Err(Fault::SignedFile)
        }
    }

    /// Whether the stored licence is, byte for byte, what the book gives, signed by the key.
    fn licence_is_genuine(
        &self,
        time: UnixSeconds,
        issue: &Issue,
        keys: &PublicKeys,
    ) -> Result<bool, Fault> {
        let content = self.book.licence_for(time, issue).map_err(Fault::Rule)?;
        let Some(signature) = issue.licence.last_chunk::<SIGNATURE_BYTES>() else {
            return Ok(false);
        };
        let mut signed = false;
        let bytes = signed_licence::seal(&content, keys.id(), |message| {
            signed = signer::is_signed_by(&keys.issuing, message, signature);
            *signature
        });
        Ok(signed && bytes.is_ok_and(|bytes| bytes == issue.licence))
    }

    fn list_is_genuine(&self, time: UnixSeconds, list: &List, keys: &PublicKeys) -> bool {
        let mut signed = false;
        let signature: Signature = list.signature;
        let bytes = self
            .book
            .revocation_list(time, list.number)
            .seal(keys.id(), |message| {
                signed = signer::is_signed_by(&keys.issuing, message, &signature);
                signature
            });
        signed && bytes.is_ok()
    }
}
