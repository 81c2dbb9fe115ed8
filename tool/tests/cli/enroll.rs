//! `vultus gallery enroll` of many people: refused before the work, stopped in the middle, taken up again.

use crate::common::vultus_json;
use std::fs;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use vultus_testkit::{TempDir, path, root};

/// A folder with a gallery and a group `staff`, and a folder of people with one portrait each.
struct Site {
    folder: TempDir,
}

impl Site {
    fn new(people: &[String]) -> Self {
        let site = Self {
            folder: TempDir::new("site"),
        };
        assert_eq!(site.run("init", &[]).0, 0);
        let group = ["--create", "staff", "--name", "Staff"];
        assert_eq!(site.run("groups", &group).0, 0);
        for person in people {
            let folder = site.people().join(person);
            fs::create_dir_all(&folder).unwrap();
            fs::copy(
                path("people/barack_obama/portrait.jpg"),
                folder.join("1.jpg"),
            )
            .unwrap();
        }
        site
    }

    fn people(&self) -> PathBuf {
        self.folder.path().join("people")
    }

    fn gallery(&self) -> PathBuf {
        self.folder.path().join("g.gallery")
    }

    fn run(&self, command: &str, args: &[&str]) -> (i32, Vec<serde_json::Value>) {
        let gallery = self.gallery();
        vultus_json(&[&["gallery", command, "--gallery", text(&gallery)], args].concat())
    }

    fn persons(&self) -> Vec<String> {
        let (code, persons) = self.run("persons", &["--group", "staff"]);
        assert_eq!(code, 0);
        let id = |person: &serde_json::Value| person["id"].as_str().unwrap().to_owned();
        persons.iter().map(id).collect()
    }
}

fn text(path: &Path) -> &str {
    path.to_str().unwrap()
}

#[test]
fn ids_are_checked_before_any_work_and_named_with_their_folders() {
    let site = Site::new(&["Anna Lee", "ok", "zo\u{e9}"].map(str::to_owned));
    let people = site.people();
    let (code, refused) = site.run("enroll", &["--group", "staff", text(&people)]);
    assert_eq!((code, refused.len()), (2, 2), "{refused:?}");
    for (one, name) in refused.iter().zip(["Anna Lee", "zo\u{e9}"]) {
        let folder = people.join(name);
        assert_eq!(one["error"]["name"], "PersonIdIllegal");
        assert_eq!(one["file"], text(&folder), "{one}");
    }
    assert!(site.persons().is_empty());
    let nowhere = site.run("enroll", &["--group", "nowhere", text(&people)]);
    assert_eq!(nowhere.0, 2);
}

#[cfg(unix)]
#[test]
fn an_interrupt_keeps_what_is_done_and_the_work_goes_on_later() {
    let ids: Vec<String> = (10..50).map(|n| format!("p{n}")).collect();
    let site = Site::new(&ids);
    let people = site.people();
    let mut child = Command::new(env!("CARGO_BIN_EXE_vultus"))
        .args(["gallery", "enroll", "--gallery", text(&site.gallery())])
        .args(["--group", "staff", text(&people)])
        .current_dir(root())
        .env_remove("VULTUS_MODELS")
        .env_remove("VULTUS_LICENCE")
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let first = lines.next().unwrap().unwrap();
    assert_eq!(first, "p10: 1 faces added");
    let killed = Command::new("kill")
        .args(["-INT", &child.id().to_string()])
        .status();
    assert!(killed.unwrap().success());
    let said = 1 + lines.map_while(Result::ok).count();
    let output = child.wait_with_output().unwrap();
    // Each person who was reported is there, and nobody else.
    assert_eq!(site.persons(), ids[..said]);
    if said < ids.len() {
        assert_eq!(output.status.code(), Some(130));
        let words = String::from_utf8(output.stderr).unwrap();
        assert!(
            words.contains(&format!("{said} of 40 persons are done")),
            "{words}"
        );
        assert!(words.contains("--resume"), "{words}");
    }

    let (code, added) = site.run("enroll", &["--group", "staff", "--resume", text(&people)]);
    assert_eq!((code, added.len()), (0, ids.len() - said));
    assert_eq!(site.persons(), ids);
}
