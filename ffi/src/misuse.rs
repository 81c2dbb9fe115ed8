//! What a caller can get wrong, as an error with a number of the status table.

use std::fmt;
use vultus::error::{Coded, Status};
use vultus::licensing::fingerprint::Junk;
use vultus::licensing::process::ForkedProcess;
use vultus::pack::PackKeyRefused;

/// A call that breaks the rules on the first page of the header. `name` is always the parameter's name in
/// the header.
#[derive(Debug)]
pub(crate) enum Misuse {
    /// A pointer is NULL where NULL is not allowed.
    Null { name: &'static str },
    /// A pointer is not aligned for what it points to.
    Misaligned { name: &'static str },
    /// A handle that was freed.
    Freed {
        name: &'static str,
        type_name: &'static str,
    },
    /// A handle of the process from which this one was forked.
    Forked {
        name: &'static str,
        type_name: &'static str,
        forked: ForkedProcess,
    },
    /// A pointer to something that is not a handle of the expected type.
    NotThisType {
        name: &'static str,
        expected: &'static str,
    },
    /// A handle that another call is using.
    Busy {
        name: &'static str,
        type_name: &'static str,
    },
    /// A handle on which an earlier call panicked.
    Poisoned { name: &'static str },
    /// A `struct_size` that no version of the struct has.
    StructSize {
        type_name: &'static str,
        size: u32,
        known: &'static [usize],
    },
    /// A text is not UTF-8, or holds a NUL.
    NotText { name: &'static str },
    /// More bytes or entries than memory can hold.
    TooLong { name: &'static str, length: usize },
    /// A number is not one of the constants that are allowed here.
    Choice {
        name: &'static str,
        value: u32,
        allowed: &'static str,
    },
    /// An index beyond the end of a list.
    Index {
        name: &'static str,
        index: u64,
        length: u64,
    },
    /// A buffer that is too small.
    Buffer {
        name: &'static str,
        capacity: usize,
        needed: usize,
    },
    /// A number that the status table does not have.
    Code { code: i32 },
    /// The caller was built for another binary interface.
    Abi { expected: u32, actual: u32 },
    /// An option that has no default was not set.
    NotSet { name: &'static str },
    /// A text is empty where an empty text is not allowed.
    Empty { name: &'static str },
    /// A value that identifies no device.
    Junk { why: Junk },
    /// A text that is no public key of packs.
    PackKey { why: PackKeyRefused },
    /// A point that lies behind the other sensor, which cannot see it.
    BehindSensor,
    /// Licences exist for Linux and Android only.
    #[cfg(not(any(target_os = "linux", target_os = "android")))]
    NoLicences,
}

impl Misuse {
    /// A number that is not one of those that are `allowed`.
    pub(crate) fn choice(name: &'static str, value: u32, allowed: &'static str) -> Self {
        Self::Choice {
            name,
            value,
            allowed,
        }
    }

    /// An index beyond the end of a list of `length` entries.
    pub(crate) fn index(index: u32, length: usize) -> Self {
        Self::Index {
            name: "index",
            index: u64::from(index),
            length: length as u64,
        }
    }
}

impl fmt::Display for Misuse {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Null { name } => write!(f, "{name} is NULL"),
            Self::Misaligned { name } => {
                write!(f, "{name} is not aligned for what it points to")
            }
            Self::Freed { name, type_name } => write!(f, "{name} is a {type_name} that was freed"),
            Self::Forked {
                name,
                type_name,
                forked,
            } => write!(
                f,
                "{name} is a {type_name} of process {}, and this is process {}, forked from it",
                forked.opened_by, forked.used_by
            ),
            Self::NotThisType { name, expected } => write!(f, "{name} is no {expected}"),
            Self::Busy { name, type_name } => {
                write!(f, "{name} is a {type_name} that another call is using")
            }
            Self::Poisoned { name } => {
                write!(
                    f,
                    "a call on {name} ended in a defect; free it and make another"
                )
            }
            Self::StructSize {
                type_name,
                size,
                known,
            } => {
                let known: Vec<String> = known.iter().map(ToString::to_string).collect();
                let known = known.join(", ");
                write!(f, "struct_size of {type_name} is {size}, known are {known}")
            }
            Self::NotText { name } => write!(f, "{name} is not UTF-8, or holds a NUL"),
            Self::TooLong { name, length } => write!(f, "{name} has a length of {length}"),
            Self::Choice {
                name,
                value,
                allowed,
            } => write!(f, "{name} is {value}, allowed are {allowed}"),
            Self::Index {
                name,
                index,
                length,
            } => write!(f, "{name} is {index}, there are {length}"),
            Self::Buffer {
                name,
                capacity,
                needed,
            } => write!(f, "{name} holds {capacity}, needed are {needed}"),
            Self::Code { code } => write!(f, "{code} is no number of the status table"),
            Self::Abi { expected, actual } => write!(
                f,
                "the caller was built for interface {expected}, this library has {actual}"
            ),
            Self::NotSet { name } => write!(f, "{name} was not set"),
            Self::Empty { name } => write!(f, "{name} is empty"),
            Self::Junk { why } => write!(f, "value is {why}"),
            Self::PackKey { why } => write!(f, "key is {why}"),
            Self::BehindSensor => f.write_str("a point lies behind the sensor"),
            #[cfg(not(any(target_os = "linux", target_os = "android")))]
            Self::NoLicences => f.write_str("licences are for Linux and Android devices"),
        }
    }
}

impl std::error::Error for Misuse {}

impl Coded for Misuse {
    fn status(&self) -> Status {
        match self {
            Self::Freed { .. } | Self::NotThisType { .. } => Status::HandleInvalid,
            Self::Busy { .. } => Status::HandleBusy,
            Self::Forked { .. } => Status::ForkedProcess,
            Self::Poisoned { .. } => Status::HandlePoisoned,
            Self::StructSize { .. } => Status::StructSizeUnknown,
            Self::Buffer { .. } => Status::BufferTooSmall,
            Self::Abi { .. } => Status::AbiMismatch,
            Self::BehindSensor => Status::RegistrationInvalid,
            Self::Null { .. }
            | Self::Misaligned { .. }
            | Self::NotText { .. }
            | Self::TooLong { .. }
            | Self::Choice { .. }
            | Self::Index { .. }
            | Self::Code { .. }
            | Self::NotSet { .. }
            | Self::PackKey { .. }
            | Self::Empty { .. }
            | Self::Junk { .. } => Status::InvalidParameter,
            #[cfg(not(any(target_os = "linux", target_os = "android")))]
            Self::NoLicences => Status::FeatureNotAvailable,
        }
    }
}
