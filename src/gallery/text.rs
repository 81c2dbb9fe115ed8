//! Ids, names and texts: which characters they have and how long they are.

use super::error::LibraryError;
use super::ids::{GroupId, PersonId};
use super::kinds::{Text, TextProblem};
use std::str::FromStr;

/// Longest id in bytes; its characters are all ASCII.
pub const ID_BYTES: usize = 64;
/// Longest name of a group or person in characters.
pub const NAME_CHARS: usize = 60;
/// Longest tag of a group in characters.
pub const TAG_CHARS: usize = 40;
/// Longest name of a custom field in characters.
pub const FIELD_NAME_CHARS: usize = 30;
/// Longest value of a custom field in characters.
pub const FIELD_VALUE_CHARS: usize = 60;

macro_rules! from_text {
    ($name:ident, $text:expr) => {
        impl $name {
            /// Checks the characters `A-Z a-z 0-9 - % @ # & _` and 1 to 64 bytes.
            ///
            /// # Errors
            /// [`LibraryError::Text`] with what is wrong.
            pub fn new(id: &str) -> Result<Self, LibraryError> {
                check_id($text, id)?;
                Ok(Self::from_checked(id))
            }
        }

        impl FromStr for $name {
            type Err = LibraryError;

            fn from_str(id: &str) -> Result<Self, LibraryError> {
                Self::new(id)
            }
        }
    };
}

from_text!(GroupId, Text::GroupId);
from_text!(PersonId, Text::PersonId);

fn check_id(text: Text, id: &str) -> Result<(), LibraryError> {
    let allowed = |c: char| c.is_ascii_alphanumeric() || "-%@#&_".contains(c);
    check(text, id, id.len(), ID_BYTES, allowed)
}

/// Refuses a new id that begins with `-`: a command line takes it for an option. Galleries that have one keep it.
pub(super) fn check_new_id(text: Text, id: &str) -> Result<(), LibraryError> {
    if id.starts_with('-') {
        let problem = TextProblem::Illegal { at: 0 };
        return Err(LibraryError::Text { text, problem });
    }
    Ok(())
}

/// Names of groups, persons and fields, and tags: Chinese, English, digits, `-` and `_`.
pub(super) fn check_name(text: Text, name: &str) -> Result<(), LibraryError> {
    let most = match text {
        Text::GroupTag => TAG_CHARS,
        Text::FieldName => FIELD_NAME_CHARS,
        _ => NAME_CHARS,
    };
    check(text, name, name.chars().count(), most, in_names)
}

/// A tag may be left out.
pub(super) fn check_tag(tag: &str) -> Result<(), LibraryError> {
    match tag {
        "" => Ok(()),
        tag => check_name(Text::GroupTag, tag),
    }
}

/// The value of a custom field: anything that can be printed, or nothing.
pub(super) fn check_value(value: &str) -> Result<(), LibraryError> {
    if value.is_empty() {
        return Ok(());
    }
    let chars = value.chars().count();
    check(Text::FieldValue, value, chars, FIELD_VALUE_CHARS, |c| {
        !c.is_control()
    })
}

fn check(
    text: Text,
    value: &str,
    length: usize,
    most: usize,
    allowed: impl Fn(char) -> bool,
) -> Result<(), LibraryError> {
    if value.is_empty() {
        return Err(LibraryError::Empty { what: text.name() });
    }
    let problem = if length > most {
        TextProblem::TooLong { length, most }
    } else {
        match value.chars().position(|c| !allowed(c)) {
            None => return Ok(()),
            Some(at) => TextProblem::Illegal { at },
        }
    };
    Err(LibraryError::Text { text, problem })
}

fn in_names(c: char) -> bool {
    c.is_ascii_alphanumeric() || c == '-' || c == '_' || is_han(c)
}

/// Ideographs of the CJK blocks of Unicode 16 and the number zero that is written among them.
fn is_han(c: char) -> bool {
    matches!(c, '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}' | '\u{f900}'..='\u{faff}'
        | '\u{20000}'..='\u{323af}' | '\u{3007}')
}
