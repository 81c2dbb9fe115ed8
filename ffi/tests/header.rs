//! `include/vultus.h` is what cbindgen makes of this crate, `src/codes.rs` what the core's tables
//! say, and both are fit for C and C++. To rewrite them after a change:
//! `VULTUS_WRITE_DOCS=1 cargo test --release -p vultus-ffi --test header`, twice when the tables changed.
#![allow(clippy::unwrap_used, clippy::print_stderr)]

mod common;

use common::{TempDir, codes, crate_root, header};
use std::fs;
use std::path::Path;
use std::process::Command;

/// Compares a generated file with the committed one, or rewrites it.
fn compare(file: &Path, generated: &str) {
    if std::env::var_os("VULTUS_WRITE_DOCS").is_some() {
        fs::write(file, generated).unwrap();
    }
    let committed = fs::read_to_string(file).unwrap();
    assert!(
        committed == generated,
        "{} is not what the sources say; see the note at the top of this test",
        file.display()
    );
}

#[test]
fn constants_are_those_of_the_tables() {
    compare(&crate_root().join("src/codes.rs"), &codes::source());
}

#[test]
fn the_header_is_what_cbindgen_makes() {
    compare(&crate_root().join("include/vultus.h"), &header::generate());
}

#[test]
fn the_header_speaks_of_every_status() {
    let text = header::committed();
    for status in vultus::error::Status::ALL {
        let define = format!(
            "#define {} {}\n",
            codes::error_constant(*status),
            status.code()
        );
        assert!(text.contains(&define), "{define}");
        // Comments are wrapped by nobody, so the text stands in one line.
        assert!(text.contains(status.text_en()), "{}", status.name());
    }
    assert!(text.contains("#define VULTUS_OK 0\n"));
}

#[test]
fn versions_are_those_of_the_crate() {
    use vultus_ffi::abi;
    let version = format!(
        "{}.{}.{}",
        abi::VULTUS_VERSION_MAJOR,
        abi::VULTUS_VERSION_MINOR,
        abi::VULTUS_VERSION_PATCH
    );
    assert_eq!(version, env!("CARGO_PKG_VERSION"));
    let soname = format!("libvultus.so.{}", abi::VULTUS_ABI_VERSION);
    let build = fs::read_to_string(crate_root().join("build.rs")).unwrap();
    assert!(build.contains(&soname), "build.rs names another interface");
}

/// A program that includes nothing but the header, compiled with every warning an error.
fn compiles(compiler: &str, name: &str, flags: &[&str]) {
    if Command::new(compiler).arg("--version").output().is_err() {
        eprintln!("skipped: there is no {compiler} on this machine");
        return;
    }
    let folder = TempDir::new("header");
    let source = folder.write(name, b"#include \"vultus.h\"\nint vultus_header_only;\n");
    let output = Command::new(compiler)
        .args(flags)
        .args(["-Wall", "-Wextra", "-Wpedantic", "-Werror", "-fsyntax-only"])
        .arg("-I")
        .arg(crate_root().join("include"))
        .arg(source)
        .output()
        .unwrap();
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{compiler} {flags:?}: {errors}");
}

#[test]
fn the_header_alone_is_strict_c11() {
    compiles(
        "cc",
        "header.c",
        &["-std=c11", "-Wstrict-prototypes", "-Wmissing-prototypes"],
    );
    compiles("cc", "header.c", &["-std=c99", "-Wstrict-prototypes"]);
}

#[test]
fn the_header_alone_is_cpp17() {
    compiles("c++", "header.cpp", &["-std=c++17"]);
}
