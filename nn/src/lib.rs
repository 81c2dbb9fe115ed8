#![cfg_attr(feature = "onnx", doc = include_str!("../README.md"))]
#![cfg_attr(
    not(feature = "onnx"),
    doc = "A small, fast engine for convolutional networks on one CPU core. This build runs plans; the feature `onnx` makes them."
)]
//!
//! # The modules, from the ground up
//!
//! | module | what it holds |
//! |---|---|
//! | [`cpu`] | which kernels this processor can run |
//! | `error`, `network`, `threads` | what a network is to its caller |
//! | `ir` | the words that plans and kernels share: sizes, windows, activations, quantisation; seen through [`plan`] |
//! | `kernels` | the loops, once for each instruction set; the only module with `unsafe` |
//! | [`plan`] | a compiled network: its format, its check, and how it is lowered to kernels |
//! | [`quantise`] | from an f32 plan to one with int8 layers |
//! | `compile` | from ONNX to a plan (feature `onnx`) |
//! | `tract` | the runtime that reads ONNX: the reference (feature `onnx`) |
//! | `load` | from a file to a network that runs |
//!
//! Each uses only those above it in this table.
#![warn(missing_debug_implementations)]

#[cfg(feature = "onnx")]
pub mod compile;
pub mod cpu;
mod error;
mod half;
mod ir;
mod kernels;
mod load;
mod math;
mod network;
pub mod plan;
pub mod quantise;
mod threads;
#[cfg(feature = "onnx")]
mod tract;

pub use error::{Cause, NetworkError};
pub use load::{load_onnx, load_plan, load_plan_for};
pub use math::sigmoid;
pub use network::{MAX_TENSOR_VALUES, Network, Runner, Signature, TensorSpec, TensorView};
pub use threads::{MAX_THREADS, Threads, ThreadsRefused};
