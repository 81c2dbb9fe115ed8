//! The text form of signed files, as devices read it: base64 between BEGIN and END lines.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

const LINE: usize = 64;

/// What the file is.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Label {
    /// A licence.
    Licence,
    /// A revocation list.
    RevocationList,
}

impl Label {
    const fn words(self) -> &'static str {
        match self {
            Self::Licence => "VULTUS LICENCE",
            Self::RevocationList => "VULTUS REVOCATION LIST",
        }
    }
}

/// The text form of a file's bytes.
#[must_use]
pub fn to_text(label: Label, bytes: &[u8]) -> String {
    let words = label.words();
    let base64 = STANDARD.encode(bytes);
    let mut text = format!("-----BEGIN {words}-----\n");
    for (i, character) in base64.chars().enumerate() {
        if i > 0 && i % LINE == 0 {
            text.push('\n');
        }
        text.push(character);
    }
    text.push_str("\n-----END ");
    text.push_str(words);
    text.push_str("-----\n");
    text
}
