//! The ledger: a store of records, checked from the first to the last whenever it is opened.

use crate::book::Book;
use crate::chain::Chain;
use crate::entry::{Entry, KeyChange};
use crate::environment::{Clock, Entropy, random};
use crate::error::IssuerError;
use crate::hash::Hash;
use crate::record::Record;
use crate::signer::{PublicKeys, Signer};
use crate::storage::{Appended, Storage};
use std::fmt;
use vultus_licensing::time::UnixSeconds;

/// Records read at a time.
const PAGE: u32 = 500;
/// How often an operation starts again because others wrote first. Each time another writer made
/// progress.
const ATTEMPTS: usize = 200;

/// A ledger whose records have all been checked.
pub struct Ledger {
    storage: Box<dyn Storage>,
    chain: Chain,
    /// Every hash, so that a head noted earlier can be found.
    hashes: Vec<Hash>,
}

/// What an operation wants after it has seen the book.
pub(crate) enum Step<T> {
    /// Nothing needs to be written.
    Done(T),
    /// This is to be written.
    Write(Entry, T),
}

impl Ledger {
    /// Makes a ledger that belongs to the signer's keys.
    ///
    /// # Errors
    /// [`IssuerError::LedgerExists`], or the store's error.
    pub fn create(
        mut storage: Box<dyn Storage>,
        signer: &Signer,
        clock: &dyn Clock,
        entropy: &dyn Entropy,
    ) -> Result<Self, IssuerError> {
        let exists = || IssuerError::LedgerExists("this store".to_owned());
        if !storage.read(0, 1)?.is_empty() {
            return Err(exists());
        }
        let mut ledger = Self::empty(storage);
        let entry = Entry::Key(KeyChange {
            ledger: random(entropy)?,
            keys: *signer.public(),
        });
        let time = ledger.book().next_time(clock.now()?)?;
        match ledger.write(signer, time, entry)? {
            Appended::Yes => Ok(ledger),
            Appended::Behind => Err(exists()),
        }
    }

    /// Opens a ledger and checks every record.
    ///
    /// # Errors
    /// [`IssuerError::NoLedger`], [`IssuerError::Tampered`], [`IssuerError::WrongKey`] when its
    /// keys are not these, or the store's error.
    pub fn open(storage: Box<dyn Storage>, keys: &PublicKeys) -> Result<Self, IssuerError> {
        let mut ledger = Self::empty(storage);
        ledger.refresh()?;
        match ledger.book().keys() {
            None => Err(IssuerError::NoLedger("this store".to_owned())),
            Some(held) if held == keys => Ok(ledger),
            Some(_) => Err(IssuerError::WrongKey),
        }
    }

    fn empty(storage: Box<dyn Storage>) -> Self {
        Self {
            storage,
            chain: Chain::default(),
            hashes: Vec::new(),
        }
    }

    /// What the records add up to.
    #[must_use]
    pub fn book(&self) -> &Book {
        self.chain.book()
    }

    /// How many records there are.
    #[must_use]
    pub fn length(&self) -> u64 {
        self.chain.length()
    }

    /// Hash of the last record. Kept elsewhere, it shows later that nothing was cut off.
    #[must_use]
    pub fn head(&self) -> Hash {
        self.chain.head()
    }

    /// How many records follow the one with this hash.
    ///
    /// # Errors
    /// [`IssuerError::HeadMissing`].
    pub fn records_since(&self, head: Hash) -> Result<usize, IssuerError> {
        self.hashes
            .iter()
            .rev()
            .position(|&hash| hash == head)
            .ok_or(IssuerError::HeadMissing { expected: head })
    }

    /// Reads and checks what others have written since.
    ///
    /// # Errors
    /// [`IssuerError::Tampered`] or the store's error.
    pub fn refresh(&mut self) -> Result<(), IssuerError> {
        loop {
            let length = self.chain.length();
            let read = self.storage.read(length, PAGE);
            let records = read.map_err(|error| at_place(error, length))?;
            if records.is_empty() {
                return Ok(());
            }
            for record in &records {
                let entry = self.chain.check(record)?;
                self.enter(record, entry);
            }
        }
    }

    /// Runs an operation against the newest book until what it wants is written, or nothing is to
    /// be. The store takes a record only behind the head that the operation saw, so of two that
    /// want the last seat one starts again and finds it gone.
    pub(crate) fn transact<T>(
        &mut self,
        signer: &Signer,
        clock: &dyn Clock,
        mut operation: impl FnMut(&Book, UnixSeconds) -> Result<Step<T>, IssuerError>,
    ) -> Result<T, IssuerError> {
        for _ in 0..ATTEMPTS {
            if self.book().keys() != Some(signer.public()) {
                return Err(IssuerError::WrongKey);
            }
            let time = self.book().next_time(clock.now()?)?;
            let (entry, result) = match operation(self.book(), time)? {
                Step::Done(result) => return Ok(result),
                Step::Write(entry, result) => (entry, result),
            };
            match self.write(signer, time, entry)? {
                Appended::Yes => return Ok(result),
                Appended::Behind => self.refresh()?,
            }
        }
        Err(IssuerError::Busy)
    }

    /// Signs and appends. The record goes through the same checks as any other before it is
    /// written, so nothing can be written that a later `verify` would refuse.
    fn write(
        &mut self,
        signer: &Signer,
        time: UnixSeconds,
        entry: Entry,
    ) -> Result<Appended, IssuerError> {
        self.chain.book().check(time, &entry)?;
        let (length, head) = (self.chain.length(), self.chain.head());
        let body = entry.encode()?;
        let record = Record::sign(length, head, time, entry.kind(), body, signer);
        let entry = self.chain.check(&record)?;
        let appended = self.storage.append(&record)?;
        if appended == Appended::Yes {
            self.enter(&record, entry);
        }
        Ok(appended)
    }

    fn enter(&mut self, record: &Record, entry: Entry) {
        self.chain.enter(record, entry);
        self.hashes.push(record.hash);
    }
}

impl fmt::Debug for Ledger {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Ledger")
            .field("length", &self.length())
            .field("head", &self.head())
            .finish_non_exhaustive()
    }
}

/// A row that is no record may lie about its place as well.
fn at_place(error: IssuerError, seq: u64) -> IssuerError {
    match error {
        IssuerError::Tampered { fault, .. } => IssuerError::Tampered { seq, fault },
        other => other,
    }
}
