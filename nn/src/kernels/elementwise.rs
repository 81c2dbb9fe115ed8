//! Work on whole pixels: sums, factors, activations. No pointer is made here; what costs time goes through the
//! table's functions.

use super::epilogue::Epilogue;
use super::{Kernels, Layout, Rows, RowsMut};
use crate::ir::Activation;
use std::ops::Range;

/// A function of each value, applied to rows that are there already.
pub(crate) struct Activate(Epilogue);

impl Activate {
    pub(crate) fn new(activation: &Activation, lanes: usize) -> Self {
        Self(Epilogue::new(activation, lanes))
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
            self.apply(kernels, output, y);
        }
    }

    fn apply(&self, kernels: &Kernels, output: &mut RowsMut, y: usize) {
        let Layout {
            channels, pixel, ..
        } = *output.layout();
        let values = output.row(y);
        self.0.apply(kernels, values);
        self.0.apply_rest(kernels, values, channels, pixel);
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
        activate.apply(kernels, output, y);
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
