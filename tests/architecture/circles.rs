//! No file uses, over others, one that uses it.

use crate::allowed::{ALLOWED, Allowed};
use crate::files::below;
use crate::house::{HOUSE, Room};
use crate::scan::{Graph, Node};
use std::collections::BTreeSet;

type Circle = BTreeSet<Node>;

#[test]
fn no_circles_but_those_on_the_list() {
    let mut text = String::new();
    for room in HOUSE.iter() {
        let graph = graph(room);
        for circle in graph.circles() {
            if !ALLOWED.iter().any(|entry| allows(entry, &circle)) {
                let ties = graph.lines(|from, to| circle.contains(from) && circle.contains(to));
                text.push_str(&format!("{} files use each other:\n{ties}", circle.len()));
            }
        }
    }
    assert!(text.is_empty(), "{text}");
}

/// The list only shrinks: what is no longer in a circle leaves it.
#[test]
fn the_list_holds_no_file_that_is_free() {
    let circles: Vec<Circle> = HOUSE
        .iter()
        .flat_map(|room| graph(room).circles())
        .collect();
    let mut free = Vec::new();
    for entry in ALLOWED {
        assert!(!entry.reason.is_empty(), "of {}", entry.folder);
        let covered = circles.iter().filter(|circle| allows(entry, circle));
        let tied: BTreeSet<&str> = covered.flatten().map(|node| node.file.as_str()).collect();
        free.extend(files(entry).filter(|file| !tied.contains(file.as_str())));
    }
    assert!(
        free.is_empty(),
        "in no circle of their entry any more, take them off the list: {free:#?}"
    );
}

#[test]
fn arrows_are_seen() {
    for room in HOUSE.iter() {
        let (seen, least) = (graph(room).size(), room.member.arrows);
        let folder = room.member.folder;
        assert!(
            seen >= least,
            "only {seen} arrows in \"{folder}\", {least} or more are there: the scan is broken"
        );
    }
}

fn graph(room: &Room) -> Graph {
    Graph::of(room.arrows())
}

fn allows(entry: &Allowed, circle: &Circle) -> bool {
    let known: BTreeSet<String> = files(entry).collect();
    circle.iter().all(|node| known.contains(&node.file))
}

fn files(entry: &Allowed) -> impl Iterator<Item = String> {
    let files = entry.files.iter();
    files.map(|file| below(entry.folder, file))
}
