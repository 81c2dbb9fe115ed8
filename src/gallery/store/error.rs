//! What can go wrong with a gallery's file.

use crate::error::{Coded, Status};
use std::fmt;
use std::io;
use std::path::PathBuf;
use vultus_licensing::process::ForkedProcess;

/// The error behind one of these, of a type that is not part of this interface.
pub type Cause = Box<dyn std::error::Error + Send + Sync>;

/// Why a gallery's file, or an export of one, could not be used.
#[derive(Debug)]
#[non_exhaustive]
pub enum StoreError {
    /// There is no gallery, or it may not be read.
    Missing {
        /// The path, or what else names the storage.
        location: String,
        /// The system's answer.
        source: io::Error,
    },
    /// A gallery is there already; nothing was touched.
    Exists {
        /// As above.
        location: String,
    },
    /// Something other than a plain file stands there.
    NotAFile(PathBuf),
    /// Records are damaged, missing, or were put back from an earlier time.
    Corrupt {
        /// What does not hold.
        what: &'static str,
        /// Records that cannot be read; 0 when the damage is not in single records.
        damaged: u64,
        /// Records that can be read.
        intact: u64,
        /// What found the damage, where it was not the store itself.
        source: Option<Cause>,
    },
    /// The format is newer than this build.
    Version {
        /// The file's.
        found: u16,
        /// The newest that is understood.
        newest: u16,
    },
    /// The secret, or the licence's binding, is not the one that the gallery was sealed with.
    SecretWrong,
    /// The whole file is older than the host's anchor, or another gallery's.
    RolledBack {
        /// The file's generation.
        found: u64,
        /// The anchor's generation.
        expected: u64,
    },
    /// It was opened, or can only be opened, for reading.
    ReadOnly,
    /// Another process, or another store of this one, has it open.
    InUse,
    /// Another process opened it, and this one was forked from that. Nothing was touched.
    Forked(ForkedProcess),
    /// No space is left. Nothing was changed.
    Full(io::Error),
    /// The disk failed.
    Io(io::Error),
    /// The disk failed while data were on their way to it, so that what it holds is unknown. Open the
    /// gallery again. With the first cause, where this is the first refusal.
    Stopped(Option<Box<StoreError>>),
    /// One key has sealed as many records as it safely can; rotate.
    KeyWornOut,
    /// A parameter is outside its range.
    Argument {
        /// Its name.
        name: &'static str,
        /// Its value.
        value: u64,
        /// The smallest allowed.
        min: u64,
        /// The largest allowed.
        max: u64,
    },
    /// A record's bytes are authentic, but of another type.
    Record(&'static str),
    /// The same, found while they were decoded.
    Undecodable(Cause),
    /// A record cannot be turned into bytes: it is too long.
    Unencodable(&'static str),
    /// The same, found while it was encoded.
    Encoding(Cause),
    /// An export is cut short, changed, or something else.
    ExportCorrupt(&'static str),
    /// An export was sealed with another key.
    ExportKeyWrong,
    /// An export's format is newer than this build.
    ExportVersion {
        /// The file's.
        found: u16,
        /// The newest that is understood.
        newest: u16,
    },
    /// An import would overwrite a record. Nothing was changed.
    ImportConflict {
        /// Records that the gallery and the export both have.
        conflicts: u64,
    },
}

impl StoreError {
    /// Damage that is not in single records.
    pub(super) const fn corrupt(what: &'static str) -> Self {
        Self::Corrupt {
            what,
            damaged: 0,
            intact: 0,
            source: None,
        }
    }

    /// The same, found by something below the store.
    pub(super) fn corrupt_by(what: &'static str, cause: impl Into<Cause>) -> Self {
        Self::Corrupt {
            what,
            damaged: 0,
            intact: 0,
            source: Some(cause.into()),
        }
    }

    /// Whether the disk had no part in it.
    pub(super) const fn is_of_the_caller(&self) -> bool {
        matches!(
            self,
            Self::Argument { .. }
                | Self::Record(_)
                | Self::Undecodable(_)
                | Self::Unencodable(_)
                | Self::Encoding(_)
                | Self::KeyWornOut
                | Self::Forked(_)
                | Self::ExportCorrupt(_)
                | Self::ExportKeyWrong
                | Self::ExportVersion { .. }
                | Self::ImportConflict { .. }
        )
    }
}

/// Refuses a value outside `min..=max`.
pub(super) fn within(
    name: &'static str,
    value: usize,
    min: u64,
    max: u64,
) -> Result<(), StoreError> {
    let value = value as u64;
    if (min..=max).contains(&value) {
        return Ok(());
    }
    Err(StoreError::Argument {
        name,
        value,
        min,
        max,
    })
}

impl From<ForkedProcess> for StoreError {
    fn from(forked: ForkedProcess) -> Self {
        Self::Forked(forked)
    }
}

impl From<io::Error> for StoreError {
    fn from(cause: io::Error) -> Self {
        match cause.kind() {
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => Self::Full(cause),
            io::ErrorKind::ReadOnlyFilesystem => Self::ReadOnly,
            // Reading past the end: the file is shorter than its own header says.
            io::ErrorKind::UnexpectedEof => Self::corrupt("the file is cut short"),
            _ => Self::Io(cause),
        }
    }
}

impl Coded for StoreError {
    fn status(&self) -> Status {
        match self {
            Self::Missing { .. } => Status::GalleryMissing,
            Self::Exists { .. } => Status::GalleryExists,
            Self::NotAFile(_) | Self::Corrupt { .. } | Self::Record(_) | Self::Undecodable(_) => {
                Status::GalleryCorrupt
            }
            Self::Version { .. } => Status::GalleryVersionMismatch,
            Self::SecretWrong => Status::GallerySecretWrong,
            Self::RolledBack { .. } => Status::GalleryRolledBack,
            Self::ReadOnly => Status::GalleryReadOnly,
            Self::InUse => Status::GalleryInUse,
            Self::Forked(_) => Status::ForkedProcess,
            Self::Full(_) => Status::StorageFull,
            Self::Io(_) | Self::Stopped(_) => Status::StorageFailed,
            Self::KeyWornOut => Status::GalleryKeyWornOut,
            Self::Argument { .. } | Self::Unencodable(_) | Self::Encoding(_) => {
                Status::InvalidParameter
            }
            Self::ExportCorrupt(_) => Status::ExportCorrupt,
            Self::ExportKeyWrong => Status::ExportKeyWrong,
            Self::ExportVersion { .. } => Status::ExportVersionMismatch,
            Self::ImportConflict { .. } => Status::ImportConflict,
        }
    }
}

impl fmt::Display for StoreError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Missing { location, source } => write!(f, "{location}: {source}"),
            Self::Exists { location } => write!(f, "{location}: a gallery is there already"),
            Self::NotAFile(path) => write!(f, "{}: not a plain file", path.display()),
            Self::Corrupt {
                what,
                damaged: 0,
                intact: 0,
                ..
            } => f.write_str(what),
            Self::Corrupt {
                what,
                damaged,
                intact,
                ..
            } => write!(f, "{what}: {damaged} records damaged, {intact} intact"),
            Self::Version { found, newest } => {
                write!(f, "format {found}, this build reads up to {newest}")
            }
            Self::SecretWrong => f.write_str("the secret does not open this gallery"),
            Self::RolledBack { found, expected } => {
                write!(f, "generation {found}, the host has seen {expected}")
            }
            Self::ReadOnly => f.write_str("the gallery is open for reading only"),
            Self::InUse => f.write_str("the gallery is open elsewhere"),
            Self::Forked(forked) => write!(f, "the gallery: {forked}"),
            Self::Full(cause) | Self::Io(cause) => cause.fmt(f),
            Self::Stopped(Some(cause)) => write!(f, "open the gallery again: {cause}"),
            Self::Stopped(None) => f.write_str("the disk failed earlier; open the gallery again"),
            Self::KeyWornOut => f.write_str("the key has sealed 2^32 records"),
            Self::Argument {
                name,
                value,
                min,
                max,
            } => write!(f, "{name} is {value}, allowed are {min} to {max}"),
            Self::Record(why) | Self::Unencodable(why) | Self::ExportCorrupt(why) => {
                f.write_str(why)
            }
            Self::Undecodable(_) => f.write_str("a record is of another type"),
            Self::Encoding(_) => f.write_str("the record cannot be encoded within 1 MiB"),
            Self::ExportKeyWrong => f.write_str("the key does not open this export"),
            Self::ExportVersion { found, newest } => {
                write!(f, "format {found}, this build reads up to {newest}")
            }
            Self::ImportConflict { conflicts } => {
                write!(f, "{conflicts} records exist already")
            }
        }
    }
}

impl std::error::Error for StoreError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Missing { source, .. } | Self::Full(source) | Self::Io(source) => Some(source),
            Self::Stopped(Some(cause)) => Some(cause),
            Self::Corrupt {
                source: Some(cause),
                ..
            }
            | Self::Undecodable(cause)
            | Self::Encoding(cause) => Some(&**cause),
            _ => None,
        }
    }
}
