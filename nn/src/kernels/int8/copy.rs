//! Copies that change where values lie.

use super::{Int8Rows, Shape};
use std::ops::Range;

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
pub(crate) fn repeat(input: Int8Rows, (output, to): (&mut [u8], Shape), rows: Range<usize>) {
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
