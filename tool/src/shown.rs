//! Names of files and people as they are shown: whatever would change how the text around them looks is written out.

use std::fmt::Write as _;
use std::path::Path;

/// Whether a character moves the cursor, colours, hides or turns round what stands beside it: controls, the marks of
/// bidirectional text, characters without a width, and ends of lines.
fn changes_its_surroundings(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}')
}

/// A text on one line, with such characters as `\u{202e}`.
#[must_use]
pub fn shown(text: &str) -> String {
    escaped(text, |_| false)
}

/// A text of several lines: ends of lines stay.
pub(crate) fn shown_lines(text: &str) -> String {
    escaped(text, |c| c == '\n')
}

fn escaped(text: &str, stays: impl Fn(char) -> bool) -> String {
    let mut shown = String::with_capacity(text.len());
    for c in text.chars() {
        match changes_its_surroundings(c) && !stays(c) {
            true => write!(shown, "{}", c.escape_unicode()).expect("a text takes what is written"),
            false => shown.push(c),
        }
    }
    shown
}

/// A path on one line. Bytes that are no UTF-8 are written as `\xff`, so that two names that differ look different.
#[must_use]
pub fn shown_path(path: &(impl AsRef<Path> + ?Sized)) -> String {
    let mut shown_path = String::new();
    for chunk in path.as_ref().as_os_str().as_encoded_bytes().utf8_chunks() {
        shown_path += &shown(chunk.valid());
        for byte in chunk.invalid() {
            write!(shown_path, "\\x{byte:02x}").expect("a text takes what is written");
        }
    }
    shown_path
}

/// JSON text with the same characters written as JSON has them: the value stays, and a terminal is left alone.
pub(crate) fn shown_json(json: &str) -> String {
    let mut text = String::with_capacity(json.len());
    for c in json.chars() {
        if changes_its_surroundings(c) {
            for unit in c.encode_utf16(&mut [0; 2]) {
                write!(text, "\\u{unit:04x}").expect("a text takes what is written");
            }
        } else {
            text.push(c);
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_changes_its_surroundings_is_written_out() {
        assert_eq!(shown("张三 Anna-Lee \u{e9}"), "张三 Anna-Lee \u{e9}");
        assert_eq!(shown("a\u{1b}[2Jb\r\nc"), "a\\u{1b}[2Jb\\u{d}\\u{a}c");
        assert_eq!(shown("gpj.\u{202e}exe"), "gpj.\\u{202e}exe");
        assert_eq!(shown("a\u{200b}b\u{feff}"), "a\\u{200b}b\\u{feff}");
        assert_eq!(shown_lines("a\nb\u{7}"), "a\nb\\u{7}");
    }

    #[cfg(unix)]
    #[test]
    fn names_that_differ_in_bytes_that_are_no_text_look_different() {
        use std::ffi::OsStr;
        use std::os::unix::ffi::OsStrExt;
        let name = |bytes: &[u8]| shown_path(Path::new(OsStr::from_bytes(bytes)));
        assert_eq!(name(b"a\xff.jpg"), "a\\xff.jpg");
        assert_eq!(name(b"a\xfe.jpg"), "a\\xfe.jpg");
        assert_eq!(name(b"a\nb"), "a\\u{a}b");
    }

    #[test]
    fn json_keeps_its_value() {
        let value = serde_json::json!({ "name": "a\u{202e}b\u{e0041}\n" });
        let text = shown_json(&value.to_string());
        assert!(
            text.contains("\\u202e") && text.contains("\\udb40\\udc41"),
            "{text}"
        );
        let back: serde_json::Value = serde_json::from_str(&text).expect("JSON");
        assert_eq!(back, value);
    }
}
