//! What can be wrong with a licence, a device or a state file.
//!
//! One error, one cause: a caller shows a different screen for each, and never parses text. No
//! variant carries a raw value of the fingerprint.

pub use crate::format::FormatFault;

use crate::capability::Capability;
use crate::fingerprint::{Explanation, WeakFingerprint};
use crate::keys::KeyId;
use crate::licence::{LicenceId, Tier};
use crate::platform::Platform;
use crate::policy::PolicyFault;
use crate::process::ForkedProcess;
use crate::time::UnixSeconds;
use std::fmt;
use std::io;
use std::path::PathBuf;

/// Why there is no grant, or no longer one.
#[derive(Debug)]
pub enum LicenceError {
    /// No licence is installed there.
    Missing {
        /// Where it was looked for.
        path: PathBuf,
    },
    /// The bytes are no licence, request, revocation list or state file.
    BadFormat(FormatFault),
    /// Signed with a key that this build does not know, or not for this purpose.
    UnknownKey(KeyId),
    /// The signature does not belong to these bytes.
    BadSignature,
    /// Validly signed, but against the rules that every licence obeys.
    PolicyViolation(PolicyFault),
    /// The licence is another device's.
    FingerprintMismatch(Explanation),
    /// The device offers too little to tell it from others.
    FingerprintTooWeak(WeakFingerprint),
    /// The licence does not carry the capability.
    NotEntitled {
        /// What was asked for.
        capability: Capability,
        /// What was bought.
        tier: Tier,
    },
    /// The trial is over.
    Expired {
        /// First second at which it was over.
        at: UnixSeconds,
    },
    /// The grant, or the device, is another process's.
    Forked(ForkedProcess),
    /// The vendor has revoked the licence.
    Revoked(LicenceId),
    /// The licence is for other platforms.
    PlatformNotLicensed(Platform),
    /// The licence is for earlier versions of the SDK.
    SdkNotLicensed {
        /// Major version of this SDK.
        sdk_major: u16,
        /// Highest major version in the licence.
        licensed: u16,
    },
    /// The licence answers another request than the one this device made.
    RequestMismatch,
    /// A trial needs a clock and there is none to read.
    ClockUnreadable,
    /// A trial cannot start with a clock that was set back.
    ClockRolledBack {
        /// How far behind the latest time this device has seen, in seconds.
        behind_seconds: u64,
    },
    /// Every copy of the trial's state belongs to another licence or device, or was edited.
    StateForeign,
    /// Something other than a plain file of ours is where the state belongs.
    StateUnsafe {
        /// Where.
        path: PathBuf,
        /// What is wrong with it.
        why: &'static str,
    },
    /// The trial's state could not be written for too long.
    StateNotWritable(io::Error),
    /// The state directory cannot be read.
    StateNotReadable {
        /// Where.
        path: PathBuf,
        /// The cause.
        source: io::Error,
    },
    /// An older revocation list than the one the device holds.
    ListRollback {
        /// Number of the list that was offered.
        offered: u64,
        /// Highest number seen.
        held: u64,
    },
    /// A parameter is unusable.
    InvalidArgument {
        /// Its name.
        name: &'static str,
        /// What is wrong with it.
        why: &'static str,
    },
}

impl From<FormatFault> for LicenceError {
    fn from(fault: FormatFault) -> Self {
        Self::BadFormat(fault)
    }
}

impl From<PolicyFault> for LicenceError {
    fn from(fault: PolicyFault) -> Self {
        Self::PolicyViolation(fault)
    }
}

impl From<ForkedProcess> for LicenceError {
    fn from(forked: ForkedProcess) -> Self {
        Self::Forked(forked)
    }
}

impl fmt::Display for LicenceError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Missing { path } => {
                write!(f, "no licence is installed in {}", path.display())
            }
            Self::BadFormat(fault) => write!(f, "the file cannot be read: {fault}"),
            Self::UnknownKey(id) => {
                write!(f, "signed with key {id}, which this build does not accept")
            }
            Self::Forked(forked) => forked.fmt(f),
            Self::BadSignature => f.write_str("the signature does not belong to these bytes"),
            Self::PolicyViolation(fault) => {
                write!(f, "the licence breaks a rule of every licence: {fault}")
            }
            Self::FingerprintMismatch(explanation) => {
                write!(f, "the licence is another device's: {explanation}")
            }
            Self::FingerprintTooWeak(weak) => write!(f, "{weak}"),
            Self::NotEntitled { capability, tier } => {
                write!(f, "a {tier} licence does not carry {capability}")
            }
            Self::Expired { at } => write!(f, "the trial ended at {at}"),
            Self::Revoked(id) => write!(f, "licence {id} was revoked by its vendor"),
            Self::PlatformNotLicensed(platform) => {
                write!(f, "the licence does not name the platform {platform}")
            }
            Self::SdkNotLicensed {
                sdk_major,
                licensed,
            } => write!(
                f,
                "the licence reaches version {licensed} of the SDK, this is version {sdk_major}"
            ),
            Self::RequestMismatch => f.write_str("the licence answers another request"),
            Self::ClockUnreadable => f.write_str("a trial needs a clock and none can be read"),
            Self::ClockRolledBack { behind_seconds } => {
                write!(
                    f,
                    "the clock is {behind_seconds} s behind the latest time seen"
                )
            }
            Self::StateForeign => {
                f.write_str("the trial's state belongs to another licence or device, or was edited")
            }
            Self::StateUnsafe { path, why } => write!(f, "{} {why}", path.display()),
            Self::StateNotWritable(cause) => {
                write!(f, "the trial's state cannot be written: {cause}")
            }
            Self::StateNotReadable { path, source } => {
                write!(f, "{} cannot be read: {source}", path.display())
            }
            Self::ListRollback { offered, held } => write!(
                f,
                "revocation list {offered} is older than list {held}, which the device has seen"
            ),
            Self::InvalidArgument { name, why } => write!(f, "{name} {why}"),
        }
    }
}

impl std::error::Error for LicenceError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::StateNotWritable(source) | Self::StateNotReadable { source, .. } => Some(source),
            _ => None,
        }
    }
}
