//! A gallery as one stream of bytes: sealed with a key that the caller gives, or, by an explicit
//! call, in clear.
//!
//! ```text
//! header 68 bytes | chunk | chunk | ... | last chunk
//! ```
//!
//! Chunks are sealed with AES-256-GCM under a key for this export alone; the nonce is the chunk's
//! number and whether it is the last, as in the STREAM construction of Hoang, Reyhanitabar, Rogaway
//! and Vizar (2015), so that chunks cannot be left out, exchanged, or cut off at the end.
//!
//! From the ground up: `format`, then `read` and `write`, then `transfer`.

mod format;
mod read;
#[cfg(test)]
mod tests;
mod transfer;
mod write;

pub use format::ExportKey;
pub use transfer::ImportedRecords;
