//! What one call of a kernel works on. Pointers, because a tile is a handful of vectors and its
//! bounds were checked by the driver for all tiles of a row at once.

/// `min(max(x, low), high)`, or with slopes `max(x, 0) + slope × min(x, 0)`.
#[derive(Clone, Copy)]
pub(crate) struct EpilogueTile {
    /// Least value; -∞ for none.
    pub(crate) low: f32,
    /// Largest value; +∞ for none.
    pub(crate) high: f32,
    /// One slope a channel from the tile's first on, whole vectors; null for none.
    pub(crate) slopes: *const f32,
}

impl EpilogueTile {
    /// The value itself.
    pub(crate) const NONE: Self = Self {
        low: f32::NEG_INFINITY,
        high: f32::INFINITY,
        slopes: std::ptr::null(),
    };
}

/// A block of a dense convolution: some pixels of a row × some vectors of output channels.
///
/// `output[p][c] = epilogue(bias[c] + residual[p][c] + Σ_row Σ_k taps[row][p·step + k] · panels[c][row·depth + k])`,
/// summed in this order.
#[derive(Clone, Copy)]
pub(crate) struct DenseTile {
    /// For each row of the window, the first value that the first pixel sees in it.
    pub(crate) taps: *const *const f32,
    /// Rows of the window.
    pub(crate) rows: usize,
    /// Neighbouring values that a pixel sees in a row: window width × input channels.
    pub(crate) depth: usize,
    /// Values from one pixel to the next in a row of the input.
    pub(crate) step: usize,
    /// Weights of the first vector of output channels: `rows × depth` vectors.
    pub(crate) panels: *const f32,
    /// Values from one vector's weights to the next's.
    pub(crate) panel: usize,
    /// One value a channel from the tile's first on, whole vectors.
    pub(crate) bias: *const f32,
    /// What is added before the epilogue, at the tile's first pixel and channel; null for none.
    pub(crate) residual: *const f32,
    /// Values from one pixel of the residual to the next.
    pub(crate) residual_step: usize,
    /// Where the first pixel's first channel goes.
    pub(crate) output: *mut f32,
    /// Values from one pixel of the output to the next.
    pub(crate) output_step: usize,
    /// What is done to the sums.
    pub(crate) epilogue: EpilogueTile,
}

/// Computes a tile.
///
/// # Safety
/// The instruction set is there, and all that the tile's fields describe for this kernel's number of
/// pixels and vectors can be read, and `output` written; `output` overlaps nothing that is read.
pub(crate) type DenseKernel = unsafe fn(&DenseTile);

/// Dense kernels of one width.
pub(crate) struct DenseShape {
    /// Vectors of output channels.
    pub(crate) vectors: usize,
    /// Index `n - 1` is for `n` pixels.
    pub(crate) kernels: &'static [DenseKernel],
}

/// A block of a depthwise convolution or pooling: some pixels of a row × all channels.
#[derive(Clone, Copy)]
pub(crate) struct WindowTile {
    /// Where each input pixel starts, `rows` × `columns`, a row of the window after another. The
    /// window of output pixel `p` covers the columns `p·step .. p·step + width`.
    pub(crate) pixels: *const *const f32,
    /// Rows of the window.
    pub(crate) rows: usize,
    /// Columns of the window.
    pub(crate) width: usize,
    /// Columns of the whole tile: `(output pixels - 1)·step + width`.
    pub(crate) columns: usize,
    /// Columns from one output pixel's window to the next's.
    pub(crate) step: usize,
    /// Vectors of a pixel.
    pub(crate) vectors: usize,
    /// Depthwise: window row × window column × channel, whole vectors. Mean: one factor an output
    /// pixel. Max: not read.
    pub(crate) weights: *const f32,
    /// Depthwise: one value a channel, whole vectors. Pooling: not read.
    pub(crate) bias: *const f32,
    /// Where the first output pixel starts.
    pub(crate) output: *mut f32,
    /// Values from one output pixel to the next.
    pub(crate) output_step: usize,
    /// What is done to the sums of a depthwise convolution. Pooling: not read.
    pub(crate) epilogue: EpilogueTile,
}

