//! What the tool refuses, under which name and with which exit code.

use crate::common::desk_files::{Answer, Files, write_key, write_private};
use crate::common::request;
use rusqlite::Connection;
use std::fs;
use vultus_licensing::testkit::OLD_SEED;

fn desk(name: &str) -> Files {
    let files = Files::new(name);
    files.run(&["ledger", "init"]).done();
    files
}

fn order_of(quantity: &str) -> Vec<&str> {
    vec![
        "order",
        "--customer",
        "acme",
        "--sku",
        "recognise",
        "--sdk-major",
        "1",
        "--quantity",
        quantity,
    ]
}

#[test]
fn orders_outside_the_list() {
    let files = desk("orders");
    let cases = [
        ("49", None, 1, "LedgerMinimum"),
        ("0", None, 1, "LedgerMinimum"),
        ("10001", None, 1, "QuoteNeeded"),
        ("10000", Some("1"), 1, "PriceFixed"),
        ("10001", Some("0"), 1, "QuoteRange"),
        ("1000001", Some("1"), 1, "LedgerMaximum"),
    ];
    for (quantity, total, code, name) in cases {
        let mut words = order_of(quantity);
        if let Some(total) = total {
            words.extend(["--total-fen", total]);
        }
        assert_eq!(files.run(&words).error(), (code, name), "{quantity}");
    }
    let mut quoted = order_of("10001");
    quoted.extend(["--total-fen", "80000000"]);
    assert_eq!(files.run(&quoted).done()["total_yuan"], "800000.00");
    assert_eq!(
        files.run(&order_of("1001")).done()["total_yuan"],
        "95095.00"
    );
}

#[test]
fn usage_that_makes_no_sense_is_exit_code_2() {
    let files = desk("usage");
    let bad: [&[&str]; 7] = [
        &[
            "order",
            "--customer",
            "acme",
            "--sku",
            "faces",
            "--quantity",
            "50",
        ],
        &[
            "order",
            "--customer",
            "acme",
            "--sku",
            "detect",
            "--quantity",
            "-5",
        ],
        &[
            "order",
            "--customer",
            "acme",
            "--sku",
            "detect",
            "--quantity",
            "50",
            "--platform",
            "beos",
        ],
        &["issue", "--for", "xyz", "--request", "a.req"],
        &["revoke"],
        &["ledger", "verify", "--expect-head", "12"],
        &["extend"],
    ];
    for words in bad {
        let output = files.desk_command(words).output().unwrap();
        assert_eq!(output.status.code(), Some(2), "{words:?}");
    }
    let many = [
        "issue",
        "--for",
        &"0".repeat(32),
        "--request",
        "a.req",
        "b.req",
    ];
    assert_eq!(files.run(&many).error(), (2, "Usage"));
    let customer = ["trial", "--customer", "Acme Gates", "--sku", "detect"];
    assert_eq!(files.run(&customer).error(), (1, "CustomerCode"));
}

#[test]
fn no_command_extends_releases_or_backdates() {
    let files = Files::new("absent");
    let output = files.command(&["--help"]).output().unwrap();
    let help = String::from_utf8(output.stdout).unwrap().to_lowercase();
    for word in [
        "extend",
        "release",
        "transfer",
        "deactivate",
        "--now",
        "renew",
    ] {
        assert!(!help.contains(word), "{word}");
    }
}

#[test]
fn keys_that_do_not_open() {
    let files = desk("keys");
    let words = order_of("50");
    let mut command = files.desk_command(&words);
    let answer = Answer::of(
        command
            .env("VULTUS_ISSUER_PASSPHRASE", "incorrect horse")
            .output()
            .unwrap(),
    );
    assert_eq!(
        (
            answer.code,
            answer.lines[0]["error"]["name"].as_str().unwrap()
        ),
        (2, "KeyFilePassphrase")
    );
    let key = files.path("vendor.key");
    let good = fs::read(&key).unwrap();
    let cases: [(&[u8], &str); 4] = [
        (b"", "KeyFileMagic"),
        (b"-----BEGIN PRIVATE KEY-----", "KeyFileMagic"),
        (&good[..100], "KeyFileLength"),
        (&[&good[..], &[0; 4096]].concat(), "KeyFileLength"),
    ];
    for (bytes, name) in cases {
        write_private(key.as_ref(), bytes);
        assert_eq!(files.run(&words).error(), (2, name));
    }
    write_key(key.as_ref(), &OLD_SEED);
    assert_eq!(files.run(&words).error(), (2, "WrongKey"));
    fs::remove_file(&key).unwrap();
    assert_eq!(files.run(&words).error(), (2, "File"));
}

