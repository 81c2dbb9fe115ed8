//! What the files of rules have in common: how they are read, which network they belong to, and ranges that are refused
//! by name.

mod error;
mod file;
mod range;
mod read;

pub use error::RulesError;
pub use file::{Provenance, RulesFile};
pub use range::Range;
pub use read::Rules;

#[cfg(test)]
pub(super) mod tests;
