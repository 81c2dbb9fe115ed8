//! The examples that integrators copy, and programs that misuse the interface: compiled as C11 and C++17 without a
//! warning, against the shared and the static library, and run.
#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used)]

mod c;
mod common;

use c::{Linkage, SANITIZERS, Workshop, finished, has, nv21, thinned, words};
use common::door::{BIDEN, OBAMA, OBAMA_AGAIN, Picture};
use common::{TempDir, licences, root};
use std::path::{Path, PathBuf};
use std::process::Command;

/// A device that was shipped: a folder, the maker's secret, and a program that runs on it.
struct Shipped<'a> {
    workshop: &'a Workshop,
    program: PathBuf,
    folder: TempDir,
}

impl<'a> Shipped<'a> {
    fn new(workshop: &'a Workshop, program: PathBuf) -> Self {
        let folder = TempDir::new("device");
        folder.write("secret", licences::SECRET);
        folder.write("gallery.key", &[7; 32]);
        Self {
            workshop,
            program,
            folder,
        }
    }

    fn command(&self, words: &[&str]) -> Command {
        let mut command = self.workshop.command(&self.program);
        command.args(self.options());
        command.args(words);
        command
    }

    fn options(&self) -> [PathBuf; 6] {
        let folder = self.folder.path();
        let pack = root().join("models/lite");
        let [folder_is, secret_is, pack_is] = ["--folder", "--secret", "--pack"].map(PathBuf::from);
        let secret = folder.join("secret");
        [folder_is, folder.into(), secret_is, secret, pack_is, pack]
    }

    /// Runs it and compares the exit code and a part of what it says.
    #[track_caller]
    fn says(&self, words: &[&str], code: i32, answer: &str) {
        answers(&mut self.command(words), code, answer);
    }

    /// The vendor's answer to the program's request.
    fn licensed(&self) {
        let request = finished(&mut self.command(&["request"])).stdout;
        assert!(request.starts_with(b"-----BEGIN"));
        let licence = licences::answer(&request, |licence| licence);
        let licence = self.folder.write("licence.bin", &licence);
        self.says(&["install", licence.to_str().unwrap()], 0, "installed");
    }

    fn frame(&self, name: &str, picture: &Picture) -> String {
        let file = nv21(self.folder.path(), name, picture);
        file.to_str().unwrap().to_owned()
    }
}

#[track_caller]
fn answers(command: &mut Command, code: i32, answer: &str) {
    let output = command.output().unwrap();
    let said = words(&output);
    assert_eq!(output.status.code(), Some(code), "{command:?}\n{said}");
    assert!(said.contains(answer), "{said:?} does not say {answer:?}");
}

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
    device.says(&["enrol", "E-18", "Barry", &again], 1, "looks like E-17");
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
    walk(
        &workshop,
        workshop.build("examples/door.c", Linkage::Shared, &["-O2"]),
    );
}

#[test]
fn the_door_in_c_names_people_with_the_static_library() {
    let workshop = Workshop::new("door-static");
    walk(
        &workshop,
        workshop.build("examples/door.c", Linkage::Static, &["-O2"]),
    );
}

#[test]
fn the_door_in_c_is_clean_under_the_sanitizers() {
    let workshop = Workshop::new("door-sanitized");
    must_be_on(&workshop);
    walk(
        &workshop,
        workshop.build("examples/door.c", Linkage::Shared, SANITIZERS),
    );
}

/// A sanitizer that was not linked in finds nothing either.
fn must_be_on(workshop: &Workshop) {
    for (word, finding) in [
        ("heap", "heap-buffer-overflow"),
        ("leak", "detected memory leaks"),
        ("overflow", "signed integer overflow"),
    ] {
        let program = workshop.build("tests/c/broken.c", Linkage::Shared, SANITIZERS);
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
    let device = Shipped::new(
        &workshop,
        workshop.build("examples/door.c", Linkage::Shared, &["-g"]),
    );
    device.licensed();
    let known = device.frame("known", &thinned(&Picture::load(OBAMA), 4));
    device.says(&["enrol", "E-17", "Barack", &known], 0, "enrolled: E-17");
    answers(
        &mut under_valgrind(&workshop, &device.program, &device, &["identify", &known]),
        0,
        "named: E-17",
    );
}

fn under_valgrind(
    workshop: &Workshop,
    program: &Path,
    device: &Shipped<'_>,
    words: &[&str],
) -> Command {
    let mut command = Command::new("valgrind");
    command.args([
        "--quiet",
        "--error-exitcode=9",
        "--leak-check=full",
        "--errors-for-leak-kinds=definite",
    ]);
    command.arg(program).args(device.options()).args(words);
    workshop.at_home(&mut command);
    command
}
