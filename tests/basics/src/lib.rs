//! What tests of every crate need and no crate of Vultus gives. It depends on nothing, so that a crate's own unit tests
//! can use it too.
#![allow(
    clippy::unwrap_used,
    reason = "a test that cannot be set up has failed"
)]

mod counting;
mod folder;
mod random;

pub use counting::Counting;
pub use folder::TempDir;
pub use random::Rng;
