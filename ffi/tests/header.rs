//! `include/vultus.h` is what cbindgen makes of this crate, `src/codes.rs` what the core's tables
//! say, and both are fit for C and C++. To rewrite them after a change:
//! `VULTUS_WRITE_DOCS=1 cargo test --release -p vultus-ffi --test header`, twice when the tables changed.
#![allow(unsafe_code, clippy::unwrap_used, clippy::print_stderr)]

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
        // Comments are not wrapped, so the text is in one line.
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

/// Rust files of a folder, with their texts.
fn sources(folder: &Path) -> Vec<(std::path::PathBuf, String)> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(sources(&path));
        } else {
            let text = fs::read_to_string(&path).unwrap();
            found.push((path, text));
        }
    }
    found
}

#[test]
fn every_exported_body_is_behind_the_fence() {
    let mut seen = 0;
    for (path, text) in sources(&crate_root().join("src")) {
        // What precedes a name is a function; what precedes a parenthesis, the type of a callback.
        for body in text.split("extern \"C\" fn vultus_").skip(1) {
            let body = body.split("\n}\n").next().unwrap();
            let inside = ["fence(|", "fence::<()>(|", "quiet(|"]
                .iter()
                .any(|call| body.contains(call));
            assert!(inside, "{}: vultus_{body}", path.display());
            seen += 1;
        }
    }
    // One more is for tests alone.
    assert_eq!(seen, header::functions().len() + 1);
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

/// Compiles `smoke.c` with what links the library, and runs it.
fn smoke(name: &str, library: impl FnOnce(&TempDir, &mut Command)) {
    if Command::new("cc").arg("--version").output().is_err() {
        eprintln!("skipped: there is no cc on this machine");
        return;
    }
    let folder = TempDir::new(name);
    let program = folder.path().join("smoke");
    let mut cc = Command::new("cc");
    cc.args([
        "-std=c11",
        "-Wall",
        "-Wextra",
        "-Wpedantic",
        "-Wstrict-prototypes",
        "-Werror",
    ])
    .arg("-I")
    .arg(crate_root().join("include"))
    .arg(crate_root().join("tests/smoke.c"))
    .arg("-o")
    .arg(&program);
    library(&folder, &mut cc);
    let output = cc.output().unwrap();
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{errors}");
    let output = Command::new(program).arg(folder.path()).output().unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    assert!(output.status.success(), "{:?}: {text}", output.status);
    let expected = concat!(env!("CARGO_PKG_VERSION"), " LicenceMissing\n");
    assert!(text.starts_with(expected), "{text}");
    assert!(text.contains("no licence is installed"), "{text}");
}

/// Where cargo puts the libraries that belong to this test.
fn built(name: &str) -> std::path::PathBuf {
    let this = std::env::current_exe().unwrap();
    let path = this.parent().unwrap().join(name);
    assert!(path.exists(), "{} is not built", path.display());
    path
}

#[test]
#[cfg(target_os = "linux")]
fn a_c_program_runs_with_the_shared_library() {
    smoke("shared", |folder, cc| {
        // Installed under its own name, which the program then asks for.
        let library = built("libvultus_ffi.so");
        let installed = folder.path().join("libvultus.so.1");
        std::os::unix::fs::symlink(&library, &installed).unwrap();
        cc.arg(&installed)
            .arg(format!("-Wl,-rpath,{}", folder.path().display()));
    });
}

#[test]
#[cfg(target_os = "linux")]
fn a_c_program_runs_with_the_static_library() {
    smoke("static", |_, cc| {
        cc.arg(built("libvultus_ffi.a"))
            .args(["-lm", "-ldl", "-lpthread", "-lgcc_s"]);
    });
}

/// Names that a dynamic library exports.
fn exported(library: &Path) -> Option<Vec<String>> {
    let output = Command::new("nm")
        .args(["-D", "--defined-only", "--format=posix"])
        .arg(library)
        .output()
        .ok()?;
    let text = String::from_utf8(output.stdout).unwrap();
    let names = text.lines().filter_map(|line| line.split(' ').next());
    Some(names.map(str::to_owned).collect())
}

#[test]
#[cfg(target_os = "linux")]
fn the_library_exports_what_the_header_declares_and_nothing_else() {
    let Some(mut exported) = exported(&built("libvultus_ffi.so")) else {
        eprintln!("skipped: there is no nm on this machine");
        return;
    };
    // This build has the call that panics; no other does.
    exported.retain(|name| name != "vultus_test_panic");
    exported.sort();
    let mut declared: Vec<String> = header::functions()
        .into_iter()
        .map(|function| function.name)
        .collect();
    declared.sort();
    assert_eq!(exported, declared);
}

/// The examples of the header, each with what it is an example of.
fn examples(text: &str) -> Vec<(String, String)> {
    let mut found = Vec::new();
    for part in text.split("/**").skip(1) {
        let (comment, code) = part.split_once("*/").unwrap();
        let Some((_, example)) = comment.split_once("```c\n") else {
            continue;
        };
        let example = example.split("```").next().unwrap();
        let lines = example.lines().map(|line| line.trim_start_matches(" *"));
        let before = code.split('(').next().unwrap();
        let name = before
            .split([' ', '*', '\n'])
            .rfind(|word| !word.is_empty());
        let name = name.unwrap_or("").to_owned();
        found.push((name, lines.collect::<Vec<_>>().join("\n")));
    }
    found
}

#[test]
fn every_function_has_an_example_that_compiles() {
    let examples = examples(&header::committed());
    for function in header::functions() {
        let name = function.name;
        let shown = examples.iter().any(|(of, _)| *of == name);
        assert!(shown || name.ends_with("_free"), "{name} has no example");
    }
    let mut program = fs::read_to_string(crate_root().join("tests/examples.h")).unwrap();
    // What an option, a judge or a face is differs from object to object.
    for (n, (name, example)) in examples.iter().enumerate() {
        if example.trim_start().starts_with("static ") {
            program += &format!(
                "#define {0} example_{0}\n{example}\n#undef {0}\n",
                callback(example)
            );
            continue;
        }
        let options = if name.contains("enrol_face") || name.contains("enrol_photo") {
            "vultus_enrol_options "
        } else if name.contains("search") {
            "vultus_search_options "
        } else if name.contains("detect") || name.contains("faces_largest") {
            "vultus_detect_options "
        } else if name.contains("gallery") {
            "vultus_gallery_options *"
        } else {
            "vultus_sdk_options *"
        };
        let judge = if name.contains("infrared") {
            "vultus_infrared_judge"
        } else {
            "vultus_depth_judge"
        };
        let face = if name.contains("registration") {
            "vultus_face "
        } else {
            "vultus_enrol_face *"
        };
        program += &format!(
            "int example_{n}({options}options, {judge} *judge, {face}face) {{\n\
             (void)options, (void)judge, (void)face;\n{{\n{example}\n}}\nreturn 0;\n}}\n"
        );
    }
    if Command::new("cc").arg("--version").output().is_err() {
        eprintln!("skipped: there is no cc on this machine");
        return;
    }
    let folder = TempDir::new("examples");
    let source = folder.write("examples.c", program.as_bytes());
    let output = Command::new("cc")
        .args([
            "-std=c11",
            "-Wpedantic",
            "-Wno-shadow",
            "-Werror",
            "-fsyntax-only",
            "-I",
        ])
        .arg(crate_root().join("include"))
        .arg(source)
        .output()
        .unwrap();
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{errors}");
}

/// The name of the function that an example defines.
fn callback(example: &str) -> &str {
    let before = example.split('(').next().unwrap();
    before.split(' ').next_back().unwrap()
}
