//! The C ABI of Vultus.
//!
//! `include/vultus.h` is generated from this crate, and its text is the comments of the exported items. The rules that
//! hold for every function are in `cbindgen.toml`, which makes the first page of the header. `docs/c-abi.md` is the long
//! form.
//!
//! # The order of the files
//!
//! A file uses only what stands below it. From the bottom up:
//!
//! 1. `misuse`: what a caller can get wrong, with its number of the status table.
//! 2. `pointer`, `output`, `numbers`: checks of one pointer, outputs of one number, numbers that mean something else.
//! 3. `handle`, `pod`, `strings`: the three doors, through which everything from C comes in. They do not use one another.
//! 4. `last_error` and `logging`: what is kept, and what is told, of a failure.
//! 5. `fence`: runs the body of every exported function.
//! 6. The exported functions: first those about the library itself (`abi`, `codes`, `error`, `status`, `log`, `c_string`),
//!    then `licence`, `options`, `sdk`, `session`, `frame`, and what a session does with frames and galleries.
//!
//! # The walk of a pointer from C
//!
//! An exported function runs its body inside `fence`. The body first passes each argument through the door of its kind,
//! and does nothing else before all of them have passed:
//!
//! - `handle::shared` and `handle::exclusive` take the handle of an opaque object. They check that the pointer is not NULL
//!   and is aligned, that the slot it points to belongs to a handle of this type, that the handle was not freed and is not
//!   poisoned, and that no other call is in the way; then they count this call as a user until it ends. Slots are never
//!   given back to the allocator, so these checks never read memory that belongs to something else by now. Which of
//!   `const X *` (`Shared`), `X *` (`Exclusive`) and `vultus_x_free` (`Owned`) a type allows is a trait of it, and a
//!   function that asks for another one does not compile.
//! - `pod::read` copies a struct of the caller, as far as its `struct_size` says; `vultus_str::get` and
//!   `vultus_bytes::get` borrow texts and bytes for the call, and check the text.
//! - The types whose names begin with `Out` take pointers that the function writes to: `OutHandle`, `OutStruct`,
//!   `OutArray`, `OutList`, `OutText`, `OutBytes` and `OutValue`. They check the pointer when they are made, and write only
//!   when the work has succeeded.
//!
//! What remains is safe code over the core. Its error, or its panic, comes back to `fence`, which logs it, keeps it for
//! `vultus_last_error`, and returns its number; a handle that was in exclusive use when its call panicked is poisoned.

#![allow(unsafe_code, reason = "pointers from C")]
#![allow(
    non_camel_case_types,
    reason = "types are called in Rust what they are called in the header"
)]
#![allow(
    clippy::missing_safety_doc,
    reason = "the first page of the header says what the caller has to guarantee"
)]
#![allow(
    clippy::too_many_arguments,
    reason = "functions of C take their arguments one by one"
)]
#![warn(missing_debug_implementations)]

mod misuse;
mod numbers;
mod output;
mod pointer;

mod handle;
mod pod;
pub mod strings;

mod last_error;
mod logging;

mod fence;

pub mod abi;
pub mod c_string;
pub mod codes;
pub mod error;
pub mod log;
pub mod status;

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
