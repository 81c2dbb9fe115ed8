//! Work on rows of bytes that is no convolution: conversions, sums, pools, copies.

use super::native::round;
use super::{ByteKernels, ByteRows, LANES, Shape};
use crate::plan::{Activation, Grid, PoolKind, Window};
use std::ops::Range;

/// From f32 to bytes: `round(value · factor) + zero`, kept between `low` and `high` before the zero is
/// added.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Quantise {
    /// Steps in 1.
    pub(crate) factor: f32,
    /// Least number of steps: the byte 0.
    pub(crate) low: f32,
    /// Most steps: the byte 255.
    pub(crate) high: f32,
    /// The byte that stands for 0.
    pub(crate) zero: i32,
}

/// Makes pixels of three planes.
pub(crate) type Colours = fn(output: &mut [[u8; 4]], planes: [&[f32]; 3], quantise: &Quantise);

impl Quantise {
    pub(crate) fn new(grid: Grid) -> Self {
        Self {
            factor: 1.0 / grid.scale,
            low: -f32::from(grid.zero),
            high: 255.0 - f32::from(grid.zero),
            zero: i32::from(grid.zero),
        }
    }

    /// From pixels of `from` values to pixels of `to` bytes.
    ///
    /// # Panics
    /// When the two hold different numbers of pixels.
    pub(crate) fn run(
        &self,
        kernels: &ByteKernels,
        (input, from): (&[f32], usize),
        (output, to): (&mut [u8], usize),
    ) {
        assert_eq!(input.len() / from * to, output.len());
        if from == to {
            return (kernels.quantise)(output, input, self);
        }
        let width = from.min(to);
        for (output, input) in output.chunks_exact_mut(to).zip(input.chunks_exact(from)) {
            (kernels.quantise)(&mut output[..width], &input[..width], self);
        }
    }

    /// From planes, one for each channel, to rows of pixels of bytes.
    ///
    /// # Panics
    /// When the planes have another size than the picture, or the output than the rows.
    pub(crate) fn planes(
        &self,
        kernels: &ByteKernels,
        input: &[f32],
        output: &mut [u8],
        (shape, rows): (Shape, Range<usize>),
    ) {
        let plane = shape.height * shape.width;
        assert!(
            input.len() == plane * shape.channels && output.len() == rows.len() * shape.row(),
            "planes of {shape:?}"
        );
        let pixels = rows.start * shape.width..rows.end * shape.width;
        let values = |channel: usize| &input[channel * plane..][pixels.clone()];
        if shape.channels == 3 {
            let planes = [values(0), values(1), values(2)];
            return (kernels.colours)(output.as_chunks_mut().0, planes, self);
        }
        let mut run = [0_u8; RUN];
        for channel in 0..shape.channels {
            let runs = values(channel).chunks(RUN);
            for (pixels, values) in output.chunks_mut(RUN * shape.pixel).zip(runs) {
                (kernels.quantise)(&mut run[..values.len()], values, self);
                for (pixel, &byte) in pixels.chunks_exact_mut(shape.pixel).zip(&run) {
                    pixel[channel] = byte;
                }
            }
        }
    }
}

/// Pixels of a plane that become bytes at a time.
const RUN: usize = 256;

/// From rows of bytes to f32, pixels of `to` values whose last ones are 0.
///
/// # Panics
/// When the two hold different numbers of pixels.
pub(crate) fn dequantise(
    grid: Grid,
    (input, shape): (&[u8], Shape),
    (output, to): (&mut [f32], usize),
) {
    assert_eq!(output.len() / to * shape.pixel, input.len());
    let pixels = input.chunks_exact(shape.pixel);
    for (output, input) in output.chunks_exact_mut(to).zip(pixels) {
        let (values, rest) = output.split_at_mut(shape.channels);
        for (value, &byte) in values.iter_mut().zip(input) {
            *value = grid.value(byte);
        }
        rest.fill(0.0);
    }
}

