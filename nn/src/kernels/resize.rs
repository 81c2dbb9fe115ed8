//! Enlarging. No pointer is made here.

use super::{Rows, RowsMut};
use crate::ir::ResizeKind;
use std::ops::Range;

/// Enlarges by whole factors.
pub(crate) fn resize(kind: ResizeKind, input: Rows, output: &mut RowsMut, rows: Range<usize>) {
    let (from, to) = (*input.layout(), *output.layout());
    for y in rows {
        let target = output.row(y);
        let (top, bottom, down) = between(kind, y, from.height, to.height);
        let (top, bottom) = (input.row(top), input.row(bottom));
        for (x, target) in target.chunks_exact_mut(to.pixel).enumerate() {
            let (left, right, across) = between(kind, x, from.width, to.width);
            let corners = [(top, left), (top, right), (bottom, left), (bottom, right)]
                .map(|(row, x)| &row[x * from.pixel..(x + 1) * from.pixel]);
            if down == 0.0 && across == 0.0 {
                target.copy_from_slice(corners[0]);
                continue;
            }
            for (channel, value) in target.iter_mut().enumerate() {
                let [a, b, c, d] = corners.map(|corner| corner[channel]);
                let upper = a + (b - a) * across;
                let lower = c + (d - c) * across;
                *value = upper + (lower - upper) * down;
            }
        }
    }
}

/// The two positions of a side of `from` between which position `at` of a side of `to` lies, and how far
/// it is from the first to the second, 0 to 1.
pub(crate) fn between(kind: ResizeKind, at: usize, from: usize, to: usize) -> (usize, usize, f32) {
    let position = match kind {
        ResizeKind::Nearest => return (at * from / to, at * from / to, 0.0),
        ResizeKind::BilinearCentres => (at as f32 + 0.5) * from as f32 / to as f32 - 0.5,
        ResizeKind::BilinearCorners if to == 1 => 0.0,
        ResizeKind::BilinearCorners => (at * (from - 1)) as f32 / (to - 1) as f32,
    };
    let position = position.clamp(0.0, (from - 1) as f32);
    let first = position as usize;
    (first, (first + 1).min(from - 1), position - first as f32)
}
