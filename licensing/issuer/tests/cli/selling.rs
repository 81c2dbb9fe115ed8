//! The tool from a new key to a report, as a vendor uses it.

use crate::common::desk_files::{Answer, Files, folder, write_key, write_private};
use crate::common::request;
use std::fs;
use vultus_licensing::keyfile::parse_key_table;
use vultus_licensing::keys::KeyTable;
use vultus_licensing::licence::Tier;
use vultus_licensing::revocation::RevocationList;
use vultus_licensing::signed_licence::verify;
use vultus_licensing::testkit::OLD_SEED;

fn text(value: &serde_json::Value) -> &str {
    value.as_str().unwrap()
}

fn desk(name: &str) -> Files {
    let files = Files::new(name);
    files.run(&["ledger", "init"]).done();
    files
}

fn order(files: &Files, sku: &str) -> String {
    let words = [
        "order",
        "--customer",
        "acme",
        "--quantity",
        "50",
        "--sdk-major",
        "1",
        "--sku",
        sku,
    ];
    files.run(&words).text("order")
}

#[test]
fn a_day_at_the_desk() {
    let files = desk("day");
    let id = order(&files, "recognise");
    let request = files.request(1);
    let out = files.path("1.lic");
    let issue = [
        "issue",
        "--for",
        &id,
        "--request",
        &request,
        "--liveness",
        "infrared",
    ];
    let mut words = issue.to_vec();
    words.extend(["--out", &out]);
    let answer = files.run(&words);
    assert_eq!(answer.done()["again"], false);
    assert_eq!(answer.text("out"), out);
    let bytes = fs::read(&out).unwrap();
    let licence = verify(&bytes, &KeyTable::with_test_keys()).unwrap();
    assert_eq!(
        licence.licence().licence_id.to_string(),
        answer.text("licence_id")
    );
    assert_eq!(licence.licence().tier, Tier::Recognise);

    // The same again, printed this time.
    let again = files.run(&issue);
    assert_eq!(again.done()["again"], true);
    assert_eq!(again.text("licence").into_bytes(), bytes);

    let licence_id = answer.text("licence_id");
    let list = files.path("revoked.vrl");
    let words = [
        "revoke",
        &licence_id,
        "--reason",
        "lost in transit",
        "--list",
        &list,
    ];
    let revoked = files.run(&words);
    assert_eq!((revoked.code, revoked.lines.len()), (0, 2));
    let bytes = fs::read(&list).unwrap();
    let list = RevocationList::verify(&bytes, &KeyTable::with_test_keys()).unwrap();
    assert_eq!(
        (list.number, list.revoked[0].to_string()),
        (1, licence_id.clone())
    );

    let report = files.run(&["ledger", "report"]);
    let report = report.done();
    assert_eq!(report["orders"][0]["used"], 1);
    assert_eq!(report["orders"][0]["left"], 49);
    assert_eq!(report["orders"][0]["total_yuan"], "5900.00");
    assert_eq!(report["licences"][0]["licence_id"], licence_id);
    assert_eq!(report["licences"][0]["revoked"], true);
    assert_eq!(report["revoked"][0]["reason"], "lost in transit");
    assert_eq!(report["totals"]["total_fen"], 590_000);

    let head = text(&report["head"]).to_owned();
    let words = ["ledger", "verify", "--expect-head", &head];
    let verified = files.run(&words);
    assert_eq!(verified.done()["records"], 5);
    assert_eq!(verified.done()["records_since_expected"], 0);
}

