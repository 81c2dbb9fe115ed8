//! What went wrong in the last call of this thread that failed.

use crate::fence::quiet;
use crate::handle::Place;
use crate::pod::{Out, pod};
use crate::strings::{self, copy_name};
use std::cell::RefCell;
use std::ffi::c_char;
use std::fmt;
use vultus::error::{Coded, Error, Result, Status};
use vultus::licensing::fingerprint::Junk;

/// Most causes that are kept of one failure.
const CAUSES_MAX: usize = 16;

thread_local! {
    static LAST: RefCell<Option<Failure>> = const { RefCell::new(None) };
}

/// What is kept of a failure.
struct Failure {
    status: Status,
    /// What happened, then the causes behind it, outermost first.
    texts: Vec<String>,
}

/// Keeps a failure for the questions that follow, tells the log, and returns its number.
pub(crate) fn remember(error: &Error) -> i32 {
    let status = error.status();
    let mut texts = vec![error.to_string()];
    let mut cause = std::error::Error::source(error);
    while let (Some(error), true) = (cause, texts.len() <= CAUSES_MAX) {
        texts.push(error.to_string());
        cause = error.source();
    }
    // The log first: its callback may call what fails as well.
    crate::log::failure(error);
    // Where the thread is ending there is nobody to ask.
    let _ = LAST.try_with(|last| *last.borrow_mut() = Some(Failure { status, texts }));
    i32::from(status.code())
}

/// The last call of this thread that failed.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct vultus_error {
    /// `sizeof(vultus_error)`, set by the caller.
    pub struct_size: u32,
    /// The number that the call returned; 0 when no call of this thread has failed yet.
    pub code: i32,
    /// Causes behind it: `vultus_last_error_text` has one text more than that.
    pub causes: u32,
    /// The error's name, which never changes, such as `LicenceExpired`; NUL-terminated.
    pub name: [c_char; 52],
}
pod!(vultus_error {
    code: 0,
    causes: 0,
    name: [0; 52]
});

/// What the last call of this thread that failed returned, and how many texts there are about it.
///
/// Every thread has its own; a call that succeeds leaves it as it is, so ask right after a failure.
/// The functions that ask (`vultus_last_error`, `vultus_last_error_text`) do not change it.
///
/// Errors: VULTUS_ERROR_INVALID_PARAMETER, VULTUS_ERROR_STRUCT_SIZE_UNKNOWN.
///
/// ```c
/// vultus_error error = {0};
/// error.struct_size = sizeof error;
/// if (vultus_last_error(&error) == VULTUS_OK)
///     fprintf(stderr, "%s (%d)\n", error.name, (int)error.code);
/// ```
#[unsafe(no_mangle)]
pub unsafe extern "C" fn vultus_last_error(error: *mut vultus_error) -> i32 {
    quiet(|| {
        // SAFETY: as the header's first page asks of every output.
        let out = unsafe { Out::at(error, "error")? };
        with_last(|last| {
            let mut answer = vultus_error::default();
            if let Some(failure) = last {
                answer.code = i32::from(failure.status.code());
                answer.causes = (failure.texts.len() - 1) as u32;
                answer.name = copy_name(failure.status.name());
            }
            out.set(answer);
            Ok(())
        })
    })
}

/// A text about the last call of this thread that failed.
///
/// Text 0 says what happened and names the value that was refused; texts 1 to `causes` are what was
/// behind it, such as the system's answer, outermost first. None of them holds personal data.
///
/// Errors: VULTUS_ERROR_INVALID_PARAMETER for an index beyond the last text;
/// VULTUS_ERROR_BUFFER_TOO_SMALL.
///
/// ```c
/// char text[512];
/// size_t needed;
/// if (vultus_last_error_text(0, text, sizeof text, &needed) == VULTUS_OK)
///     fprintf(stderr, "%s\n", text);
/// ```
#[unsafe(no_mangle)]
pub unsafe extern "C" fn vultus_last_error_text(
    index: u32,
    text: *mut c_char,
    capacity: usize,
    needed: *mut usize,
) -> i32 {
    quiet(|| {
        // SAFETY: as the header's first page asks of every output.
        let out = unsafe { strings::TextOut::at(text, capacity, needed)? };
        with_last(|last| {
            let texts = last.map_or(&[][..], |failure| &failure.texts);
            let found = texts.get(index as usize).ok_or(Misuse::Index {
                name: "index",
                index: u64::from(index),
                length: texts.len() as u64,
            })?;
            out.put(found)
        })
    })
}

fn with_last<T>(ask: impl FnOnce(Option<&Failure>) -> Result<T>) -> Result<T> {
    LAST.with(|last| ask(last.borrow().as_ref()))
}

/// The name of a number of the status table, such as `LicenceExpired`; `Ok` for VULTUS_OK.
///
/// Errors: VULTUS_ERROR_INVALID_PARAMETER for a number that no version up to this one has used;
/// VULTUS_ERROR_BUFFER_TOO_SMALL.
///
/// ```c
/// char name[64];
/// size_t needed;
/// code = vultus_status_name(VULTUS_ERROR_LICENCE_EXPIRED, name, sizeof name, &needed);
/// ```
#[unsafe(no_mangle)]
pub unsafe extern "C" fn vultus_status_name(
    code: i32,
    text: *mut c_char,
    capacity: usize,
    needed: *mut usize,
) -> i32 {
    crate::fence::fence(|| {
        // SAFETY: as the header's first page asks of every output.
        let out = unsafe { strings::TextOut::at(text, capacity, needed)? };
        out.put(match code {
            0 => "Ok",
            code => status_of(code)?.name(),
        })
    })
}

