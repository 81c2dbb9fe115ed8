//! Compiles C and C++ against the library that this test was built with, and runs it.

mod offline;
mod packages;

use crate::common::{TempDir, crate_root, door::Picture};
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

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

/// Runs a command that has to succeed.
#[track_caller]
pub fn finished(command: &mut Command) -> Output {
    let output = command
        .output()
        .unwrap_or_else(|error| panic!("{command:?}: {error}"));
    assert!(output.status.success(), "{command:?}\n{}", words(&output));
    output
}

/// What a program said.
pub fn words(output: &Output) -> String {
    format!(
        "{}: {}\n{}",
        output.status,
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    )
}

/// Whether a tool is installed; says so where it is not.
pub fn has(tool: &str) -> bool {
    let found = Command::new(tool).arg("--version").output().is_ok();
    if !found {
        eprintln!("SKIPPED: {tool} is not installed");
    }
    found
}

/// A picture as a camera hands it over, in the file that the examples read: NV21 of limited range, its size in
/// its name. An odd row or column is cut off.
pub fn nv21(folder: &Path, name: &str, picture: &Picture) -> PathBuf {
    let (width, height) = (picture.width & !1, picture.height & !1);
    let at = |x: u32, y: u32| -> [f32; 3] {
        let start = (y * picture.width + x) as usize * 3;
        std::array::from_fn(|channel| f32::from(picture.pixels[start + channel]))
    };
    // BT.601.
    let mix = |[r, g, b]: [f32; 3], [cr, cg, cb]: [f32; 3], zero: f32| {
        (zero + (cr * r + cg * g + cb * b) / 255.0).round() as u8
    };
    let mut bytes = Vec::new();
    for y in 0..height {
        bytes.extend((0..width).map(|x| mix(at(x, y), [65.481, 128.553, 24.966], 16.0)));
    }
    for y in (0..height).step_by(2) {
        for x in (0..width).step_by(2) {
            let four = [at(x, y), at(x + 1, y), at(x, y + 1), at(x + 1, y + 1)];
            let mean =
                std::array::from_fn(|i| four.iter().map(|pixel| pixel[i]).sum::<f32>() / 4.0);
            bytes.push(mix(mean, [112.0, -93.786, -18.214], 128.0));
            bytes.push(mix(mean, [-37.797, -74.203, 112.0], 128.0));
        }
    }
    let file = folder.join(format!("{name}-{width}x{height}.nv21"));
    std::fs::write(&file, bytes).unwrap();
    file
}

/// The picture with every n-th pixel of every n-th row.
pub fn thinned(picture: &Picture, n: u32) -> Picture {
    let (width, height) = (picture.width / n, picture.height / n);
    let pixel = |i: u32| {
        let start = ((i / width * n) * picture.width + i % width * n) as usize * 3;
        &picture.pixels[start..start + 3]
    };
    Picture {
        pixels: (0..width * height).flat_map(pixel).copied().collect(),
        width,
        height,
    }
}
