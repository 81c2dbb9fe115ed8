//! `vultus licence`, as a device maker meets it. The way from a signed licence to a running device
//! is walked in `scripts/licence-walkthrough.sh`, because this build accepts no vendor's key.

use crate::common::{text, vultus, vultus_json};
use std::fs;
use std::path::Path;
use vultus::licensing::request::Request;
use vultus::licensing::revocation::RevocationList;
use vultus::licensing::testkit;
use vultus::licensing::testkit::TestKey;
use vultus_testkit::TempDir;

const SECRET: &[u8] = b"the secret that this board was made with";

#[test]
fn a_device_without_a_burned_in_part_says_what_is_missing() {
    let (code, json) = vultus_json(&["licence", "fingerprint"]);
    let json = &json[0];
    let anchors = json["parts"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|part| part["burned_in"] == true)
        .count();
    assert_eq!(json["can_be_licensed"] == true, anchors > 0);
    assert_eq!(code, i32::from(anchors == 0));
    if anchors == 0 {
        assert!(json["why_not"].as_str().unwrap().contains("fingerprint"));
    }
}

#[test]
fn a_request_is_stable_and_fits_a_qr_code() {
    let folder = TempDir::new("request");
    let secret = folder.write("secret", SECRET);
    let licence = folder.path().join("licence");
    let mut nonces = Vec::new();
    for (name, extra) in [("a", None), ("b", Some("qr.png"))] {
        let out = folder.path().join(name);
        let picture = folder.path().join("qr.png");
        let mut args = vec![
            "licence",
            "request",
            "--licence",
            text(&licence),
            "--secret",
            text(&secret),
            "--out",
            text(&out),
        ];
        if extra.is_some() {
            args.extend(["--qr", text(&picture)]);
        }
        let (code, json) = vultus_json(&args);
        assert_eq!(code, 0, "{json:?}");
        let request = Request::parse(&fs::read(&out).unwrap()).unwrap();
        assert_eq!(json[0]["request"], request.nonce.to_string());
        nonces.push(request.nonce);
    }
    assert_eq!(nonces[0], nonces[1], "asking again asks the same");
    let sent = fs::read_to_string(folder.path().join("b")).unwrap();
    assert_eq!(read_qr(&folder.path().join("qr.png")), sent);
    assert!(!sent.contains("secret"));
}

fn read_qr(picture: &Path) -> String {
    let picture = image::open(picture).unwrap().to_luma8();
    let (width, height) = picture.dimensions();
    let mut prepared =
        rqrr::PreparedImage::prepare_from_greyscale(width as usize, height as usize, |x, y| {
            picture.get_pixel(x as u32, y as u32).0[0]
        });
    prepared.detect_grids()[0].decode().unwrap().1
}

#[test]
fn a_licence_of_seven_parts_fits_a_qr_code() {
    let licence = testkit::licence();
    assert_eq!(licence.fingerprint.components.len(), 7);
    let folder = TempDir::new("qr");
    let file = folder.write("licence", &testkit::sign(&licence));
    let picture = folder.path().join("licence.png");
    let (code, json) = vultus_json(&["licence", "qr", text(&file), "--out", text(&picture)]);
    assert_eq!(code, 0, "{json:?}");
    let read = read_qr(&picture);
    assert!(read.starts_with("-----BEGIN VULTUS LICENCE-----\n"));
    assert_eq!(
        vultus::licensing::file::to_text(&testkit::sign(&licence)).unwrap(),
        read
    );
}

#[test]
fn a_licence_of_a_foreign_key_is_refused_with_its_name() {
    let folder = TempDir::new("foreign");
    let licence = folder.path().join("licence");
    let key = TestKey::current();
    let list = RevocationList {
        number: 1,
        issued_at: testkit::ISSUED_AT,
        revoked: Vec::new(),
    };
    let list = list.seal(key.id(), |message| key.sign(message)).unwrap();
    for bytes in [testkit::sign(&testkit::licence()), list] {
        let file = folder.write("signed", &bytes);
        let (code, json) = vultus_json(&[
            "licence",
            "install",
            "--licence",
            text(&licence),
            text(&file),
        ]);
        assert_eq!(
            (code, &json[0]["error"]["name"]),
            (2, &"LicenceUnknownKey".into())
        );
        assert_eq!(json[0]["error"]["code"], 102);
    }
}

#[test]
fn without_a_licence_status_says_so_and_how_to_get_one() {
    let folder = TempDir::new("status");
    let (code, json) = vultus_json(&["licence", "status", "--licence", text(folder.path())]);
    assert_eq!(code, 1);
    assert_eq!(json[0]["granted"], false);
    assert_eq!(json[0]["error"]["name"], "LicenceMissing");
    let shown = vultus(&["licence", "status", "--licence", text(folder.path())]);
    let shown = String::from_utf8(shown.stdout).unwrap();
    assert!(shown.contains("vultus licence request"), "{shown}");
}

#[test]
fn work_under_a_missing_licence_is_refused_and_under_none_is_a_demonstration() {
    let folder = TempDir::new("none");
    let picture = vultus_testkit::path("probe.jpg");
    let args = ["detect", picture.as_str()];
    let refused = vultus(&[&args[..], &["--licence", text(folder.path())]].concat());
    assert_eq!(refused.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&refused.stderr).contains("LicenceMissing"));
    let shown = vultus(&args);
    assert_eq!(shown.status.code(), Some(0));
    assert!(String::from_utf8_lossy(&shown.stderr).contains("demonstration without a licence"));
}

#[test]
fn bad_secrets_and_files_are_named() {
    let folder = TempDir::new("bad");
    let short = folder.write("short", b"123456789012345");
    let uniform = folder.write("uniform", &[7; 64]);
    let long = folder.write("long", &[b'x'; 513]);
    for (file, word) in [
        (short, "too short"),
        (uniform, "too uniform"),
        (long, "larger than 512"),
    ] {
        let output = vultus(&["licence", "fingerprint", "--secret", text(&file)]);
        assert_eq!(output.status.code(), Some(2));
        let message = String::from_utf8(output.stderr).unwrap();
        assert!(
            message.contains(word) && message.contains(text(&file)),
            "{message}"
        );
    }
    let junk = folder.write("junk", b"not a licence");
    let (code, json) = vultus_json(&[
        "licence",
        "install",
        "--licence",
        text(folder.path()),
        text(&junk),
    ]);
    assert_eq!(
        (code, &json[0]["error"]["name"]),
        (2, &"LicenceBadFormat".into())
    );
}
