//! Where the files of the repository are.

use std::fs;
use std::path::PathBuf;

/// The folder of the crate.
pub fn crate_root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// The folder of the repository.
pub fn root() -> PathBuf {
    crate_root().parent().unwrap().to_owned()
}

/// A committed picture of the core's tests.
pub fn fixture(name: &str) -> Vec<u8> {
    fs::read(root().join("tests/data").join(name)).unwrap()
}
