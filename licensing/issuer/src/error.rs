//! Why the issuer could not do what it was asked.

use crate::hash::Hash;
use crate::refusal::Refusal;
use std::error::Error;
use std::io;
use std::path::PathBuf;
use thiserror::Error;
use vultus_licensing::error::LicenceError;

/// Every failure of this crate. Says the cause and what to do.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum IssuerError {
    /// A rule says no.
    #[error("{0}")]
    Refused(#[from] Refusal),
    /// The ledger is not what its keeper signed.
    #[error(
        "record {seq} is bad: {fault}. Restore the ledger from a copy; issue nothing from this one"
    )]
    Tampered {
        /// The first bad record.
        seq: u64,
        /// What is wrong with it.
        #[source]
        fault: Fault,
    },
    /// The expected head is not in the ledger.
    #[error(
        "no record has the hash {expected}: records are missing at the end, or this is another ledger. Restore it from a copy"
    )]
    HeadMissing {
        /// The hash.
        expected: Hash,
    },
    /// Another key's ledger.
    #[error(
        "the ledger is kept with another key than this key file's: name the right --key, or adopt the new one with `ledger adopt-key`"
    )]
    WrongKey,
    /// There is no ledger.
    #[error("there is no ledger in {0}: make one with `ledger init`")]
    NoLedger(String),
    /// There is one already.
    #[error("{0} is there already: name a new place; nothing was changed")]
    LedgerExists(String),
    /// Others kept writing first.
    #[error("others kept writing to the ledger first: try again")]
    Busy,
    /// The store failed.
    #[error("the ledger's store: {0}")]
    Storage(#[from] StoreFault),
    /// The request is no request.
    #[error("the request: {0}. Make it on the device again and send the file unchanged")]
    Request(#[source] LicenceError),
    /// The licence or list does not fit its format.
    #[error("the file cannot be written: {0}")]
    Format(#[source] LicenceError),
    /// The key file is unusable.
    #[error("the key file: {0}")]
    KeyFile(#[from] KeyFileFault),
    /// The passphrase is too short or too long.
    #[error("a passphrase has 12 to 1024 bytes")]
    Passphrase,
    /// Typed twice, and not the same.
    #[error("the two passphrases differ: nothing was made")]
    PassphrasesDiffer,
    /// Options that do not fit together.
    #[error("{0}")]
    Usage(&'static str),
    /// A file could not be read or written.
    #[error("{}: {source}", path.display())]
    File {
        /// Which.
        path: PathBuf,
        /// The cause.
        source: io::Error,
    },
    /// Nothing is written over another file.
    #[error("{} is there already: name a new file; nothing was changed", .0.display())]
    FileExists(PathBuf),
    /// The clock shows a time that cannot be.
    #[error("the clock shows a time before 2026 or after 2099: set it right")]
    ClockImplausible,
    /// No random numbers.
    #[error("the system gives no random numbers: nothing is signed without them")]
    NoRandomness,
}

impl IssuerError {
    /// The name in `--json`; never changes.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Refused(refusal) => refusal.name(),
            Self::Tampered { .. } => "LedgerTampered",
            Self::HeadMissing { .. } => "LedgerHeadMissing",
            Self::WrongKey => "WrongKey",
            Self::NoLedger(_) => "NoLedger",
            Self::LedgerExists(_) => "LedgerExists",
            Self::Busy => "LedgerBusy",
            Self::Storage(_) => "LedgerStorage",
            Self::Request(_) => "BadRequest",
            Self::Format(_) => "BadFormat",
            Self::KeyFile(fault) => fault.name(),
            Self::Passphrase => "Passphrase",
            Self::PassphrasesDiffer => "PassphrasesDiffer",
            Self::Usage(_) => "Usage",
            Self::File { .. } => "File",
            Self::FileExists(_) => "FileExists",
            Self::ClockImplausible => "ClockImplausible",
            Self::NoRandomness => "NoRandomness",
        }
    }

    /// Whether a rule or the ledger's own check said no, rather than usage or input being bad.
    #[must_use]
    pub const fn is_refusal(&self) -> bool {
        matches!(
            self,
            Self::Refused(_) | Self::Tampered { .. } | Self::HeadMissing { .. }
        )
    }
}

/// What is wrong with a record.
#[derive(Clone, Debug, Eq, Error, PartialEq)]
#[non_exhaustive]
pub enum Fault {
    /// There is no such record where the chain needs one.
    #[error("it is missing, or another stands in its place")]
    Missing,
    /// It does not follow the record before.
    #[error("it does not follow the record before it")]
    Link,
    /// Its content does not give its hash.
    #[error("its content was changed")]
    Hash,
    /// Its signature is not the ledger key's.
    #[error("its signature is not the ledger key's")]
    Signature,
    /// Its time is before the record's before it.
    #[error("its time is before the record's before it")]
    Time,
    /// Its content cannot be read.
    #[error("its content cannot be read: {0}")]
    Content(&'static str),
    /// It breaks a rule.
    #[error("it breaks a rule ({name}): {0}", name = .0.name())]
    Rule(#[source] Refusal),
    /// The licence or list in it is not the one that its content gives.
    #[error("the signed file in it is not the one that the ledger gives")]
    SignedFile,
}

/// Why a store could not read or write.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum StoreFault {
    /// SQLite's own error.
    #[error("SQLite: {0}")]
    Sqlite(#[source] Box<dyn Error + Send + Sync>),
    /// PostgreSQL's own error.
    #[error("PostgreSQL: {source}{said}")]
    Postgres {
        /// The client's error.
        source: Box<dyn Error + Send + Sync>,
        /// What the server said, with a colon in front; empty where it said nothing.
        said: String,
    },
    /// A number that no column holds.
    #[error("{0} is out of range")]
    Range(u64),
}

/// Why a key file gives no key.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum KeyFileFault {
    /// It is not a key file.
    #[error("it is not a key file: name the file that `keygen` wrote")]
    NotAKeyFile,
    /// Its format is newer.
    #[error("its format is not known to this version")]
    Version,
    /// It is not as long as a key file.
    #[error("it is damaged (wrong length): restore it from a copy")]
    Length,
    /// It asks for more memory or time than any key file does.
    #[error(
        "it asks for {kib} KiB, {passes} passes and {lanes} lanes to open it; the bounds are 8 to 262144, 1 to 16, 1 to 4. It is damaged or hostile"
    )]
    Cost {
        /// Memory in KiB.
        kib: u32,
        /// Passes.
        passes: u32,
        /// Lanes.
        lanes: u32,
    },
    /// The passphrase is wrong, or the file was changed.
    #[error("the passphrase is wrong, or the file is damaged")]
    WrongPassphrase,
    /// What was sealed in it does not fit its header.
    #[error("its parts do not belong together: restore it from a copy")]
    Inconsistent,
    /// Others may read it.
    #[error("others on this machine may read it: set its mode to 0600")]
    Exposed,
    /// The dates or roles make no sense.
    #[error("a key issues from one time until a later one before 2100, and has one role or more")]
    Window,
}

impl KeyFileFault {
    /// The name in `--json`; never changes.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        match self {
            Self::NotAKeyFile => "KeyFileMagic",
            Self::Version => "KeyFileVersion",
            Self::Length => "KeyFileLength",
            Self::Cost { .. } => "KeyFileCost",
            Self::WrongPassphrase => "KeyFilePassphrase",
            Self::Inconsistent => "KeyFileInconsistent",
            Self::Exposed => "KeyFileExposed",
            Self::Window => "KeyFileWindow",
        }
    }
}
