//! The same work on int8 tensors: u8 activations, s8 weights, sums of i32.
//!
//! Built like the f32 kernels around it. An [`Int8Kernels`] table names the loops of one instruction
//! set; [`Int8Dense`], [`Int8Depthwise`], [`Int8Pool`] and what stands in `elementwise` and `copy` are safe drivers that
//! check every bound and cut pictures into tiles; [`Shape`] says how a tensor lies in memory.
//!
//! A convolution sums `(activation − offset) × weight` exactly and then **requantises**: one multiplication per value,
//! the residual, the activation, rounding to the nearest. Every step of it is either exact or a single correctly
//! rounded f32 operation, in one order for all instruction sets, so **all of them give the same bytes**. A kernel
//! does both, so that sums need not leave the registers; where they do, they lie in a [`Scratch`].
//!
//! AVX2 has no exact product of u8 and s8: `vpmaddubsw` adds two neighbouring products in 16
//! saturating bits. Seven-bit weights would avoid that and cost accuracy, sixteen-bit ones time. A plan instead
//! keeps each *pair* of neighbouring weights from summing beyond ±128 ([`MAX_PAIR`]), which
//! seldom costs a channel some of its scale: two large weights of one sign are seldom neighbours.
//!
//! [`MAX_PAIR`]: crate::ir::MAX_PAIR

#[cfg(target_arch = "arm")]
mod armv7;
#[cfg(target_arch = "x86_64")]
mod avx2;
#[cfg(target_arch = "x86_64")]
mod avx512;
#[cfg(target_arch = "x86_64")]
mod avxvnni;
mod cast;
mod copy;
mod dense;
mod depthwise;
mod elementwise;
mod epilogue;
mod line;
mod native;
#[cfg(target_arch = "aarch64")]
mod neon;
mod padding;
mod params;
mod parts;
mod pool;
mod round;
mod scratch;
mod select;
mod shape;
mod table;
#[cfg(test)]
mod tests;
mod tile;

pub(crate) use cast::{as_bytes, as_bytes_mut};
pub(crate) use copy::{copy_channels, repeat};
pub(crate) use dense::{Int8Dense, MAX_INT8_ROWS};
pub(crate) use depthwise::{Int8Depthwise, MAX_INT8_CELLS};
pub(crate) use elementwise::dequantise;
pub(crate) use epilogue::{Target, bias_steps};
pub(crate) use line::{LANES, Line};
pub(crate) use params::{Int8Add, Quantise};
pub(crate) use parts::Int8ConvolutionParts;
pub(crate) use pool::Int8Pool;
pub(crate) use scratch::Scratch;
pub(crate) use shape::{Int8Rows, Shape};
pub(crate) use table::{DepthwiseKernel, Int8Kernels};
pub(crate) use tile::{
    DenseKernel, DenseShape, DenseTile, DepthwiseTile, DequantTile, EpilogueTile, RequantTile, Sums,
};
