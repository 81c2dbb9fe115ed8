//! Devices that accept the test keys, and grants made on them.

use super::{ISSUED_AT, MemoryFolder, TestClock, licence, parts, sign};
use crate::device::Device;
use crate::grant::Grant;
use crate::keys::KeyTable;
use crate::licence::{Licence, LivenessKinds, Tier};
use crate::platform::Platform;
use std::sync::Arc;

impl Device {
    /// Accepts the test keys as well.
    #[must_use]
    pub fn with_test_keys(mut self) -> Self {
        self.keys = KeyTable::with_test_keys();
        self
    }
}

/// The device of [`parts`]: x86-64 Linux, version 1, test keys.
#[must_use]
pub fn device(folder: &MemoryFolder, clock: &Arc<TestClock>) -> Device {
    Device::new(
        Box::new(folder.clone()),
        Arc::<TestClock>::clone(clock),
        Box::new(parts()),
    )
    .with_test_keys()
    .pretending(Some(Platform::LinuxX86_64), 1)
}

/// The grant of a licence, installed on a new [`device`] whose clock is `clock`.
///
/// # Panics
/// When the device refuses it.
#[must_use]
pub fn grant_of(licence: &Licence, clock: &Arc<TestClock>) -> Grant {
    let device = device(&MemoryFolder::new(), clock);
    device
        .install(&sign(licence))
        .expect("the licence installs");
    device.activate().expect("the licence is this device's")
}

/// A permanent grant of a tier, for tests of what comes after licensing.
#[must_use]
pub fn grant(tier: Tier) -> Grant {
    let liveness = match tier {
        Tier::Detect => LivenessKinds::NONE,
        Tier::Liveness | Tier::Recognise => licence().liveness,
    };
    let licence = Licence {
        tier,
        liveness,
        ..licence()
    };
    grant_of(&licence, &Arc::new(TestClock::at(ISSUED_AT)))
}
