//! The loops in which a network spends its time, once for each instruction set.
//!
//! Three layers, and only here is `unsafe` allowed:
//!
//! * **Tiles** ([`tile`]): a register block of work over raw pointers, one function a shape. A folder
//!   an instruction set ([`native`], …) holds nothing but these, and a [`Kernels`] table names them.
//! * **Drivers** ([`Dense`], [`Windowed`], [`elementwise`], [`copy`], …): safe functions, shared by all instruction sets,
//!   that cut rows into tiles. They check every bound before they make a pointer; that a tile stays inside
//!   follows from those checks alone, never from the plan.
//! * **Views** ([`Rows`], [`RowsMut`]): where the rows of a tensor lie in a buffer, checked when made.
//!
//! Activations are height × width × channel. A pixel takes a whole number of vectors
//! ([`Kernels::lanes`]); **lanes past the last channel hold 0**, which every driver relies on and
//! keeps. The value of a pixel never depends on how rows are cut into tiles: each output is one
//! chain of multiply-adds in the order of the weights, so all splits give identical bits.
//!
//! [`int8`] has the same layers for quantised tensors.

mod aligned;
#[cfg(target_arch = "arm")]
mod armv7;
#[cfg(target_arch = "x86_64")]
mod avx2;
#[cfg(target_arch = "x86_64")]
mod avx512;
mod copy;
mod curve;
mod dense;
mod elementwise;
mod epilogue;
pub(crate) mod int8;
mod native;
#[cfg(target_arch = "aarch64")]
mod neon;
mod reduce;
mod resize;
mod select;
mod table;
#[cfg(test)]
mod tests;
mod tile;
mod view;
mod windowed;
#[cfg(target_arch = "x86_64")]
mod x86;

pub(crate) use aligned::Aligned;
pub(crate) use copy::{copy_pixels, interleave, place, repack, take};
pub(crate) use curve::Curve;
pub(crate) use dense::{Dense, DenseParts, MAX_ROWS};
pub(crate) use elementwise::{Activate, add, scale};
pub(crate) use reduce::global_average;
pub(crate) use resize::{between, resize};
pub(crate) use table::Kernels;
pub(crate) use tile::{
    DenseKernel, DenseShape, DenseTile, EdgeKernel, EdgeTile, EpilogueTile, InnerKernel, InnerTile,
    WindowKernel, WindowTile,
};
pub(crate) use view::{Layout, Rows, RowsMut};
pub(crate) use windowed::{MAX_CELLS, Windowed};
