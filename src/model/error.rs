//! Why a pack is refused.

use super::fault::{SIGNATURE_FILE, SignatureFault};
use super::manifest::{MANIFEST_FILE, MANIFEST_FORMAT};
use crate::error::{Cause, Coded, Status};
use std::fmt;
use std::io;
use vultus_nn::NetworkError;

/// A pack that cannot be used.
#[derive(Debug)]
#[non_exhaustive]
pub enum PackError {
    /// A file is missing or cannot be read.
    Unreadable {
        /// Its path.
        file: String,
        /// The system's answer.
        cause: io::Error,
    },
    /// A file is larger than anything a pack may hold.
    TooLarge {
        /// Its name.
        file: String,
        /// The limit in bytes.
        most: u64,
    },
    /// A file name that is not plain.
    FileName {
        /// The name.
        file: String,
    },
    /// A file differs from its recorded hash.
    Hash {
        /// Its name.
        file: String,
        /// SHA-256 of the manifest.
        expected: String,
        /// SHA-256 of the file.
        found: String,
    },
    /// The manifest was made for a newer SDK.
    NewerFormat {
        /// Its format.
        found: i64,
    },
    /// The manifest or a file it describes contradicts itself.
    Manifest {
        /// What is wrong, with the field.
        cause: Cause,
    },
    /// Nobody answers for the pack.
    Unsigned,
    /// A signature that does not count.
    Signature(SignatureFault),
    /// A network cannot be loaded or run.
    Network(NetworkError),
}

impl PackError {
    /// What is wrong with the manifest, with the field.
    pub(crate) fn manifest(cause: impl Into<Cause>) -> Self {
        let cause = cause.into();
        Self::Manifest { cause }
    }

    /// What is wrong with a file that the manifest describes.
    pub(super) fn described(file: &str, cause: Cause) -> Self {
        let file = file.to_owned();
        Self::manifest(FileFault { file, cause })
    }
}

impl From<NetworkError> for PackError {
    fn from(error: NetworkError) -> Self {
        Self::Network(error)
    }
}

impl fmt::Display for PackError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unreadable { file, cause } => write!(f, "{file} cannot be read: {cause}"),
            Self::TooLarge { file, most } => write!(f, "{file} has more than {most} bytes"),
            Self::FileName { file } => {
                write!(f, "{file:?} is not a plain file name (A-Z a-z 0-9 - _ .)")
            }
            Self::Hash {
                file,
                expected,
                found,
            } => {
                write!(
                    f,
                    "{file} has SHA-256 {found}, the manifest says {expected}"
                )
            }
            Self::NewerFormat { found } => write!(
                f,
                "the pack has format {found}, this SDK reads up to {MANIFEST_FORMAT}"
            ),
            Self::Manifest { cause } => write!(f, "{MANIFEST_FILE}: {cause}"),
            Self::Unsigned => write!(
                f,
                "{SIGNATURE_FILE} is not there: nobody answers for the pack; `vultus models sign --key FILE PACK` signs it"
            ),
            Self::Signature(fault) => write!(f, "{SIGNATURE_FILE}: {fault}"),
            Self::Network(error) => error.fmt(f),
        }
    }
}

impl std::error::Error for PackError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Unreadable { cause, .. } => Some(cause),
            Self::Manifest { cause } => Some(&**cause),
            Self::Network(error) => Some(error),
            _ => None,
        }
    }
}

impl Coded for PackError {
    fn status(&self) -> Status {
        match self {
            Self::Unreadable { .. } => Status::ModelPackMissing,
            Self::TooLarge { .. } | Self::Hash { .. } => Status::ModelPackCorrupt,
            Self::FileName { .. } | Self::Manifest { .. } => Status::ModelManifestInvalid,
            Self::NewerFormat { .. } => Status::ModelVersionMismatch,
            Self::Unsigned => Status::PackUnsigned,
            Self::Signature(_) => Status::PackSignatureInvalid,
            Self::Network(error) => error.status(),
        }
    }
}

/// A file that the manifest describes contradicts it or itself.
#[derive(Debug)]
struct FileFault {
    file: String,
    cause: Cause,
}

impl fmt::Display for FileFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.file, self.cause)
    }
}

impl std::error::Error for FileFault {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        Some(&*self.cause)
    }
}
