//! The same work on bytes: u8 activations, s8 weights, sums of i32.
//!
//! Built like the f32 kernels around it. A [`ByteKernels`] table names the loops of one instruction
//! set; [`ByteDense`], [`ByteDepthwise`] and [`simple`] are safe drivers that check every bound and
//! cut pictures into tiles; [`Shape`] says how a picture lies in memory.
//!
//! A convolution sums `(byte − offset) × weight` exactly and then **requantises**: one multiplication per value,
//! the residual, the activation, rounding to the nearest. Every step of it is either exact or a single correctly
//! rounded f32 operation, in one order for all instruction sets, so **all of them give the same bytes**. A kernel
//! does both, so that sums need not leave the registers; where they do, they lie in a [`Scratch`].
//!
//! AVX2 has no exact product of u8 and s8: `vpmaddubsw` adds two neighbouring products in 16
//! saturating bits. Seven-bit weights would avoid that and cost accuracy, sixteen-bit ones time. A plan instead
//! keeps each *pair* of neighbouring weights from summing beyond ±128 ([`Grid`]), which hardly
//! costs a channel any of its scale, since two large weights of one sign are seldom neighbours.
//!
//! [`Grid`]: crate::plan::Grid

#[cfg(target_arch = "arm")]
mod armv7;
#[cfg(target_arch = "x86_64")]
mod avx2;
#[cfg(target_arch = "x86_64")]
mod avx512;
#[cfg(target_arch = "x86_64")]
mod avxvnni;
mod dense;
mod depthwise;
mod finish;
mod line;
mod margin;
mod native;
#[cfg(target_arch = "aarch64")]
mod neon;
mod room;
mod shape;
pub(crate) mod simple;
#[cfg(test)]
mod tests;
mod tile;

use crate::cpu::CpuPath;

pub(crate) use dense::{ByteDense, ByteDenseParts, MOST_BYTE_ROWS};
pub(crate) use depthwise::{ByteDepthwise, MOST_BYTE_CELLS};
pub(crate) use finish::{Target, bias_steps};
pub(crate) use line::Line;
pub(crate) use margin::Scratch;
pub(crate) use room::{bytes, bytes_mut};
pub(crate) use shape::{ByteRows, Shape};
pub(crate) use tile::{
    DenseKernel, DenseShape, DenseTile, DepthwiseTile, End, FinishTile, FloatsTile, Sums,
};

/// Output channels of a vector: the channels of a pixel are padded to a multiple, and the weights
/// of as many channels × 4 neighbouring values fill a [`Line`].
pub(crate) const LANES: usize = 16;

/// The functions of one instruction set. A table can be had only from [`ByteKernels::of`], which
/// gives none for a set that the machine lacks: that is what makes calling its functions sound.
pub(crate) struct ByteKernels {
    /// What the sums take from each activation: 128 where bytes are read as signed.
    pub(crate) offset: i32,
    /// Dense convolution, widest shape first; the last is one vector wide.
    pub(crate) dense: &'static [DenseShape],
    /// Depthwise convolution of any window.
    pub(crate) depthwise: Depthwise,
    /// The same for windows of 3 × 3 over neighbouring columns, whose cells are [by columns](depthwise::BY_COLUMNS),
    /// where that has a kernel of its own.
    pub(crate) sliding: Option<Depthwise>,
    /// From f32 to bytes.
    pub(crate) quantise: fn(output: &mut [u8], input: &[f32], quantise: &simple::Quantise),
    /// From three planes of f32 to pixels of three bytes and a 0.
    pub(crate) colours: simple::Colours,
    /// Sum of two pictures.
    pub(crate) add: fn(output: &mut [u8], terms: [&[u8]; 2], add: &simple::AddBytes),
    /// The largest bytes of windows and of the output as it was, pixel after pixel.
    pub(crate) largest: fn(output: &mut [u8], windows: &simple::Windows),
}

/// One way to do a depthwise convolution.
#[derive(Clone, Copy)]
pub(crate) struct Depthwise {
    /// Lines for the weights, cell × channel, channels in whole vectors.
    pub(crate) pack: fn(weights: &[i8], channels: usize) -> Vec<Line>,
    /// The function.
    ///
    /// # Safety
    /// As for [`DenseKernel`].
    pub(crate) run: unsafe fn(&DepthwiseTile),
}

impl ByteKernels {
    /// The kernels of a path; `None` when this processor lacks it.
    pub(crate) fn of(path: CpuPath) -> Option<&'static Self> {
        if !path.is_available() {
            return None;
        }
        match path {
            #[cfg(target_arch = "x86_64")]
            CpuPath::Avx2 => Some(&avx2::KERNELS),
            #[cfg(target_arch = "x86_64")]
            CpuPath::AvxVnni => Some(&avxvnni::KERNELS),
            #[cfg(target_arch = "x86_64")]
            CpuPath::Avx512 => Some(&avx512::KERNELS),
            #[cfg(target_arch = "aarch64")]
            CpuPath::Neon if std::arch::is_aarch64_feature_detected!("dotprod") => Some(&neon::DOT),
            #[cfg(target_arch = "aarch64")]
            CpuPath::Neon => Some(&neon::PLAIN),
            #[cfg(target_arch = "arm")]
            CpuPath::Neon => Some(&armv7::KERNELS),
            _ => Some(&native::KERNELS),
        }
    }
}
