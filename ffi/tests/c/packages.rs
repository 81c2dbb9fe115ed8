//! Programs of another company, which has an installed prefix and uses pkg-config or CMake.

use super::run::{finished, has, words};
use super::workshop::libraries;
use crate::common::{TempDir, crate_root, root};
use std::path::Path;
use std::process::Command;

/// Installs what this test was built with.
fn installed(folder: &TempDir) {
    let mut install = Command::new(crate_root().join("packaging/install.sh"));
    install.arg("--libraries").arg(libraries());
    install.arg("--pack").arg(root().join("models/lite"));
    finished(install.arg(folder.path().join("first")));
    // Nothing may depend on the folder in which it was installed.
    std::fs::rename(folder.path().join("first"), folder.path().join("prefix")).unwrap();
}

/// A program that was linked loads the library, and says what is missing.
#[track_caller]
fn runs(program: &Path, prefix: &Path, words_before_status: &[&str]) {
    let mut command = Command::new(program);
    command.env("LD_LIBRARY_PATH", prefix.join("lib"));
    let output = command.args(words_before_status).arg("status").output();
    let output = output.unwrap();
    let said = words(&output);
    assert_eq!(output.status.code(), Some(2), "{said}");
    assert!(said.contains("LicenceMissing"), "{said}");
}

#[test]
fn pkg_config_finds_the_installed_library() {
    if !has("pkg-config") {
        return;
    }
    let folder = TempDir::new("pkg-config");
    installed(&folder);
    let prefix = folder.path().join("prefix");
    let ask = |words: &[&str]| {
        let mut command = Command::new("pkg-config");
        command.env("PKG_CONFIG_PATH", prefix.join("lib/pkgconfig"));
        let output = finished(command.args(words).arg("vultus"));
        String::from_utf8(output.stdout).unwrap().trim().to_owned()
    };
    assert_eq!(ask(&["--modversion"]), env!("CARGO_PKG_VERSION"));
    let packs = ask(&["--variable=packsdir"]);
    assert!(
        Path::new(&packs).join("lite/pack.toml").is_file(),
        "{packs}"
    );
    assert!(ask(&["--static", "--libs"]).contains("-lgcc_s"));

    let program = folder.path().join("door");
    let mut compile = Command::new("cc");
    compile.args(["-std=c11", "-Werror"]);
    compile.arg(prefix.join("share/doc/vultus/examples/door.c"));
    compile.args(ask(&["--cflags", "--libs"]).split_whitespace());
    finished(compile.arg("-o").arg(&program));
    let state = folder.path().join("state");
    runs(&program, &prefix, &["--folder", state.to_str().unwrap()]);
}

#[test]
fn cmake_finds_the_installed_library() {
    if !has("cmake") {
        return;
    }
    let folder = TempDir::new("cmake");
    installed(&folder);
    let prefix = folder.path().join("prefix");
    let build = folder.path().join("build");
    let configure = |version_wanted: &str| {
        let mut command = Command::new("cmake");
        command.arg("-S").arg(crate_root().join("tests/c/cmake"));
        command
            .arg("-B")
            .arg(&build)
            .arg("-G")
            .arg("Unix Makefiles");
        command.arg(format!("-DCMAKE_PREFIX_PATH={}", prefix.display()));
        command.arg(format!("-DVULTUS_WANTED={version_wanted}"));
        command
    };
    let other = configure("9.0").output().unwrap();
    assert!(!other.status.success(), "another version is no version");
    // CMake breaks its lines where it likes.
    let said = words(&other)
        .split_whitespace()
        .collect::<Vec<_>>()
        .join(" ");
    assert!(said.contains("compatible with requested version"), "{said}");
    finished(&mut configure("0.1"));
    finished(Command::new("cmake").arg("--build").arg(&build));

    let state = folder.path().join("state");
    let state = state.to_str().unwrap();
    for program in ["door", "door_static"] {
        runs(&build.join(program), &prefix, &["--folder", state]);
    }
    let secret: Vec<u8> = (0..32).map(|n| n * 7 + 1).collect();
    let secret = folder.write("secret", &secret);
    let words = [state, secret.to_str().unwrap(), "no-pack"];
    runs(&build.join("door_cpp"), &prefix, &words);
}