/// Computes a tile.
///
/// # Safety
/// As for [`DenseKernel`]; each of `pixels` has `vectors` vectors.
pub(crate) type WindowKernel = unsafe fn(&WindowTile);

/// Pixels of a row whose windows lie inside the rows of the input, × all channels.
#[cfg_attr(
    not(target_arch = "x86_64"),
    allow(
        dead_code,
        reason = "no other path has kernels for windows inside rows"
    )
)]
#[derive(Clone, Copy)]
pub(crate) struct InnerTile {
    /// For each row that windows see, the first pixel that the first window sees.
    pub(crate) rows: *const *const f32,
    /// Values from one pixel of the input to the next.
    pub(crate) distance: usize,
    /// Output pixels of a row.
    pub(crate) pixels: usize,
    /// Vectors of a pixel.
    pub(crate) vectors: usize,
    /// Depthwise: window row × window column × channel, whole vectors. Max: not read.
    pub(crate) weights: *const f32,
    /// Depthwise: one value a channel, whole vectors. Max: not read.
    pub(crate) bias: *const f32,
    /// Where the first output pixel starts.
    pub(crate) output: *mut f32,
    /// Values from one output pixel to the next.
    pub(crate) output_step: usize,
    /// Values from one output row to the next, where a kernel computes two.
    pub(crate) below: usize,
    /// What is done to the sums of a depthwise convolution. Max: not read.
    pub(crate) epilogue: EpilogueTile,
}

#[cfg_attr(
    not(target_arch = "x86_64"),
    allow(
        dead_code,
        reason = "no other path has kernels for windows inside rows"
    )
)]
impl InnerTile {
    /// First pixels of blocks of `size` that cover all pixels; the last block may begin inside the
    /// one before, for a pixel computed twice is written twice alike.
    pub(crate) fn blocks(&self, size: usize) -> impl Iterator<Item = usize> {
        let last = self.pixels - size;
        (0..self.pixels.div_ceil(size)).map(move |block| (block * size).min(last))
    }
}

/// One pixel whose window leaves the rows left or right, × all channels of a depthwise convolution.
#[cfg_attr(
    not(target_arch = "x86_64"),
    allow(
        dead_code,
        reason = "no other path has kernels for windows inside rows"
    )
)]
#[derive(Clone, Copy)]
pub(crate) struct EdgeTile {
    /// For each row of the window, the first pixel of the picture that it sees.
    pub(crate) rows: *const *const f32,
    /// The columns of the window that are inside.
    pub(crate) inside: [usize; 2],
    /// Values from one pixel of the input to the next.
    pub(crate) distance: usize,
    /// Vectors of a pixel.
    pub(crate) vectors: usize,
    /// Window row × window column × channel, whole vectors.
    pub(crate) weights: *const f32,
    /// One value a channel, whole vectors.
    pub(crate) bias: *const f32,
    /// Where the output pixel starts.
    pub(crate) output: *mut f32,
    /// What is done to the sums.
    pub(crate) epilogue: EpilogueTile,
}

/// Computes a pixel.
///
/// # Safety
/// As for [`DenseKernel`]; `rows` has the columns `inside[0]..inside[1]`.
pub(crate) type EdgeKernel = unsafe fn(&EdgeTile);

/// Computes any number of pixels from `least` on.
#[derive(Clone, Copy)]
pub(crate) struct InnerKernel {
    /// Fewest pixels.
    pub(crate) least: usize,
    /// For the pixels on both sides, where there is one for those.
    pub(crate) edge: Option<EdgeKernel>,
    /// For one row.
    pub(crate) one: InnerRows,
    /// For two rows whose windows are a row apart, where there is such a function.
    pub(crate) two: Option<InnerRows>,
}

/// Computes rows of an output.
///
/// # Safety
/// As for [`DenseKernel`], for as many pixels as the kernel needs.
pub(crate) type InnerRows = unsafe fn(&InnerTile);
