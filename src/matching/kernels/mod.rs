//! Inner loops of the search: products of int8 codes, one nibble of 4 bits at a time, and the exact
//! cosine.
//!
//! `native` is portable, always compiled, and what every other path has to equal: the products of
//! codes are integers, and the exact dot product is defined so that rounding cannot differ (see
//! [`Kernels::exact`]). So a search answers the same on every processor, to the last bit.
//!
//! From the ground up: `block` (what kernels work on) and `buffer`; `native`; one file for each
//! instruction set; `dispatch` (which of them runs).
#![allow(unsafe_code)]

#[cfg(target_arch = "x86_64")]
mod avx2;
#[cfg(target_arch = "x86_64")]
mod avx512;
mod block;
mod buffer;
mod dispatch;
pub(super) mod native;
#[cfg(target_arch = "aarch64")]
mod neon;
#[cfg(test)]
mod tests;

pub(super) use block::{
    BLOCK, Cutoff, GROUP, NIBBLE_ZERO, ProbeCodes, Products, RowScales, WIDTH, ones,
};
pub(super) use buffer::{AlignedBuffer, HUGE};
pub(super) use dispatch::Kernels;
