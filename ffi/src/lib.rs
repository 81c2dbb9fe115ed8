//! The C ABI of Vultus.
//!
//! `include/vultus.h` is generated from this crate, and its text is the comments of the exported items. The rules that
//! hold for every function are in `cbindgen.toml`, which makes the first page of the header. `docs/c-abi.md` is the long
//! form.
//!
//! # The order of the files
//!
//! A file uses only files that stand below it. From the bottom up:
//!
//! 1. `misuse`: what a caller can get wrong, as an error with a number of the status table.
//! 2. `pointer`, `output`, `numbers`: checks of one pointer, outputs of a fixed size, and numbers that stand for
//!    something else.
//! 3. `handle`, `pod`, `strings`: the three doors. Opaque objects, structs, and texts and bytes come in through them;
//!    they do not use one another.
//! 4. `last_error` and `logging`: what is kept of a failure, and what is told to the host's callback.
//! 5. `fence`: runs the body of every exported function.
//! 6. The exported functions. First those about the library itself (`abi`, `codes`, `error`, `status`, `log`,
//!    `c_string`), then `licence`, `options`, `sdk`, `session`, `frame`, and what is done with frames and galleries.
//!
//! # The walk of a pointer from C
//!
//! An exported function runs its whole body inside `fence`. There each pointer first passes the door of its kind:
//!
//! - **A handle** passes `handle::shared` (for `const X *`) or `handle::exclusive` (for `X *`). The door checks that the
//!   pointer is not NULL and is aligned, that it names a slot of this type and of this process, that the handle was not
//!   freed and is not poisoned, and that no other call is in the way. Then it counts this call as a user until the call
//!   ends. A handle is a number that is looked up; slots are used again, under another generation, and never given back. Whether a type
//!   may be used shared, used exclusively, and freed are traits of it (`Shared`, `Exclusive`, `Owned`); a function that
//!   uses a type in another way does not compile.
//! - **A struct** passes `pod::read`, which copies as many bytes as its `struct_size` says; later fields get the value
//!   that keeps the old behaviour.
//! - **A text or bytes** pass `vultus_str::get` or `vultus_bytes::get`, and are borrowed for the call; a text must be
//!   UTF-8 without NUL.
//! - **An output** passes one of the types whose names begin with `Out`: `OutHandle`, `OutStruct`, `OutArray`, `OutList`,
//!   `OutText`, `OutBytes`, `OutValue`. The pointer is checked before any work is done, and written after the work has
//!   succeeded; `needed` and `count` are also written where a buffer is too small.
//!
//! What follows is safe code over the core. Its error, or its panic, comes back to `fence`, which logs it, keeps it for
//! `vultus_last_error`, and returns its number. A handle that was in exclusive use when its call panicked is poisoned.

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
mod process;

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
