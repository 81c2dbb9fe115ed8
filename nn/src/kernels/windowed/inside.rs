//! Rows that are wide enough for windows inside them: the pixels of those windows, and the pixels at both ends.
#![allow(unsafe_code)]

use super::work::Windowed;
use crate::kernels::{EdgeKernel, EdgeTile, InnerTile, MAX_ROWS, Rows};
use std::ops::Range;

impl Windowed {
    /// How many rows of so many that lie one after the other are computed at once.
    pub(super) fn together(&self, rows: usize) -> usize {
        let two = self.inner.is_some_and(|kernel| kernel.two.is_some());
        if two && rows > 1 && self.stride[0] == 1 {
            2
        } else {
            1
        }
    }

    /// Computes, of rows that are computed at once, the pixels in the middle whose windows lie inside the rows, and says
    /// which. Where pixels at the borders have no kernel of their own, whole tiles of pixels are left to those: they
    /// take little more time than the border alone.
    pub(super) fn inner(&self, input: Rows, target: &mut [f32], ys: Range<usize>) -> Range<usize> {
        let width = self.output.width;
        let Some(kernel) = self.inner else {
            return 0..0;
        };
        // The last window inside starts where this many columns are left.
        let columns = (self.input.width + self.before[1]).saturating_sub(self.size[1]);
        let outside = self.before[1].div_ceil(self.stride[1]);
        let inside = (columns / self.stride[1] + 1).min(width);
        let border = self.tile_pixels();
        let start = match kernel.edge {
            None if outside > 0 => border,
            _ => outside,
        };
        let end = match kernel.edge {
            None if inside < width => width.saturating_sub(border),
            _ => inside,
        };
        let seen = self.size[0] + ys.len() - 1;
        if start < outside || end > inside || end < start + kernel.least || seen > MAX_ROWS {
            return 0..0;
        }
        let run = match kernel.two {
            Some(two) if ys.len() == 2 => two,
            _ => kernel.one,
        };
        let first = start * self.stride[1] - self.before[1];
        let rows = self.rows(input, (ys.start, seen), &(first..self.input.width));
        let (weights, bias, epilogue) = self.work.tile_arguments();
        let below = self.output.row();
        let last = (ys.len() - 1) * below + end * self.output.pixel;
        let target = &mut target[start * self.output.pixel..last];
        let tile = InnerTile {
            rows: rows.as_ptr(),
            distance: self.input.pixel,
            pixels: end - start,
            vectors: self.output.channels.div_ceil(self.kernels.lanes),
            weights,
            bias,
            output: target.as_mut_ptr(),
            output_step: self.output.pixel,
            below,
            epilogue,
        };
        // SAFETY: each pointer of `rows` is into a row of the view or of zeros as long, at the first
        // column of window `start`; window `end - 1` is inside, for `end <= inside`. Weights, bias and
        // slopes were made for whole vectors of all channels; `target` ends with pixel `end - 1` of the
        // last row. Two rows are computed at once where windows step by one row alone.
        unsafe { run(&tile) };
        start..end
    }

    /// For so many rows, at most [`MAX_ROWS`], from the first that the windows of output row `y` see, these columns.
    fn rows(
        &self,
        input: Rows,
        (y, count): (usize, usize),
        columns: &Range<usize>,
    ) -> [*const f32; MAX_ROWS] {
        let columns = columns.start * self.input.pixel..columns.end * self.input.pixel;
        let mut rows = [std::ptr::null(); MAX_ROWS];
        for (row, pointer) in rows.iter_mut().enumerate().take(count) {
            let line = self.line(y, row);
            let values = line.map_or(&self.zeros[..], |line| input.row(line));
            *pointer = values[columns.clone()].as_ptr();
        }
        rows
    }

    /// Computes one pixel at the border of a row that has others inside.
    pub(super) fn edge(
        &self,
        kernel: EdgeKernel,
        input: Rows,
        target: &mut [f32],
        [y, x]: [usize; 2],
    ) {
        let (weights, bias, epilogue) = self.work.tile_arguments();
        assert!(!weights.is_null(), "pools have no kernel for it");
        let seen = self.seen(1, x, self.input.width);
        let first = seen.start + self.before[1] - x * self.stride[1];
        let rows = self.rows(input, (y, self.size[0]), &seen);
        let target = &mut target[x * self.output.pixel..(x + 1) * self.output.pixel];
        let tile = EdgeTile {
            rows: rows.as_ptr(),
            inside: [first, first + seen.len()],
            distance: self.input.pixel,
            vectors: self.output.channels.div_ceil(self.kernels.lanes),
            weights,
            bias,
            output: target.as_mut_ptr(),
            epilogue,
        };
        // SAFETY: each pointer of `rows`, at most MAX_ROWS as for the pixels inside, is into a row of the view or of
        // zeros as long, at the first of the columns that are inside; weights, bias and slopes were made for whole
        // vectors of all channels; `target` is a pixel.
        unsafe { kernel(&tile) };
    }
}
