//! Files of rules.

use crate::failure::{Failure, Result};
use crate::inputs::read_at_most;
use std::path::Path;

/// Largest file of rules in bytes.
const MAX_RULES_BYTES: usize = 64 * 1024;

/// A file of rules, or those that the SDK comes with.
pub(super) fn rules_text(file: Option<&Path>, built_in: &str) -> Result<String> {
    let Some(file) = file else {
        return Ok(built_in.to_owned());
    };
    let text = String::from_utf8(read_at_most(file, MAX_RULES_BYTES)?);
    text.map_err(|_| Failure::text("not UTF-8").about(file))
}
