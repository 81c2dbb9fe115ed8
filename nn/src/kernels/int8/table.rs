//! The int8 table of one instruction set.

use super::line::Line;
use super::params::{Colours, Int8Add, PoolWindows, Quantise};
use super::tile::{DenseShape, DepthwiseTile};

/// The functions of one instruction set. A table can be had only from [`Int8Kernels::of`], which
/// gives none for a set that the machine lacks: that is what makes calling its functions sound.
pub(crate) struct Int8Kernels {
    /// What the sums take from each activation: 128 where bytes are read as signed.
    pub(crate) offset: i32,
    /// Dense convolution, widest shape first; the last is one vector wide.
    pub(crate) dense: &'static [DenseShape],
    /// Depthwise convolution of any window.
    pub(crate) depthwise: DepthwiseKernel,
    /// The same for windows of 3 × 3 over neighbouring columns, whose cells are [by columns](super::depthwise::BY_COLUMNS),
    /// where that has a kernel of its own.
    pub(crate) sliding: Option<DepthwiseKernel>,
    /// From f32 to int8.
    pub(crate) quantise: fn(output: &mut [u8], input: &[f32], quantise: &Quantise),
    /// From three planes of f32 to int8 pixels of three channels and a 0.
    pub(crate) colours: Colours,
    /// Sum of two tensors.
    pub(crate) add: fn(output: &mut [u8], terms: [&[u8]; 2], add: &Int8Add),
    /// The largest values of windows and of the output as it was, pixel after pixel.
    pub(crate) max_pool: fn(output: &mut [u8], windows: &PoolWindows),
}

/// A depthwise convolution and the order of weights that it reads.
#[derive(Clone, Copy)]
pub(crate) struct DepthwiseKernel {
    /// Lines for the weights, cell × channel, channels in whole vectors.
    pub(crate) pack: fn(weights: &[i8], channels: usize) -> Vec<Line>,
    /// The function.
    ///
    /// # Safety
    /// As for [`DenseKernel`](super::DenseKernel).
    pub(crate) run: unsafe fn(&DepthwiseTile),
}
