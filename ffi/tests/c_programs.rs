//! The examples that integrators copy, and programs that misuse the interface: compiled as C11 and C++17 without a
//! warning, against the shared and the static library, and run.
#![cfg(target_os = "linux")]
#![allow(
    unsafe_code,
    unreachable_pub,
    clippy::print_stdout,
    clippy::print_stderr,
    clippy::unwrap_used
)]

mod c;
mod common;

use c::{
    Linkage, SANITIZERS, Shipped, Workshop, answers, finished, has, licensed_folder, thinned, words,
};
use common::door::{BIDEN, OBAMA, OBAMA_AGAIN, Picture};
use common::{TempDir, crate_root, header, root};
use std::path::{Path, PathBuf};
use std::process::Command;
use vultus::liveness::depth::SensorClass;
use vultus_simulator::Species;
use vultus_testkit::simulated::depth::Shot;

/// From a device without a licence to a person who is named and a stranger who is not.
fn walk(workshop: &Workshop, program: PathBuf) {
    let device = Shipped::new(workshop, program);
    let [known, again, stranger] = [
        ("known", OBAMA),
        ("again", OBAMA_AGAIN),
        ("stranger", BIDEN),
    ]
    .map(|(name, file)| device.frame(name, &Picture::load(file)));
    let grey = Picture {
        pixels: vec![127; 160 * 120 * 3],
        width: 160,
        height: 120,
    };
    let nobody = device.frame("nobody", &grey);

    device.says(&["status"], 2, "LicenceMissing (100)");
    device.says(&["identify", &known], 2, "LicenceMissing (100)");
    device.licensed();
    device.says(&["status"], 0, "licensed: recognise, without an end");

    device.says(&["identify", &known], 1, "unknown (nobody is enrolled)");
    device.says(&["enrol", "E-17", "Barack", &known], 0, "enrolled: E-17");
    device.says(&["identify", &again], 0, "named: E-17 (score ");
    device.says(&["identify", &stranger], 1, "unknown (nearest score ");
    device.says(&["identify", &nobody], 1, "no face");
    device.says(&["enrol", "E-18", "Barry", &known], 1, "looks like E-17");
    device.says(
        &["enrol", "E-17", "Joe", &stranger],
        2,
        "PersonIdAlreadyExist",
    );

    device.says(&[], 2, "usage: ");
    device.says(&["--rotation", "45", "identify", &known], 2, "rotation");
    device.says(&["identify", "nowhere-64x64.nv21"], 2, "nowhere-64x64.nv21");
    let cut = device.folder.write("cut-640x480.nv21", &[0; 100]);
    let cut = cut.to_str().unwrap();
    device.says(&["identify", cut], 2, "FrameLayoutInvalid (300)");
}

#[test]
fn the_door_in_c_names_people_with_the_shared_library() {
    let workshop = Workshop::new("door-shared");
    let program = workshop.build("examples/door.c", Linkage::Shared, &["-O2"]);
    walk(&workshop, program);
}

#[test]
fn the_door_in_c_names_people_with_the_static_library() {
    let workshop = Workshop::new("door-static");
    let program = workshop.build("examples/door.c", Linkage::Static, &["-O2"]);
    walk(&workshop, program);
}

#[test]
fn the_door_in_c_is_clean_under_the_sanitizers() {
    let workshop = Workshop::new("door-sanitized");
    must_be_on(&workshop);
    let program = workshop.build("examples/door.c", Linkage::Shared, SANITIZERS);
    walk(&workshop, program);
}

/// A sanitizer that was not linked in finds nothing either.
fn must_be_on(workshop: &Workshop) {
    let program = workshop.build("tests/c/broken.c", Linkage::Shared, SANITIZERS);
    for (word, finding) in [
        ("heap", "heap-buffer-overflow"),
        ("leak", "detected memory leaks"),
        ("overflow", "signed integer overflow"),
    ] {
        let output = workshop.command(&program).arg(word).output().unwrap();
        let said = words(&output);
        assert!(!output.status.success() && said.contains(finding), "{said}");
    }
}

