//! What identifies a device among others of its model: parts of its hardware, each reduced to a
//! salted hash.
//!
//! Raw values never leave the device. The hashes are not anonymous: a network address has few
//! enough values to try them all.

mod collect;
mod component;
mod kind;
mod linux;
mod matching;
mod value;

pub use collect::{Collected, FingerprintSource, Given, Refused};
pub use component::{Component, Fingerprint};
pub use kind::ComponentKind;
pub use linux::LinuxSource;
pub use matching::{
    COMPONENTS_MAX, Explanation, LicensedFingerprint, PartExplanation, Verdict, WeakFingerprint,
};
pub use value::{Junk, SecurityLevel};
