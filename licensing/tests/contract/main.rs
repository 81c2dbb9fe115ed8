//! What hosts and other versions rely on: formats, fingerprints, names and messages.
#![allow(clippy::print_stdout, clippy::unwrap_used)]

#[path = "../common/mod.rs"]
mod common;

mod devices;
#[cfg(unix)]
mod fingerprint_linux;
mod fingerprint_rule;
mod fingerprint_values;
mod formats;
mod surface;
#[cfg(unix)]
mod surface_device;