#[test]
fn the_door_in_c_is_clean_under_valgrind() {
    if !has("valgrind") {
        return;
    }
    let workshop = Workshop::new("door-valgrind");
    let program = workshop.build("examples/door.c", Linkage::Shared, &["-g"]);
    let device = Shipped::new(&workshop, program);
    device.licensed();
    let known = device.frame("known", &thinned(&Picture::load(OBAMA), 2));
    device.says(&["enrol", "E-17", "Barack", &known], 0, "enrolled: E-17");
    let mut command = Command::new("valgrind");
    command.args(["--quiet", "--error-exitcode=9", "--leak-check=full"]);
    let known_findings = crate_root().join("tests/c/valgrind.supp");
    command
        .arg("--errors-for-leak-kinds=definite")
        .arg(format!("--suppressions={}", known_findings.display()))
        .arg(&device.program);
    command.args(device.options()).args(["identify", &known]);
    workshop.at_home(&mut command);
    answers(&mut command, 0, "named: E-17");
}

#[test]
fn the_door_in_cpp_names_people_as_the_one_in_c_does() {
    let workshop = Workshop::new("door-cpp");
    for linkage in [Linkage::Shared, Linkage::Static] {
        let program = workshop.build("examples/door.cpp", linkage, &[]);
        let device = licensed_folder(&workshop);
        let says = |words: &[&str], code: i32, answer: &str| {
            let mut command = workshop.command(&program);
            command.args(device.paths()).args(words);
            answers(&mut command, code, answer);
        };
        let [known, again, stranger] = [("known", OBAMA), ("again", OBAMA_AGAIN), ("other", BIDEN)]
            .map(|(name, file)| device.frame(name, &Picture::load(file)));
        says(&["status"], 0, "licensed: tier 3");
        says(&["identify", &known], 1, "unknown (nobody is enrolled)");
        says(&["enrol", "E-17", "Barack", &known], 0, "enrolled: E-17");
        says(&["identify", &again], 0, "named: E-17 (score ");
        says(&["identify", &stranger], 1, "unknown (nearest score ");
        says(
            &["enrol", "E-17", "Joe", &stranger],
            2,
            "PersonIdAlreadyExist",
        );
        says(&["identify", "nowhere-64x64.nv21"], 2, "cannot be read");
        says(&[], 2, "usage: ");
    }
}

#[test]
fn the_snippet_of_the_readme_compiles() {
    let readme = std::fs::read_to_string(root().join("README.md")).unwrap();
    let (_, rest) = readme.split_once("```c\n").expect("a snippet in C");
    let (snippet, _) = rest.split_once("```").unwrap();
    let folder = TempDir::new("readme");
    let file = folder.write("readme.c", snippet.as_bytes());
    let mut compile = Command::new("cc");
    compile.args(["-std=c11", "-Wall", "-Wextra", "-Wpedantic", "-Werror"]);
    compile.arg("-fsyntax-only").arg(file);
    finished(compile.arg("-I").arg(crate_root().join("include")));
}

#[test]
fn the_wrapper_owns_throws_and_lists() {
    let workshop = Workshop::new("wrapper");
    let program = workshop.build("tests/c/wrapper.cpp", Linkage::Shared, SANITIZERS);
    let device = licensed_folder(&workshop);
    let known = device.frame("known", &Picture::load(OBAMA));
    let mut command = workshop.command(&program);
    command.args(device.paths()).arg(known);
    answers(&mut command, 0, "all of it holds");
}

#[test]
fn the_wrapper_has_a_place_for_every_function() {
    let wrapper = std::fs::read_to_string(crate_root().join("include/vultus.hpp")).unwrap();
    let names = |name: &str| {
        wrapper
            .split(|c: char| c != '_' && !c.is_ascii_alphanumeric())
            .any(|word| word == name)
    };
    let missing: Vec<String> = header::functions()
        .into_iter()
        .map(|function| function.name)
        // A std::string_view knows its length.
        .filter(|name| name != "vultus_str_of" && !names(name))
        .collect();
    assert!(missing.is_empty(), "vultus.hpp lacks {missing:?}");
}

