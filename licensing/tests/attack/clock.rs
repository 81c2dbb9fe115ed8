//! Attacks on the time of a trial: each has exactly one answer, none gains time.

use crate::common::answer;
use crate::common::bench::Bench;
use std::sync::Arc;
use vultus_licensing::clock::{BootId, Clock};
use vultus_licensing::device::Device;
use vultus_licensing::grant::Warning;
use vultus_licensing::licence::Licence;
use vultus_licensing::platform::Platform;
use vultus_licensing::policy::TRIAL_SECONDS;
use vultus_licensing::testkit::{
    ISSUED_AT, MemoryFolder, TestClock, device, licence, parts, sign, trial,
};
use vultus_licensing::time::UnixSeconds;

const HOUR: u64 = 3600;
const DAY: u64 = 86_400;

/// A clock that must not be looked at.
struct Untouchable;

impl Clock for Untouchable {
    fn wall(&self) -> Option<UnixSeconds> {
        panic!("a permanent licence read the wall clock")
    }
    fn seconds_since_boot(&self) -> Option<u64> {
        panic!("a permanent licence read the monotonic clock")
    }
    fn boot_id(&self) -> Option<BootId> {
        panic!("a permanent licence read the boot's number")
    }
    fn evidence(&self) -> Vec<UnixSeconds> {
        panic!("a permanent licence looked for evidence")
    }
}

#[test]
fn a_permanent_licence_never_reads_a_clock() {
    let folder = MemoryFolder::new();
    let here = || {
        Device::new(
            Box::new(folder.clone()),
            Arc::new(Untouchable),
            Box::new(parts()),
        )
        .with_test_keys()
        .pretending(Some(Platform::LinuxX86_64), 1)
    };
    here().install(&sign(&licence())).unwrap();
    let grant = here().activate().unwrap();
    assert!(grant.check().is_ok() && grant.check_now().is_ok());
    assert!(grant.warnings().is_empty());
    // And whatever a clock says, going back at every call, it holds.
    let bench = Bench::new(&licence());
    for wall in [5_711_817_600, 2_147_558_400, 1_000_000_000, 1, 0] {
        bench.set(UnixSeconds(wall));
        assert_eq!(
            answer(bench.start().and_then(|grant| grant.check_now())),
            "OK"
        );
    }
    bench.clock.set_wall(None);
    bench.clock.break_monotonic();
    assert_eq!(
        answer(bench.start().and_then(|grant| grant.check_now())),
        "OK"
    );
}

#[test]
fn a_trial_ends_at_its_second_also_at_a_start() {
    let bench = Bench::new(&trial());
    bench.clock.pass(TRIAL_SECONDS - 1);
    assert_eq!(answer(bench.start()), "OK");
    bench.clock.pass(1);
    assert_eq!(answer(bench.start()), "Expired");
    assert_eq!(
        answer(device(&bench.folder, &bench.clock).install(&sign(&trial()))),
        "Expired"
    );
    // Once over, it is over: also with the clock put right back to its first second.
    bench.set(ISSUED_AT);
    assert_eq!(answer(bench.start()), "ClockRolledBack");
}

#[test]
fn the_clock_set_back_gains_nothing() {
    let cases = [
        (HOUR, "OK"),
        (DAY, "OK"),
        (30 * DAY, "ClockRolledBack"),
        (u64::MAX, "ClockRolledBack"),
    ];
    for (back, expected) in cases {
        let bench = Bench::new(&trial());
        bench.clock.pass(40 * DAY);
        let grant = bench.start().unwrap();
        let mark = bench.mark();
        let now = ISSUED_AT.plus(40 * DAY);
        bench.set(now.minus(back));
        // What runs goes on, on the time that it knows.
        assert!(grant.check_now().is_ok());
        assert_eq!(answer(bench.start()), expected, "{back} s back");
        if let Ok(grant) = bench.start() {
            assert!(grant.warnings().contains(&Warning::ClockBehind(back)));
        }
        assert!(bench.mark() >= mark);
        bench.clock.pass(20 * DAY - 1);
        assert_eq!(answer(grant.check_now()), "OK");
        bench.clock.pass(1);
        assert_eq!(answer(grant.check_now()), "Expired");
        assert_eq!(answer(grant.check()), "Expired");
    }
}

#[test]
fn a_board_without_a_battery_runs_on_effective_time() {
    let bench = Bench::new(&Licence {
        without_rtc: true,
        ..trial()
    });
    let mut started = 0;
    for _ in 0..61 {
        bench.clock.reboot(0);
        bench.set(UnixSeconds(0));
        let Ok(grant) = bench.start() else { break };
        started += 1;
        for _ in 0..24 {
            bench.clock.pass(HOUR);
            let _ = grant.check_now();
        }
    }
    assert_eq!(
        started, 60,
        "days of running, each with a boot that costs up to 600 s"
    );
    assert_eq!(answer(bench.start()), "Expired");
    let other = Bench::new(&trial());
    other.set(UnixSeconds(0));
    assert_eq!(answer(other.start()), "ClockRolledBack");
}

