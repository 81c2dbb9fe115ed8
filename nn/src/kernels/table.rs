//! The table of one instruction set.

use super::curve::Curve;
use super::tile::{DenseShape, InnerKernel, WindowKernel};
use crate::cpu::CpuPath;

/// The functions of one instruction set. A table can be had only from [`Kernels::of`], which gives
/// none for a set that the machine lacks: that is what makes calling its functions sound.
pub(crate) struct Kernels {
    /// The instruction set.
    pub(crate) path: CpuPath,
    /// Values of a vector: the channels of a pixel are padded to a multiple.
    pub(crate) lanes: usize,
    /// Dense convolution, widest shape first; the last is one vector wide.
    pub(crate) dense: &'static [DenseShape],
    /// Depthwise convolution for a window (rows, columns) and a step between columns; index `n - 1`
    /// is for `n` output pixels.
    pub(crate) depthwise: fn(window: [usize; 2], step: usize) -> &'static [WindowKernel],
    /// The same for windows inside the rows, where there is such a kernel.
    pub(crate) depthwise_inner: fn(window: [usize; 2], step: usize) -> Option<InnerKernel>,
    /// Largest value of each window.
    pub(crate) max: &'static [WindowKernel],
    /// The same for windows inside the rows.
    pub(crate) max_inner: fn(window: [usize; 2], step: usize) -> Option<InnerKernel>,
    /// Sum of each window times a factor of the output pixel, see [`WindowTile::weights`](super::WindowTile::weights).
    pub(crate) mean: &'static [WindowKernel],
    /// `output = left + right`, slices of one length.
    pub(crate) add: fn(output: &mut [f32], left: &[f32], right: &[f32]),
    /// `output = input × by`, `by` repeating with its length.
    pub(crate) scale: fn(output: &mut [f32], input: &[f32], by: &[f32]),
    /// `values = min(max(values, low), high)`.
    pub(crate) clip: fn(values: &mut [f32], low: f32, high: f32),
    /// `x` where it is positive, else `x` times its slope; `slopes` repeats with its length.
    pub(crate) prelu: fn(values: &mut [f32], slopes: &[f32]),
    /// Sigmoid or swish in place.
    pub(crate) curve: fn(values: &mut [f32], curve: Curve),
}
