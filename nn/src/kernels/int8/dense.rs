//! Dense convolution of bytes: cuts rows into tiles.
//!
//! As in the f32 driver, no copy of the input is made for the window; where windows reach over the
//! sides of the picture, rows are copied once between bytes that stand for 0.
#![allow(unsafe_code)]

use super::finish::{Finish, Numbers};
use super::margin::Margin;
use super::{
    ByteKernels, ByteRows, DenseShape, DenseTile, LANES, Line, Scratch, Shape, Target, line,
};
use crate::kernels::Kernels;
use crate::plan::{Activation, Grid, Window};
use std::ops::Range;

/// Most rows of a window.
pub(crate) const MOST_BYTE_ROWS: usize = 16;

/// Most pixels and vectors of a tile.
const MOST_PIXELS: usize = 16;
const MOST_VECTORS: usize = 4;

/// Bytes of the input that one pass over the weights works through.
const PASS: usize = 16 * 1024;

/// What a convolution of bytes is made of.
pub(crate) struct ByteDenseParts<'a> {
    /// The window.
    pub(crate) window: Window,
    /// Window row × window column × input channel × output channel (depthwise: without the
    /// input channel).
    pub(crate) weights: &'a [i8],
    /// One factor an output channel.
    pub(crate) scales: &'a [f32],
    /// One value an output channel.
    pub(crate) bias: &'a [f32],
    /// What follows.
    pub(crate) activation: &'a Activation,
    /// The input.
    pub(crate) input: (Shape, Grid),
    /// Height, width and channels of the output.
    pub(crate) output: Shape,
    /// Bytes are written on this grid; without one, f32.
    pub(crate) grid: Option<Grid>,
    /// Bytes that are added: the channels of the output, or fewer in whole vectors.
    pub(crate) residual: Option<(Shape, Grid)>,
    /// Values of a pixel of an f32 output.
    pub(crate) pixel: usize,
}

impl ByteDenseParts<'_> {
    pub(super) fn finish(
        &self,
        kernels: &'static ByteKernels,
        floats: &'static Kernels,
        sums: Vec<i32>,
    ) -> Finish {
        let channels = self.output.channels;
        assert!(self.scales.len() == channels && self.bias.len() == channels);
        let numbers = Numbers {
            grid: self.input.1,
            scales: self.scales,
            bias: self.bias,
            sums,
        };
        match self.grid {
            Some(grid) => {
                let output = (self.output, grid);
                Finish::bytes(kernels, &numbers, self.activation, output, self.residual)
            }
            None => {
                assert!(self.residual.is_none(), "a residual of bytes into f32");
                Finish::floats(kernels, floats, &numbers, self.activation, self.pixel)
            }
        }
    }
}

/// A dense convolution of bytes, its weights packed.
pub(crate) struct ByteDense {
    kernels: &'static ByteKernels,
    input: Shape,
    output: Shape,
    /// Steps of 4 bytes that a pixel sees in a row.
    depth: usize,
    rows: usize,
    stride: usize,
    /// Pixels follow each other over the whole picture.
    flat: bool,
    margin: Margin,
    panels: Vec<Line>,
    finish: Finish,
}

impl ByteDense {
    /// Makes room in `scratch`.
    ///
    /// # Panics
    /// When the parts do not fit each other; a checked plan's do.
    pub(crate) fn new(
        kernels: &'static ByteKernels,
        floats: &'static Kernels,
        parts: &ByteDenseParts,
        scratch: &mut Scratch,
    ) -> Self {
        let (input, grid) = parts.input;
        let [rows, columns] = parts.window.size.map(|side| side as usize);
        assert!(rows <= MOST_BYTE_ROWS, "{rows} rows in a window");
        let channels = parts.output.channels;
        let whole = rows * columns * input.channels;
        assert_eq!(parts.weights.len(), whole * channels, "weights");
        let margin = Margin::new(input, parts.window, parts.output.width, grid.zero);
        scratch.reserve(margin.bytes(), MOST_PIXELS * MOST_VECTORS * LANES);
        let mut sums = vec![0_i32; channels];
        for row in parts.weights.chunks_exact(channels) {
            for (sum, &weight) in sums.iter_mut().zip(row) {
                *sum += i32::from(weight);
            }
        }
        let same = (input.height, input.width) == (parts.output.height, parts.output.width);
        Self {
            kernels,
            input,
            output: parts.output,
            depth: columns * input.pixel / 4,
            rows,
            stride: parts.window.stride[1] as usize,
            flat: same && parts.window == Window::PIXEL,
            margin,
            panels: line::pack(&spread(parts.weights, input, channels), channels),
            finish: parts.finish(kernels, floats, sums),
        }
    }

