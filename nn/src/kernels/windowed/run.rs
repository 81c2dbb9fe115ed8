//! Rows of a depthwise convolution or pool: the pixels in the middle, the pixels at both ends, the epilogue.

use super::work::{Windowed, Work};
use crate::kernels::{Layout, Rows, RowsMut};
use std::ops::Range;

impl Windowed {
    /// Computes rows of the output.
    ///
    /// # Panics
    /// When a view has another layout than the work was made for.
    pub(crate) fn run(&self, input: Rows, output: &mut RowsMut, rows: Range<usize>) {
        assert!(
            *input.layout() == self.input
                && *output.layout() == self.output
                && rows.end <= self.output.height
        );
        let mut y = rows.start;
        while y < rows.end {
            let together = self.together(output.layout().wrap(y).min(rows.end) - y);
            let target = output.rows(y, y + together);
            let inner = self.inner(input, target, y..y + together);
            for (y, target) in (y..).zip(target.chunks_exact_mut(self.output.row())) {
                for border in [0..inner.start, inner.end..self.output.width] {
                    match self.inner.and_then(|kernel| kernel.edge) {
                        Some(edge) if !inner.is_empty() => {
                            border.for_each(|x| self.edge(edge, input, target, [y, x]));
                        }
                        _ => self.tiles(input, target, y, border),
                    }
                }
            }
            if let Work::Depthwise { epilogue, .. } = &self.work {
                let Layout {
                    channels, pixel, ..
                } = self.output;
                epilogue.apply_rest(self.kernels, target, channels, pixel);
            }
            y += together;
        }
    }
}
