//! The tool, as a vendor uses it. One program, because each would link the whole crate.
#![allow(clippy::unwrap_used, missing_docs)]

#[path = "../common/mod.rs"]
mod common;

mod refusals;
mod selling;
