//! Pooling: cuts rows into runs of windows.

use super::params::{PoolWindows, Quantise};
use super::round::round;
use super::{Int8Kernels, Int8Rows, LANES, Shape};
use crate::ir::{PoolKind, QuantParams, Window};
use std::ops::Range;

/// Most rows of windows that one call of a kernel sees.
const ROWS: usize = 16;

/// Pooling of int8.
pub(crate) struct Int8Pool {
    input: Shape,
    output: Shape,
    kind: PoolKind,
    size: [usize; 2],
    stride: [usize; 2],
    before: [usize; 2],
    params: [QuantParams; 2],
}

impl Int8Pool {
    /// The largest value keeps its parameters; means move from the first to the second.
    ///
    /// # Panics
    /// When the shapes have different channels, or a window sees no pixel.
    pub(crate) fn new(
        window: &Window,
        kind: PoolKind,
        [input, output]: [Shape; 2],
        params: [QuantParams; 2],
    ) -> Self {
        assert!(input.channels == output.channels && input.pixel == output.pixel);
        let pool = Self {
            input,
            output,
            kind,
            size: window.size.map(|side| side as usize),
            stride: window.stride.map(|step| step as usize),
            before: window.before.map(|side| side as usize),
            params,
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
        kernels: &Int8Kernels,
        input: Int8Rows,
        (output, rows): (&mut [u8], Range<usize>),
    ) {
        assert!(input.shape() == self.input && output.len() == rows.len() * self.output.row());
        for (y, output) in rows.zip(output.chunks_exact_mut(self.output.row())) {
            let lines = self.seen(0, y, self.input.height);
            if self.kind == PoolKind::Max {
                self.max_row(kernels, input, lines, output);
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
    fn max_row(
        &self,
        kernels: &Int8Kernels,
        input: Int8Rows,
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
                let windows = PoolWindows {
                    rows: &rows[..count],
                    columns: columns.len(),
                    stride: self.stride[1],
                    pixel,
                };
                (kernels.max_pool)(&mut output[x * pixel..(x + run) * pixel], &windows);
            }
            x += run;
        }
    }

    fn mean(&self, input: Int8Rows, [rows, columns]: [Range<usize>; 2], output: &mut [u8]) {
        let seen = rows.len() * columns.len();
        let divisor = match self.kind {
            PoolKind::AverageWithBorder => self.size[0] * self.size[1],
            _ => seen,
        };
        let [from, to] = self.params;
        let by = Quantise::new(to);
        let factor = f64::from(from.scale) / f64::from(to.scale) / divisor as f64;
        let nothing = seen as i32 * i32::from(from.zero_point);
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
                *output = (round(x.max(by.low).min(by.high)) + by.zero_point) as u8;
            }
        }
    }
}
