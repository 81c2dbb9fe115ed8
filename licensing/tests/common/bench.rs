//! A device with an installed licence, a folder in memory and a clock to turn.

use super::{mark_of, states};
use std::sync::Arc;
use vultus_licensing::error::LicenceError;
use vultus_licensing::grant::Grant;
use vultus_licensing::licence::Licence;
use vultus_licensing::testkit::{ISSUED_AT, MemoryFolder, TestClock, device, sign};
use vultus_licensing::time::UnixSeconds;

pub struct Bench {
    pub folder: MemoryFolder,
    pub clock: Arc<TestClock>,
}

impl Bench {
    /// A device whose trial was installed at its first second.
    pub fn new(licence: &Licence) -> Self {
        let bench = Self {
            folder: MemoryFolder::new(),
            clock: Arc::new(TestClock::at(ISSUED_AT)),
        };
        device(&bench.folder, &bench.clock)
            .install(&sign(licence))
            .unwrap();
        bench
    }

    pub fn start(&self) -> Result<Grant, LicenceError> {
        device(&self.folder, &self.clock).activate()
    }

    pub fn set(&self, wall: UnixSeconds) {
        self.clock.set_wall(Some(wall));
    }

    pub fn mark(&self) -> u64 {
        let names = states(&self.folder);
        names
            .iter()
            .map(|name| mark_of(&self.folder.get(name).unwrap()))
            .max()
            .unwrap()
    }
}
