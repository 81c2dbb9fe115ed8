//! Documents that repeat what the code says are compared with it.
#![allow(clippy::unwrap_used)]

mod common;

use std::fmt::Write as _;
use std::fs;
use std::path::PathBuf;
use vultus::error::Status;

fn read(file: &str) -> String {
    fs::read_to_string(PathBuf::from(env!("CARGO_MANIFEST_DIR")).join(file)).unwrap()
}

/// To rewrite the page after a change of the table: `VULTUS_WRITE_DOCS=1 cargo test --test documents`.
#[test]
fn the_error_page_is_the_status_table() {
    let mut page = String::from(
        "# Errors\n\n\
         Written from the status table in `src/error/status.rs`; a test compares them. Numbers and \
         names never change their meaning. The Java class is the name followed by `Exception`.\n\n\
         | number | name | in the product documents | what is wrong and what to do | 说明 |\n\
         |---|---|---|---|---|\n",
    );
    for status in Status::ALL {
        writeln!(
            page,
            "| {} | {} | {} | {} | {} |",
            status.code(),
            status.name(),
            status.documents_name().unwrap_or("–"),
            status.text_en(),
            status.text_zh()
        )
        .unwrap();
    }
    if std::env::var_os("VULTUS_WRITE_DOCS").is_some() {
        let file = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("docs/errors.md");
        fs::write(file, &page).unwrap();
    }
    assert!(
        read("docs/errors.md") == page,
        "docs/errors.md differs from the table; see the note above this test"
    );
}

/// An error that names a command which is not there helps nobody.
#[test]
fn commands_of_the_status_table_exist() {
    let mut seen = 0;
    for status in Status::ALL {
        let named = status.text_en().split('`').skip(1).step_by(2);
        for words in named.filter_map(|quoted| quoted.strip_prefix("vultus ")) {
            let (options, command): (Vec<&str>, Vec<&str>) =
                words.split(' ').partition(|word| word.starts_with("--"));
            let output = common::vultus(&[&command[..], &["--help"]].concat());
            let help = String::from_utf8(output.stdout).unwrap();
            assert!(output.status.success(), "{status:?}: {words}");
            assert!(
                options.iter().all(|option| help.contains(option)),
                "{words}"
            );
            seen += 1;
        }
    }
    assert!(seen > 2, "{seen}");
}

#[test]
fn every_direct_dependency_has_its_reason() {
    let mut manifests = read("Cargo.toml");
    for package in ["ffi", "licensing", "licensing/issuer"] {
        manifests += &read(&format!("{package}/Cargo.toml"));
    }
    let page = read("docs/dependencies.md");
    let mut inside = false;
    let mut seen = 0;
    for line in manifests.lines() {
        if line.starts_with('[') {
            inside = line.ends_with("dependencies]");
        } else if let (true, Some((name, _))) = (inside, line.split_once(" = ")) {
            seen += 1;
            assert!(
                page.contains(&format!("| {name} |")),
                "docs/dependencies.md says nothing of {name}"
            );
        }
    }
    assert!(seen > 10);
}

#[test]
fn the_changelog_knows_this_version() {
    assert!(read("CHANGELOG.md").contains(&format!("## {}", env!("CARGO_PKG_VERSION"))));
}

#[test]
fn the_readme_command_runs_as_it_is_written() {
    let readme = read("README.md");
    let command = readme
        .lines()
        .find_map(|line| line.strip_prefix("cargo run --release -- "))
        .unwrap();
    let folder = common::TempDir::new("readme");
    let out = folder.path().join("out.png");
    let arguments: Vec<&str> = command
        .split(' ')
        .map(|word| {
            if word == "out.png" {
                out.to_str().unwrap()
            } else {
                word
            }
        })
        .collect();
    let output = common::vultus(&arguments);
    assert!(output.status.success());
    assert!(
        String::from_utf8(output.stdout)
            .unwrap()
            .contains("face 1: barack_obama")
    );
    assert!(out.exists());
}
