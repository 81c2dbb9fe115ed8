//! Texts and bytes: lent with a length on the way in, copied into a buffer on the way out.

mod copied;
mod lent;
#[cfg(test)]
mod tests;

pub use lent::{vultus_bytes, vultus_str};

pub(crate) use copied::{OutBytes, OutText, copy_name};
pub(crate) use lent::path;
