//! The example of a door on a machine without a network; its system calls are traced.

use super::pictures::thinned;
use super::run::finished;
use super::shipped::Shipped;
use super::workshop::{Linkage, Workshop};
use crate::common::door::{OBAMA, Picture};
use std::path::Path;
use std::process::Command;

/// Runs a program in a network namespace of its own, without any connection, where the system allows it.
const ALONE: &[&str] = &["unshare", "--map-root-user", "--net"];

#[test]
fn the_door_in_c_names_people_where_there_is_no_network_and_opens_no_socket() {
    let workshop = Workshop::new("door-alone");
    let program = workshop.build("examples/door.c", Linkage::Shared, &["-O2"]);
    let mut device = Shipped::new(&workshop, program);
    let known = device.frame("known", &thinned(&Picture::load(OBAMA), 2));
    if runs(ALONE) {
        device.under(ALONE);
    }
    device.licensed();
    device.says(&["enrol", "E-17", "Barack", &known], 0, "enrolled: E-17");
    device.says(&["identify", &known], 0, "named: E-17");
    let calls = workshop.path().join("calls");
    let calls_is = calls.to_str().unwrap();
    let traced = ["strace", "-fqq", "--output", calls_is, "--trace=%network"];
    if runs(&traced) {
        let seen = || std::fs::read_to_string(&calls).unwrap();
        let socket = workshop.build("tests/c/broken.c", Linkage::Shared, &[]);
        let mut strace = workshop.command(Path::new(traced[0]));
        finished(strace.args(&traced[1..]).arg(socket).arg("socket"));
        assert!(seen().contains("socket("), "strace sees no calls");
        device.under(&traced);
        device.says(&["identify", &known], 0, "named: E-17");
        assert_eq!(seen(), "");
    }
}

/// Whether programs can be run by this command here; prints it where they cannot.
fn runs(words: &[&str]) -> bool {
    let run = Command::new(words[0])
        .args(&words[1..])
        .arg("true")
        .output();
    let runs = run.is_ok_and(|output| output.status.success());
    if !runs {
        eprintln!("SKIPPED: nothing runs here under {words:?}");
    }
    runs
}
