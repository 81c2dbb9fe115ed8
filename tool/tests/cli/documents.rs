//! Commands that documents and messages name are there, and do what is said of them.

use crate::common::vultus;
use std::fs;
use vultus::error::Status;
use vultus_testkit::{TempDir, root};

/// An error that names a command which is not there helps nobody.
#[test]
fn commands_of_the_status_table_exist() {
    let mut seen = 0;
    for status in Status::ALL {
        let named = status.text_en().split('`').skip(1).step_by(2);
        for words in named.filter_map(|quoted| quoted.strip_prefix("vultus ")) {
            let (options, command): (Vec<&str>, Vec<&str>) =
                words.split(' ').partition(|word| word.starts_with("--"));
            let output = vultus(&[&command[..], &["--help"]].concat());
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
fn the_readme_command_runs_as_it_is_written() {
    let readme = fs::read_to_string(root().join("README.md")).unwrap();
    let command = readme
        .lines()
        .find_map(|line| line.strip_prefix("cargo run --release -- "))
        .unwrap();
    let folder = TempDir::new("readme");
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
    let output = vultus(&arguments);
    assert!(output.status.success());
    assert!(
        String::from_utf8(output.stdout)
            .unwrap()
            .contains("face 1: barack_obama")
    );
    assert!(out.exists());
}
