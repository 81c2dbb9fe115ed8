//! Rows of a picture with padding around them: the byte that stands for 0.

use super::{Int8Rows, Shape};
use crate::ir::Window;
use std::ops::Range;

/// How a window meets the border of a picture.
pub(super) struct Padding {
    input: Shape,
    window: Window,
    /// Pixels of a row that windows see, those outside the picture included.
    seen: usize,
    /// The byte that stands for 0.
    zero_point: u8,
    /// Whether windows see pixels left or right of the picture.
    sides: bool,
}

impl Padding {
    /// For windows over `input` that give `columns` pixels a row.
    pub(super) fn new(input: Shape, window: Window, columns: usize, zero_point: u8) -> Self {
        let seen = (columns - 1) * window.stride[1] as usize + window.size[1] as usize;
        let left = window.before[1] as usize;
        Self {
            input,
            window,
            seen,
            zero_point,
            sides: left > 0 || seen > input.width,
        }
    }

    fn rows(&self) -> usize {
        self.window.size[0] as usize
    }

    /// Rows that are kept: no window has more of the picture's.
    fn ring(&self) -> usize {
        self.rows().min(self.input.height)
    }

    fn row(&self) -> usize {
        self.seen * self.input.pixel
    }

    /// Bytes of scratch: rows of the picture, and one of zeros.
    pub(super) fn bytes(&self) -> usize {
        (self.ring() + 1) * self.row()
    }

    /// Starts some rows of the output: fills with zeros all that no row of the picture will be copied to.
    pub(super) fn clear(&self, scratch: &mut [u8]) {
        let (rows, zeros) = scratch[..self.bytes()].split_at_mut(self.ring() * self.row());
        zeros.fill(self.zero_point);
        if self.sides {
            let copied = self.copied();
            for row in rows.chunks_exact_mut(self.row()) {
                row[..copied.start].fill(self.zero_point);
                row[copied.end..].fill(self.zero_point);
            }
        }
    }

    /// Where in a row of the scratch a row of the picture lies.
    fn copied(&self) -> Range<usize> {
        let left = self.window.before[1] as usize * self.input.pixel;
        left..self.row().min(left + self.input.row())
    }

    /// Copies the rows that row `y` of the output sees; those that row `y - 1` saw are there already unless `y` is the
    /// first.
    pub(super) fn advance(&self, input: Int8Rows, y: usize, is_first: bool, scratch: &mut [u8]) {
        if !self.sides {
            return;
        }
        let (rows, stride) = (self.rows(), self.window.stride[0] as usize);
        let first = if is_first {
            0
        } else {
            rows.saturating_sub(stride)
        };
        for row in first..rows {
            let Some(line) = self.line(y, row) else {
                continue;
            };
            let row = &mut scratch[line % self.ring() * self.row()..][self.copied()];
            row.copy_from_slice(&input.row(line)[..row.len()]);
        }
    }

    /// What row number `row` of the windows of output row `y` sees: `seen` pixels.
    pub(super) fn tap<'a>(
        &self,
        input: Int8Rows<'a>,
        y: usize,
        row: usize,
        scratch: &'a [u8],
    ) -> &'a [u8] {
        let place = match self.line(y, row) {
            Some(line) if !self.sides => return &input.row(line)[..self.row()],
            Some(line) => line % self.ring(),
            None => self.ring(),
        };
        &scratch[place * self.row()..][..self.row()]
    }

    /// The row of the picture, if it has it.
    fn line(&self, y: usize, row: usize) -> Option<usize> {
        let line = y * self.window.stride[0] as usize + row;
        let line = line.checked_sub(self.window.before[0] as usize)?;
        (line < self.input.height).then_some(line)
    }
}