/// Sum of two pictures on a third grid: `round(Σ (byte − zeros) · factors)`, as [`Quantise`] ends.
#[derive(Clone, Copy, Debug)]
pub(crate) struct AddBytes {
    /// The bytes that stand for 0.
    pub(crate) zeros: [i32; 2],
    /// Steps of the output in one of each term's.
    pub(crate) factors: [f32; 2],
    /// Least number of steps.
    pub(crate) low: f32,
    /// Most steps.
    pub(crate) high: f32,
    /// The byte of the output that stands for 0.
    pub(crate) zero: i32,
}

impl AddBytes {
    /// For `activation(left + right)`; the activation is none, ReLU or clip.
    pub(crate) fn new(terms: [Grid; 2], output: Grid, activation: &Activation) -> Self {
        let whole = Quantise::new(output);
        let steps = |value: f32| (f64::from(value) / f64::from(output.scale)) as f32;
        let (low, high) = match activation {
            Activation::Relu => (0.0, whole.high),
            Activation::Clip { low, high } => (
                steps(*low).max(whole.low).min(whole.high),
                steps(*high).min(whole.high).max(whole.low),
            ),
            _ => (whole.low, whole.high),
        };
        Self {
            zeros: terms.map(|grid| i32::from(grid.zero)),
            factors: terms.map(|grid| steps(grid.scale)),
            low,
            high,
            zero: whole.zero,
        }
    }

    /// From one grid to another is the sum with nothing.
    pub(crate) fn convert(from: Grid, to: Grid) -> Self {
        Self {
            factors: [(f64::from(from.scale) / f64::from(to.scale)) as f32, 0.0],
            ..Self::new([from, from], to, &Activation::None)
        }
    }
}

/// Pooling of bytes.
pub(crate) struct BytePool {
    input: Shape,
    output: Shape,
    kind: PoolKind,
    size: [usize; 2],
    stride: [usize; 2],
    before: [usize; 2],
    grids: [Grid; 2],
}

impl BytePool {
    /// The largest value keeps its grid; means move to the second.
    ///
    /// # Panics
    /// When the shapes have different channels, or a window sees no pixel.
    pub(crate) fn new(
        window: &Window,
        kind: PoolKind,
        [input, output]: [Shape; 2],
        grids: [Grid; 2],
    ) -> Self {
        assert!(input.channels == output.channels && input.pixel == output.pixel);
        let pool = Self {
            input,
            output,
            kind,
            size: window.size.map(|side| side as usize),
            stride: window.stride.map(|step| step as usize),
            before: window.before.map(|side| side as usize),
            grids,
        };
        let sees = |axis: usize, to: usize, from: usize| {
            (0..to).all(|at| !pool.seen(axis, at, from).is_empty())
        };
        assert!(
            sees(0, output.height, input.height) && sees(1, output.width, input.width),
            "a window without a pixel"
        );
        pool
    }

    /// Rows (axis 0) or columns (axis 1) of a picture of `side` that window number `at` sees.
    fn seen(&self, axis: usize, at: usize, side: usize) -> Range<usize> {
        let start = at * self.stride[axis];
        let end = (start + self.size[axis])
            .saturating_sub(self.before[axis])
            .min(side);
        start.saturating_sub(self.before[axis])..end
    }

    /// Computes rows of the output; `output` is those rows alone.
    ///
    /// # Panics
    /// When the input has another shape than the pool was made for, or the output another size than the rows.
    pub(crate) fn run(
        &self,
        kernels: &ByteKernels,
        input: ByteRows,
        (output, rows): (&mut [u8], Range<usize>),
    ) {
        assert!(input.shape() == self.input && output.len() == rows.len() * self.output.row());
        for (y, output) in rows.zip(output.chunks_exact_mut(self.output.row())) {
            let lines = self.seen(0, y, self.input.height);
            if self.kind == PoolKind::Max {
                self.largest(kernels, input, lines, output);
                continue;
            }
            for (x, output) in output.chunks_exact_mut(self.output.pixel).enumerate() {
                self.mean(input, [lines.clone(), self.columns(x)], output);
            }
        }
    }

    fn columns(&self, x: usize) -> Range<usize> {
        self.seen(1, x, self.input.width)
    }

