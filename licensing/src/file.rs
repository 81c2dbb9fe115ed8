//! Telling our files apart, and giving any of them its text form.

use crate::error::{FormatFault, LicenceError};
use crate::format::text;
use crate::request::{self, Request};
use crate::revocation::REVOCATION_FORMAT;
use crate::signed_licence::LICENCE_FORMAT;

/// What a file says it is. Nothing is verified.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum FileKind {
    /// A licence.
    Licence,
    /// A request for one.
    Request,
    /// A revocation list.
    RevocationList,
}

/// A kind with its magic bytes, the words of its BEGIN line and its largest binary form in bytes.
type Entry = (FileKind, [u8; 4], &'static str, usize);

const KINDS: [Entry; 3] = [
    (
        FileKind::Licence,
        LICENCE_FORMAT.magic,
        LICENCE_FORMAT.label,
        LICENCE_FORMAT.file_max(),
    ),
    (
        FileKind::Request,
        request::MAGIC,
        request::LABEL,
        request::FILE_MAX,
    ),
    (
        FileKind::RevocationList,
        REVOCATION_FORMAT.magic,
        REVOCATION_FORMAT.label,
        REVOCATION_FORMAT.file_max(),
    ),
];

impl FileKind {
    /// The kind of a file in binary or text form.
    #[must_use]
    pub fn of(input: &[u8]) -> Option<Self> {
        entry(input).map(|(kind, ..)| kind)
    }
}

fn entry(input: &[u8]) -> Option<Entry> {
    KINDS.into_iter().find(|(_, magic, label, _)| {
        let begin = format!("-----BEGIN {label}-----");
        input.starts_with(magic) || input.trim_ascii_start().starts_with(begin.as_bytes())
    })
}

/// The text form of a licence, request or revocation list. Signatures are not checked; a request
/// must be whole.
///
/// # Errors
/// [`LicenceError::BadFormat`] for anything else.
pub fn to_text(input: &[u8]) -> Result<String, LicenceError> {
    let (kind, _, label, max) = entry(input).ok_or(FormatFault::Magic)?;
    let bytes = text::to_binary(label, input, max)?;
    if kind == FileKind::Request {
        Request::parse(&bytes)?;
    }
    Ok(text::write(label, &bytes))
}
