//! Dense int8 convolution: cuts rows into tiles.
//!
//! As in the f32 driver, no copy of the input is made for the window; where windows reach over the
//! sides of the picture, rows are copied once with padding around them.
#![allow(unsafe_code)]

use super::epilogue::Int8Epilogue;
use super::line;
use super::padding::Padding;
use super::{
    DenseShape, DenseTile, Int8ConvolutionParts, Int8Kernels, Int8Rows, LANES, Line, Scratch,
    Shape, Target,
};
use crate::ir::Window;
use crate::kernels::Kernels;
use std::ops::Range;

/// Most rows of a window.
pub(crate) const MAX_INT8_ROWS: usize = 16;

/// Most pixels and vectors of a tile.
const MAX_PIXELS: usize = 16;
const MAX_VECTORS: usize = 4;

/// Bytes of the input that one pass over the weights works through.
const PASS: usize = 16 * 1024;

/// A dense int8 convolution, its weights packed.
pub(crate) struct Int8Dense {
    kernels: &'static Int8Kernels,
    input: Shape,
    output: Shape,
    /// Steps of 4 bytes that a pixel sees in a row.
    depth: usize,
    rows: usize,
    stride: usize,
    /// Pixels follow each other over the whole picture.
    flat: bool,
    padding: Padding,
    panels: Vec<Line>,
    epilogue: Int8Epilogue,
}

impl Int8Dense {
    /// Makes `scratch` large enough.
    ///
    /// # Panics
    /// When the parts do not fit each other; a checked plan's do.
    pub(crate) fn new(
        kernels: &'static Int8Kernels,
        floats: &'static Kernels,
        parts: &Int8ConvolutionParts,
        scratch: &mut Scratch,
    ) -> Self {
        let (input, params) = parts.input;
        let [rows, columns] = parts.window.size.map(|side| side as usize);
        assert!(rows <= MAX_INT8_ROWS, "{rows} rows in a window");
        let channels = parts.output.channels;
        let whole = rows * columns * input.channels;
        assert_eq!(parts.weights.len(), whole * channels, "weights");
        let padding = Padding::new(input, parts.window, parts.output.width, params.zero_point);
        scratch.reserve(padding.bytes(), MAX_PIXELS * MAX_VECTORS * LANES);
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
            padding,
            panels: line::pack(&spread(parts.weights, input, channels), channels),
            epilogue: parts.epilogue(kernels, floats, sums),
        }
    }

    /// Computes rows of the output. `target` and `residual` are those rows alone.
    ///
    /// # Panics
    /// When the input has another shape than the convolution was made for, or wraps around its ring where windows
    /// are single pixels.
    pub(crate) fn run(
        &self,
        input: Int8Rows,
        residual: Option<&[u8]>,
        (target, rows): (&mut Target, Range<usize>),
        scratch: &mut Scratch,
    ) {
        assert_eq!(input.shape(), self.input, "input");
        let (padding, sums) = scratch.parts();
        let width = self.output.width;
        if self.flat {
            let count = rows.len() * width;
            self.segment(&[input.rows(&rows)], 0..count, sums, residual, target);
        } else {
            self.padding.clear(padding);
            for (number, y) in rows.enumerate() {
                self.padding.advance(input, y, number == 0, padding);
                let mut taps = [[].as_slice(); MAX_INT8_ROWS];
                for (row, tap) in taps.iter_mut().enumerate().take(self.rows) {
                    *tap = self.padding.tap(input, y, row, padding);
                }
                let pixels = number * width..(number + 1) * width;
                self.segment(&taps[..self.rows], pixels, sums, residual, target);
            }
        }
        self.epilogue.apply_rest(target);
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
        let mut firsts = [std::ptr::null(); MAX_INT8_ROWS];
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
                    epilogue: self.epilogue.tile(&channels, &place, residual, target),
                };
                // SAFETY: the table's instruction set is there. The last pixel's depth was checked to end
                // inside each tap; panels and sums were cut to the shape, and what the epilogue writes to all
                // pixels of the run, just above.
                unsafe { (shape.run)(&tile) };
                vector = end;
            }
        }
    }

    /// The widest shape from a vector on; where a narrower residual ends, a shape ends too.
    fn shape(&self, vector: usize, vectors: usize) -> &'static DenseShape {
        let cut = self.epilogue.residual_end().map(|channel| channel / LANES);
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