    /// A row of the output, in runs of windows that see as many columns.
    fn largest(
        &self,
        kernels: &ByteKernels,
        input: ByteRows,
        lines: Range<usize>,
        output: &mut [u8],
    ) {
        let pixel = self.output.pixel;
        output.fill(0);
        let mut x = 0;
        while x < self.output.width {
            let columns = self.columns(x);
            let follows = |run: usize| {
                x + run < self.output.width && {
                    let next = self.columns(x + run);
                    next.start == columns.start + run * self.stride[1]
                        && next.len() == columns.len()
                }
            };
            let mut run = 1;
            while follows(run) {
                run += 1;
            }
            let mut lines = lines.clone();
            while !lines.is_empty() {
                let mut rows = [[].as_slice(); ROWS];
                let count = lines.len().min(ROWS);
                for (row, line) in rows.iter_mut().zip(lines.by_ref().take(count)) {
                    *row = &input.row(line)[columns.start * pixel..];
                }
                let windows = Windows {
                    rows: &rows[..count],
                    columns: columns.len(),
                    stride: self.stride[1],
                    pixel,
                };
                (kernels.largest)(&mut output[x * pixel..(x + run) * pixel], &windows);
            }
            x += run;
        }
    }

    fn mean(&self, input: ByteRows, [rows, columns]: [Range<usize>; 2], output: &mut [u8]) {
        let seen = rows.len() * columns.len();
        let divisor = match self.kind {
            PoolKind::AverageWithBorder => self.size[0] * self.size[1],
            _ => seen,
        };
        let [from, to] = self.grids;
        let by = Quantise::new(to);
        let factor = f64::from(from.scale) / f64::from(to.scale) / divisor as f64;
        let nothing = seen as i32 * i32::from(from.zero);
        let pixel = self.output.pixel;
        for (first, output) in output.chunks_mut(LANES).enumerate() {
            let mut sums = [0_i32; LANES];
            for row in rows.clone() {
                let cells = &input.row(row)[columns.start * pixel..columns.end * pixel];
                for cell in cells.chunks_exact(pixel) {
                    for (sum, &byte) in sums.iter_mut().zip(&cell[first * LANES..]) {
                        *sum += i32::from(byte);
                    }
                }
            }
            for (output, sum) in output.iter_mut().zip(sums) {
                let x = (sum - nothing) as f32 * factor as f32;
                *output = (round(x.max(by.low).min(by.high)) + by.zero) as u8;
            }
        }
    }
}

/// Windows over neighbouring pixels.
pub(crate) struct Windows<'a> {
    /// The rows that they see, from the first column of the first window on.
    pub(crate) rows: &'a [&'a [u8]],
    /// Columns that each sees.
    pub(crate) columns: usize,
    /// Pixels from one window to the next.
    pub(crate) stride: usize,
    /// Bytes of a pixel.
    pub(crate) pixel: usize,
}

impl Windows<'_> {
    /// Where in a row the pixel starts that window number `x` sees in a column.
    #[inline(always)]
    pub(super) fn cell(&self, x: usize, column: usize) -> usize {
        (x * self.stride + column) * self.pixel
    }
}

/// Rows of windows that are looked at in one go.
const ROWS: usize = 16;

/// Channels of rows of one picture into some of another's, both of one width.
///
/// # Panics
/// When a pixel has fewer channels.
pub(crate) fn copy_channels(
    (input, from): (&[u8], Shape),
    (output, to): (&mut [u8], Shape),
    first: usize,
) {
    let pixels = input.chunks_exact(from.pixel);
    for (target, pixel) in output.chunks_exact_mut(to.pixel).zip(pixels) {
        target[first..first + from.channels].copy_from_slice(&pixel[..from.channels]);
    }
}

/// Rows of a picture enlarged by whole factors, each pixel repeated; `output` is those rows alone.
pub(crate) fn repeat(input: ByteRows, (output, to): (&mut [u8], Shape), rows: Range<usize>) {
    let from = input.shape();
    let (down, across) = (to.height / from.height, to.width / from.width);
    for (y, row) in rows.zip(output.chunks_exact_mut(to.row())) {
        let targets = row.chunks_exact_mut(across * to.pixel);
        for (targets, pixel) in targets.zip(input.row(y / down).chunks_exact(from.pixel)) {
            for target in targets.chunks_exact_mut(to.pixel) {
                target.copy_from_slice(pixel);
            }
        }
    }
}
