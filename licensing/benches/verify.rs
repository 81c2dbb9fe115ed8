//! What licensing costs a device: the check of a file, a start, the check before each call.
//!
//! `cargo bench -p vultus-licensing --bench verify`. One thread, medians of rounds; the folder is
//! in memory, so that the figures are the processor's. Run it on a machine with nothing else to do.
#![allow(clippy::print_stdout, clippy::unwrap_used)]

use std::hint::black_box;
use std::sync::Arc;
use std::time::Instant;
use vultus_licensing::keys::KeyTable;
use vultus_licensing::signed_licence::verify;
use vultus_licensing::testkit::{self, ISSUED_AT, MemoryFolder, TestClock, licence, sign, trial};

const ROUNDS: usize = 31;
/// What the design promises of a desktop machine.
const VERIFY_MAX_MS: f64 = 1.0;

/// Median and slowest of the rounds, in nanoseconds a call.
fn measure(calls: u32, mut call: impl FnMut()) -> (f64, f64) {
    let mut rounds: Vec<f64> = (0..ROUNDS)
        .map(|_| {
            let start = Instant::now();
            for _ in 0..calls {
                call();
            }
            start.elapsed().as_nanos() as f64 / f64::from(calls)
        })
        .collect();
    rounds.sort_by(f64::total_cmp);
    (rounds[ROUNDS / 2], rounds[ROUNDS - 1])
}

fn processor() -> String {
    let text = std::fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let line = text.lines().find(|line| line.starts_with("model name"));
    let name = line
        .and_then(|line| line.split_once(": "))
        .map(|(_, name)| name);
    name.unwrap_or("unknown processor").to_owned()
}

fn main() {
    let cores = std::thread::available_parallelism().map_or(0, usize::from);
    println!(
        "{} {}, {}, {cores} cores",
        std::env::consts::OS,
        std::env::consts::ARCH,
        processor()
    );
    println!(
        "{:<44} {:>12} {:>12}",
        "nanoseconds a call", "median", "slowest"
    );
    let row = |what: &str, (median, slowest): (f64, f64)| {
        println!("{what:<44} {median:>12.1} {slowest:>12.1}");
        median
    };

    let keys = KeyTable::with_test_keys();
    let bytes = sign(&licence());
    let what = format!("verify a licence of {} bytes", bytes.len());
    let time = row(
        &what,
        measure(200, || drop(black_box(verify(&bytes, &keys).unwrap()))),
    );
    let text = verify(&bytes, &keys).unwrap().to_text();
    row(
        "verify its text form",
        measure(200, || {
            drop(black_box(verify(text.as_bytes(), &keys).unwrap()));
        }),
    );

    for (name, licence) in [("permanent", licence()), ("trial", trial())] {
        let folder = MemoryFolder::new();
        let clock = Arc::new(TestClock::at(ISSUED_AT));
        testkit::device(&folder, &clock)
            .install(&sign(&licence))
            .unwrap();
        let activate = || {
            drop(black_box(
                testkit::device(&folder, &clock).activate().unwrap(),
            ));
        };
        row(&format!("activate, {name}"), measure(200, activate));
        let grant = testkit::device(&folder, &clock).activate().unwrap();
        row(
            &format!("check, {name}"),
            measure(100_000, || black_box(&grant).check().unwrap()),
        );
        row(
            &format!("check_now, {name}"),
            measure(200, || black_box(&grant).check_now().unwrap()),
        );
    }
    let verdict = if time / 1e6 <= VERIFY_MAX_MS {
        "kept"
    } else {
        "BROKEN"
    };
    println!(
        "verify: {:.3} ms, at most {VERIFY_MAX_MS} ms: {verdict}",
        time / 1e6
    );
}
