//! The text form of a file: its bytes as base64 between a BEGIN and an END line, for mail, paste
//! and QR codes. Line ends may be LF or CRLF.

use super::FormatFault;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use std::borrow::Cow;
use std::fmt::Write as _;

const LINE: usize = 64;

/// Writes the text form.
pub(crate) fn write(label: &str, bytes: &[u8]) -> String {
    let base64 = STANDARD.encode(bytes);
    let mut text = format!("-----BEGIN {label}-----\n");
    for line in base64.as_bytes().chunks(LINE) {
        // Base64 is ASCII, so every chunk is text.
        text.extend(line.iter().map(|&byte| char::from(byte)));
        text.push('\n');
    }
    let _ = writeln!(text, "-----END {label}-----");
    text
}

/// The binary form of `input`, which may be binary already; `max` bounds the binary form.
pub(crate) fn to_binary<'a>(
    label: &str,
    input: &'a [u8],
    max: usize,
) -> Result<Cow<'a, [u8]>, FormatFault> {
    if !input.trim_ascii_start().starts_with(b"-----") {
        return if input.len() > max {
            Err(FormatFault::TooLarge)
        } else {
            Ok(Cow::Borrowed(input))
        };
    }
    // Four characters for three bytes, line ends, the two marker lines and room around them.
    if input.len() > max / 3 * 4 + max / 16 + 512 {
        return Err(FormatFault::TooLarge);
    }
    let text = std::str::from_utf8(input).map_err(|_| FormatFault::Text)?;
    let mut lines = text.trim().lines().map(str::trim_end);
    if lines.next() != Some(&format!("-----BEGIN {label}-----")) {
        return Err(FormatFault::Magic);
    }
    let mut base64 = String::with_capacity(text.len());
    let end = format!("-----END {label}-----");
    loop {
        match lines.next() {
            None => return Err(FormatFault::Truncated),
            Some(line) if line == end => break,
            Some(line) => base64.push_str(line),
        }
    }
    if lines.next().is_some() {
        return Err(FormatFault::TrailingBytes);
    }
    let bytes = STANDARD.decode(base64).map_err(|_| FormatFault::Text)?;
    if bytes.len() > max {
        return Err(FormatFault::TooLarge);
    }
    Ok(Cow::Owned(bytes))
}
