//! Bytes as lower-case hexadecimal digits.

/// The digits of some bytes.
#[must_use]
pub fn hex_of(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The bytes of `2 N` digits; `None` for any other text, upper-case digits among them.
#[must_use]
pub fn bytes_of_hex<const N: usize>(text: &str) -> Option<[u8; N]> {
    let digit = |byte: u8| match byte {
        b'0'..=b'9' => Some(byte - b'0'),
        b'a'..=b'f' => Some(byte - b'a' + 10),
        _ => None,
    };
    let mut bytes = [0; N];
    if text.len() != 2 * N {
        return None;
    }
    for (byte, pair) in bytes.iter_mut().zip(text.as_bytes().chunks_exact(2)) {
        *byte = digit(pair[0])? << 4 | digit(pair[1])?;
    }
    Some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_spelling_is_read_and_it_is_the_one_that_is_written() {
        let bytes = [0x00, 0x9a, 0xff];
        assert_eq!(hex_of(&bytes), "009aff");
        assert_eq!(bytes_of_hex("009aff"), Some(bytes));
        for wrong in ["009AFF", "009af", "009aff0", "009ag0", "", "00\u{e9}ff"] {
            assert_eq!(bytes_of_hex::<3>(wrong), None, "{wrong}");
        }
    }
}
