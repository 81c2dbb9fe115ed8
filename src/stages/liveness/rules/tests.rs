//! What every modality's file of rules is tested with.

use super::{Rules, RulesError, RulesFile};
use std::fmt::Debug;

/// Why a file is refused in which one place was changed.
pub(in crate::stages::liveness) fn refusal<F: RulesFile + Debug>(
    text: &str,
    from: &str,
    to: &str,
) -> String {
    assert!(text.contains(from), "{from}");
    let changed = text.replacen(from, to, 1);
    let error: RulesError = Rules::<F>::parse(&changed).expect_err(to);
    error.to_string()
}

/// No prefix of a file passes but those that cut its last number short.
pub(in crate::stages::liveness) fn no_prefix_passes<F: RulesFile>(text: &str) {
    let whole = text.trim_end();
    for end in (0..whole.len()).filter(|i| whole.is_char_boundary(*i)) {
        // A number cut off at its end is still a number.
        let in_last_value = whole[end..]
            .bytes()
            .all(|b| b.is_ascii_digit() || b == b'.');
        let parsed = Rules::<F>::parse(&whole[..end]);
        assert!(parsed.is_err() || in_last_value, "{end}");
    }
}

/// Every row of a table of ranges: see [`Range::assert_both_sides`](super::Range::assert_both_sides).
pub(in crate::stages::liveness) fn every_range_has_both_sides<F: RulesFile + Clone>(text: &str) {
    let rules = Rules::<F>::parse(text).expect("valid");
    for range in F::RANGES {
        range.assert_both_sides(rules.file());
    }
}
