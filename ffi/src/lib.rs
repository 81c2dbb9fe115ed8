//! The C ABI of Vultus.
//!
//! `include/vultus.h` is generated from this crate: the comments of exported items are its manual.
//! `docs/c-abi.md` is the long form. The rules that hold for every function are written once, in
//! `cbindgen.toml`, which is the header's first page.
//!
//! Inside: every exported body runs behind one fence (`fence`), which turns errors and panics into numbers. Every
//! pointer from C goes through `handle` (opaque objects), `pod` (structs) or `strings` (texts and bytes) before
//! anything else sees it. What remains is safe code over the core.

#![allow(unsafe_code, reason = "pointers from C")]
#![allow(
    non_camel_case_types,
    reason = "types are called in Rust what they are called in the header"
)]
#![allow(
    clippy::missing_safety_doc,
    reason = "what a caller owes is the header's first page"
)]
#![allow(
    clippy::too_many_arguments,
    reason = "C has no structs to pass by the way"
)]

mod fence;
mod handle;
mod pod;

pub mod abi;
pub mod codes;
pub mod error;
pub mod log;
pub mod strings;

pub mod licence;
pub mod options;
pub mod sdk;
pub mod session;

pub mod frame;

pub mod compare;
pub mod detect;
pub mod embedding;

pub mod enrol;
pub mod gallery;

pub mod liveness;
pub mod quality;
