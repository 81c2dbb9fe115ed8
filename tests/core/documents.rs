//! Documents that repeat what the code says are compared with it.

use std::fmt::Write as _;
use std::fs;
use vultus::error::Status;
use vultus_testkit::root;

fn read(file: &str) -> String {
    fs::read_to_string(root().join(file)).unwrap()
}

/// To rewrite the page after a change of the table: `VULTUS_WRITE_DOCS=1 cargo test --release -p vultus --test core documents`.
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
        let file = root().join("docs/errors.md");
        fs::write(file, &page).unwrap();
    }
    assert!(
        read("docs/errors.md") == page,
        "docs/errors.md differs from the table; see the note above this test"
    );
}

#[test]
fn every_direct_dependency_has_its_reason() {
    let mut manifests = read("Cargo.toml");
    for package in [
        "ffi",
        "licensing",
        "licensing/issuer",
        "nn",
        "tests/simulator",
        "tests/testkit",
        "tool",
    ] {
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
