//! Tests that need a program of their own: one that counts its memory, and one that starts itself again.
#![allow(clippy::print_stdout, clippy::unwrap_used)]

#[cfg(unix)]
mod gallery_kill;
mod hostile_pictures;

#[global_allocator]
static ALLOCATOR: vultus_testkit::Counting = vultus_testkit::Counting;
