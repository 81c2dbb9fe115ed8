//! Rows of a picture with the bytes that stand for 0 around them.

use super::{ByteRows, Shape};
use crate::plan::Window;
use std::ops::Range;

/// Memory that byte kernels work in, one for each thread; large enough for every operation of a plan.
#[derive(Clone, Default)]
pub(crate) struct Scratch {
    margins: Vec<u8>,
    sums: Vec<i32>,
}

impl Scratch {
    /// Makes room.
    pub(super) fn reserve(&mut self, margins: usize, sums: usize) {
        self.margins.resize(self.margins.len().max(margins), 0);
        self.sums.resize(self.sums.len().max(sums), 0);
    }

    pub(super) fn parts(&mut self) -> (&mut [u8], &mut [i32]) {
        (&mut self.margins, &mut self.sums)
    }
}

/// How a window meets the border of a picture.
pub(super) struct Margin {
    input: Shape,
    window: Window,
    /// Pixels of a row that windows see, those outside the picture included.
    seen: usize,
    /// The byte that stands for 0.
    zero: u8,
    /// Whether windows see pixels left or right of the picture.
    sides: bool,
}

impl Margin {
    /// For windows over `input` that give `columns` pixels a row.
    pub(super) fn new(input: Shape, window: Window, columns: usize, zero: u8) -> Self {
        let seen = (columns - 1) * window.stride[1] as usize + window.size[1] as usize;
        let left = window.before[1] as usize;
        Self {
            input,
            window,
            seen,
            zero,
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

    /// Starts some rows of the output: zeros wherever no row of the picture will be copied to.
    pub(super) fn clear(&self, scratch: &mut [u8]) {
        let (rows, zeros) = scratch[..self.bytes()].split_at_mut(self.ring() * self.row());
        zeros.fill(self.zero);
        if self.sides {
            let copied = self.copied();
            for row in rows.chunks_exact_mut(self.row()) {
                row[..copied.start].fill(self.zero);
                row[copied.end..].fill(self.zero);
            }
        }
    }

    /// Where in a row of the scratch a row of the picture lies.
    fn copied(&self) -> Range<usize> {
        let left = self.window.before[1] as usize * self.input.pixel;
        left..self.row().min(left + self.input.row())
    }

    /// Copies the rows that row `y` of the output sees and, if it was there already, row `y - 1` did not.
    pub(super) fn advance(&self, input: ByteRows, y: usize, is_first: bool, scratch: &mut [u8]) {
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
        input: ByteRows<'a>,
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