/// One line about a number of the status table: what is wrong and what to do, for the people who
/// stand before the device.
///
/// `language` is VULTUS_LANGUAGE_ENGLISH or VULTUS_LANGUAGE_CHINESE.
///
/// Errors: VULTUS_ERROR_INVALID_PARAMETER for a number or a language that does not exist, and for
/// VULTUS_OK, which needs no words; VULTUS_ERROR_BUFFER_TOO_SMALL.
///
/// ```c
/// char text[512];
/// size_t needed;
/// if (vultus_status_text(code, VULTUS_LANGUAGE_CHINESE, text, sizeof text, &needed) == VULTUS_OK)
///     show(text);
/// ```
#[unsafe(no_mangle)]
pub unsafe extern "C" fn vultus_status_text(
    code: i32,
    language: u32,
    text: *mut c_char,
    capacity: usize,
    needed: *mut usize,
) -> i32 {
    crate::fence::fence(|| {
        // SAFETY: as the header's first page asks of every output.
        let out = unsafe { strings::TextOut::at(text, capacity, needed)? };
        let status = status_of(code)?;
        out.put(match language {
            VULTUS_LANGUAGE_ENGLISH => status.text_en(),
            VULTUS_LANGUAGE_CHINESE => status.text_zh(),
            other => return Err(Misuse::choice("language", other, "1 and 2").into()),
        })
    })
}

/// English, for `vultus_status_text`.
pub const VULTUS_LANGUAGE_ENGLISH: u32 = 1;
/// Chinese, for `vultus_status_text`.
pub const VULTUS_LANGUAGE_CHINESE: u32 = 2;

/// The family of a number of the status table: what kind of answer it asks for.
///
/// 1 caller (1 to 99), 2 licence (100 to 199), 3 model (200 to 299), 4 picture (300 to 399), 5
/// gallery (400 to 499), 6 defect of the SDK (900 to 999).
///
/// Errors: VULTUS_ERROR_INVALID_PARAMETER for a number that is in no family.
///
/// ```c
/// uint32_t family;
/// if (vultus_status_family(code, &family) == VULTUS_OK && family == 2)
///     show("licence");
/// ```
#[unsafe(no_mangle)]
pub unsafe extern "C" fn vultus_status_family(code: i32, family: *mut u32) -> i32 {
    crate::fence::fence(|| {
        // SAFETY: as the header's first page asks of every output.
        let out = unsafe { Place::at(family, "family")? };
        out.set(match status_of(code)?.family() {
            vultus::error::Family::Caller => 1,
            vultus::error::Family::Licence => 2,
            vultus::error::Family::Model => 3,
            vultus::error::Family::Image => 4,
            vultus::error::Family::Gallery => 5,
            vultus::error::Family::Internal => 6,
        });
        Ok(())
    })
}

fn status_of(code: i32) -> Result<Status> {
    let known = Status::ALL.iter().find(|row| i32::from(row.code()) == code);
    Ok(*known.ok_or(Misuse::Code { code })?)
}

/// A call that breaks the rules of the header's first page.
#[derive(Debug)]
pub(crate) enum Misuse {
    /// A pointer that must not be NULL is.
    Null { name: &'static str },
    /// A pointer is not aligned for what it points to.
    Misaligned { name: &'static str },
    /// A handle was freed.
    Freed {
        name: &'static str,
        of: &'static str,
    },
    /// A pointer is to something else than a handle of this type.
    NotThisType {
        name: &'static str,
        expected: &'static str,
    },
    /// Another call is using the handle.
    Busy {
        name: &'static str,
        of: &'static str,
    },
    /// A call on the handle panicked.
    Poisoned { name: &'static str },
    /// `struct_size` is of no known version.
    StructSize {
        of: &'static str,
        size: u32,
        known: &'static [usize],
    },
    /// A text is not UTF-8, or holds a NUL.
    NotText { name: &'static str },
    /// More bytes or entries than memory can hold.
    TooLong { name: &'static str, length: usize },
    /// A number that stands for one of several things stands for none.
    Choice {
        name: &'static str,
        value: u32,
        allowed: &'static str,
    },
    /// An entry beyond the end of a list.
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
    /// A number that is in no row of the status table.
    Code { code: i32 },
    /// The caller was built for another binary interface.
    Abi { expected: u32, actual: u32 },
    /// Something that must be said was not.
    NotSet { name: &'static str },
    /// A text that must not be empty is.
    Empty { name: &'static str },
    /// A value that identifies no device.
    Junk { why: Junk },
    /// A point that the other sensor cannot see.
    BehindSensor,
    /// Licences are sold for Linux and Android.
    #[cfg(not(any(target_os = "linux", target_os = "android")))]
    NoLicences,
}

impl Misuse {
    /// A number that stands for none of what is allowed.
    pub(crate) fn choice(name: &'static str, value: u32, allowed: &'static str) -> Self {
        Self::Choice {
            name,
            value,
            allowed,
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
            Self::Freed { name, of } => write!(f, "{name} is a {of} that was freed"),
            Self::NotThisType { name, expected } => write!(f, "{name} is no {expected}"),
            Self::Busy { name, of } => write!(f, "{name} is a {of} that another call is using"),
            Self::Poisoned { name } => {
                write!(
                    f,
                    "a call on {name} ended in a defect; free it and make another"
                )
            }
            Self::StructSize { of, size, known } => {
                let known: Vec<String> = known.iter().map(ToString::to_string).collect();
                let known = known.join(", ");
                write!(f, "struct_size of {of} is {size}, known are {known}")
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
            | Self::Empty { .. }
            | Self::Junk { .. } => Status::InvalidParameter,
            #[cfg(not(any(target_os = "linux", target_os = "android")))]
            Self::NoLicences => Status::FeatureNotAvailable,
        }
    }
}
