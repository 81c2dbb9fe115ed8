//! What the format of a set fixes.

/// The format that is written, and the only one that is read.
pub const FORMAT: u32 = 1;

/// The species of bona fide presentations.
pub const LIVE: &str = "live";

/// Most presentations of a set.
pub const MAX_PRESENTATIONS: u32 = 100_000;

/// Most frames of a presentation.
pub const MAX_FRAMES: usize = 64;

/// Largest JSON file of a set in bytes.
pub(super) const MAX_JSON_BYTES: usize = 64 * 1024;

/// Largest frame in bytes: 16 bits of the largest sides that the SDK takes are more, sensors are not.
pub(super) const MAX_FRAME_BYTES: usize = 64 * 1024 * 1024;
