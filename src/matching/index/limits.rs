//! How much an index takes.

/// The most rows of an index: far above what a licence allows, far below what would overflow.
pub const MAX_ROWS: usize = 1 << 24;

/// The most values of an embedding in an index.
pub const MAX_DIMENSION: usize = 4_096;

/// How far the length of a row may lie from 1, as for an [`Embedding`](crate::stages::embed::Embedding).
pub(super) const NORM_TOLERANCE: f64 = 1e-3;
