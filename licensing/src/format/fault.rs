//! How bytes fail to be one of our files.

use std::fmt;

/// How bytes fail to be one of our files.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum FormatFault {
    /// They end too early.
    Truncated,
    /// Something follows the end.
    TrailingBytes,
    /// They are larger than such a file can be.
    TooLarge,
    /// They do not begin as such a file does.
    Magic,
    /// The format or the algorithm is newer than this SDK.
    Version,
    /// The text form is not what it should be.
    Text,
    /// The checksum is wrong.
    Checksum,
    /// A field of this tag is unknown, repeated, out of order, missing or of the wrong length.
    Field(u16),
    /// The value of the field of this tag has no meaning.
    Value(u16),
}

impl fmt::Display for FormatFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Truncated => f.write_str("it ends too early"),
            Self::TrailingBytes => f.write_str("bytes follow its end"),
            Self::TooLarge => f.write_str("it is larger than such a file can be"),
            Self::Magic => f.write_str("it does not begin as such a file does"),
            Self::Version => f.write_str("its format is newer than this SDK reads"),
            Self::Text => f.write_str("its BEGIN and END lines or its base64 are damaged"),
            Self::Checksum => f.write_str("its checksum is wrong"),
            Self::Field(tag) => write!(f, "field {tag} is unknown, misplaced or missing"),
            Self::Value(tag) => write!(f, "field {tag} has no meaning"),
        }
    }
}
