//! The loops in which a network spends its time, once for each instruction set.
//!
//! Three layers, and only here is `unsafe` allowed:
//!
//! * **Tiles** ([`tile`]): a register block of work over raw pointers, one function a shape. A folder
//!   an instruction set ([`native`], …) holds nothing but these, and a [`Kernels`] table names them.
//! * **Drivers** ([`Dense`], [`Windowed`], [`simple`]): safe functions, shared by all instruction sets, that cut
//!   rows into tiles. They check every bound before they make a pointer; that a tile stays inside
//!   follows from those checks alone, never from the plan.
//! * **Views** ([`Rows`], [`RowsMut`]): where the rows of a tensor lie in a buffer, checked when made.
//!
//! Activations are height × width × channel. A pixel takes a whole number of vectors
//! ([`Kernels::lanes`]); **lanes past the last channel hold 0**, which every driver relies on and
//! keeps. The value of a pixel never depends on how rows are cut into tiles: each output is one
//! chain of multiply-adds in the order of the weights, so all splits give identical bits.

mod aligned;
#[cfg(target_arch = "arm")]
mod armv7;
#[cfg(target_arch = "x86_64")]
mod avx2;
#[cfg(target_arch = "x86_64")]
mod avx512;
pub(crate) mod bytes;
mod dense;
mod finish;
mod native;
#[cfg(target_arch = "aarch64")]
mod neon;
mod simple;
#[cfg(test)]
mod tests;
mod tile;
mod view;
mod windowed;
#[cfg(target_arch = "x86_64")]
mod x86;

use crate::cpu::CpuPath;

pub(crate) use aligned::Aligned;
pub(crate) use dense::{Dense, DenseParts, MOST_ROWS};
pub(crate) use simple::{
    Activate, Curve, add, between, copy_pixels, global_average, interleave, place, repack, resize,
    scale, take,
};
pub(crate) use tile::{
    DenseKernel, DenseShape, DenseTile, EdgeKernel, EdgeTile, Finish, InnerKernel, InnerTile,
    WindowKernel, WindowTile,
};
pub(crate) use view::{Layout, Rows, RowsMut};
pub(crate) use windowed::{MOST_CELLS, Windowed};

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
    /// The same for windows inside the rows, where it is worth a kernel of its own.
    pub(crate) depthwise_inner: fn(window: [usize; 2], step: usize) -> Option<InnerKernel>,
    /// Largest value of each window.
    pub(crate) max: &'static [WindowKernel],
    /// The same for windows inside the rows.
    pub(crate) max_inner: fn(window: [usize; 2], step: usize) -> Option<InnerKernel>,
    /// Sum of each window times a factor of the output pixel, see [`WindowTile::weights`].
    pub(crate) mean: &'static [WindowKernel],
    /// `output = finish(left + right)`, slices of one length. A slope repeats with its length.
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

impl Kernels {
    /// The kernels of a path; `None` when this processor lacks it.
    pub(crate) fn of(path: CpuPath) -> Option<&'static Self> {
        if !path.is_available() {
            return None;
        }
        match path {
            CpuPath::Native => Some(&native::KERNELS),
            #[cfg(target_arch = "aarch64")]
            CpuPath::Neon => Some(&neon::KERNELS),
            #[cfg(target_arch = "arm")]
            CpuPath::Neon => Some(&armv7::KERNELS),
            #[cfg(target_arch = "x86_64")]
            CpuPath::Avx2 => Some(&avx2::KERNELS),
            #[cfg(target_arch = "x86_64")]
            CpuPath::AvxVnni => Some(&avx2::BESIDE_VNNI),
            #[cfg(target_arch = "x86_64")]
            CpuPath::Avx512 => Some(&avx512::KERNELS),
            _ => None,
        }
    }
}
