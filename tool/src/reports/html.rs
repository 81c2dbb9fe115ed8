//! What pages have in common.

use crate::shown::shown;

/// The style of every page.
pub(super) const STYLE: &str = "body{font:16px/1.5 sans-serif;max-width:44rem;margin:2rem auto;padding:0 1rem;color:#222}\
table{border-collapse:collapse}td,th{padding:.3rem .8rem;border-bottom:1px solid #ddd;text-align:left}\
svg{max-width:100%;height:auto}";

/// Text for a page, whose signs of markup stand for themselves, and whose marks of direction are written out.
#[must_use]
pub fn escaped(text: &str) -> String {
    shown(text)
        .replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_cannot_break_the_page() {
        assert_eq!(escaped("<a&\"b\">"), "&lt;a&amp;&quot;b&quot;&gt;");
        assert_eq!(escaped("a\u{202e}b"), "a\\u{202e}b");
    }
}
