//! What one call of a kernel works on. Pointers, because a tile is a handful of vectors and its
//! bounds were checked by the driver.

use super::Line;

/// Some pixels of a row × some vectors of output channels of a dense convolution.
///
/// `sums[p][c] = Σ_row Σ_k (taps[row][p·step + k] − offset) · panels[c][row·depth + k]`
#[derive(Clone, Copy)]
pub(crate) struct DenseTile {
    /// For each row of the window, the first byte that the first pixel sees in it.
    pub(crate) taps: *const *const u8,
    /// Rows of the window.
    pub(crate) rows: usize,
    /// Neighbouring bytes that a pixel sees in a row, in fours.
    pub(crate) depth: usize,
    /// Bytes from one pixel to the next in a row of the input.
    pub(crate) step: usize,
    /// Weights of the first vector of output channels: `rows × depth` lines.
    pub(crate) panels: *const Line,
    /// Lines from one vector's weights to the next's.
    #[cfg_attr(
        not(target_arch = "x86_64"),
        expect(dead_code, reason = "ARM's tiles are one vector wide")
    )]
    pub(crate) panel: usize,
    /// Where the first pixel's first sum goes.
    pub(crate) sums: *mut i32,
    /// Sums from one pixel to the next.
    pub(crate) sums_step: usize,
}

/// Computes a tile.
///
/// # Safety
/// The instruction set is there, and all that the tile's fields describe for this kernel's number of
/// pixels and vectors can be read, and `sums` written.
pub(crate) type DenseKernel = unsafe fn(&DenseTile);

/// Dense kernels of one width.
pub(crate) struct DenseShape {
    /// Vectors of output channels.
    pub(crate) vectors: usize,
    /// Index `n - 1` is for `n` pixels.
    pub(crate) kernels: &'static [DenseKernel],
}

/// Some pixels of a row × all channels of a depthwise convolution.
///
/// `sums[p][c] = Σ_cell (cells[cell][p·step + c] − offset) · weights[c][cell]`
#[derive(Clone, Copy)]
pub(crate) struct DepthwiseTile {
    /// For each cell of the window, the pixel that the first window sees in it. A multiple of 4;
    /// those past the window's last have weights of 0.
    pub(crate) cells: *const *const u8,
    /// How many.
    pub(crate) count: usize,
    /// How many of them the window has.
    #[cfg_attr(
        not(target_arch = "x86_64"),
        expect(dead_code, reason = "ARM takes cells by fours, all of `count`")
    )]
    pub(crate) seen: usize,
    /// Bytes from one window to the next.
    pub(crate) step: usize,
    /// Output pixels.
    pub(crate) pixels: usize,
    /// Vectors of a pixel.
    pub(crate) vectors: usize,
    /// As [`ByteKernels::pack_depthwise`](super::ByteKernels::pack_depthwise) made them.
    pub(crate) weights: *const Line,
    /// Pixel × channel, no gaps.
    pub(crate) sums: *mut i32,
}

/// From sums to bytes, some pixels × some vectors of channels.
///
/// `x = (sums + bias) · factors`, then `x += (residual − residual_zero) · residual_factor`, then with
/// slopes `x = max(x, 0) + slope · min(x, 0)`, then
/// `output = round(min(max(x, low), high)) + zero`, halves to even.
#[derive(Clone, Copy)]
pub(crate) struct FinishTile {
    /// Pixels.
    pub(crate) pixels: usize,
    /// Vectors of channels.
    pub(crate) vectors: usize,
    /// Pixel × channel.
    pub(crate) sums: *const i32,
    /// Sums from one pixel to the next.
    pub(crate) sums_step: usize,
    /// One value a channel.
    pub(crate) bias: *const i32,
    /// One value a channel.
    pub(crate) factors: *const f32,
    /// One value a channel; null for none.
    pub(crate) slopes: *const f32,
    /// At the first pixel and channel; null for none.
    pub(crate) residual: *const u8,
    /// Bytes from one pixel of the residual to the next.
    pub(crate) residual_step: usize,
    /// The byte of the residual that stands for 0.
    pub(crate) residual_zero: i32,
    /// Steps of the output in a step of the residual.
    pub(crate) residual_factor: f32,
    /// Least value, `-zero` at least.
    pub(crate) low: f32,
    /// Largest value, `255 - zero` at most.
    pub(crate) high: f32,
    /// The byte of the output that stands for 0.
    pub(crate) zero: i32,
    /// At the first pixel and channel.
    pub(crate) output: *mut u8,
    /// Bytes from one pixel of the output to the next.
    pub(crate) output_step: usize,
}
