//! A clock whose hands a test turns.

use crate::clock::{BootId, Clock};
use crate::time::UnixSeconds;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// A device's clocks; a test turns them.
#[derive(Debug)]
pub struct TestClock(Mutex<Hands>);

#[derive(Clone, Debug)]
struct Hands {
    wall: Option<UnixSeconds>,
    since_boot: Option<u64>,
    boot: u128,
    evidence: Vec<UnixSeconds>,
}

impl TestClock {
    /// A device that was just switched on.
    #[must_use]
    pub fn at(wall: UnixSeconds) -> Self {
        Self(Mutex::new(Hands {
            wall: Some(wall),
            since_boot: Some(0),
            boot: 1,
            evidence: Vec::new(),
        }))
    }

    fn hands(&self) -> MutexGuard<'_, Hands> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Time passes.
    pub fn pass(&self, seconds: u64) {
        let mut hands = self.hands();
        hands.wall = hands.wall.map(|wall| wall.plus(seconds));
        hands.since_boot = hands.since_boot.map(|since| since + seconds);
    }

    /// Somebody sets the wall clock; `None` breaks it.
    pub fn set_wall(&self, wall: Option<UnixSeconds>) {
        self.hands().wall = wall;
    }

    /// The monotonic clock breaks.
    pub fn break_monotonic(&self) {
        self.hands().since_boot = None;
    }

    /// The device is switched off and on again; the wall clock goes on.
    pub fn reboot(&self, seconds_off: u64) {
        let mut hands = self.hands();
        hands.wall = hands.wall.map(|wall| wall.plus(seconds_off));
        hands.since_boot = Some(0);
        hands.boot += 1;
    }

    /// What other parts of the system have seen.
    pub fn set_evidence(&self, evidence: &[UnixSeconds]) {
        self.hands().evidence = evidence.to_vec();
    }
}

impl Clock for TestClock {
    fn wall(&self) -> Option<UnixSeconds> {
        self.hands().wall
    }

    fn seconds_since_boot(&self) -> Option<u64> {
        self.hands().since_boot
    }

    fn boot_id(&self) -> Option<BootId> {
        Some(BootId(self.hands().boot.to_be_bytes()))
    }

    fn evidence(&self) -> Vec<UnixSeconds> {
        self.hands().evidence.clone()
    }
}
