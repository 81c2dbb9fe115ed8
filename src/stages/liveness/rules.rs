//! What the files of rules have in common: a format, where their numbers come from, and ranges that
//! are refused by name.

use serde::Deserialize;

/// Where the numbers of fitted rules come from.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Provenance {
    pub(super) simulated: bool,
    #[serde(rename = "simulator")]
    _simulator: String,
    #[serde(rename = "train_seeds")]
    _train_seeds: [u64; 2],
    #[serde(rename = "tune_seeds")]
    _tune_seeds: [u64; 2],
    #[serde(rename = "species")]
    _species: Vec<String>,
}

/// Refuses a format other than the newest of its kind.
pub(super) fn check_format(found: u32, newest: u32) -> Result<(), String> {
    if found == newest {
        return Ok(());
    }
    Err(format!("format is {found}, this SDK reads {newest}"))
}

/// Refuses what is no SHA-256 in lower-case hexadecimal.
pub(super) fn check_sha256(name: &str, value: &str) -> Result<(), String> {
    let hex = |c: u8| c.is_ascii_digit() || (b'a'..=b'f').contains(&c);
    if value.len() == 64 && value.bytes().all(hex) {
        return Ok(());
    }
    Err(format!("{name} is not a SHA-256 in lower-case hexadecimal"))
}

/// Refuses a value outside a range, and what is no number.
pub(super) fn within(name: &str, value: f32, least: f32, most: f32) -> Result<(), String> {
    if (least..=most).contains(&value) {
        return Ok(());
    }
    Err(format!("{name} is {value}, allowed is {least} to {most}"))
}

/// Refuses an interval with an end outside a range, or one that holds nothing.
pub(super) fn rising(
    name: &str,
    [low, high]: [f32; 2],
    least: f32,
    most: f32,
) -> Result<(), String> {
    within(name, low, least, most)?;
    within(name, high, least, most)?;
    if low < high {
        return Ok(());
    }
    Err(format!(
        "{name} runs from {low} to {high}, which holds nothing"
    ))
}

#[cfg(test)]
pub(super) mod tests {
    use std::fmt::Debug;

    /// Why a file is refused in which one place was changed.
    pub(in crate::stages::liveness) fn refusal<T: Debug, E: ToString>(
        text: &str,
        parse: impl Fn(&str) -> Result<T, E>,
        from: &str,
        to: &str,
    ) -> String {
        assert!(text.contains(from), "{from}");
        let changed = text.replacen(from, to, 1);
        parse(&changed).expect_err(to).to_string()
    }

    /// No prefix of a file passes but those that cut its last number short.
    pub(in crate::stages::liveness) fn no_prefix_passes<T, E>(
        text: &str,
        parse: impl Fn(&str) -> Result<T, E>,
    ) {
        let whole = text.trim_end();
        for end in (0..whole.len()).filter(|i| whole.is_char_boundary(*i)) {
            // A number cut off at its end is still a number.
            let in_last_value = whole[end..]
                .bytes()
                .all(|b| b.is_ascii_digit() || b == b'.');
            assert!(parse(&whole[..end]).is_err() || in_last_value, "{end}");
        }
    }
}