#[test]
fn a_clock_ten_years_ahead_does_not_poison() {
    let bench = Bench::new(&trial());
    bench.clock.pass(DAY);
    assert_eq!(answer(bench.start()), "OK");
    bench.set(ISSUED_AT.plus(3650 * DAY));
    assert_eq!(answer(bench.start()), "Expired");
    bench.clock.pass(HOUR / 2);
    assert_eq!(answer(bench.start()), "Expired");
    // Put right, it is usable again; at most 7 days are lost.
    bench.set(ISSUED_AT.plus(DAY + HOUR / 2));
    let grant = bench.start().unwrap();
    assert!(bench.mark() <= ISSUED_AT.plus(DAY + 7 * DAY).0);
    assert!(grant.check_now().is_ok());
    // Believed after an hour of agreement, or in the third boot.
    let ahead = ISSUED_AT.plus(3650 * DAY);
    bench.set(ahead);
    assert_eq!(answer(grant.check_now()), "Expired");
    bench.clock.pass(HOUR);
    assert_eq!(answer(grant.check_now()), "Expired");
    assert!(bench.mark() >= ahead.0);
    let bench = Bench::new(&trial());
    bench.set(ahead);
    for boot in 1..=3 {
        assert_eq!(answer(bench.start()), "Expired");
        assert_eq!(bench.mark() >= ahead.0, boot == 3, "boot {boot}");
        bench.clock.reboot(0);
    }
    // A year that no device sees is ignored, not believed.
    let bench = Bench::new(&trial());
    bench.set(UnixSeconds::IMPLAUSIBLE);
    assert_eq!(answer(bench.start()), "OK");
    assert!(bench.mark() < ISSUED_AT.plus(DAY).0);
}

#[test]
fn a_clock_that_cannot_be_read_fails_closed() {
    let bench = Bench::new(&trial());
    let grant = bench.start().unwrap();
    bench.clock.set_wall(None);
    assert_eq!(answer(bench.start()), "ClockUnreadable");
    assert_eq!(answer(grant.check_now()), "ClockUnreadable");
    bench.set(ISSUED_AT);
    bench.clock.break_monotonic();
    assert_eq!(answer(grant.check()), "ClockUnreadable");
    assert_eq!(answer(bench.start()), "ClockUnreadable");
}

#[test]
fn evidence_counts_when_two_agree() {
    let bench = Bench::new(&trial());
    let later = ISSUED_AT.plus(5 * DAY);
    bench.clock.set_evidence(&[later]);
    assert_eq!(answer(bench.start()), "OK");
    bench.clock.set_evidence(&[later, later.plus(9), ISSUED_AT]);
    assert_eq!(answer(bench.start()), "ClockRolledBack");
    bench
        .clock
        .set_evidence(&[later.plus(9 * DAY), later.plus(9 * DAY)]);
    assert_eq!(answer(bench.start()), "OK", "too far ahead to be true");
}

#[test]
fn a_boot_number_that_is_faked_does_not_stop_the_clock() {
    /// A clock whose boot number never changes, or is missing.
    struct Fake(Arc<TestClock>, Option<BootId>);
    impl Clock for Fake {
        fn wall(&self) -> Option<UnixSeconds> {
            self.0.wall()
        }
        fn seconds_since_boot(&self) -> Option<u64> {
            self.0.seconds_since_boot()
        }
        fn boot_id(&self) -> Option<BootId> {
            self.1
        }
        fn evidence(&self) -> Vec<UnixSeconds> {
            Vec::new()
        }
    }
    for boot in [Some(BootId([5; 16])), None] {
        let bench = Bench::new(&Licence {
            without_rtc: true,
            ..trial()
        });
        let start = || {
            let fake = Arc::new(Fake(Arc::clone(&bench.clock), boot));
            Device::new(Box::new(bench.folder.clone()), fake, Box::new(parts()))
                .with_test_keys()
                .pretending(Some(Platform::LinuxX86_64), 1)
                .activate()
        };
        // Every boot is charged for, also one that pretends to be the last one.
        for _ in 0..3 {
            bench.clock.pass(10 * HOUR);
            start().unwrap();
            let mark = bench.mark();
            bench.clock.reboot(0);
            bench.set(ISSUED_AT);
            start().unwrap();
            assert!(bench.mark() >= mark + 600, "boot number {boot:?}");
        }
        let mut hours = 0;
        for _ in 0..100 {
            let Ok(grant) = start() else { break };
            for _ in 0..24 {
                bench.clock.pass(HOUR);
                hours += u64::from(grant.check_now().is_ok());
            }
            bench.clock.reboot(0);
            bench.set(ISSUED_AT);
        }
        assert!(
            hours * HOUR <= TRIAL_SECONDS,
            "{hours} h with boot number {boot:?}"
        );
    }
}
