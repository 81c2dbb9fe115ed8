//! Numbers from C that stand for something else.

use crate::misuse::Misuse;
use vultus::error::Result;

/// A number that means yes (1) or no (0).
pub(crate) fn flag(value: u32, name: &'static str) -> Result<bool> {
    match value {
        0 => Ok(false),
        1 => Ok(true),
        other => Err(Misuse::choice(name, other, "0 and 1").into()),
    }
}

/// A level in the core's type. A number that does not fit becomes 255, which the core refuses like any
/// other level that does not exist.
pub(crate) fn level(level: u32) -> u8 {
    u8::try_from(level).unwrap_or(u8::MAX)
}
