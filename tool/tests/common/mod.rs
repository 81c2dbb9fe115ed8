//! What the tests that run the tool share.
#![allow(
    dead_code,
    unreachable_pub,
    reason = "shared by programs, none of which uses all"
)]

use std::path::Path;
use std::process::{Command, Output};
use std::sync::OnceLock;
use vultus_testkit::{TempDir, root, shared};

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

/// A JSON array of numbers.
pub fn numbers(value: &serde_json::Value) -> Vec<f64> {
    value
        .as_array()
        .unwrap()
        .iter()
        .map(|v| v.as_f64().unwrap())
        .collect()
}

/// A path as a command line wants it.
pub fn text(path: &Path) -> &str {
    path.to_str().unwrap()
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
            text(&from),
            "--to",
            text(to.path()),
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
