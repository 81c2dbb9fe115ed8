//! What one call of a kernel works on. Pointers, because a tile is a handful of vectors and its
//! bounds were checked by the driver.
#![allow(unsafe_code)]

use super::Line;

/// Neighbouring pixels × some vectors of output channels of a dense convolution.
///
/// `sums[p][c] = Σ_row Σ_k (taps[row][(first + p)·step + k] − offset) · panels[c][row·depth + k]`
#[derive(Clone, Copy)]
pub(crate) struct DenseTile {
    /// For each row of the window, the first byte that pixel number 0 sees in it.
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
    /// Number of the first pixel.
    pub(crate) first: usize,
    /// Pixels.
    pub(crate) pixels: usize,
    /// Memory for the sums of [`DenseShape::pixels`], pixel × channel without gaps, where a kernel does not keep them in
    /// registers.
    pub(crate) sums: *mut i32,
    /// What is done to the sums.
    pub(crate) epilogue: EpilogueTile,
}

impl DenseTile {
    /// All pixels by kernels that take so many at a time; those left at the end by the one of `rest` that takes them,
    /// number `n - 1` for `n` pixels.
    ///
    /// # Safety
    /// As for [`DenseKernel`].
    #[inline(always)]
    pub(super) unsafe fn by(&self, at_a_time: usize, kernel: impl Fn(&Self), rest: &[DenseKernel]) {
        let mut tile = *self;
        let end = self.first + self.pixels;
        tile.pixels = at_a_time;
        while tile.first + at_a_time <= end {
            kernel(&tile);
            tile.first += at_a_time;
        }
        tile.pixels = end - tile.first;
        if tile.pixels > 0 {
            // SAFETY: the caller's promise.
            unsafe { rest[tile.pixels - 1](&tile) };
        }
    }

    /// The sums, once a kernel has written them all.
    pub(super) fn written(&self, vectors: usize) -> Sums {
        Sums {
            at: self.sums,
            first: self.first,
            pixels: self.pixels,
            vectors,
        }
    }
}

/// Computes a tile, the epilogue included.
///
/// # Safety
/// The instruction set is there, and all that the tile's fields describe for this kernel's number of vectors can be
/// read, and `sums` and what the epilogue names written; a kernel that is for a number of pixels is called for just these.
pub(crate) type DenseKernel = unsafe fn(&DenseTile);

/// The dense kernel of one width.
pub(crate) struct DenseShape {
    /// Vectors of output channels.
    pub(crate) vectors: usize,
    /// Pixels whose sums may lie in memory at the same time.
    pub(crate) pixels: usize,
    /// For any number of pixels.
    pub(crate) run: DenseKernel,
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
    /// As [`DepthwiseKernel::pack`](super::DepthwiseKernel::pack) made them.
    pub(crate) weights: *const Line,
    /// Memory for all sums, pixel × channel without gaps, where a kernel does not keep them in registers.
    pub(crate) sums: *mut i32,
    /// What is done to the sums.
    pub(crate) epilogue: EpilogueTile,
}

impl DepthwiseTile {
    /// The sums, once a kernel has written them all.
    pub(super) fn written(&self) -> Sums {
        Sums {
            at: self.sums,
            first: 0,
            pixels: self.pixels,
            vectors: self.vectors,
        }
    }
}

/// What is done to the sums of a run of pixels × some vectors of channels.
#[derive(Clone, Copy)]
pub(crate) enum EpilogueTile {
    /// Int8 is written.
    Int8(RequantTile),
    /// f32 is written, before any activation but limits.
    Float(DequantTile),
}

impl EpilogueTile {
    /// One bias a channel, which sums that stay in registers start from; `None` where they go through memory, and the
    /// function that reads them there adds it.
    #[cfg(target_arch = "x86_64")]
    #[inline(always)]
    pub(super) fn initial_bias(&self) -> Option<*const i32> {
        match self {
            Self::Int8(tile) => tile.limits_only.then_some(tile.bias),
            Self::Float(tile) => Some(tile.bias),
        }
    }

    /// Applies the epilogue to sums that lie in memory, each kind by its function.
    ///
    /// # Safety
    /// As for the functions.
    #[inline(always)]
    pub(super) unsafe fn run(
        &self,
        sums: &Sums,
        requantise: unsafe fn(&RequantTile, &Sums),
        dequantise: unsafe fn(&DequantTile, &Sums),
    ) {
        // SAFETY: the caller's promise.
        unsafe {
            match self {
                Self::Int8(tile) => requantise(tile, sums),
                Self::Float(tile) => dequantise(tile, sums),
            }
        }
    }
}

/// Sums in memory: pixel × channel without gaps.
#[derive(Clone, Copy)]
pub(crate) struct Sums {
    /// The first.
    pub(crate) at: *const i32,
    /// Number of the first pixel in the run.
    pub(crate) first: usize,
    /// Pixels.
    pub(crate) pixels: usize,
    /// Vectors of channels.
    pub(crate) vectors: usize,
}

/// From sums to int8.
///
/// `x = (sums + bias) · factors`, then `x += (residual − residual_zero_point) · residual_factor`, then with
/// slopes `x = max(x, 0) + slope · min(x, 0)`, then
/// `output = round(min(max(x, low), high)) + zero_point`, halves to even.
#[derive(Clone, Copy)]
pub(crate) struct RequantTile {
    /// One value a channel.
    pub(crate) bias: *const i32,
    /// One value a channel.
    pub(crate) factors: *const f32,
    /// One value a channel; null for none.
    pub(crate) slopes: *const f32,
    /// At the run's first pixel and the first channel; null for none.
    pub(crate) residual: *const u8,
    /// Bytes from one pixel of the residual to the next.
    pub(crate) residual_step: usize,
    /// The byte of the residual that stands for 0.
    pub(crate) residual_zero_point: i32,
    /// Steps of the output in a step of the residual.
    pub(crate) residual_factor: f32,
    /// Least value, `-zero_point` at least.
    pub(crate) low: f32,
    /// Largest value, `255 - zero_point` at most.
    pub(crate) high: f32,
    /// The byte of the output that stands for 0.
    pub(crate) zero_point: i32,
    /// The least and the largest byte there can be: rounding keeps order, so that limiting bytes is limiting `x`.
    #[cfg_attr(
        not(target_arch = "x86_64"),
        expect(dead_code, reason = "for kernels whose sums stay in registers")
    )]
    pub(crate) limits: [u8; 2],
    /// Whether every `x` is a product below 2^31 and limits are all that follows.
    #[cfg_attr(
        not(target_arch = "x86_64"),
        expect(dead_code, reason = "for kernels whose sums stay in registers")
    )]
    pub(crate) limits_only: bool,
    /// At the run's first pixel and the first channel.
    pub(crate) output: *mut u8,
    /// Bytes from one pixel of the output to the next.
    pub(crate) output_step: usize,
}

/// From sums to f32: `min(max((sums + bias) · factors, low), high)`.
#[derive(Clone, Copy)]
pub(crate) struct DequantTile {
    /// One value a channel.
    pub(crate) bias: *const i32,
    /// One value a channel.
    pub(crate) factors: *const f32,
    /// Least value.
    pub(crate) low: f32,
    /// Largest value.
    pub(crate) high: f32,
    /// At the run's first pixel and the first channel.
    pub(crate) output: *mut f32,
    /// Values from one pixel of the output to the next.
    pub(crate) output_step: usize,
    /// How many values of the last vector are written, 1 to 16.
    pub(crate) last: usize,
}
