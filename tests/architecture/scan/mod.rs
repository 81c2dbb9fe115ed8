//! Reads Rust files and tells which uses names that another defines.
//!
//! A name is followed through re-exports to the file that defines it, so a `mod.rs` that only declares and hands on has no
//! arrows. Code for every target and feature is read at once. Not seen: a method that is called on a value, when its `impl`
//! is in another file than its type, and what generated files use.

mod attributes;
mod graph;
mod import;
mod reader;
mod resolve;
mod source;
mod target;
mod tokens;
mod tree;

pub(crate) use graph::Graph;
pub(crate) use source::Sources;
pub(crate) use target::{Arrow, Node, Target};
