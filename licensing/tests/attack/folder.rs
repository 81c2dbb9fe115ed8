//! Attacks on the state's folder: what is planted there is neither followed nor touched.

use crate::common::answer;
use std::ffi::OsStr;
use std::fs;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::{MetadataExt, PermissionsExt, chown, symlink};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use vultus_licensing::device::Device;
use vultus_licensing::error::LicenceError;
use vultus_licensing::licence::Licence;
use vultus_licensing::platform::Platform;
use vultus_licensing::storage::Folder;
use vultus_licensing::testkit::{ISSUED_AT, TestClock, licence, parts, sign, trial};
use vultus_test_basics::TempDir;

fn here(folder: &Path) -> Device {
    let clock = Arc::new(TestClock::at(ISSUED_AT));
    Device::new(
        Box::new(Folder::create(folder).unwrap()),
        clock,
        Box::new(parts()),
    )
    .with_test_keys()
    .pretending(Some(Platform::LinuxX86_64), 1)
}

/// A folder with an installed licence, and the paths of the state's copies.
fn installed(licence: &Licence) -> (TempDir, [PathBuf; 2]) {
    let folder = TempDir::new("planted");
    here(folder.path()).install(&sign(licence)).unwrap();
    let copy = |ending| {
        folder
            .path()
            .join(format!("state-{}.{ending}", licence.licence_id))
    };
    let copies = [copy("a"), copy("b")];
    assert!(copies.iter().all(|copy| copy.is_file()));
    (folder, copies)
}

fn why(result: Result<impl Sized, LicenceError>) -> &'static str {
    match result {
        Err(LicenceError::StateUnsafe { why, .. }) => why,
        other => panic!("{}", answer(other)),
    }
}

