//! Depthwise int8 convolution: cuts rows into tiles.
#![allow(unsafe_code)]

use super::epilogue::Int8Epilogue;
use super::padding::Padding;
use super::{
    DepthwiseKernel, DepthwiseTile, EpilogueTile, Int8ConvolutionParts, Int8Kernels, Int8Rows,
    LANES, Line, Scratch, Shape, Target,
};
use crate::kernels::Kernels;
use std::ops::Range;

/// Most cells of a window.
pub(crate) const MAX_INT8_CELLS: usize = 256;

/// Sums of a tile: half of a first-level cache.
const SUMS: usize = 4096;

/// Most pixels of a tile.
const MAX_PIXELS: usize = 64;

/// How many times as many where windows slide: their sums are seldom written to memory, and each tile reads its first
/// columns again.
const SLIDING: usize = 4;

/// Cells of a tile that is large enough for most windows.
const FEW_CELLS: usize = 28;

/// Where kernels whose windows slide have the cells of a 3 × 3 window, so that what a kernel does to a pair of pixels
/// serves several windows: of each column the upper two; the second and third of the lowest row; the first of it with
/// nothing before. Where there is none, weights are 0.
pub(super) const BY_COLUMNS: [usize; 9] = [0, 2, 4, 1, 3, 5, 9, 6, 7];

/// Places for those cells, and for none.
const PLACES: usize = 12;

/// A depthwise int8 convolution, its weights packed.
pub(crate) struct Int8Depthwise {
    kernel: DepthwiseKernel,
    input: Shape,
    output: Shape,
    size: [usize; 2],
    stride: usize,
    slides: bool,
    padding: Padding,
    weights: Vec<Line>,
    /// Pixels of a tile.
    pixels: usize,
    epilogue: Int8Epilogue,
}

impl Int8Depthwise {
    /// Makes `scratch` large enough. The weights are window row × window column × channel.
    ///
    /// # Panics
    /// When the parts do not fit each other, or pixels take no whole vectors; a checked plan's do.
    pub(crate) fn new(
        kernels: &'static Int8Kernels,
        floats: &'static Kernels,
        parts: &Int8ConvolutionParts,
        scratch: &mut Scratch,
    ) -> Self {
        let (input, params) = parts.input;
        let size = parts.window.size.map(|side| side as usize);
        let (cells, channels) = (size[0] * size[1], input.channels);
        assert!(cells <= MAX_INT8_CELLS, "{cells} cells in a window");
        assert!(channels == parts.output.channels && input.pixel % LANES == 0);
        assert_eq!(parts.weights.len(), cells * channels, "weights");
        let padding = Padding::new(input, parts.window, parts.output.width, params.zero_point);
        let stride = parts.window.stride[1] as usize;
        let sliding = kernels.sliding.filter(|_| size == [3, 3] && stride == 1);
        let slides = sliding.is_some();
        let kernel = sliding.unwrap_or(kernels.depthwise);
        let more = if slides { SLIDING } else { 1 };
        let most = (more * MAX_PIXELS).min(parts.output.width);
        let pixels = (more * SUMS / input.pixel).clamp(1, most);
        scratch.reserve(padding.bytes(), pixels * input.pixel);
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
            kernel,
            input,
            output: parts.output,
            size,
            stride,
            slides,
            padding,
            weights: (kernel.pack)(&weights, channels),
            pixels,
            epilogue: parts.epilogue(kernels, floats, sums),
        }
    }

    /// Computes rows of the output; `target` is those rows alone.
    ///
    /// # Panics
    /// When the input has another shape than the convolution was made for.
    pub(crate) fn run(
        &self,
        input: Int8Rows,
        (target, rows): (&mut Target, Range<usize>),
        scratch: &mut Scratch,
    ) {
        assert_eq!(input.shape(), self.input, "input");
        let (padding, sums) = scratch.parts();
        let width = self.output.width;
        self.padding.clear(padding);
        for (number, y) in rows.enumerate() {
            self.padding.advance(input, y, number == 0, padding);
            for x in (0..width).step_by(self.pixels) {
                let xs = x..width.min(x + self.pixels);
                let place = number * width + xs.start..number * width + xs.end;
                let epilogue = self
                    .epilogue
                    .tile(&(0..self.input.pixel), &place, None, target);
                let sums = &mut sums[..xs.len() * self.input.pixel];
                self.tile(input, padding, (y, xs), sums, epilogue);
            }
        }
        self.epilogue.apply_rest(target);
    }

    fn tile(
        &self,
        input: Int8Rows,
        padding: &[u8],
        (y, xs): (usize, Range<usize>),
        sums: &mut [i32],
        epilogue: EpilogueTile,
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
            many = [std::ptr::null(); MAX_INT8_CELLS];
            &mut many[..whole]
        };
        for row in 0..rows {
            let tap = &self.padding.tap(input, y, row, padding)[xs.start * step..];
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
            epilogue,
        };
        // SAFETY: the function's instruction set is there, for it is from a table; each cell was checked to lie, with those
        // of all pixels, inside its tap; the weights were packed for as many cells and channels, and what
        // the epilogue writes was cut to these pixels and channels.
        unsafe { (self.kernel.run)(&tile) };
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
