//! Copies that change where values lie: concatenation, slices of channels, other layouts. No pointer is made here.

use super::{Rows, RowsMut};
use std::ops::Range;

/// Copies an input's channels to `first..` of the output's: one part of a concatenation. The call that
/// places the last channels writes the zeros after them.
pub(crate) fn place(input: Rows, first: usize, output: &mut RowsMut, rows: Range<usize>) {
    let (from, to) = (*input.layout(), *output.layout());
    let end = first + from.channels;
    for y in rows {
        let target = output.row(y);
        let source = (input.row(y), from.pixel);
        copy_pixels(source, (&mut target[first..], to.pixel), from.channels);
        if end == to.channels {
            for pixel in target.chunks_exact_mut(to.pixel) {
                pixel[end..].fill(0.0);
            }
        }
    }
}

/// Copies the first channels of pixels that start `from` and `to` values after each other. Few channels have functions
/// of their own: a call for each copy would take longer than the copy.
pub(crate) fn copy_pixels(
    (source, from): (&[f32], usize),
    (target, to): (&mut [f32], usize),
    channels: usize,
) {
    match channels {
        1 => copy_each::<1>((source, from), (target, to)),
        2 => copy_each::<2>((source, from), (target, to)),
        4 => copy_each::<4>((source, from), (target, to)),
        10 => copy_each::<10>((source, from), (target, to)),
        _ => {
            for (target, source) in target.chunks_mut(to).zip(source.chunks(from)) {
                target[..channels].copy_from_slice(&source[..channels]);
            }
        }
    }
}

fn copy_each<const CHANNELS: usize>(
    (source, from): (&[f32], usize),
    (target, to): (&mut [f32], usize),
) {
    for (target, source) in target.chunks_mut(to).zip(source.chunks(from)) {
        let target: &mut [f32; CHANNELS] = target.first_chunk_mut().expect("a whole pixel");
        *target = *source.first_chunk().expect("a whole pixel");
    }
}

/// Copies channels of an input from `first` on.
pub(crate) fn take(input: Rows, first: usize, output: &mut RowsMut, rows: Range<usize>) {
    let (from, to) = (*input.layout(), *output.layout());
    for y in rows {
        let target = output.row(y);
        target.fill(0.0);
        let source = (&input.row(y)[first..], from.pixel);
        copy_pixels(source, (target, to.pixel), to.channels);
    }
}

/// Copies rows into another layout: other distances between pixels, zeros as margins.
pub(crate) fn repack(input: Rows, output: &mut RowsMut, rows: Range<usize>) {
    let (from, to) = (*input.layout(), *output.layout());
    for y in rows {
        let target = output.row(y);
        let (left, rest) = target.split_at_mut(to.left * to.pixel);
        let (middle, right) = rest.split_at_mut(to.width * to.pixel);
        left.fill(0.0);
        right.fill(0.0);
        let source = &input.row(y)[from.left * from.pixel..];
        for (target, source) in middle
            .chunks_exact_mut(to.pixel)
            .zip(source.chunks_exact(from.pixel))
        {
            target[..to.channels].copy_from_slice(&source[..to.channels]);
            target[to.channels..].fill(0.0);
        }
    }
}

/// The same from a picture that is stored channel by channel.
pub(crate) fn interleave(planes: &[f32], output: &mut RowsMut, rows: Range<usize>) {
    let to = *output.layout();
    let plane = to.height * to.width;
    for y in rows {
        let target = output.row(y);
        let source = |channel: usize| &planes[channel * plane + y * to.width..][..to.width];
        let (margin, rest) = target.split_at_mut(to.left * to.pixel);
        let (middle, right) = rest.split_at_mut(to.width * to.pixel);
        margin.fill(0.0);
        right.fill(0.0);
        if (to.channels, to.pixel) == (3, 3) {
            // What nearly every network begins with.
            let (pixels, _) = middle.as_chunks_mut::<3>();
            let [red, green, blue] = [source(0), source(1), source(2)];
            for (pixel, ((red, green), blue)) in
                pixels.iter_mut().zip(red.iter().zip(green).zip(blue))
            {
                *pixel = [*red, *green, *blue];
            }
            continue;
        }
        middle.fill(0.0);
        for channel in 0..to.channels {
            for (pixel, &value) in middle.chunks_exact_mut(to.pixel).zip(source(channel)) {
                pixel[channel] = value;
            }
        }
    }
}
