//! What somebody does who wants more than was licensed, or who does not know better. One program, because each would
//! link the whole crate.
#![allow(clippy::print_stdout, clippy::unwrap_used)]

#[path = "../common/mod.rs"]
mod common;

mod clock;
mod clock_games;
mod device;
mod file;
#[cfg(unix)]
mod folder;
mod mutations;
mod power_cut;
mod revocation;
mod signature;
mod state;
