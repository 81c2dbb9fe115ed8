//! Hexadecimal, as identifiers and hashes are printed and typed.

use std::fmt::Write as _;

/// The digits of these bytes, lower case.
pub(crate) fn write(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len() * 2);
    for byte in bytes {
        let _ = write!(text, "{byte:02x}");
    }
    text
}

/// The bytes of exactly `2 * N` digits; `None` for anything else.
pub(crate) fn read<const N: usize>(text: &str) -> Option<[u8; N]> {
    let text = text.as_bytes();
    if text.len() != 2 * N {
        return None;
    }
    let mut bytes = [0; N];
    for (byte, pair) in bytes.iter_mut().zip(text.chunks_exact(2)) {
        *byte = digit(pair[0])? << 4 | digit(pair[1])?;
    }
    Some(bytes)
}

fn digit(character: u8) -> Option<u8> {
    char::from(character)
        .to_digit(16)
        .and_then(|digit| u8::try_from(digit).ok())
}

/// The bytes of an id that was printed: exactly 32 hexadecimal digits.
#[must_use]
pub fn parse_id(text: &str) -> Option<[u8; 16]> {
    read(text)
}

#[cfg(test)]
mod tests {
    use super::{read, write};

    #[test]
    fn digits_come_back_and_anything_else_is_refused() {
        assert_eq!(read::<3>(&write(&[0, 0xab, 0x1f])), Some([0, 0xab, 0x1f]));
        assert_eq!(read::<1>("AB"), Some([0xab]));
        for bad in ["", "a", "abc", "g0", "+1", " 1", "é"] {
            assert_eq!(read::<1>(bad), None, "{bad:?}");
        }
    }
}
