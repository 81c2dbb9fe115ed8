//! Tests that need a program of their own: one that counts its memory, and one that starts itself again.
#![allow(clippy::print_stdout, clippy::unwrap_used)]

#[path = "../common/mod.rs"]
mod common;

mod hostile_files;
#[cfg(unix)]
mod processes;

#[global_allocator]
static ALLOCATOR: vultus_test_basics::Counting = vultus_test_basics::Counting;