    /// Computes rows of the output. `target` and `residual` are those rows alone.
    ///
    /// # Panics
    /// When the input has another shape than the convolution was made for, or wraps around its ring where windows
    /// are single pixels.
    pub(crate) fn run(
        &self,
        input: ByteRows,
        residual: Option<&[u8]>,
        (target, rows): (&mut Target, Range<usize>),
        scratch: &mut Scratch,
    ) {
        assert_eq!(input.shape(), self.input, "input");
        let (margins, sums) = scratch.parts();
        let width = self.output.width;
        if self.flat {
            let count = rows.len() * width;
            self.segment(&[input.rows(&rows)], 0..count, sums, residual, target);
        } else {
            self.margin.clear(margins);
            for (number, y) in rows.enumerate() {
                self.margin.advance(input, y, number == 0, margins);
                let mut taps = [[].as_slice(); MOST_BYTE_ROWS];
                for (row, tap) in taps.iter_mut().enumerate().take(self.rows) {
                    *tap = self.margin.tap(input, y, row, margins);
                }
                let pixels = number * width..(number + 1) * width;
                self.segment(&taps[..self.rows], pixels, sums, residual, target);
            }
        }
        self.finish.complete(target);
    }

    /// Whether a row of the output is made of the same row of the input alone.
    pub(crate) fn is_flat(&self) -> bool {
        self.flat
    }

    /// Neighbouring pixels of the target. Each tap starts with what the first of them sees.
    fn segment(
        &self,
        taps: &[&[u8]],
        place: Range<usize>,
        sums: &mut [i32],
        residual: Option<&[u8]>,
        target: &mut Target,
    ) {
        let count = place.len();
        let step = self.stride * self.input.pixel;
        let mut firsts = [std::ptr::null(); MOST_BYTE_ROWS];
        for (first, tap) in firsts.iter_mut().zip(taps) {
            assert!((count - 1) * step + self.depth * 4 <= tap.len());
            *first = tap.as_ptr();
        }
        let vectors = self.output.channels.div_ceil(LANES);
        let panel = self.rows * self.depth;
        let pass = (PASS / (self.depth * 4 * self.rows)).max(48);
        for start in (0..count).step_by(pass) {
            let mut vector = 0;
            while vector < vectors {
                let shape = self.shape(vector, vectors);
                let end = vector + shape.vectors;
                let channels = vector * LANES..end * LANES;
                let panels = &self.panels[vector * panel..end * panel];
                let tile = DenseTile {
                    taps: firsts.as_ptr(),
                    rows: self.rows,
                    depth: self.depth,
                    step,
                    panels: panels.as_ptr(),
                    panel,
                    first: start,
                    pixels: pass.min(count - start),
                    sums: sums[..shape.pixels * channels.len()].as_mut_ptr(),
                    end: self.finish.end(&channels, &place, residual, target),
                };
                // SAFETY: the table's instruction set is there. The last pixel's depth was checked to end
                // inside each tap; panels and sums were cut to the shape, and what it all ends in to all
                // pixels of the run, just above.
                unsafe { (shape.run)(&tile) };
                vector = end;
            }
        }
    }

    /// The widest shape from a vector on; a narrower residual's end is an end of one.
    fn shape(&self, vector: usize, vectors: usize) -> &'static DenseShape {
        let cut = self.finish.cut().map(|channel| channel / LANES);
        let until = cut.filter(|&cut| vector < cut).unwrap_or(vectors);
        let mut shapes = self.kernels.dense.iter();
        shapes
            .find(|shape| shape.vectors <= until - vector)
            .expect("the narrowest shape is one vector wide")
    }
}

/// Weights with zeros where pixels of the input are padded, so that a row of the window is one run.
fn spread(weights: &[i8], input: Shape, channels: usize) -> Vec<i8> {
    let cells = weights.len() / (input.channels * channels);
    let mut spread = vec![0; cells * input.pixel * channels];
    let from = weights.chunks_exact(input.channels * channels);
    for (spread, cell) in spread.chunks_exact_mut(input.pixel * channels).zip(from) {
        spread[..cell.len()].copy_from_slice(cell);
    }
    spread
}
