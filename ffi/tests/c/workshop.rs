//! Compiles programs in C and C++ against the library that this test was built with.

use super::run::finished;
use crate::common::{TempDir, crate_root};
use std::path::{Path, PathBuf};
use std::process::Command;

/// How a program gets the library.
#[derive(Clone, Copy, Debug)]
pub enum Linkage {
    Shared,
    Static,
}

const C: &[&str] = &[
    "-std=c11",
    "-Wall",
    "-Wextra",
    "-Wpedantic",
    "-Wstrict-prototypes",
    "-Werror",
];
const CPP: &[&str] = &["-std=c++17", "-Wall", "-Wextra", "-Wpedantic", "-Werror"];
/// Any finding ends the program.
pub const SANITIZERS: &[&str] = &[
    "-g",
    "-fsanitize=address,undefined",
    "-fno-sanitize-recover=all",
];
/// What `rustc --print native-static-libs` names.
pub const SYSTEM_LIBRARIES: &[&str] = &["-lgcc_s", "-lrt", "-lpthread", "-lm", "-ldl", "-lc"];

/// The folder in which cargo left both kinds of the library.
pub fn libraries() -> PathBuf {
    std::env::current_exe()
        .unwrap()
        .parent()
        .unwrap()
        .to_owned()
}

/// A folder for programs, with the shared library under the name that they ask the loader for.
pub struct Workshop {
    folder: TempDir,
}

impl Workshop {
    pub fn new(name: &str) -> Self {
        let folder = TempDir::new(name);
        let shared = libraries().join("libvultus_ffi.so");
        std::os::unix::fs::symlink(shared, folder.path().join("libvultus.so.1")).unwrap();
        Self { folder }
    }

    pub fn path(&self) -> &Path {
        self.folder.path()
    }

    /// Compiles a source of this crate; a warning is an error.
    pub fn build(&self, source: &str, linkage: Linkage, flags: &[&str]) -> PathBuf {
        let source = crate_root().join(source);
        let is_cpp = source.extension().is_some_and(|end| end == "cpp");
        let (compiler, strict) = if is_cpp { ("c++", CPP) } else { ("cc", C) };
        let name = source.file_name().unwrap().to_str().unwrap();
        let program = self.path().join(format!("{name}-{linkage:?}"));
        let mut command = Command::new(compiler);
        command.args(strict).args(flags).arg(source);
        command.arg("-I").arg(crate_root().join("include"));
        command.arg("-o").arg(&program).arg("-pthread");
        match linkage {
            Linkage::Shared => command.arg(libraries().join("libvultus_ffi.so")),
            Linkage::Static => command
                .arg(libraries().join("libvultus_ffi.a"))
                .args(SYSTEM_LIBRARIES),
        };
        finished(&mut command);
        program
    }

    /// A program to run.
    pub fn command(&self, program: &Path) -> Command {
        let mut command = Command::new(program);
        self.at_home(&mut command);
        command
    }

    /// Lets a program find the shared library.
    pub fn at_home(&self, command: &mut Command) {
        command.env("LD_LIBRARY_PATH", self.path());
    }
}
