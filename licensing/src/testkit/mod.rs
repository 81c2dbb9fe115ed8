//! What tests are made of: keys that everybody knows, a clock to turn, a folder in memory, a
//! device and its licence. No build that ships names this feature.

mod clock;
mod folder;
mod key;

pub use clock::TestClock;
pub use folder::MemoryFolder;
pub use key::{FROM, OLD_SEED, PUBLIC_HEX, SEED, TestKey, UNTIL};

pub(crate) use key::issuing_keys;

use crate::device::Device;
use crate::fingerprint::{ComponentKind, FingerprintSource, Given, LicensedFingerprint};
use crate::grant::Grant;
use crate::licence::{
    CustomerId, Licence, LicenceId, LivenessKinds, Nonce, OrderId, Term, Tier, seal,
};
use crate::platform::{Platform, Platforms};
use crate::policy::TRIAL_SECONDS;
use crate::time::UnixSeconds;
use std::sync::Arc;

/// When the licences of tests are issued: 2026-12-01, after the release.
pub const ISSUED_AT: UnixSeconds = UnixSeconds(1_796_083_200);

/// The parts of a door's board: seven components, three of them anchors.
#[must_use]
pub fn parts() -> Given {
    Given::new()
        .bytes(ComponentKind::OemSecret, b"secret of this one board")
        .text(ComponentKind::EmmcCid, "150100424a4e42345207d3a1c2e4f5a6")
        .text(ComponentKind::AndroidSerial, "RK3568-00A1B2C3")
        .text(ComponentKind::Mac, "00:11:32:8a:4b:9c")
        .text(ComponentKind::CpuSerial, "3d5c1f7a90b2e864")
        .text(ComponentKind::DeviceTreeSerial, "f2c7a1b09e83d456")
        .text(ComponentKind::MachineId, "5b1c0f3e9a7d4286b0e1f2a3c4d5e697")
}

/// A permanent licence of the highest tier for [`parts`].
///
/// # Panics
/// Never: the parts identify a device.
#[must_use]
pub fn licence() -> Licence {
    let components = parts().collect().fingerprint().components().to_vec();
    Licence {
        licence_id: LicenceId([0x11; 16]),
        order_id: OrderId([0x22; 16]),
        customer_id: CustomerId([0x33; 16]),
        tier: Tier::Recognise,
        liveness: LivenessKinds {
            infrared: true,
            ..LivenessKinds::NONE
        },
        term: Term::Permanent,
        issued_at: ISSUED_AT,
        platforms: Platforms::only(Platform::LinuxX86_64),
        sdk_major_max: 1,
        gallery_max: None,
        fingerprint: LicensedFingerprint::new(components).expect("the parts identify a device"),
        nonce: Nonce([0x44; 16]),
        without_rtc: false,
        revoked: Vec::new(),
    }
}

/// [`licence`] as a trial of 60 days.
#[must_use]
pub fn trial() -> Licence {
    Licence {
        licence_id: LicenceId([0x77; 16]),
        term: Term::Trial {
            expires_at: ISSUED_AT.plus(TRIAL_SECONDS),
        },
        ..licence()
    }
}

/// Signs a licence with the test key, whatever it says.
///
/// # Panics
/// When a list in it is too long for the format.
#[must_use]
pub fn sign(licence: &Licence) -> Vec<u8> {
    let key = TestKey::current();
    seal(licence, key.id(), |message| key.sign(message)).expect("the licence fits the format")
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
