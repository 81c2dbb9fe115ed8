//! Work on whole pixels: sums, factors, means, copies, enlargement. No pointer is made here; what
//! costs time goes through the table's functions.

use super::finish::Ending;
use super::{Kernels, Layout, Rows, RowsMut};
use crate::plan::{Activation, ResizeKind};
use std::ops::Range;

/// Functions that take an exponential.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Curve {
    /// `1 / (1 + exp(-x))`.
    Sigmoid,
    /// `x / (1 + exp(-x))`.
    Swish,
}

/// A function of each value, applied to rows that are there already.
pub(crate) struct Activate(Ending);

impl Activate {
    pub(crate) fn new(activation: &Activation, lanes: usize) -> Self {
        Self(Ending::new(activation, lanes))
    }

    /// Copies rows and applies the function.
    pub(crate) fn run(
        &self,
        kernels: &Kernels,
        input: Rows,
        output: &mut RowsMut,
        rows: Range<usize>,
    ) {
        for y in rows {
            output.row(y).copy_from_slice(input.row(y));
            self.finish(kernels, output, y);
        }
    }

    fn finish(&self, kernels: &Kernels, output: &mut RowsMut, y: usize) {
        let Layout {
            channels, pixel, ..
        } = *output.layout();
        let values = output.row(y);
        self.0.apply(kernels, values);
        self.0.complete(kernels, values, channels, pixel);
    }
}

/// `activation(left + right)`; what either lacks at the end of an axis counts as 0.
pub(crate) fn add(
    kernels: &Kernels,
    sources: [Rows; 2],
    activate: &Activate,
    output: &mut RowsMut,
    rows: Range<usize>,
) {
    let Layout { width, pixel, .. } = *output.layout();
    let alike = |rows: &Rows| rows.layout().width == width && rows.layout().pixel == pixel;
    for y in rows {
        let target = output.row(y);
        let present = sources.map(|rows| y < rows.layout().height);
        if present == [true, true] && sources.iter().all(alike) {
            (kernels.add)(target, sources[0].row(y), sources[1].row(y));
        } else {
            target.fill(0.0);
            for source in sources.iter().filter(|rows| y < rows.layout().height) {
                accumulate(target, pixel, source.row(y), source.layout().pixel);
            }
        }
        activate.finish(kernels, output, y);
    }
}

/// Adds a row to another with more or as many pixels and channels.
fn accumulate(target: &mut [f32], pixel: usize, source: &[f32], narrow: usize) {
    for (target, source) in target
        .chunks_exact_mut(pixel)
        .zip(source.chunks_exact(narrow))
    {
        for (sum, value) in target.iter_mut().zip(source) {
            *sum += value;
        }
    }
}

/// `input × by`, where `by` has one pixel.
pub(crate) fn scale(
    kernels: &Kernels,
    [input, by]: [Rows; 2],
    output: &mut RowsMut,
    rows: Range<usize>,
) {
    for y in rows {
        (kernels.scale)(output.row(y), input.row(y), by.row(0));
    }
}

/// The mean of all pixels, channel by channel.
pub(crate) fn global_average(kernels: &Kernels, input: Rows, output: &mut RowsMut) {
    let Layout {
        height,
        width,
        pixel,
        ..
    } = *input.layout();
    let mean = output.row(0);
    mean.fill(0.0);
    // Sums of rows first, so that large pictures lose no digits.
    let mut sum = [0.0_f32; 16];
    for (group, mean) in mean.chunks_mut(sum.len()).enumerate() {
        for y in 0..height {
            let sum = &mut sum[..mean.len()];
            sum.fill(0.0);
            for at in input.row(y).chunks_exact(pixel) {
                let values = &at[group * 16..][..sum.len()];
                for (sum, value) in sum.iter_mut().zip(values) {
                    *sum += value;
                }
            }
            for (mean, sum) in mean.iter_mut().zip(sum) {
                *mean += *sum;
            }
        }
    }
    let factor = 1.0 / (height * width) as f32;
    for mean in mean.iter_mut() {
        *mean *= factor;
    }
    let _ = kernels;
}

/// Copies an input's channels to `first..` of the output's. Whoever places the last channels writes
/// the zeros after them.
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

/// Copies the first channels of pixels that start `from` and `to` values after each other. Of few channels, each
/// copy is too short to be worth a call.
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

/// The two places of a side of `from` between which place `at` of a side of `to` lies, and how far
/// it is from the first to the second.
pub(crate) fn between(kind: ResizeKind, at: usize, from: usize, to: usize) -> (usize, usize, f32) {
    let place = match kind {
        ResizeKind::Nearest => return (at * from / to, at * from / to, 0.0),
        ResizeKind::BilinearCentres => (at as f32 + 0.5) * from as f32 / to as f32 - 0.5,
        ResizeKind::BilinearCorners if to == 1 => 0.0,
        ResizeKind::BilinearCorners => (at * (from - 1)) as f32 / (to - 1) as f32,
    };
    let place = place.clamp(0.0, (from - 1) as f32);
    let first = place as usize;
    (first, (first + 1).min(from - 1), place - first as f32)
}
