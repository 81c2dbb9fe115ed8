//! A clock that a test sets.

use crate::clock::{BootId, Clock};
use crate::time::UnixSeconds;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// A device's clocks; a test sets them.
#[derive(Debug)]
pub struct TestClock(Mutex<Readings>);

#[derive(Clone, Debug)]
struct Readings {
    wall: Option<UnixSeconds>,
    since_boot: Option<u64>,
    boot: u128,
    evidence: Vec<UnixSeconds>,
}

impl TestClock {
    /// A device that was just switched on.
    #[must_use]
    pub fn at(wall: UnixSeconds) -> Self {
        Self(Mutex::new(Readings {
            wall: Some(wall),
            since_boot: Some(0),
            boot: 1,
            evidence: Vec::new(),
        }))
    }

    fn readings(&self) -> MutexGuard<'_, Readings> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Time passes.
    pub fn pass(&self, seconds: u64) {
        let mut readings = self.readings();
        readings.wall = readings.wall.map(|wall| wall.plus(seconds));
        readings.since_boot = readings.since_boot.map(|since| since + seconds);
    }

    /// Somebody sets the wall clock; `None` breaks it.
    pub fn set_wall(&self, wall: Option<UnixSeconds>) {
        self.readings().wall = wall;
    }

    /// The monotonic clock breaks.
    pub fn break_monotonic(&self) {
        self.readings().since_boot = None;
    }

    /// The device is switched off and on again; the wall clock goes on.
    pub fn reboot(&self, seconds_off: u64) {
        let mut readings = self.readings();
        readings.wall = readings.wall.map(|wall| wall.plus(seconds_off));
        readings.since_boot = Some(0);
        readings.boot += 1;
    }

    /// What other parts of the system have seen.
    pub fn set_evidence(&self, evidence: &[UnixSeconds]) {
        self.readings().evidence = evidence.to_vec();
    }
}

impl Clock for TestClock {
    fn wall(&self) -> Option<UnixSeconds> {
        self.readings().wall
    }

    fn seconds_since_boot(&self) -> Option<u64> {
        self.readings().since_boot
    }

    fn boot_id(&self) -> Option<BootId> {
        Some(BootId(self.readings().boot.to_be_bytes()))
    }

    fn evidence(&self) -> Vec<UnixSeconds> {
        self.readings().evidence.clone()
    }
}
