//! The tool as scripts see it, and what needs the standard pack, which the tool imports. One program, because each would
//! link the whole core.
#![allow(clippy::print_stderr, clippy::print_stdout, clippy::unwrap_used)]

#[path = "../common/mod.rs"]
mod common;

mod commands;
#[cfg(feature = "onnx")]
mod compile;
mod documents;
mod enroll;
mod eval;
mod frames;
mod gallery;
mod hostile_files;
mod hostile_pictures;
mod licence;
mod liveness_colour;
mod packs;
mod pad;
mod pad_depth;
mod pad_infrared;
mod quality;
mod quantize;
