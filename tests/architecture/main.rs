//! The rules of the house that a compiler does not check, each in a file of its own. What they are about is the table in
//! `members.rs`.
#![allow(clippy::unwrap_used)]

mod allowed;
mod arrows;
mod circles;
mod edges;
mod files;
mod house;
mod members;
mod order;
mod runtime;
mod scan;
mod scanner;
mod size;
