//! The clock of a Linux or Android device.

use super::{BootId, Clock};
use crate::time::UnixSeconds;
use rustix::time::{ClockId, clock_gettime};
use std::fs;
use std::path::Path;
use std::time::SystemTime;

/// The kernel's clocks.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemClock;

/// What writes a time of its own, each group by another program: the time daemon, the saved time
/// of boards without a battery, the login records, the logs.
const EVIDENCE: &[&[&str]] = &[
    &["/var/lib/systemd/timesync/clock"],
    &["/etc/fake-hwclock.data"],
    &["/var/log/wtmp", "/var/log/lastlog"],
    &["/var/log/messages", "/var/log/syslog", "/var/log/journal"],
];

impl Clock for SystemClock {
    fn wall(&self) -> Option<UnixSeconds> {
        UnixSeconds::from_system(SystemTime::now())
    }

    /// `CLOCK_BOOTTIME`, which nobody can set and which counts sleep.
    fn seconds_since_boot(&self) -> Option<u64> {
        u64::try_from(clock_gettime(ClockId::Boottime).tv_sec).ok()
    }

    fn boot_id(&self) -> Option<BootId> {
        let text = fs::read_to_string("/proc/sys/kernel/random/boot_id").ok()?;
        let digits: Vec<u8> = text.bytes().filter(u8::is_ascii_hexdigit).collect();
        let number = u128::from_str_radix(std::str::from_utf8(&digits).ok()?, 16).ok()?;
        Some(BootId(number.to_be_bytes()))
    }

    fn evidence(&self) -> Vec<UnixSeconds> {
        let modified = |path: &&str| {
            let time = fs::symlink_metadata(Path::new(path))
                .ok()?
                .modified()
                .ok()?;
            UnixSeconds::from_system(time)
        };
        EVIDENCE
            .iter()
            .filter_map(|group| group.iter().filter_map(modified).max())
            .collect()
    }
}
