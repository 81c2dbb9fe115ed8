//! Ids, names and texts: which characters they have and how long they are.

use super::error::{LibraryError, Text, TextProblem};
use std::fmt;
use std::str::FromStr;
use std::sync::Arc;

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

macro_rules! id {
    ($(#[$about:meta])* $name:ident, $text:expr) => {
        $(#[$about])*
        #[derive(Clone, Eq, Hash, Ord, PartialEq, PartialOrd)]
        pub struct $name(Arc<str>);

        impl $name {
            /// Checks the characters `A-Z a-z 0-9 - % @ # & _` and 1 to 64 bytes.
            ///
            /// # Errors
            /// [`LibraryError::Text`] with what is wrong.
            pub fn new(id: &str) -> Result<Self, LibraryError> {
                check_id($text, id)?;
                Ok(Self(id.into()))
            }

            /// The text.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl FromStr for $name {
            type Err = LibraryError;

            fn from_str(id: &str) -> Result<Self, LibraryError> {
                Self::new(id)
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
    };
}

id! {
    /// The id of a group, unique in its gallery. Upper and lower case differ.
    #[derive(Debug)]
    GroupId, Text::GroupId
}

id! {
    /// The id of a person, unique in the gallery whatever groups they are in. Its `Debug` says
    /// nothing: an id is personal data.
    PersonId, Text::PersonId
}

impl fmt::Debug for PersonId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PersonId(..)")
    }
}

/// The number of a face: counted up by the gallery and never given twice.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct FaceId(pub(super) u64);

impl FaceId {
    /// The number.
    #[must_use]
    pub fn get(self) -> u64 {
        self.0
    }

    /// The face of this number, if there is one.
    #[must_use]
    pub fn from_number(number: u64) -> Self {
        Self(number)
    }
}

impl fmt::Display for FaceId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

fn check_id(text: Text, id: &str) -> Result<(), LibraryError> {
    let allowed = |c: char| c.is_ascii_alphanumeric() || "-%@#&_".contains(c);
    check(text, id, id.len(), ID_BYTES, allowed)
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

/// 0 not given, 1 male, 2 female.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub enum Gender {
    /// 0.
    #[default]
    NotGiven,
    /// 1.
    Male,
    /// 2.
    Female,
}

impl Gender {
    /// From the number of the product documents.
    ///
    /// # Errors
    /// [`LibraryError::GenderIllegal`] with the number.
    pub fn new(number: u8) -> Result<Self, LibraryError> {
        match number {
            0 => Ok(Self::NotGiven),
            1 => Ok(Self::Male),
            2 => Ok(Self::Female),
            number => Err(LibraryError::GenderIllegal { number }),
        }
    }

    /// The number.
    #[must_use]
    pub fn number(self) -> u8 {
        self as u8
    }
}

/// `id@version` of a pack.
pub(super) fn check_model_id(model_id: &str) -> Result<(), LibraryError> {
    let whole = |part: &str| !part.is_empty() && !part.contains(|c: char| c.is_whitespace());
    let good = model_id.len() <= ID_BYTES
        && model_id
            .split_once('@')
            .is_some_and(|(id, version)| whole(id) && whole(version));
    if good {
        Ok(())
    } else {
        Err(LibraryError::ModelIdIllegal {
            model_id: model_id.chars().take(ID_BYTES).collect(),
        })
    }
}
