//! Depthwise convolution of bytes.
#![allow(unsafe_code)]

use super::dense::ByteDenseParts;
use super::finish::Finish;
use super::margin::Margin;
use super::{ByteKernels, ByteRows, DepthwiseTile, End, LANES, Line, Scratch, Shape, Target};
use crate::nn::kernels::Kernels;
use std::ops::Range;

/// Most cells of a window.
pub(crate) const MOST_BYTE_CELLS: usize = 256;

/// Sums of a tile: half of a first-level cache.
const SUMS: usize = 4096;

/// Most pixels of a tile.
const MOST_PIXELS: usize = 64;

/// Where kernels whose windows slide have the cells of a 3 × 3 window: column after column, each followed by one
/// with weights of 0, so that what a kernel does to the cells of a column serves three windows.
pub(super) const BY_COLUMNS: [Option<usize>; 12] = {
    let mut order = [None; 12];
    let mut cell = 0;
    while cell < 9 {
        order[cell % 3 * 4 + cell / 3] = Some(cell);
        cell += 1;
    }
    order
};

/// A depthwise convolution of bytes.
pub(crate) struct ByteDepthwise {
    kernels: &'static ByteKernels,
    input: Shape,
    output: Shape,
    size: [usize; 2],
    stride: usize,
    slides: bool,
    margin: Margin,
    weights: Vec<Line>,
    /// Pixels of a tile.
    pixels: usize,
    finish: Finish,
}

impl ByteDepthwise {
    /// Makes room in `scratch`. The weights are window row × window column × channel.
    ///
    /// # Panics
    /// When the parts do not fit each other, or pixels take no whole vectors; a checked plan's do.
    pub(crate) fn new(
        kernels: &'static ByteKernels,
        floats: &'static Kernels,
        parts: &ByteDenseParts,
        scratch: &mut Scratch,
    ) -> Self {
        let (input, grid) = parts.input;
        let size = parts.window.size.map(|side| side as usize);
        let (cells, channels) = (size[0] * size[1], input.channels);
        assert!(cells <= MOST_BYTE_CELLS, "{cells} cells in a window");
        assert!(channels == parts.output.channels && input.pixel % LANES == 0);
        assert_eq!(parts.weights.len(), cells * channels, "weights");
        let margin = Margin::new(input, parts.window, parts.output.width, grid.zero);
        let pixels = (SUMS / input.pixel).clamp(1, MOST_PIXELS);
        scratch.reserve(margin.bytes(), pixels * input.pixel);
        let mut sums = vec![0_i32; channels];
        for row in parts.weights.chunks_exact(channels) {
            for (sum, &weight) in sums.iter_mut().zip(row) {
                *sum += i32::from(weight);
            }
        }
        let stride = parts.window.stride[1] as usize;
        let slides = (kernels.slides)(size, stride);
        let weights = if slides {
            by_columns(parts.weights, channels)
        } else {
            parts.weights.to_vec()
        };
        Self {
            kernels,
            input,
            output: parts.output,
            size,
            stride,
            slides,
            margin,
            weights: (kernels.pack_depthwise)(&weights, channels),
            pixels,
            finish: parts.finish(kernels, floats, sums),
        }
    }

    /// Computes rows of the output; `target` is those rows alone.
    ///
    /// # Panics
    /// When the input has another shape than the convolution was made for.
    pub(crate) fn run(
        &self,
        input: ByteRows,
        (target, rows): (&mut Target, Range<usize>),
        scratch: &mut Scratch,
    ) {
        assert_eq!(input.shape(), self.input, "input");
        let (margins, sums) = scratch.parts();
        let width = self.output.width;
        self.margin.clear(margins);
        for (number, y) in rows.enumerate() {
            self.margin.advance(input, y, number == 0, margins);
            for x in (0..width).step_by(self.pixels) {
                let xs = x..width.min(x + self.pixels);
                let place = number * width + xs.start..number * width + xs.end;
                let end = self
                    .finish
                    .end(&(0..self.input.pixel), &place, None, target);
                let sums = &mut sums[..xs.len() * self.input.pixel];
                self.tile(input, margins, (y, xs), sums, end);
            }
        }
        self.finish.complete(target);
    }

    fn tile(
        &self,
        input: ByteRows,
        margins: &[u8],
        (y, xs): (usize, Range<usize>),
        sums: &mut [i32],
        end: End,
    ) {
        let (pixel, count) = (self.input.pixel, xs.len());
        let step = self.stride * pixel;
        let [rows, columns] = self.size;
        // Cells past the last have weights of 0 and read what the first does.
        let mut cells = [std::ptr::null(); MOST_BYTE_CELLS];
        for row in 0..rows {
            let tap = &self.margin.tap(input, y, row, margins)[xs.start * step..];
            assert!((count - 1) * step + columns * pixel <= tap.len());
            for column in 0..columns {
                cells[row * columns + column] = tap[column * pixel..].as_ptr();
            }
        }
        let mut seen = rows * columns;
        let first = cells[0];
        if self.slides {
            let of: [*const u8; 9] = std::array::from_fn(|cell| cells[cell]);
            seen = BY_COLUMNS.len();
            for (cell, at) in cells.iter_mut().zip(BY_COLUMNS) {
                *cell = at.map_or(first, |at| of[at]);
            }
        }
        let whole = seen.next_multiple_of(4);
        cells[seen..whole].fill(first);
        assert_eq!(sums.len(), count * pixel);
        let tile = DepthwiseTile {
            cells: cells.as_ptr(),
            count: whole,
            seen,
            slides: self.slides,
            step,
            pixels: count,
            vectors: pixel / LANES,
            weights: self.weights.as_ptr(),
            sums: sums.as_mut_ptr(),
            end,
        };
        // SAFETY: the table's instruction set is there; each cell was checked to lie, with those of
        // all pixels, inside its tap; the weights were packed for as many cells and channels, and what
        // the sums end in was cut to these pixels and channels.
        unsafe { (self.kernels.depthwise)(&tile) };
    }
}

/// The weights of the cells in the order of [`BY_COLUMNS`].
fn by_columns(weights: &[i8], channels: usize) -> Vec<i8> {
    let mut ordered = vec![0; BY_COLUMNS.len() * channels];
    for (ordered, cell) in ordered.chunks_exact_mut(channels).zip(BY_COLUMNS) {
        if let Some(cell) = cell {
            ordered.copy_from_slice(&weights[cell * channels..][..channels]);
        }
    }
    ordered
}