#[cfg(unix)]
#[test]
fn a_key_that_others_may_read_is_refused() {
    use std::os::unix::fs::PermissionsExt;
    let files = desk("exposed");
    let key = files.path("vendor.key");
    for mode in [0o640, 0o604, 0o660] {
        fs::set_permissions(&key, fs::Permissions::from_mode(mode)).unwrap();
        assert_eq!(files.run(&order_of("50")).error(), (2, "KeyFileExposed"));
    }
}

#[test]
fn ledgers_that_are_not_there() {
    let files = Files::new("nowhere");
    assert_eq!(files.run(&order_of("50")).error(), (2, "NoLedger"));
    assert!(
        !std::path::Path::new(&files.ledger).exists(),
        "nothing is made by mistake"
    );
    files.run(&["ledger", "init"]).done();
    assert_eq!(files.run(&["ledger", "init"]).error(), (2, "LedgerExists"));
    assert_eq!(files.run(&["ledger", "verify"]).done()["records"], 1);
}

#[test]
fn requests_that_are_none() {
    let files = desk("requests");
    let id = files.run(&order_of("50")).text("order");
    let path = files.path("hostile.req");
    let good = request(1).to_bytes().unwrap();
    let mut bad = vec![
        vec![],
        b"VREQ".to_vec(),
        vec![0; 1 << 20],
        good[1..].to_vec(),
    ];
    bad.extend((0..good.len()).step_by(7).map(|n| good[..n].to_vec()));
    let mut unknown_platform = good.clone();
    unknown_platform[8] = 77;
    bad.push(unknown_platform);
    for bytes in bad {
        fs::write(&path, &bytes).unwrap();
        let answer = files.run(&[
            "issue",
            "--for",
            &id,
            "--request",
            &path,
            "--liveness",
            "monocular",
        ]);
        assert_eq!(answer.error(), (2, "BadRequest"), "{} bytes", bytes.len());
    }
    let endless = [
        "issue",
        "--for",
        &id,
        "--request",
        "/dev/zero",
        "--liveness",
        "monocular",
    ];
    assert_eq!(files.run(&endless).error(), (2, "BadRequest"));
    assert_eq!(files.run(&["ledger", "verify"]).done()["records"], 2);
}

#[test]
fn nothing_is_entered_when_the_licence_cannot_be_written() {
    let files = desk("occupied");
    let id = files.run(&order_of("50")).text("order");
    let request = files.request(1);
    let occupied = files.path("diary.txt");
    fs::write(&occupied, "dear diary").unwrap();
    let words = [
        "issue",
        "--for",
        &id,
        "--request",
        &request,
        "--liveness",
        "monocular",
        "--out",
        &occupied,
    ];
    assert_eq!(files.run(&words).error(), (2, "FileExists"));
    let words = ["revoke", "--list", &occupied];
    assert_eq!(files.run(&words).error(), (2, "FileExists"));
    assert_eq!(fs::read_to_string(&occupied).unwrap(), "dear diary");
    assert_eq!(files.run(&["ledger", "verify"]).done()["records"], 2);
}

#[test]
fn liveness_is_chosen_once_a_kind() {
    let files = desk("kinds");
    let id = files.run(&order_of("50")).text("order");
    let request = files.request(1);
    let with = |kinds: &[&str]| {
        let mut words = vec!["issue", "--for", &id, "--request", &request];
        for kind in kinds {
            words.extend(["--liveness", kind]);
        }
        files.run(&words)
    };
    assert_eq!(with(&[]).error(), (1, "LivenessKinds"));
    assert_eq!(
        with(&["infrared", "infrared"]).error(),
        (1, "LivenessKinds")
    );
    with(&["infrared", "structured-light", "monocular"]).done();
}

#[test]
fn a_bad_ledger_is_exit_code_1_and_names_the_record() {
    let files = desk("tampered");
    let head = files.run(&order_of("50")).text("head");
    files.run(&order_of("60")).done();
    let connection = Connection::open(&files.ledger).unwrap();
    connection
        .execute_batch("DROP TRIGGER record_update; DROP TRIGGER record_delete")
        .unwrap();
    connection
        .execute_batch("DELETE FROM record WHERE seq = 2")
        .unwrap();
    // Cut short behind the head that was noted: still good.
    let words = ["ledger", "verify", "--expect-head", &head];
    assert_eq!(files.run(&words).done()["records_since_expected"], 0);
    connection
        .execute_batch("DELETE FROM record WHERE seq = 1")
        .unwrap();
    assert_eq!(files.run(&words).error(), (1, "LedgerHeadMissing"));
    connection
        .execute_batch("UPDATE record SET time = time + 1")
        .unwrap();
    let answer = files.run(&["ledger", "verify"]);
    assert_eq!(answer.error(), (1, "LedgerTampered"));
    assert_eq!(answer.lines[0]["error"]["seq"], 0);
    assert_eq!(files.run(&order_of("50")).error(), (1, "LedgerTampered"));
}
