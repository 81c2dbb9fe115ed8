//! Many processes on one folder: nothing is damaged, no time is gained, nobody waits for ever.

use crate::common::mark_of;
use std::fmt::Write as _;
use std::fs;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};
use vultus_licensing::clock::{BootId, Clock};
use vultus_licensing::device::Device;
use vultus_licensing::platform::Platform;
use vultus_licensing::storage::Folder;
use vultus_licensing::testkit::{ISSUED_AT, parts, sign, trial};
use vultus_licensing::time::UnixSeconds;
use vultus_test_basics::TempDir;

const FOLDER: &str = "VULTUS_TEST_FOLDER";
const BEGAN: &str = "VULTUS_TEST_BEGAN";
const PROCESSES: usize = 8;
const LOADS: usize = 1000;
/// How much faster than ours the devices' clocks run; a device's own runs at 1.
const SPEED: &str = "VULTUS_TEST_SPEED";

/// By default the state is written twenty times a second, not once in nine minutes.
fn speed() -> u32 {
    std::env::var(SPEED).map_or(10_000, |speed| speed.parse().unwrap())
}

/// One clock that every process sees, in a hurry.
struct Shared {
    began: SystemTime,
}

impl Clock for Shared {
    fn wall(&self) -> Option<UnixSeconds> {
        Some(ISSUED_AT.plus(self.seconds_since_boot()?))
    }

    fn seconds_since_boot(&self) -> Option<u64> {
        let since = self.began.elapsed().ok()?;
        Some((since * speed()).as_secs())
    }

    fn boot_id(&self) -> Option<BootId> {
        Some(BootId([3; 16]))
    }

    fn evidence(&self) -> Vec<UnixSeconds> {
        Vec::new()
    }
}

fn here(folder: &Path, began: SystemTime) -> Device {
    let folder = Folder::open(folder).unwrap();
    Device::new(
        Box::new(folder),
        Arc::new(Shared { began }),
        Box::new(parts()),
    )
    .with_test_keys()
    .pretending(Some(Platform::LinuxX86_64), 1)
}

/// The latest mark in the folder; every copy that is there is whole.
fn mark(folder: &Path) -> u64 {
    let copies = ["a", "b"].map(|ending| {
        let name = format!("state-{}.{ending}", trial().licence_id);
        mark_of(&fs::read(folder.join(name)).unwrap())
    });
    copies.into_iter().max().unwrap()
}

/// One of the processes; does nothing when nobody started it.
#[test]
#[ignore = "started by the test below, eight times at once"]
fn one_process() {
    let Some(folder) = std::env::var_os(FOLDER) else {
        return;
    };
    let folder = Path::new(&folder);
    let began: u64 = std::env::var(BEGAN).unwrap().parse().unwrap();
    let began = UNIX_EPOCH + Duration::from_nanos(began);
    let mut last_mark = 0;
    let mut report = String::new();
    for load in 0..LOADS {
        let device = here(folder, began);
        let start = Instant::now();
        let grant = device
            .activate()
            .unwrap_or_else(|error| panic!("load {load}: {error}"));
        writeln!(report, "{}", start.elapsed().as_nanos()).unwrap();
        assert!(grant.check().is_ok());
        let now = mark(folder);
        assert!(now >= last_mark, "the mark fell from {last_mark} to {now}");
        last_mark = now;
    }
    fs::write(
        folder.join(format!("report-{}", std::process::id())),
        report,
    )
    .unwrap();
}

fn start(folder: &Path, began: SystemTime) -> Child {
    let began = began.duration_since(UNIX_EPOCH).unwrap().as_nanos();
    Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "processes::one_process", "--include-ignored"])
        .env(FOLDER, folder)
        .env(BEGAN, began.to_string())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap()
}

#[test]
fn eight_processes_load_a_thousand_times_each() {
    let folder = TempDir::new("processes");
    let began = SystemTime::now();
    here(folder.path(), began).install(&sign(&trial())).unwrap();
    let before = mark(folder.path());
    let children: Vec<Child> = (0..PROCESSES)
        .map(|_| start(folder.path(), began))
        .collect();
    for child in children {
        let output = child.wait_with_output().unwrap();
        let said = String::from_utf8_lossy(&output.stdout);
        assert!(output.status.success(), "{said}");
    }
    let mut times: Vec<u64> = Vec::new();
    let mut left = Vec::new();
    for entry in fs::read_dir(folder.path()).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_str().unwrap().to_owned();
        if name.starts_with("report-") {
            let report = fs::read_to_string(&path).unwrap();
            times.extend(report.lines().map(|line| line.parse::<u64>().unwrap()));
        } else {
            left.push(name);
        }
    }
    left.sort();
    assert_eq!(times.len(), PROCESSES * LOADS);
    assert_eq!(left.len(), 4, "licence, lock and two copies: {left:?}");
    let after = mark(folder.path());
    assert!(
        after >= before && after < ISSUED_AT.0 + (began.elapsed().unwrap() * speed()).as_secs() + 1
    );
    times.sort_unstable();
    let ms = |share: f64| times[((times.len() - 1) as f64 * share) as usize] as f64 / 1e6;
    println!(
        "{} loads by {PROCESSES} processes: p50 {:.2} ms, p99 {:.2} ms, longest {:.2} ms",
        times.len(),
        ms(0.5),
        ms(0.99),
        ms(1.0)
    );
}
