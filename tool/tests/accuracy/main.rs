//! What the documents promise, measured again on photographs: minutes and more of work, so each runs with `-- --ignored`.
#![allow(clippy::print_stderr, clippy::unwrap_used)]

#[path = "../common/mod.rs"]
mod common;

mod engine;
mod figures;
mod quality;
