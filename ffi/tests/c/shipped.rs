//! A device as it is shipped, and the program that runs on it.

use super::pictures::nv21;
use super::run::{finished, words};
use super::workshop::Workshop;
use crate::common::door::Picture;
use crate::common::{TempDir, bytes, licences, ok, root};
use std::path::{Path, PathBuf};
use std::process::Command;
use vultus_ffi::licence::device::{vultus_device_free, vultus_device_install};

/// A device that was shipped: a folder, the maker's secret, and a program that runs on it.
pub struct Shipped<'a> {
    workshop: &'a Workshop,
    /// The command that runs the program, with its first arguments; empty where the program runs alone.
    under: Vec<String>,
    pub program: PathBuf,
    pub folder: TempDir,
}

impl<'a> Shipped<'a> {
    pub fn new(workshop: &'a Workshop, program: PathBuf) -> Self {
        let folder = TempDir::new("device");
        folder.write("secret", licences::SECRET);
        folder.write("gallery.key", &[7; 32]);
        Self {
            workshop,
            under: Vec::new(),
            program,
            folder,
        }
    }

    /// The same device with another program.
    pub fn with_program(self, program: PathBuf) -> Self {
        Self { program, ..self }
    }

    /// Lets another command run the program.
    pub fn under(&mut self, words: &[&str]) {
        self.under = words.iter().map(|&word| word.to_owned()).collect();
    }

    pub fn command(&self, words: &[&str]) -> Command {
        let under = self.under.iter().map(Path::new);
        let mut all = under.chain([&*self.program]);
        let mut command = self.workshop.command(all.next().expect("a program"));
        command.args(all).args(self.options()).args(words);
        command
    }

    pub fn options(&self) -> [PathBuf; 6] {
        let folder = self.folder.path();
        let pack = root().join("models/lite");
        let [folder_is, secret_is, pack_is] = ["--folder", "--secret", "--pack"].map(PathBuf::from);
        let secret = folder.join("secret");
        [folder_is, folder.into(), secret_is, secret, pack_is, pack]
    }

    /// Folder, secret and pack.
    pub fn paths(&self) -> [PathBuf; 3] {
        let [_, folder, _, secret, _, pack] = self.options();
        [folder, secret, pack]
    }

    /// Runs it and compares the exit code and a part of what it says.
    #[track_caller]
    pub fn says(&self, words: &[&str], code: i32, answer: &str) {
        answers(&mut self.command(words), code, answer);
    }

    /// The vendor's answer to the program's request.
    pub fn licensed(&self) {
        let request = finished(&mut self.command(&["request"])).stdout;
        assert!(request.starts_with(b"-----BEGIN"));
        let licence = licences::answer(&request, |licence| licence);
        let licence = self.folder.write("licence.bin", &licence);
        self.says(&["install", licence.to_str().unwrap()], 0, "installed");
    }

    pub fn frame(&self, name: &str, picture: &Picture) -> String {
        let file = nv21(self.folder.path(), name, picture);
        file.to_str().unwrap().to_owned()
    }
}

/// The same device for a program that takes its folder, secret and pack without options.
pub fn licensed_folder(workshop: &Workshop) -> Shipped<'_> {
    let device = Shipped::new(workshop, PathBuf::new());
    // SAFETY: handles and lent bytes of this function.
    unsafe {
        let handle = licences::device(&device.folder);
        let licence = licences::answer(&licences::request(handle), |licence| licence);
        ok(vultus_device_install(handle, bytes(&licence)));
        vultus_device_free(handle);
    }
    device
}

#[track_caller]
pub fn answers(command: &mut Command, code: i32, answer: &str) {
    if code == 2 {
        // An example that gives up leaves its memory to the system, as it says.
        command.env("ASAN_OPTIONS", "detect_leaks=0");
    }
    let output = command.output().unwrap();
    let said = words(&output);
    assert_eq!(output.status.code(), Some(code), "{command:?}\n{said}");
    assert!(said.contains(answer), "{said:?} does not say {answer:?}");
}
