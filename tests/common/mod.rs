//! What the integration tests share.
#![allow(dead_code, unreachable_pub, clippy::unwrap_used, clippy::print_stderr)]

mod folder;

pub use folder::TempDir;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::{Arc, OnceLock};
use vultus::frame::Photo;
use vultus::licensing::licence::{Licence, LivenessKinds, Tier};
use vultus::licensing::testkit;
use vultus::licensing::testkit::{ISSUED_AT, TestClock};
use vultus::{Config, Sdk};

pub fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// A committed picture.
pub fn fixture(name: &str) -> PathBuf {
    root().join("tests/data").join(name)
}

/// The same as text, as a command line wants it.
pub fn path(name: &str) -> String {
    fixture(name).to_str().unwrap().to_owned()
}

/// A JSON array of numbers.
pub fn numbers(value: &serde_json::Value) -> Vec<f64> {
    value
        .as_array()
        .unwrap()
        .iter()
        .map(|v| v.as_f64().unwrap())
        .collect()
}

pub fn photo(name: &str) -> Photo {
    Photo::decode(&fs::read(fixture(name)).unwrap()).unwrap()
}

/// The folder of the committed pack.
pub fn lite_folder() -> PathBuf {
    root().join("models/lite")
}

/// The committed pack, opened once.
pub fn lite() -> &'static Sdk {
    static SDK: OnceLock<Sdk> = OnceLock::new();
    SDK.get_or_init(|| open(&lite_folder()).unwrap())
}

/// Opens a pack with everything licensed.
pub fn open(pack: &Path) -> vultus::error::Result<Sdk> {
    Sdk::open(&Config::new(pack), testkit::grant(Tier::Recognise))
}

/// Opens a pack by a licence for these kinds of liveness alone.
pub fn licensed(pack: &Path, liveness: LivenessKinds) -> Sdk {
    let licence = Licence {
        tier: Tier::Liveness,
        liveness,
        ..testkit::licence()
    };
    let clock = Arc::new(TestClock::at(ISSUED_AT));
    Sdk::open(&Config::new(pack), testkit::grant_of(&licence, &clock)).unwrap()
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

/// The standard pack, imported once a test program from published weights, where those are here
/// and this build can read them.
pub fn standard() -> Option<&'static Path> {
    if !cfg!(feature = "onnx") {
        eprintln!("skipped: the standard pack needs a build with --features onnx");
        return None;
    }
    static FOLDER: OnceLock<Option<TempDir>> = OnceLock::new();
    let folder = FOLDER.get_or_init(|| {
        let from = shared("models")?;
        let to = TempDir::new("standard");
        let args = [
            "models",
            "import",
            "--from",
            from.to_str().unwrap(),
            "--to",
            to.path().to_str().unwrap(),
        ];
        let imported = vultus(&args);
        assert!(
            imported.status.success(),
            "{}",
            String::from_utf8_lossy(&imported.stderr)
        );
        Some(to)
    });
    folder.as_ref().map(TempDir::path)
}

/// Runs the tool in the repository's root with the committed pack.
pub fn vultus(args: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_vultus"))
        .args(args)
        .current_dir(root())
        .env_remove("VULTUS_MODELS")
        .env_remove("VULTUS_LICENCE")
        .output()
        .unwrap()
}

/// Exit code and the JSON objects that the tool printed.
pub fn vultus_json(args: &[&str]) -> (i32, Vec<serde_json::Value>) {
    let output = vultus(&[&["--json"], args].concat());
    let text = String::from_utf8(output.stdout).unwrap();
    let objects = text
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    (
        output.status.code().expect("the tool was not killed"),
        objects,
    )
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
