//! Device licences of Vultus.
//!
//! A licence is a file bound to one device's fingerprint. The vendor signs it; the device verifies
//! it, offline. This crate knows nothing about faces: it turns a licence, a device and a clock into
//! a [`Grant`](grant::Grant), which the SDK asks for. `docs/licensing.md` is the walk-through,
//! `docs/licence-format.md` has the byte tables.
//!
//! Honest limits: a device's owner who is root can restore a whole disk, clock included, or patch
//! the program. A secret in hardware (TEE, crypto chip) handed over as a component is what stops
//! cloning; nothing offline stops patching.

#![forbid(unsafe_code)]

pub mod capability;
pub mod clock;
pub mod device;
pub mod envelope;
pub mod error;
pub mod file;
pub mod fingerprint;
pub mod grant;
pub mod keyfile;
pub mod keys;
pub mod licence;
pub mod platform;
pub mod policy;
pub mod request;
pub mod revocation;
pub mod storage;
#[cfg(feature = "test-keys")]
pub mod testkit;
pub mod time;

mod bytes;
mod state;
mod text;
mod tlv;

#[cfg(test)]
mod parser_tests;
