//! What all tiles of this path share.

/// Values of a vector.
pub(super) const LANES: usize = 4;