#[test]
fn liveness_in_c_tells_a_head_from_a_sheet() {
    let workshop = Workshop::new("liveness");
    for (linkage, flags) in [
        (Linkage::Shared, SANITIZERS),
        (Linkage::Static, &["-O2"][..]),
    ] {
        let program = workshop.build("examples/liveness.c", linkage, flags);
        let device = licensed_folder(&workshop).with_program(program);
        device.says(&["synthetic", "bump"], 1, "spoof depth_look");
        device.says(&["synthetic", "sheet"], 1, "spoof nose_too_flat relief");
        for (species, code, answer) in [
            (Species::Live, 0, "alive (score "),
            (Species::CutEyes, 1, "spoof"),
        ] {
            let shot = Shot::draw(species, SensorClass::B, 500.0, 7_000_000);
            let depth = device.folder.write("shot-640x480.z16", shot.bytes());
            let points = shot
                .face
                .landmarks
                .to_array()
                .map(|p| [p.x, p.y].map(|v| v.to_string()));
            let words = ["at", depth.to_str().unwrap()].into_iter();
            let words: Vec<&str> = words
                .chain(points.iter().flatten().map(String::as_str))
                .collect();
            device.says(&words, code, answer);
        }

        let colour = device.frame("colour", &Picture::load(OBAMA));
        let depth = device.folder.write("none-64x64.z16", &[0; 64 * 64 * 2]);
        let depth = depth.to_str().unwrap();
        device.says(&["depth", &colour, depth], 2, "SensorFrameInvalid (310)");
        device.says(&["depth", "nowhere-64x64.nv21", depth], 2, "nowhere");
        device.says(&[], 2, "usage: ");
    }
}

/// As many cycles as are opened and closed at a memory that must not grow.
const CYCLES: &str = "10000";

#[test]
fn every_misuse_is_answered_with_its_number_and_memory_stays_flat() {
    let workshop = Workshop::new("misuse");
    let flags = ["-O2", &include_of("examples")];
    let program = workshop.build("tests/c/misuse.c", Linkage::Shared, &flags);
    misuse(&workshop, &program, &[CYCLES, "flat"]);
}

#[test]
fn every_misuse_is_clean_under_the_sanitizers() {
    let workshop = Workshop::new("misuse-sanitized");
    let include = include_of("examples");
    let flags = [SANITIZERS, &[&include]].concat();
    let program = workshop.build("tests/c/misuse.c", Linkage::Static, &flags);
    // A sanitizer keeps what was freed, so that memory grows.
    misuse(&workshop, &program, &["1000"]);
}

fn include_of(folder: &str) -> String {
    format!("-I{}", crate_root().join(folder).display())
}

fn misuse(workshop: &Workshop, program: &Path, last: &[&str]) {
    let device = licensed_folder(workshop);
    let known = device.frame("known", &thinned(&Picture::load(OBAMA), 2));
    let mut command = workshop.command(program);
    command.args(device.paths()).arg(known).args(last);
    let output = finished(&mut command);
    println!("{}", words(&output));
    assert!(words(&output).contains(" right, 0 wrong"));
}

/// Children forked in each of the ways of `fork.c`, while no thread or two of the parent enrol.
#[test]
fn a_forked_child_is_refused_and_the_parents_gallery_stays_whole() {
    let workshop = Workshop::new("fork");
    let flags = ["-O2", &include_of("examples")];
    let program = workshop.build("tests/c/fork.c", Linkage::Shared, &flags);
    for what in ["use", "free", "exit", "thread"] {
        for (runs, threads) in [("200", "0"), ("20", "2")] {
            let device = licensed_folder(&workshop);
            let known = device.frame("known", &thinned(&Picture::load(OBAMA), 2));
            let mut command = workshop.command(&program);
            command.args(device.paths()).arg(known);
            command.args([what, runs, threads]);
            let output = finished(&mut command);
            println!("{what}, {threads} threads: {}", words(&output));
            assert!(words(&output).contains(" 0 lost, 0 answers wrong"));
        }
    }
}

#[test]
fn the_list_of_nulls_has_every_function() {
    let nulls = std::fs::read_to_string(crate_root().join("tests/c/nulls.h")).unwrap();
    let missing: Vec<String> = header::functions()
        .into_iter()
        .map(|function| function.name)
        .filter(|name| !TAKE_NO_POINTER.contains(&name.as_str()))
        .filter(|name| !nulls.contains(&format!("{name}(")))
        .collect();
    assert!(missing.is_empty(), "nulls.h lacks {missing:?}");
}

const TAKE_NO_POINTER: &[&str] = &[
    "vultus_abi_check",
    "vultus_abi_version",
    "vultus_log_clear",
    // What it makes of NULL, every function refuses.
    "vultus_str_of",
];
