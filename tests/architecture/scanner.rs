//! The scanner itself, on small made-up crates: what it must find, and what is no arrow.

use crate::scan::{Graph, Sources, Target};

/// Who uses whom and by which names, one arrow a line; `a` for `src/a.rs`.
fn arrows(files: &[(&str, &str)]) -> Vec<String> {
    let lines = graph(files).lines(|_, _| true);
    let lines = lines.lines().map(|line| short(line.trim()));
    lines.collect()
}

/// Each circle with its files in order.
fn circles(files: &[(&str, &str)]) -> Vec<String> {
    let circles = graph(files).circles().into_iter().map(|circle| {
        let files: Vec<String> = circle.iter().map(|node| short(&node.to_string())).collect();
        files.join(" ")
    });
    circles.collect()
}

fn graph(files: &[(&str, &str)]) -> Graph {
    let texts = files
        .iter()
        .map(|(path, text)| ((*path).to_owned(), (*text).to_owned()));
    let target = Target::scan(&Sources::parse(texts), "src/lib.rs");
    Graph::of(&target.arrows)
}

fn short(text: &str) -> String {
    text.replace("src/", "").replace(".rs", "")
}

const TWO: (&str, &str) = ("src/lib.rs", "mod a; mod b;");

#[test]
fn imports_make_a_circle() {
    let files = [
        TWO,
        (
            "src/a.rs",
            "use crate::b::{self, B}; pub struct A; pub fn a(_: B, _: b::C) {}",
        ),
        (
            "src/b.rs",
            "use super::a::A; pub struct B(A); pub struct C;",
        ),
    ];
    assert_eq!(arrows(&files), ["a -> b: B, C", "b -> a: A"]);
    assert_eq!(circles(&files), ["a b"]);
}

#[test]
fn a_circle_of_three_is_one() {
    let files = [
        ("src/lib.rs", "mod a; mod b; mod c; mod above;"),
        ("src/a.rs", "use crate::b::B; pub struct A(B);"),
        ("src/b.rs", "use crate::c::C; pub struct B(C);"),
        ("src/c.rs", "use crate::a::A; pub struct C(A);"),
        ("src/above.rs", "use crate::a::A; pub struct Above(A);"),
    ];
    assert_eq!(circles(&files), ["a b c"]);
}

#[test]
fn a_re_export_hides_no_circle() {
    let files = [
        ("src/lib.rs", "mod a; mod room; pub use room::B as Renamed;"),
        ("src/a.rs", "use crate::Renamed; pub struct A(Renamed);"),
        (
            "src/room/mod.rs",
            "mod b; mod c; pub use self::b::*; pub use c::C;",
        ),
        ("src/room/b.rs", "use super::C; pub struct B(C);"),
        ("src/room/c.rs", "use crate::a::A; pub struct C(A);"),
    ];
    assert_eq!(
        arrows(&files),
        ["a -> room/b: B", "room/b -> room/c: C", "room/c -> a: A"]
    );
    assert_eq!(circles(&files), ["a room/b room/c"]);
}

#[test]
fn a_face_that_only_hands_on_is_no_circle() {
    let files = [
        ("src/lib.rs", "mod room;"),
        (
            "src/room/mod.rs",
            "mod b; mod c; pub(crate) use b::B; pub use c::C;",
        ),
        ("src/room/b.rs", "use super::C; pub struct B(C);"),
        ("src/room/c.rs", "pub struct C;"),
    ];
    assert_eq!(arrows(&files), ["room/b -> room/c: C"]);
    assert!(circles(&files).is_empty());
}

#[test]
fn a_parent_that_defines_what_its_children_use_is_in_a_circle() {
    let files = [
        ("src/lib.rs", "mod room;"),
        (
            "src/room.rs",
            "mod child; pub use child::run; pub struct Room; fn all() { run(Room) }",
        ),
        (
            "src/room/child.rs",
            "use super::Room; pub fn run(_: Room) {}",
        ),
    ];
    assert_eq!(circles(&files), ["room room/child"]);
}