#[test]
fn a_trial_and_its_report_as_text() {
    let files = desk("trial");
    let grant = files.run(&[
        "trial",
        "--customer",
        "acme",
        "--sku",
        "detect",
        "--sdk-major",
        "1",
    ]);
    let id = grant.text("order");
    for n in 1..=3 {
        let request = files.request(n);
        files
            .run(&["issue", "--for", &id, "--request", &request])
            .done();
    }
    let request = files.request(4);
    let fourth = files.run(&["issue", "--for", &id, "--request", &request]);
    assert_eq!(
        (fourth.code, text(&fourth.lines[0]["error"]["name"])),
        (1, "LedgerTrialLimit")
    );
    let second = files.run(&["trial", "--customer", "acme", "--sku", "detect"]);
    assert_eq!(second.error(), (1, "LedgerTrialUsed"));
    let other = files.run(&[
        "trial",
        "--customer",
        "zenith",
        "--sku",
        "detect",
        "--sdk-major",
        "1",
    ]);
    let request = files.request(1);
    let shared = files.run(&[
        "issue",
        "--for",
        &other.text("order"),
        "--request",
        &request,
    ]);
    assert_eq!(
        (shared.code, text(&shared.lines[0]["error"]["name"])),
        (1, "LedgerDeviceTrialled")
    );

    let key = files.path("vendor.key");
    let words = ["ledger", "report", "--ledger", &files.ledger, "--key", &key];
    let output = files.command(&words).output().unwrap();
    let said = String::from_utf8(output.stdout).unwrap();
    assert!(said.contains("acme detect: 3 of 3 devices"), "{said}");
    assert!(
        said.ends_with("total: 0 seats, 0 used, 0 left, 0.00 yuan\n"),
        "{said}"
    );

    let words = ["ledger", "verify", "--ledger", &files.ledger, "--key", &key];
    let output = files.command(&words).output().unwrap();
    let said = String::from_utf8(output.stdout).unwrap();
    let head = said.trim_end().rsplit(' ').next().unwrap();
    assert!(
        vultus_issuer::hash::Hash::from_hex(head).is_some(),
        "{said}"
    );
}

#[test]
fn a_batch_goes_on_after_a_bad_request() {
    let files = desk("batch");
    let id = order(&files, "detect");
    let bad = files.path("bad.req");
    fs::write(&bad, "-----BEGIN NOTHING-----").unwrap();
    let (one, two) = (files.request(1), files.request(2));
    let out = files.path("licences");
    let words = [
        "issue",
        "--for",
        &id,
        "--request",
        &one,
        &bad,
        &two,
        "--out-dir",
        &out,
    ];
    let missing = files.run(&words);
    assert_eq!(missing.error(), (2, "File"));
    fs::create_dir(&out).unwrap();
    // The second run finds its licences there and leaves them.
    for _ in 0..2 {
        let answer = files.run(&words);
        assert_eq!((answer.code, answer.lines.len()), (2, 3));
        assert_eq!(answer.lines[1]["error"]["name"], "BadRequest");
        assert_eq!(answer.lines[1]["file"], bad);
        assert_eq!(fs::read_dir(&out).unwrap().count(), 2);
    }
    let report = files.run(&["ledger", "report"]);
    assert_eq!(report.done()["orders"][0]["used"], 2);
}

#[test]
fn a_new_key_is_printed_as_a_line_of_the_table_and_kept_private() {
    let files = Files::new("keygen");
    let key = files.path("new.key");
    let run = |words: &[&str]| files.command(words).output().unwrap();
    let output = run(&["keygen", "--key", &key]);
    assert!(output.status.success());
    let line = String::from_utf8(output.stdout).unwrap();
    let parsed = parse_key_table(&line).unwrap();
    assert!(parsed[0].licences && parsed[0].revocations);
    assert_eq!(parsed[0].issue_until - parsed[0].issue_from, 1096 * 86_400);
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mode = fs::metadata(&key).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
    }
    let before = fs::read(&key).unwrap();
    let again = Answer::of(run(&["keygen", "--key", &key, "--json"]));
    assert_eq!(again.error(), (2, "FileExists"));
    assert_eq!(fs::read(&key).unwrap(), before);

    let (from, until) = ("2029-01-01T00:00:00Z", "2032-01-01T00:00:00Z");
    let next = files.path("next.key");
    let words = [
        "keygen",
        "--key",
        &next,
        "--from",
        from,
        "--until",
        until,
        "--roles",
        "revocation",
        "--json",
    ];
    let answer = Answer::of(run(&words));
    let line = answer.text("line");
    assert!(
        line.ends_with(&format!("from {from} until {until} roles revocation")),
        "{line}"
    );
    let parsed = parse_key_table(&line).unwrap();
    let id = vultus_licensing::keys::KeyId::of(&parsed[0].public);
    assert_eq!(answer.text("key_id"), id.to_string());
}

