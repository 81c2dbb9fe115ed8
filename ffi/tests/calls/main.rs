//! Every function of the header, called through the C interface. One program, because each would link the whole
//! core.
#![allow(unsafe_code, clippy::redundant_locals, clippy::unwrap_used)]

#[path = "../common/mod.rs"]
mod common;

mod door;
mod fence;
mod frames;
mod gallery;
mod gallery_files;
mod gallery_lists;
mod judging;
mod licence;
mod liveness;
mod mjpg;
mod pack_keys;
mod surface;
mod words;
