//! The rules of the house that a compiler does not check.
#![allow(clippy::unwrap_used)]

use std::fs;
use std::path::{Path, PathBuf};

/// Modules from the bottom up; a module may use those in rows before its own. Modules of one row
/// never use each other.
const ROWS: &[&[&str]] = &[
    &["error"],
    &["cpu", "geom"],
    &["config"],
    &["frame"],
    &["nn"],
    &["model"],
    &[
        "detect",
        "mesh",
        "align",
        "embed",
        "pose",
        "quality",
        "attribute",
        "liveness",
    ],
    &["matching"],
    &["gallery"],
    &["pipeline"],
    &["sdk"],
];

const REASON_ABOVE: usize = 400;
const FAIL_ABOVE: usize = 800;

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn rust_files(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files.extend(rust_files(&path));
        } else if path.extension().is_some_and(|ending| ending == "rs") {
            files.push(path);
        }
    }
    files.sort();
    files
}

fn row_of(module: &str) -> Option<usize> {
    ROWS.iter().position(|row| row.contains(&module))
}

/// Names that follow `crate::` in code; comments do not count.
fn used_modules(text: &str) -> Vec<String> {
    let code: Vec<&str> = text
        .lines()
        .map(|line| line.split("//").next().unwrap_or(""))
        .collect();
    let code = code.join("\n");
    code.split("crate::")
        .skip(1)
        .map(|rest| {
            rest.chars()
                .take_while(|c| c.is_alphanumeric() || *c == '_')
                .collect()
        })
        .collect()
}

#[test]
fn modules_use_only_what_lies_below() {
    let source = root().join("src");
    let mut checked = 0;
    for file in rust_files(&source) {
        let relative = file.strip_prefix(&source).unwrap();
        let first = relative
            .components()
            .next()
            .unwrap()
            .as_os_str()
            .to_str()
            .unwrap();
        if first == "bin" || first == "lib.rs" {
            continue;
        }
        let first = first.strip_suffix(".rs").unwrap_or(first);
        let row =
            row_of(first).unwrap_or_else(|| panic!("module {first} has no place in the order"));
        let text = fs::read_to_string(&file).unwrap();
        assert!(
            !text.contains("crate::{") && !text.contains("super::super::super"),
            "{} hides what it uses from this test",
            relative.display()
        );
        for used in used_modules(&text) {
            let Some(other) = row_of(&used) else { continue };
            checked += 1;
            assert!(
                used == first || other < row,
                "{} uses crate::{used}, which is not below {first}",
                relative.display()
            );
        }
    }
    assert!(
        checked > 30,
        "only {checked} uses were seen: the scan is broken"
    );
}

#[test]
fn the_library_declares_exactly_the_modules_of_the_order() {
    let text = fs::read_to_string(root().join("src/lib.rs")).unwrap();
    let mut declared: Vec<&str> = text
        .lines()
        .filter_map(|line| line.strip_prefix("pub mod ")?.strip_suffix(';'))
        .collect();
    let mut ordered: Vec<&str> = ROWS.iter().copied().flatten().copied().collect();
    declared.sort_unstable();
    ordered.sort_unstable();
    assert_eq!(declared, ordered);
}

#[test]
fn only_nn_names_the_runtime() {
    for file in rust_files(&root().join("src")) {
        let inside = file.starts_with(root().join("src/nn"));
        let named = fs::read_to_string(&file).unwrap().contains("tract_");
        assert!(inside || !named, "{} names tract", file.display());
    }
}

/// Which of our own crates a package may name, dependencies of its tests apart.
const CRATE_EDGES: &[(&str, &[&str])] = &[
    // The simulator for the tool alone: a test of what ships looks for it.
    ("", &["vultus-licensing", "vultus-simulator"]),
    ("ffi", &["vultus"]),
    ("licensing", &[]),
    ("licensing/issuer", &["vultus-licensing"]),
    ("tests/shipped", &["vultus"]),
    ("tests/simulator", &[]),
];

#[test]
fn crates_depend_in_one_direction() {
    let workspace = fs::read_to_string(root().join("Cargo.toml")).unwrap();
    let workspace: toml::Table = workspace.parse().unwrap();
    let members = workspace["workspace"]["members"].as_array().unwrap();
    assert_eq!(
        members.len(),
        CRATE_EDGES.len(),
        "a crate has no place here"
    );
    for (folder, allowed) in CRATE_EDGES {
        let manifest = fs::read_to_string(root().join(folder).join("Cargo.toml")).unwrap();
        let manifest: toml::Table = manifest.parse().unwrap();
        let ours: Vec<&str> = manifest["dependencies"]
            .as_table()
            .unwrap()
            .keys()
            .map(String::as_str)
            .filter(|name| name.starts_with("vultus"))
            .collect();
        assert_eq!(&ours, allowed, "of {folder}/Cargo.toml");
    }
}

#[test]
fn files_stay_small() {
    for folder in ["src", "tests", "benches", "ffi", "licensing"] {
        for file in rust_files(&root().join(folder)) {
            let text = fs::read_to_string(&file).unwrap();
            let lines = text.lines().count();
            let name = file.strip_prefix(root()).unwrap().display().to_string();
            assert!(
                lines <= FAIL_ABOVE,
                "{name} has {lines} lines, allowed are {FAIL_ABOVE}"
            );
            let reason = text
                .lines()
                .take(10)
                .any(|line| line.contains("Long because"));
            assert!(
                lines <= REASON_ABOVE || reason,
                "{name} has {lines} lines; split it, or say \"Long because ...\" at its top"
            );
        }
    }
}
