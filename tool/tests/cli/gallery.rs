//! `vultus gallery`, as somebody who tries the SDK meets it.

use crate::common::{vultus, vultus_json};
use serde_json::Value;
use std::fs;
use vultus_testkit::{TempDir, path};

/// A gallery in a folder of its own.
struct Desk {
    folder: TempDir,
}

impl Desk {
    /// With a group `staff`.
    fn new() -> Self {
        let desk = Self {
            folder: TempDir::new("desk"),
        };
        let (code, json) = desk.run("init", &[]);
        assert_eq!(
            (code, &json[0]["key_made"]),
            (0, &Value::Bool(true)),
            "{json:?}"
        );
        let (code, json) = desk.run(
            "groups",
            &["--create", "staff", "--name", "Staff", "--field", "floor"],
        );
        assert_eq!(code, 0, "{json:?}");
        assert_eq!(json[0]["model_id"], "lite@1.0.0");
        desk
    }

    fn file(&self, name: &str) -> String {
        self.folder.path().join(name).to_str().unwrap().to_owned()
    }

    /// Exit code and what a command prints.
    fn run(&self, command: &str, args: &[&str]) -> (i32, Vec<Value>) {
        self.run_on("staff.gallery", command, args)
    }

    fn run_on(&self, gallery: &str, command: &str, args: &[&str]) -> (i32, Vec<Value>) {
        let gallery = self.file(gallery);
        vultus_json(&[&["gallery", command, "--gallery", &gallery], args].concat())
    }

    fn enrol_people(&self) {
        let (code, json) = self.run(
            "enroll",
            &[
                "--group",
                "staff",
                "--keep-crops",
                "--threshold",
                "50",
                &path("people"),
            ],
        );
        assert_eq!(code, 0, "{json:?}");
    }
}

/// A file that only its owner may read.
fn private(path: &str, bytes: &[u8]) {
    fs::write(path, bytes).unwrap();
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        fs::set_permissions(path, fs::Permissions::from_mode(0o600)).unwrap();
    }
}

fn error_name(json: &[Value]) -> &str {
    json[0]["error"]["name"].as_str().unwrap()
}

#[test]
fn people_are_enrolled_found_and_removed() {
    let desk = Desk::new();
    desk.enrol_people();
    let (_, persons) = desk.run("persons", &["--group", "staff"]);
    let ids: Vec<&str> = persons
        .iter()
        .map(|one| one["id"].as_str().unwrap())
        .collect();
    assert_eq!(ids, ["barack_obama", "joe_biden"]);
    assert_eq!(persons[0]["faces"].as_array().unwrap().len(), 2);
    assert_eq!(persons[0]["faces"][0]["crop"], true);

    for fused in [&[][..], &["--fused"]] {
        let (code, found) = desk.run(
            "search",
            &[&["--group", "staff", &path("probe.jpg")], fused].concat(),
        );
        assert_eq!(code, 0);
        let named: Vec<&Value> = found[0]["faces"]
            .as_array()
            .unwrap()
            .iter()
            .map(|face| &face["answers"][0])
            .filter(|answer| answer["decision"] == "match")
            .collect();
        assert_eq!(named.len(), 1, "{found:?}");
        assert_eq!(named[0]["candidates"][0]["person"], "barack_obama");
        assert_eq!(named[0]["searched"], if fused.is_empty() { 3 } else { 2 });
        assert!((named[0]["expected_fpir"].as_f64().unwrap() - 1e-3).abs() < 1e-9);
    }
    let identify = [
        "identify",
        "--gallery",
        &desk.file("staff.gallery"),
        "--group",
        "staff",
        &path("probe.jpg"),
    ];
    let (code, found) = vultus_json(&identify);
    assert_eq!(code, 0);
    let faces = found[0]["faces"].as_array().unwrap();
    let matches = faces.iter().filter(|face| face["decision"] == "match");
    assert_eq!(matches.count(), 1);

    let verify = |who: &str| {
        let picture = path("people/barack_obama/address.jpg");
        desk.run("verify", &["--person", who, &picture, "--fmr", "1e-4"])
            .0
    };
    assert_eq!((verify("barack_obama"), verify("joe_biden")), (0, 1));

    let (code, json) = desk.run("remove", &["--person", "barack_obama", "--face", "1"]);
    assert_eq!((code, &json[0]["deleted"]), (0, &Value::Bool(false)));
    let (code, json) = desk.run("remove", &["--person", "barack_obama", "--face", "2"]);
    assert_eq!((code, error_name(&json)), (2, "DeleteFaceNumExceed"));
    assert_eq!(desk.run("remove", &["--person", "joe_biden"]).0, 0);
    let (_, info) = desk.run("info", &[]);
    assert_eq!(
        (&info[0]["persons"], &info[0]["faces"]),
        (&Value::from(1), &Value::from(1))
    );
    let (code, check) = desk.run("check", &[]);
    assert_eq!((code, &check[0]["whole"]), (0, &Value::Bool(true)));
}

#[test]
fn who_is_enrolled_twice_is_held_back_or_found() {
    let desk = Desk::new();
    desk.enrol_people();
    let picture = path("people/barack_obama/portrait.jpg");
    let again = |unique: &str| {
        desk.run(
            "enroll",
            &[
                "--group", "staff", "--person", "again", "--unique", unique, &picture,
            ],
        )
    };
    let (code, json) = again("4");
    assert_eq!(
        (code, &json[0]["similar"]["person"]),
        (1, &Value::from("barack_obama"))
    );
    assert_eq!(again("0").0, 0);
    let (code, pairs) = desk.run("dedupe", &["--group", "staff"]);
    assert_eq!((code, pairs.len()), (1, 1));
    assert_eq!(
        (&pairs[0]["first"], &pairs[0]["second"]),
        (&Value::from("again"), &Value::from("barack_obama"))
    );
    let (code, estimate) = desk.run("dedupe", &["--group", "staff", "--estimate"]);
    assert_eq!((code, &estimate[0]["comparisons"]), (0, &Value::from(16)));
}

