//! Licences for the parts of one board, and the key that signs them.

use super::TestKey;
use crate::fingerprint::{
    ComponentKind, FingerprintSource, Given, LicensedFingerprint, WeakFingerprint,
};
use crate::licence::{CustomerId, Licence, LicenceId, LivenessKinds, Nonce, OrderId, Term, Tier};
use crate::platform::{Platform, Platforms};
use crate::policy::TRIAL_SECONDS;
use crate::request::Request;
use crate::signed_licence::seal;
use crate::time::UnixSeconds;

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

/// A permanent licence for everything that answers a request.
///
/// # Errors
/// When the request's components do not identify a device.
pub fn licence_for(request: Request) -> Result<Licence, WeakFingerprint> {
    Ok(Licence {
        liveness: LivenessKinds {
            infrared: true,
            structured_light: true,
            monocular: true,
        },
        platforms: Platforms::only(request.platform),
        fingerprint: LicensedFingerprint::new(request.components)?,
        nonce: request.nonce,
        ..licence()
    })
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
