//! Files of the repository.

use std::fs;
use std::path::{Path, PathBuf};
use vultus::internals::model::PackSigner;
use vultus_test_basics::TempDir;

/// The folder of the repository.
pub fn root() -> PathBuf {
    let this = Path::new(env!("CARGO_MANIFEST_DIR"));
    this.ancestors().nth(2).unwrap().to_owned()
}

/// A committed picture.
pub fn fixture(name: &str) -> PathBuf {
    root().join("tests/data").join(name)
}

/// The same as text, as a command line wants it.
pub fn path(name: &str) -> String {
    fixture(name).to_str().unwrap().to_owned()
}

/// The folder of the committed pack.
pub fn lite_folder() -> PathBuf {
    root().join("models/lite")
}

/// A copy of the committed pack that a test may damage.
pub fn copy_of_lite() -> TempDir {
    let copy = TempDir::new("pack");
    for entry in fs::read_dir(lite_folder()).unwrap() {
        let entry = entry.unwrap();
        fs::copy(entry.path(), copy.path().join(entry.file_name())).unwrap();
    }
    copy
}

/// A copy of the committed pack with another manifest.
pub fn lite_with_manifest(change: impl FnOnce(String) -> String) -> TempDir {
    let pack = copy_of_lite();
    let manifest = pack.path().join("pack.toml");
    let text = fs::read_to_string(&manifest).unwrap();
    let changed = change(text.clone());
    assert_ne!(text, changed, "the test changed nothing");
    fs::write(&manifest, changed).unwrap();
    sign_pack(pack.path());
    pack
}

/// The project's development key, which signs the repository's own packs.
pub fn development_signer() -> PackSigner {
    let text = fs::read_to_string(root().join("models/keys/development.key")).unwrap();
    let line = text.lines().find_map(|line| line.strip_prefix("seed "));
    let byte = |at: usize| u8::from_str_radix(&line.unwrap()[2 * at..2 * at + 2], 16).unwrap();
    PackSigner::of_seed(&std::array::from_fn(byte)).unwrap()
}

/// Signs a pack anew after its manifest was changed, as its maker would.
pub fn sign_pack(folder: &Path) {
    let manifest = fs::read(folder.join("pack.toml")).unwrap();
    let signature = development_signer().sign(&manifest);
    fs::write(folder.join("pack.sig"), signature).unwrap();
}

/// Damages a file.
pub fn flip_a_bit(file: &Path) {
    let mut bytes = fs::read(file).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    fs::write(file, bytes).unwrap();
}

/// Weights and photographs that are not part of the repository; `None`, and a word about it, where
/// they are missing.
pub fn shared(path: &str) -> Option<PathBuf> {
    let found = root().join("../shared").join(path);
    if found.exists() {
        return Some(found);
    }
    eprintln!("skipped: ../shared/{path} is not on this machine");
    None
}
