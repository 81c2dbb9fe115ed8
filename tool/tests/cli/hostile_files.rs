//! Files that never end, never begin, or that others may read.
#![cfg(unix)]

use crate::common::{vultus, vultus_json};
use std::fs::{self, File};
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::Command;
use vultus_testkit::{TempDir, path};

/// A named pipe: opening it waits for somebody who writes.
fn pipe(folder: &TempDir, name: &str) -> String {
    let pipe = folder.path().join(name);
    let made = Command::new("mkfifo")
        .args(["-m", "600"])
        .arg(&pipe)
        .status();
    assert!(made.unwrap().success());
    text(&pipe).to_owned()
}

fn text(path: &Path) -> &str {
    path.to_str().unwrap()
}

/// Exit code 2 and the words on standard error.
fn refused(args: &[&str]) -> String {
    let output = vultus(args);
    let words = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(2), "{args:?}: {words}");
    words
}

#[test]
fn pipes_and_devices_are_refused_before_they_are_opened() {
    let folder = TempDir::new("pipes");
    let key = pipe(&folder, "key");
    let gallery = folder.path().join("a.gallery");
    let picture = pipe(&folder, "picture.jpg");
    let people = path("people");
    let cases: [&[&str]; 6] = [
        &[
            "gallery",
            "info",
            "--gallery",
            text(&gallery),
            "--key-file",
            &key,
        ],
        &["detect", &picture],
        &["detect", "/dev/zero"],
        &[
            "eval",
            "verification",
            "--pairs",
            "/dev/zero",
            "--root",
            &people,
        ],
        &[
            "eval",
            "identification",
            "--same",
            "/dev/zero",
            "--images",
            &people,
        ],
        &["compare", &picture, &picture],
    ];
    for args in cases {
        let words = refused(args);
        assert!(words.contains("not a plain file"), "{args:?}: {words}");
    }
}

#[test]
fn a_csv_file_has_a_limit() {
    let folder = TempDir::new("long");
    let long = folder.path().join("long.csv");
    File::create(&long)
        .unwrap()
        .set_len((64 << 20) + 1)
        .unwrap();
    let words = refused(&[
        "eval",
        "verification",
        "--pairs",
        text(&long),
        "--root",
        &path("people"),
    ]);
    assert!(words.contains("larger than 67108864 bytes"), "{words}");
}

#[test]
fn a_key_that_others_may_read_is_refused_with_what_to_do() {
    let folder = TempDir::new("keys");
    let gallery = folder.path().join("a.gallery");
    let run = |more: &[&str]| {
        let info = ["gallery", "info", "--gallery", text(&gallery)];
        vultus_json(&[&info, more].concat())
    };
    let made = vultus_json(&["gallery", "init", "--gallery", text(&gallery)]);
    assert_eq!((made.0, run(&[]).0), (0, 0));
    let key = folder.path().join("a.gallery.key");
    for (mode, allowed) in [(0o600, true), (0o400, true), (0o640, false), (0o604, false)] {
        fs::set_permissions(&key, fs::Permissions::from_mode(mode)).unwrap();
        let (code, answer) = run(&[]);
        assert_eq!(code, if allowed { 0 } else { 2 }, "{mode:o}");
        if !allowed {
            let message = answer[0]["error"].to_string();
            assert!(
                message.contains("chmod 600") && message.contains("a.gallery.key"),
                "{message}"
            );
            assert_eq!(run(&["--insecure-key"]).0, 0);
        }
    }
}