#[test]
fn a_refused_key_leaves_no_file() {
    let files = Files::new("no-key");
    let key = files.path("new.key");
    let short = files.path("short");
    fs::write(&short, "elevenchars\n").unwrap();
    let words = [
        "keygen",
        "--key",
        &key,
        "--passphrase-file",
        &short,
        "--json",
    ];
    let answer = Answer::of(files.command(&words).output().unwrap());
    assert_eq!(answer.error(), (2, "Passphrase"));
    let words = [
        "keygen",
        "--key",
        &key,
        "--from",
        "2029-01-01T00:00:00Z",
        "--until",
        "2029-01-01T00:00:00Z",
        "--json",
    ];
    let answer = Answer::of(files.command(&words).output().unwrap());
    assert_eq!(answer.error(), (2, "KeyFileWindow"));
    assert!(!std::path::Path::new(&key).exists());
}

#[test]
fn a_ledger_is_handed_over_to_the_next_key() {
    let files = desk("adopt");
    let next = files.path("next.key");
    write_key(next.as_ref(), &OLD_SEED);
    files
        .run(&["ledger", "adopt-key", "--new-key", &next])
        .done();
    assert_eq!(files.run(&["ledger", "verify"]).error(), (2, "WrongKey"));
    let words = [
        "ledger",
        "verify",
        "--ledger",
        &files.ledger,
        "--key",
        &next,
        "--json",
    ];
    let answer = Answer::of(files.command(&words).output().unwrap());
    assert_eq!(answer.done()["records"], 2);
}

#[test]
fn passphrases_come_from_a_file_whatever_its_line_end() {
    let files = desk("passphrase");
    let file = files.path("passphrase");
    for (end, code) in [("", 0), ("\n", 0), ("\r\n", 0), ("\n\n", 2), (" ", 2)] {
        write_private(
            file.as_ref(),
            format!("{}{end}", crate::common::desk_files::PASSPHRASE).as_bytes(),
        );
        let words = [
            "order",
            "--customer",
            "acme",
            "--sku",
            "detect",
            "--quantity",
            "50",
            "--passphrase-file",
            &file,
        ];
        let mut command = files.desk_command(&words);
        let answer = Answer::of(
            command
                .env_remove("VULTUS_ISSUER_PASSPHRASE")
                .output()
                .unwrap(),
        );
        assert_eq!(answer.code, code, "{end:?}: {answer:?}");
    }
}

#[test]
fn binary_licences_are_the_same_bytes() {
    let files = desk("binary");
    let id = order(&files, "detect");
    let request = files.request(1);
    let (a, b) = (files.path("a.lic"), files.path("b.lic"));
    files
        .run(&["issue", "--for", &id, "--request", &request, "--out", &a])
        .done();
    files
        .run(&[
            "issue",
            "--for",
            &id,
            "--request",
            &request,
            "--binary",
            "--out",
            &b,
        ])
        .done();
    let table = KeyTable::with_test_keys();
    let signed = verify(&fs::read(&a).unwrap(), &table).unwrap();
    assert_eq!(signed.as_bytes(), fs::read(&b).unwrap());
    assert_eq!(signed.licence().nonce, request_nonce());
}

fn request_nonce() -> vultus_licensing::licence::Nonce {
    request(1).nonce
}

#[test]
fn every_command_explains_itself() {
    let _ = folder("help");
    let files = Files::new("help");
    let commands: [&[&str]; 9] = [
        &["keygen"],
        &["order"],
        &["trial"],
        &["issue"],
        &["revoke"],
        &["ledger", "init"],
        &["ledger", "verify"],
        &["ledger", "report"],
        &["ledger", "adopt-key"],
    ];
    for words in commands {
        let output = files.command(words).arg("--help").output().unwrap();
        let help = String::from_utf8(output.stdout).unwrap();
        assert!(output.status.success());
        assert!(help.contains("Example"), "{words:?}: {help}");
    }
}
