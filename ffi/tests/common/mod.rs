//! What the tests share.
#![allow(unsafe_code, unreachable_pub, clippy::unwrap_used)]
#![allow(
    dead_code,
    unused_imports,
    reason = "each test program uses a part of it"
)]

mod answers;
pub mod codes;
pub mod door;
pub mod galleries;
pub mod header;
mod lend;
pub mod licences;
mod repository;

pub use answers::{copied, field, last_error, made, ok, refused};
pub use lend::{bytes, path, text, zeroed};
pub use repository::{crate_root, fixture};
pub use vultus_testkit::{TempDir, root};
