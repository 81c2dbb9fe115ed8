//! The rules that every licence obeys, whoever signed it. The issuer checks them before it signs;
//! the device checks them again, so that a stolen issuer cannot mint an endless trial.

use crate::fingerprint::WeakFingerprint;
use crate::licence::{Licence, REVOKED_MAX, Term, Tier};
use std::fmt;

/// Length of a trial: 60 days.
pub const TRIAL_SECONDS: u64 = 60 * 86_400;

/// A rule that a licence breaks.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum PolicyFault {
    /// A trial ends after it begins and at most [`TRIAL_SECONDS`] later.
    TrialLength,
    /// Detection carries no liveness kind, liveness exactly one, recognition one to three.
    LivenessKinds,
    /// A licence names a platform.
    NoPlatform,
    /// The device's components are too few, too many, repeated, without a hardware anchor, or its
    /// owner could write enough of them.
    Fingerprint,
    /// At most [`REVOKED_MAX`] revoked licences ride along, and not the licence itself.
    Revoked,
    /// The signing key did not issue at that time.
    KeyWindow,
}

impl fmt::Display for PolicyFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::TrialLength => "a trial lasts at most 60 days",
            Self::LivenessKinds => {
                "detect carries no liveness kind, liveness exactly one, recognise one to three"
            }
            Self::NoPlatform => "it names no platform",
            Self::Fingerprint => "its fingerprint does not identify a device",
            Self::Revoked => "its revocations are too many or revoke itself",
            Self::KeyWindow => "its key did not issue at that time",
        })
    }
}

/// Checks a licence against every rule but [`PolicyFault::KeyWindow`], which the check of the
/// signature applies.
///
/// # Errors
/// The first rule that is broken.
pub fn check(licence: &Licence) -> Result<(), PolicyFault> {
    if let Term::Trial { expires_at } = licence.term {
        let latest = licence.issued_at.plus(TRIAL_SECONDS);
        if expires_at <= licence.issued_at || expires_at > latest {
            return Err(PolicyFault::TrialLength);
        }
    }
    let kinds = licence.liveness.count();
    let allowed = match licence.tier {
        Tier::Detect => kinds == 0,
        Tier::Liveness => kinds == 1,
        Tier::Recognise => (1..=3).contains(&kinds),
    };
    if !allowed {
        return Err(PolicyFault::LivenessKinds);
    }
    if licence.platforms.0 == 0 {
        return Err(PolicyFault::NoPlatform);
    }
    licence.fingerprint.check_strength()?;
    if licence.revoked.len() > REVOKED_MAX || licence.revoked.contains(&licence.licence_id) {
        return Err(PolicyFault::Revoked);
    }
    Ok(())
}

impl From<WeakFingerprint> for PolicyFault {
    fn from(_: WeakFingerprint) -> Self {
        Self::Fingerprint
    }
}