#[test]
fn persons_and_groups_are_changed() {
    let desk = Desk::new();
    desk.enrol_people();
    desk.run("groups", &["--create", "visitors"]);
    let (code, json) = desk.run(
        "persons",
        &[
            "--person",
            "joe_biden",
            "--name",
            "Joe",
            "--gender",
            "1",
            "--group",
            "staff",
            "--set",
            "floor=3",
            "--copy-to",
            "visitors",
        ],
    );
    assert_eq!(code, 0, "{json:?}");
    assert_eq!(
        (&json[0]["name"], &json[0]["gender"]),
        (&Value::from("Joe"), &Value::from(1))
    );
    assert_eq!(json[0]["groups"][0]["fields"]["floor"], "3");
    assert_eq!(json[0]["groups"][1]["id"], "visitors");
    let (code, json) = desk.run("groups", &["--delete", "staff"]);
    assert_eq!((code, &json[0]["persons_deleted"]), (0, &Value::from(1)));
    let (_, groups) = desk.run("groups", &[]);
    assert_eq!((groups.len(), &groups[0]["persons"]), (1, &Value::from(1)));
}

#[test]
fn each_bad_picture_has_its_number_and_does_not_keep_the_others_out() {
    let desk = Desk::new();
    let broken = desk.folder.write("broken.jpg", b"no picture");
    let (good, broken) = (
        path("people/joe_biden/portrait.jpg"),
        broken.to_str().unwrap().to_owned(),
    );
    let (code, json) = desk.run(
        "enroll",
        &["--group", "staff", "--person", "p", &broken, &good],
    );
    assert_eq!(code, 0);
    let codes: Vec<i64> = json[0]["pictures"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| one["code"].as_i64().unwrap())
        .collect();
    assert_eq!(codes, [-1102, 0]);
    let (code, json) = desk.run("enroll", &["--group", "staff", "--person", "q", &broken]);
    assert_eq!((code, &json[0]["added"]), (1, &Value::from(0)));
}

#[test]
fn a_gallery_opens_with_its_own_key_only() {
    let desk = Desk::new();
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mode = fs::metadata(desk.file("staff.gallery.key"))
            .unwrap()
            .permissions()
            .mode();
        assert_eq!(mode & 0o777, 0o600);
    }
    private(&desk.file("other.key"), &[1; 32]);
    let (code, json) = desk.run("info", &["--key-file", &desk.file("other.key")]);
    assert_eq!((code, error_name(&json)), (2, "GallerySecretWrong"));
    private(&desk.file("short.key"), &[1; 31]);
    let (code, _) = desk.run("info", &["--key-file", &desk.file("short.key")]);
    assert_eq!(code, 2);
    let (code, json) = desk.run("init", &[]);
    assert_eq!((code, error_name(&json)), (2, "GalleryExists"));
    let (code, json) = desk.run_on(
        "none.gallery",
        "info",
        &["--key-file", &desk.file("other.key")],
    );
    assert_eq!((code, error_name(&json)), (2, "GalleryMissing"));
}

#[test]
fn every_command_explains_itself() {
    for command in [
        "init", "info", "groups", "persons", "faces", "enroll", "remove", "search", "verify",
        "dedupe", "upgrade", "rollback", "export", "import", "check", "bench",
    ] {
        let help = vultus(&["gallery", command, "--help"]);
        assert!(help.status.success(), "{command}");
        let help = String::from_utf8(help.stdout).unwrap();
        assert!(
            help.contains(&format!("vultus gallery {command}")),
            "{command}"
        );
        assert!(help.contains("Example"), "{command}");
    }
}

#[test]
fn a_small_bench_says_what_it_measured() {
    let (code, json) = vultus_json(&[
        "gallery",
        "bench",
        "--faces",
        "300",
        "--dimension",
        "64",
        "--searches",
        "20",
    ]);
    assert_eq!(code, 0);
    assert_eq!(
        (&json[0]["faces"], &json[0]["dimension"]),
        (&Value::from(300), &Value::from(64))
    );
    for figure in [
        "load_seconds",
        "search_median_ms",
        "enrol_one_ms",
        "file_bytes",
    ] {
        assert!(json[0][figure].as_f64().unwrap() > 0.0, "{figure}");
    }
}

#[test]
fn two_persons_with_one_face_are_ambiguous_and_neither_is_named() {
    let desk = Desk::new();
    let portrait = path("people/barack_obama/portrait.jpg");
    for id in ["alice", "bob"] {
        let arguments = ["--group", "staff", "--person", id, &portrait];
        assert_eq!(desk.run("enroll", &arguments).0, 0);
    }
    let (code, found) = desk.run("search", &["--group", "staff", &portrait]);
    let answer = &found[0]["faces"][0]["answers"][0];
    assert_eq!((code, &answer["decision"]), (1, &"ambiguous".into()));
    assert_eq!(answer["margin"]["decibels"], 0.0);
    let ids: Vec<&Value> = (0..2).map(|n| &answer["candidates"][n]["person"]).collect();
    assert_eq!(ids, ["alice", "bob"]);
}