/// What can be planted in a file's place, and what is said of it.
type Plant = (&'static str, fn(&Path, &Path));

const PLANTS: &[Plant] = &[
    ("is a symbolic link", |at, victim| {
        symlink(victim, at).unwrap();
    }),
    ("is a symbolic link", |at, _| {
        symlink("/etc/passwd", at).unwrap();
    }),
    ("is a symbolic link", |at, _| {
        symlink("/dev/zero", at).unwrap();
    }),
    ("is a symbolic link", |at, _| {
        symlink("nowhere", at).unwrap();
    }),
    ("is a symbolic link", |at, _| symlink(at, at).unwrap()),
    ("is not a plain file", |at, _| {
        assert!(
            std::process::Command::new("mkfifo")
                .arg(at)
                .status()
                .unwrap()
                .success()
        );
    }),
    ("is not a plain file", |at, _| fs::create_dir(at).unwrap()),
    ("has a second name", |at, victim| {
        fs::hard_link(victim, at).unwrap();
    }),
    ("is too large", |at, _| {
        fs::File::create(at).unwrap().set_len(1 << 30).unwrap();
    }),
];

fn take_away(path: &Path) {
    let _ = fs::remove_file(path);
    let _ = fs::remove_dir(path);
}

#[test]
fn a_planted_state_is_neither_followed_nor_touched() {
    let passwd = fs::read("/etc/passwd").unwrap();
    for (expected, plant) in PLANTS {
        let (folder, copies) = installed(&trial());
        let victim = folder.path().join("victim");
        fs::write(&victim, "precious").unwrap();
        for copy in &copies {
            take_away(copy);
            plant(copy, &victim);
        }
        assert_eq!(why(here(folder.path()).activate()), *expected);
        assert_eq!(why(here(folder.path()).install(&sign(&trial()))), *expected);
        assert_eq!(fs::read(&victim).unwrap(), b"precious");
        assert_eq!(fs::read("/etc/passwd").unwrap(), passwd);
    }
}

#[test]
fn one_planted_copy_leaves_the_other() {
    for (what, plant) in PLANTS {
        let (folder, [a, b]) = installed(&trial());
        let victim = folder.path().join("victim");
        fs::write(&victim, "precious").unwrap();
        take_away(&a);
        plant(&a, &victim);
        assert_eq!(answer(here(folder.path()).activate()), "OK", "{what}");
        assert_eq!(fs::read(&victim).unwrap(), b"precious");
        // Healed by a new file under that name; a folder cannot be replaced and stays.
        if !a.is_dir() {
            assert_eq!(fs::read(&a).unwrap(), fs::read(&b).unwrap(), "{what}");
            assert_eq!(fs::symlink_metadata(&a).unwrap().nlink(), 1);
        }
        let left: Vec<_> = fs::read_dir(folder.path()).unwrap().collect();
        let fresh = |name: &OsStr| name.as_bytes().ends_with(b".new");
        assert!(
            !left
                .into_iter()
                .any(|entry| fresh(&entry.unwrap().file_name()))
        );
    }
}

#[test]
fn every_other_file_is_guarded_as_well() {
    for (expected, plant) in PLANTS {
        for name in ["licence", "revocations"] {
            let (folder, _) = installed(&licence());
            let victim = folder.path().join("victim");
            fs::write(&victim, "precious").unwrap();
            let path = folder.path().join(name);
            take_away(&path);
            plant(&path, &victim);
            assert_eq!(why(here(folder.path()).activate()), *expected, "{name}");
            assert_eq!(fs::read(&victim).unwrap(), b"precious");
        }
        // The lock is opened for writing, which may say it in other words; its size is nobody's.
        if *expected == "is too large" {
            continue;
        }
        let (folder, copies) = installed(&trial());
        let victim = folder.path().join("victim");
        fs::write(&victim, "precious").unwrap();
        let lock = folder.path().join("lock");
        take_away(&lock);
        // A look that finds nothing to write needs no lock.
        take_away(&copies[1]);
        plant(&lock, &victim);
        why(here(folder.path()).activate());
        why(here(folder.path()).request());
        why(here(folder.path()).install(&sign(&trial())));
        assert_eq!(fs::read(&victim).unwrap(), b"precious");
    }
}

#[test]
fn a_folder_in_a_files_place_is_named_when_it_is_to_be_written() {
    for name in [
        "licence",
        "licence.new",
        "request",
        "request.new",
        "revocations.new",
    ] {
        let folder = TempDir::new("in-place");
        fs::create_dir(folder.path().join(name)).unwrap();
        let device = here(folder.path());
        let result = match name.split('.').next() {
            Some("licence") => device.install(&sign(&licence())).map(drop),
            Some("request") => device.request().map(drop),
            _ => {
                let key = vultus_licensing::testkit::TestKey::current();
                let list = vultus_licensing::revocation::RevocationList {
                    number: 1,
                    issued_at: ISSUED_AT,
                    revoked: vec![],
                };
                let bytes = list.seal(key.id(), |message| key.sign(message)).unwrap();
                device.install_revocations(&bytes).map(drop)
            }
        };
        assert_eq!(why(result), "is a folder", "{name}");
    }
}

#[test]
fn a_file_of_another_user_is_refused() {
    let (folder, copies) = installed(&trial());
    if fs::metadata(folder.path()).unwrap().uid() != 0 {
        println!("skipped: only root can give a file away");
        return;
    }
    for copy in &copies {
        chown(copy, Some(12_345), None).unwrap();
    }
    assert_eq!(
        why(here(folder.path()).activate()),
        "belongs to another user"
    );
    for copy in &copies {
        chown(copy, Some(0), None).unwrap();
    }
    assert_eq!(answer(here(folder.path()).activate()), "OK");
    chown(folder.path().join("licence"), Some(12_345), None).unwrap();
    assert_eq!(
        why(here(folder.path()).activate()),
        "belongs to another user"
    );
}

#[test]
fn paths_that_no_system_takes() {
    let long = "a".repeat(1 << 20);
    let cases: [(&[u8], &str); 5] = [
        (b"", "InvalidArgument"),
        (b"/tmp/with\0inside", "InvalidArgument"),
        (long.as_bytes(), "InvalidArgument"),
        (&long.as_bytes()[..4096], "InvalidArgument"),
        (b"/etc/passwd", "StateNotReadable"),
    ];
    for (bytes, expected) in cases {
        let path = Path::new(OsStr::from_bytes(bytes));
        assert_eq!(answer(Folder::open(path)), expected);
        assert_eq!(answer(Folder::create(path)), expected);
        assert_eq!(answer(Device::here(path)), expected);
    }
    // A name of bytes that are no text is a name.
    let folder = TempDir::new("bytes");
    let odd = folder.path().join(OsStr::from_bytes(b"caf\xe9"));
    assert_eq!(answer(Device::here(&odd)), "OK");
    assert_eq!(
        answer(Folder::open(&folder.path().join("missing"))),
        "StateNotReadable"
    );
}

#[test]
fn folders_and_files_are_their_owners_alone() {
    let folder = TempDir::new("modes");
    let nested = folder.path().join("one/two/three");
    here(&nested).install(&sign(&licence())).unwrap();
    let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    for made in ["one", "one/two", "one/two/three"] {
        assert_eq!(mode(&folder.path().join(made)) & 0o077, 0, "{made}");
    }
    for entry in fs::read_dir(&nested).unwrap() {
        assert_eq!(mode(&entry.unwrap().path()), 0o600);
    }
    assert_eq!(answer(here(&nested).activate()), "OK");
}
