//! The library over a file in memory, with a made-up pack.
#![allow(clippy::unwrap_used)]

mod fields;
mod foreign;
mod licences;
mod limits;
mod model;
mod oracle;
mod ranking;
mod salvaging;
mod searching;
mod sites;
#[cfg(any(target_os = "linux", target_os = "android"))]
mod threads;
mod transfer;
mod upgrades;
mod world;
