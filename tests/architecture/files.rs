//! The files of a crate.

use crate::members::Member;
use std::fs;
use std::path::{Path, PathBuf};

/// Where a crate has its Rust files, besides its folder itself.
const FOLDERS: &[&str] = &["src", "tests", "benches", "examples"];

pub(crate) fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// A file's text, by its path from the root of the repository.
pub(crate) fn text(file: &str) -> String {
    let path = root().join(file);
    fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

pub(crate) fn manifest(member: &Member) -> toml::Table {
    text(&below(member.folder, "Cargo.toml")).parse().unwrap()
}

/// The Rust files of a crate by their paths from the root of the repository, those of crates inside its folder left out.
pub(crate) fn rust_files(member: &Member) -> Vec<String> {
    let mut files = Vec::new();
    for (name, path) in entries(&root().join(member.folder)) {
        let file = below(member.folder, &name);
        if path.is_file() {
            files.extend(Some(file).filter(|file| is_rust(file)));
        } else if FOLDERS.contains(&name.as_str()) {
            collect(&path, &file, &mut files);
        }
    }
    files
}

fn collect(folder: &Path, name: &str, files: &mut Vec<String>) {
    for (child, path) in entries(folder) {
        let file = below(name, &child);
        if path.is_file() {
            files.extend(Some(file).filter(|file| is_rust(file)));
        } else if !path.join("Cargo.toml").exists() {
            collect(&path, &file, files);
        }
    }
}

fn entries(folder: &Path) -> Vec<(String, PathBuf)> {
    let entries = fs::read_dir(folder).unwrap().map(|entry| {
        let entry = entry.unwrap();
        (entry.file_name().into_string().unwrap(), entry.path())
    });
    let mut entries: Vec<(String, PathBuf)> = entries.collect();
    entries.sort();
    entries
}

fn is_rust(file: &str) -> bool {
    Path::new(file)
        .extension()
        .is_some_and(|ending| ending == "rs")
}

pub(crate) fn below(folder: &str, name: &str) -> String {
    if folder.is_empty() {
        name.to_owned()
    } else {
        format!("{folder}/{name}")
    }
}
