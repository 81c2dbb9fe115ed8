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
//!
//! **Order of the files.** A file uses only what comes before it here. The ground is `time`,
//! `platform`, `process`, `capability`, `keyfile` and `format` (bounded reading, tagged fields, text form),
//! which know nothing of each other; then `keys` and `fingerprint`; `licence`, the content; `policy`,
//! its rules; and `error`, which carries values of all of these. Above the errors come `clock`,
//! `storage` and `envelope`; the files `signed_licence`, `request` and `revocation`, and `file`, which
//! tells them apart; `state`, what a device remembers; `device`; `trial`, the time of a trial;
//! `grant`; and the two operations on a device, `installation` and `activation`. On top is `testkit`,
//! for tests alone.

#![forbid(unsafe_code)]
#![warn(missing_debug_implementations)]

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
pub mod process;
pub mod request;
pub mod revocation;
pub mod signed_licence;
pub mod storage;
#[cfg(feature = "test-keys")]
pub mod testkit;
pub mod time;

mod activation;
mod format;
mod installation;
mod state;
mod trial;

#[cfg(test)]
mod parser_tests;