#[test]
fn what_comes_from_elsewhere_is_used_even_when_handed_on() {
    let files = [
        TWO,
        ("src/a.rs", "pub use crate::b::B; pub use std::fmt::Debug;"),
        ("src/b.rs", "use crate::a::Debug; pub trait B: Debug {}"),
    ];
    assert_eq!(arrows(&files), ["a -> b: B", "b -> a: Debug"]);
}

#[test]
fn qualified_paths_make_a_circle() {
    let files = [
        TWO,
        (
            "src/a.rs",
            "pub struct A; pub fn a() -> usize { crate::b::B::new().0 }",
        ),
        (
            "src/b.rs",
            "pub struct B(pub usize); impl From<super::a::A> for B {}",
        ),
    ];
    assert_eq!(circles(&files), ["a b"]);
}

#[test]
fn paths_may_begin_with_a_child_an_import_or_a_block() {
    let files = [
        ("src/lib.rs", "mod a; mod b; mod c;"),
        (
            "src/a.rs",
            "mod d; fn f() { d::g() } fn h() { use crate::b as z; z::k() }",
        ),
        ("src/a/d.rs", "pub fn g() { self::super::super::c::C; }"),
        (
            "src/b.rs",
            "use crate::c; pub fn k() { if let c::C = 1 {} }",
        ),
        ("src/c.rs", "pub const C: u8 = 1;"),
    ];
    assert_eq!(
        arrows(&files),
        ["a -> a/d: g", "a -> b: k", "a/d -> c: C", "b -> c: C"]
    );
}

#[test]
fn names_inside_macro_calls_make_a_circle() {
    let files = [
        TWO,
        (
            "src/a.rs",
            "pub fn a() { println!(\"{}\", [super::b::B.len(), 1][0]) }",
        ),
        (
            "src/b.rs",
            "pub const B: &str = \"\"; fn b() { assert!(!{ crate::a::a(); true }) }",
        ),
    ];
    assert_eq!(arrows(&files), ["a -> b: B", "b -> a: a"]);
    assert_eq!(circles(&files), ["a b"]);
}

#[test]
fn macros_are_used_by_name_and_use_what_they_name() {
    let files = [
        ("src/lib.rs", "mod a; mod b;"),
        (
            "src/a.rs",
            "mod c; macro_rules! make { ($n:ident) => { struct $n($crate::b::$n, $crate::b::B); } }
             macro_rules! told { () => {} } pub(crate) use make;",
        ),
        ("src/a/c.rs", "told!();"),
        ("src/b.rs", "use crate::a::make; make!(C); pub struct B;"),
    ];
    assert_eq!(
        arrows(&files),
        ["a -> b: $n, B", "a/c -> a: told", "b -> a: make"]
    );
}

#[test]
fn attributes_name_things_and_comments_do_not() {
    let files = [
        TWO,
        (
            "src/a.rs",
            "/// See [`crate::b::C`].
             #[serde(with = \"crate::b::B\", min = crate::b::D)] pub struct A; pub(in crate::b) struct E;",
        ),
        ("src/b.rs", "pub struct B; pub struct C; pub const D: u8 = 1;"),
    ];
    assert_eq!(arrows(&files), ["a -> b: B, D"]);
}

#[test]
fn a_star_opens_a_file_and_its_names_are_found_behind_it() {
    let files = [
        ("src/lib.rs", "mod a; mod face; mod own;"),
        (
            "src/a.rs",
            "use crate::face::*; use crate::own::*; fn f(_: B) {}",
        ),
        ("src/face/mod.rs", "mod b; pub use b::B;"),
        ("src/face/b.rs", "pub struct B;"),
        ("src/own.rs", "pub trait Own {}"),
    ];
    assert_eq!(arrows(&files), ["a -> face/b: B", "a -> own: *"]);
}

#[test]
fn a_variable_is_no_name_of_a_file() {
    let files = [
        ("src/lib.rs", "mod a;"),
        (
            "src/a.rs",
            "mod b; pub use b::value; fn f(value: u8) -> u8 { value }",
        ),
        ("src/a/b.rs", "pub fn value() {} fn g(_: super::Made) {}"),
    ];
    assert_eq!(arrows(&files), ["a/b -> a: Made"]);
}

