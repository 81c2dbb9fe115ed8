//! Every store of the ledger passes one suite.
#![allow(clippy::unwrap_used, missing_docs)]

#[path = "../common/mod.rs"]
mod common;

mod postgres;
mod sqlite;
mod suite;
