//! Files that the tool works on: a folder of the test's own, a key, requests.
#![allow(dead_code, unreachable_pub, missing_docs)]

use super::{request, terms};
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use vultus_issuer::environment::System;
use vultus_issuer::keyfile::{Cost, KeyFile, Passphrase};
use vultus_licensing::testkit::SEED;
use zeroize::Zeroizing;

pub const PASSPHRASE: &str = "correct horse battery";

/// A folder that no other test has, empty.
pub fn folder(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("issuer-{name}"));
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).unwrap();
    folder
}

/// A key file of the key that tests accept, cheap to open.
pub fn write_key(path: &Path, seed: &[u8; 32]) {
    let passphrase = Passphrase::new(Zeroizing::new(PASSPHRASE.into())).unwrap();
    let cost = Cost::new(8, 1, 1).unwrap();
    let file = KeyFile::seal(seed, terms(), &passphrase, cost, &System).unwrap();
    write_private(path, &file.to_bytes());
}

pub fn write_private(path: &Path, bytes: &[u8]) {
    let mut options = fs::OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path).unwrap().write_all(bytes).unwrap();
}

/// A desk of files: `vendor.key`, and a ledger wherever it is.
pub struct Files {
    pub folder: PathBuf,
    pub ledger: String,
}

impl Files {
    /// A folder with a key; no ledger yet.
    pub fn new(name: &str) -> Self {
        let folder = folder(name);
        write_key(&folder.join("vendor.key"), &SEED);
        let ledger = folder.join("ledger.db").display().to_string();
        Self { folder, ledger }
    }

    pub fn path(&self, name: &str) -> String {
        self.folder.join(name).display().to_string()
    }

    /// Writes the request of device `n`.
    pub fn request(&self, n: u32) -> String {
        let path = self.path(&format!("{n}.req"));
        fs::write(&path, request(n).to_text().unwrap()).unwrap();
        path
    }

    pub fn command(&self, words: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_vultus-issuer"));
        command
            .args(words)
            .env_remove("VULTUS_ISSUER_KEY")
            .env_remove("VULTUS_ISSUER_LEDGER")
            .env("VULTUS_ISSUER_PASSPHRASE", PASSPHRASE);
        command
    }

    /// A command on this ledger with this key, with JSON.
    pub fn desk_command(&self, words: &[&str]) -> Command {
        let mut command = self.command(words);
        let key = self.path("vendor.key");
        command.args(["--ledger", &self.ledger, "--key", &key, "--json"]);
        command
    }

    pub fn run(&self, words: &[&str]) -> Answer {
        Answer::of(self.desk_command(words).output().unwrap())
    }
}

/// What the tool said.
#[derive(Debug)]
pub struct Answer {
    pub code: i32,
    pub lines: Vec<serde_json::Value>,
    pub complaints: String,
}

impl Answer {
    pub fn of(output: Output) -> Self {
        let stdout = String::from_utf8(output.stdout).unwrap();
        let line = |line: &str| serde_json::from_str(line).unwrap();
        Self {
            code: output.status.code().expect("the tool was killed"),
            lines: stdout.lines().map(line).collect(),
            complaints: String::from_utf8(output.stderr).unwrap(),
        }
    }

    /// The only line of a command that did its work.
    #[track_caller]
    pub fn done(&self) -> &serde_json::Value {
        assert_eq!(self.code, 0, "{self:?}");
        assert_eq!(self.lines.len(), 1, "{self:?}");
        &self.lines[0]
    }

    /// A text field of the only line.
    #[track_caller]
    pub fn text(&self, field: &str) -> String {
        self.done()[field].as_str().unwrap().to_owned()
    }

    /// Exit code and name of the error.
    #[track_caller]
    pub fn error(&self) -> (i32, &str) {
        assert_eq!(self.lines.len(), 1, "{self:?}");
        assert!(self.complaints.starts_with("error: "), "{self:?}");
        (self.code, self.lines[0]["error"]["name"].as_str().unwrap())
    }
}
