//! The vendor's desk: its rules, its ledger, its key files. One program, because each would link the whole crate.
#![allow(clippy::print_stdout, clippy::unwrap_used, missing_docs)]

#[path = "../common/mod.rs"]
mod common;

mod keeping;
mod keyfiles;
mod orders;
mod prices;
mod properties;
mod tampering;
mod trials;
