//! What the integration tests, benches and examples of several crates share. A crate's own unit tests cannot use it: they
//! would meet a second core.
#![allow(
    missing_docs,
    clippy::missing_panics_doc,
    clippy::must_use_candidate,
    clippy::print_stderr,
    clippy::unwrap_used,
    reason = "helpers of tests, whose names say what they do; a test that cannot be set up has failed"
)]

pub mod disk;
pub mod formats;
pub mod gallery;
mod pictures;
pub mod power_cut;
mod repository;
mod sdk;
pub mod simulated;

pub use pictures::{crc32, encoded};
pub use repository::{
    copy_of_lite, development_signer, fixture, flip_a_bit, lite_folder, lite_with_manifest, path,
    root, shared, sign_pack,
};
pub use sdk::{licensed, lite, open, photo};
pub use vultus_test_basics::{Counting, Rng, TempDir};
