//! Depthwise convolution of bytes.
#![allow(unsafe_code)]

use super::dense::ByteDenseParts;
use super::finish::Finish;
use super::margin::Margin;
use super::{
    ByteKernels, ByteRows, Depthwise, DepthwiseTile, End, LANES, Line, Scratch, Shape, Target,
};
use crate::kernels::Kernels;
use std::ops::Range;

/// Most cells of a window.
pub(crate) const MOST_BYTE_CELLS: usize = 256;

/// Sums of a tile: half of a first-level cache.
const SUMS: usize = 4096;

/// Most pixels of a tile.
const MOST_PIXELS: usize = 64;

/// How many times as many where windows slide: hardly ever are their sums written to memory, and a tile costs what is
/// seen before its first window.
const SLIDING: usize = 4;

/// Cells of a tile that has room for most windows.
const FEW_CELLS: usize = 28;

/// Where kernels whose windows slide have the cells of a 3 × 3 window, so that what a kernel does to a pair of pixels
/// serves several windows: of each column the upper two; the second and third of the lowest row; the first of it with
/// nothing before. Where there is none, weights are 0.
pub(super) const BY_COLUMNS: [usize; 9] = [0, 2, 4, 1, 3, 5, 9, 6, 7];

/// Places for those cells, and for none.
const PLACES: usize = 12;

/// A depthwise convolution of bytes.
pub(crate) struct ByteDepthwise {
    way: Depthwise,
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
        let stride = parts.window.stride[1] as usize;
        let sliding = kernels.sliding.filter(|_| size == [3, 3] && stride == 1);
        let slides = sliding.is_some();
        let way = sliding.unwrap_or(kernels.depthwise);
        let more = if slides { SLIDING } else { 1 };
        let most = (more * MOST_PIXELS).min(parts.output.width);
        let pixels = (more * SUMS / input.pixel).clamp(1, most);
        scratch.reserve(margin.bytes(), pixels * input.pixel);
        let mut sums = vec![0_i32; channels];
        for row in parts.weights.chunks_exact(channels) {
            for (sum, &weight) in sums.iter_mut().zip(row) {
                *sum += i32::from(weight);
            }
        }
        let weights = if slides {
            by_columns(parts.weights, channels)
        } else {
            parts.weights.to_vec()
        };
        Self {
            way,
            input,
            output: parts.output,
            size,
            stride,
            slides,
            margin,
            weights: (way.pack)(&weights, channels),
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
        let seen = if self.slides { PLACES } else { rows * columns };
        let whole = seen.next_multiple_of(4);
        let (mut few, mut many);
        let cells = if whole <= FEW_CELLS {
            few = [std::ptr::null(); FEW_CELLS];
            &mut few[..whole]
        } else {
            many = [std::ptr::null(); MOST_BYTE_CELLS];
            &mut many[..whole]
        };
        for row in 0..rows {
            let tap = &self.margin.tap(input, y, row, margins)[xs.start * step..];
            assert!((count - 1) * step + columns * pixel <= tap.len());
            if row == 0 {
                // Where weights are 0 it does not matter which pixel is read.
                cells.fill(tap.as_ptr());
            }
            for column in 0..columns {
                let cell = row * columns + column;
                let place = if self.slides { BY_COLUMNS[cell] } else { cell };
                cells[place] = tap[column * pixel..].as_ptr();
            }
        }
        assert_eq!(sums.len(), count * pixel);
        let tile = DepthwiseTile {
            cells: cells.as_ptr(),
            count: cells.len(),
            seen,
            step,
            pixels: count,
            vectors: pixel / LANES,
            weights: self.weights.as_ptr(),
            sums: sums.as_mut_ptr(),
            end,
        };
        // SAFETY: the instruction set of the table that the function is from is there; each cell was checked to lie, with those of
        // all pixels, inside its tap; the weights were packed for as many cells and channels, and what
        // the sums end in was cut to these pixels and channels.
        unsafe { (self.way.run)(&tile) };
    }
}

/// The weights of the cells where [`BY_COLUMNS`] has them.
fn by_columns(weights: &[i8], channels: usize) -> Vec<i8> {
    let mut ordered = vec![0; PLACES * channels];
    for (cell, place) in weights.chunks_exact(channels).zip(BY_COLUMNS) {
        ordered[place * channels..][..channels].copy_from_slice(cell);
    }
    ordered
}
