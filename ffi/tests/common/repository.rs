//! Where the files of the repository are.

use std::fs;
use std::path::PathBuf;

/// The folder of the crate.
pub fn crate_root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// A committed picture of the core's tests.
pub fn fixture(name: &str) -> Vec<u8> {
    fs::read(vultus_testkit::fixture(name)).unwrap()
}