#[test]
fn tests_are_a_layer_of_their_own() {
    let files = [
        (
            "src/lib.rs",
            "mod a; mod b; #[cfg(all(test, unix))] mod tests;",
        ),
        (
            "src/a.rs",
            "use crate::b::B; pub struct A(B); #[cfg(test)] pub fn sample() {}",
        ),
        (
            "src/b.rs",
            "pub struct B; #[cfg(test)] mod tests { use crate::a::{A, sample}; fn t(_: A) {} }",
        ),
        (
            "src/tests/mod.rs",
            "mod one; mod two; use crate::a::A; pub struct T(A);",
        ),
        (
            "src/tests/one.rs",
            "use super::two::Two; pub struct One(Two);",
        ),
        (
            "src/tests/two.rs",
            "use super::one::One; pub struct Two(One);",
        ),
    ];
    assert_eq!(circles(&files), ["tests/one (tests) tests/two (tests)"]);
    let arrows = arrows(&files);
    assert!(
        arrows.contains(&"b (tests) -> a: A".to_owned()),
        "{arrows:?}"
    );
    assert!(
        arrows.contains(&"b (tests) -> a (tests): sample".to_owned()),
        "{arrows:?}"
    );
}

#[test]
fn modules_are_found_where_rustc_finds_them() {
    let files = [
        (
            "src/lib.rs",
            "mod a; mod inline { mod deep; #[path = \"odd.rs\"] mod named; } #[path = \"../far/f.rs\"] mod far;",
        ),
        ("src/a.rs", "#[path = \"other.rs\"] mod b; pub struct A;"),
        ("src/other.rs", "use super::A; mod c;"),
        ("src/c.rs", "use crate::a::A;"),
        ("src/inline/deep.rs", "use crate::a::A;"),
        ("src/inline/odd.rs", "use crate::a::A;"),
        ("far/f.rs", "mod g;"),
        ("far/g.rs", "use crate::a::A;"),
    ];
    assert_eq!(
        arrows(&files),
        [
            "far/g -> a: A",
            "c -> a: A",
            "inline/deep -> a: A",
            "inline/odd -> a: A",
            "other -> a: A",
        ]
    );
}

#[test]
#[should_panic(expected = "src/lib.rs declares lost, which has no file")]
fn a_module_without_a_file_is_told() {
    circles(&[("src/lib.rs", "mod lost;")]);
}

#[test]
fn files_that_open_each_other_come_to_an_end() {
    let files = [
        TWO,
        ("src/a.rs", "pub use crate::b::*; fn f() { Unknown::new() }"),
        ("src/b.rs", "pub use crate::a::*; fn g() { Unknown::new() }"),
    ];
    assert_eq!(arrows(&files), ["a -> b: *", "b -> a: *"]);
}

#[test]
fn the_door_of_a_name_is_the_module_that_hands_it_on() {
    let texts = [
        (
            "src/lib.rs",
            "mod high; mod low; mod mid; mod face { pub use crate::mid::Mid; }",
        ),
        ("src/low.rs", "pub mod deep; #[cfg(test)] mod tests;"),
        ("src/low/deep.rs", "pub struct Low;"),
        ("src/low/tests.rs", ""),
        ("src/mid.rs", "use crate::high::Low; pub struct Mid(Low);"),
        ("src/high.rs", "pub use crate::low::deep::Low;"),
    ];
    let texts = texts.map(|(path, text)| (path.to_owned(), text.to_owned()));
    let target = Target::scan(&Sources::parse(texts), "src/lib.rs");
    assert_eq!(target.modules, ["high", "low", "low::deep", "mid"]);
    let from_mid: Vec<_> = target
        .arrows
        .iter()
        .filter(|arrow| arrow.modules[0] == "mid")
        .collect();
    assert_eq!(from_mid.len(), 1);
    assert_eq!(from_mid[0].modules[1], "low::deep");
    assert_eq!(from_mid[0].door, "high");
    let root = target
        .arrows
        .iter()
        .filter(|arrow| arrow.from.file == "src/lib.rs");
    assert_eq!(root.count(), 0, "the root only hands on");
}
