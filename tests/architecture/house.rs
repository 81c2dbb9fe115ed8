//! Every crate of the table, read once for all rules.

use crate::files::{below, manifest, rust_files, text};
use crate::members::{MEMBERS, Member};
use crate::scan::{Arrow, Sources, Target};
use std::collections::BTreeSet;
use std::sync::LazyLock;

/// A crate with all that was read of it.
pub(crate) struct Room {
    pub(crate) member: &'static Member,
    pub(crate) files: Vec<String>,
    pub(crate) targets: Vec<Target>,
}

pub(crate) static HOUSE: LazyLock<Vec<Room>> = LazyLock::new(read);

impl Room {
    /// The arrows of all targets; what several share counts once.
    pub(crate) fn arrows(&self) -> BTreeSet<&Arrow> {
        let arrows = self.targets.iter().flat_map(|target| &target.arrows);
        arrows.collect()
    }

    /// The library, or the program of a crate that has none.
    pub(crate) fn main_target(&self) -> &Target {
        let of = |file| {
            let root = below(self.member.folder, file);
            self.targets.iter().find(move |target| target.root == root)
        };
        of("src/lib.rs").or_else(|| of("src/main.rs")).unwrap()
    }
}

fn read() -> Vec<Room> {
    let files: Vec<Vec<String>> = MEMBERS.iter().map(rust_files).collect();
    let texts = files.iter().flatten();
    // Tests of one crate borrow files of another, so all are parsed before the first is followed.
    let sources = Sources::parse(texts.map(|file| (file.clone(), text(file))));
    let rooms = MEMBERS.iter().zip(files).map(|(member, files)| {
        let roots = roots(member, &files);
        let targets = roots.iter().map(|root| Target::scan(&sources, root));
        Room {
            member,
            targets: targets.collect(),
            files,
        }
    });
    rooms.collect()
}

/// The files in which targets begin: those where Cargo looks, and those that the manifest names.
fn roots(member: &Member, files: &[String]) -> BTreeSet<String> {
    let mut roots: BTreeSet<String> = files
        .iter()
        .filter(|file| is_root(file[member.folder.len()..].trim_start_matches('/')))
        .cloned()
        .collect();
    let manifest = manifest(member);
    for kind in ["bin", "test", "bench", "example"] {
        let targets = manifest.get(kind).and_then(toml::Value::as_array);
        for target in targets.into_iter().flatten() {
            if let Some(path) = target.get("path").and_then(toml::Value::as_str) {
                roots.insert(below(member.folder, path));
            }
        }
    }
    roots
}

fn is_root(file: &str) -> bool {
    let parts: Vec<&str> = file.split('/').collect();
    matches!(
        parts[..],
        ["build.rs"]
            | ["src", "lib.rs" | "main.rs"]
            | ["src", "bin", _]
            | ["src", "bin", _, "main.rs"]
            | ["tests" | "benches" | "examples", _]
            | ["tests" | "benches" | "examples", _, "main.rs"]
            // Programs that a test compiles.
            | ["tests", "doors", _]
    )
}

#[test]
fn every_file_belongs_to_a_target() {
    let all = HOUSE.iter().flat_map(|room| &room.targets);
    let read: BTreeSet<&String> = all.flat_map(|target| &target.files).collect();
    let lost: Vec<&String> = HOUSE
        .iter()
        .flat_map(|room| &room.files)
        .filter(|file| !read.contains(file))
        .collect();
    assert!(lost.is_empty(), "no module declares {lost:?}");
}
