//! What the decoders share: cells of an output level and rows of an output tensor.

use crate::nn::Runner;
use ndarray::ArrayView2;

/// An output as rows of `columns` values, whatever leading dimensions of 1 it has.
pub(super) fn rows(outputs: &dyn Runner, index: usize, columns: usize) -> ArrayView2<'_, f32> {
    let view = outputs.output(index);
    let count = view.len() / columns;
    view.into_shape_with_order((count, columns))
        .expect("the constructor compared the output's shape with the decoder's")
}

/// Checks that an output has `count` rows of `columns`, with any leading dimensions of 1.
pub(super) fn check_rows(shape: &[usize], count: usize, columns: usize) -> Result<(), String> {
    let lean: Vec<usize> = shape
        .iter()
        .copied()
        .skip_while(|&side| side == 1)
        .collect();
    let wanted = [count, columns];
    let wanted_lean: Vec<usize> = wanted
        .iter()
        .copied()
        .skip_while(|&side| side == 1)
        .collect();
    if lean == wanted_lean {
        Ok(())
    } else {
        Err(format!(
            "output shape {shape:?} does not fit, needed is [1, {count}, {columns}]"
        ))
    }
}

/// One output level: a grid of cells, `anchors` rows for each cell.
#[derive(Clone, Copy)]
pub(super) struct Level {
    pub(super) stride: usize,
    columns: usize,
    anchors: usize,
    pub(super) rows: usize,
}

impl Level {
    /// The grid that covers an input of `width × height`.
    pub(super) fn new(stride: usize, anchors: usize, (width, height): (u32, u32)) -> Self {
        let columns = (width as usize).div_ceil(stride);
        let lines = (height as usize).div_ceil(stride);
        Self {
            stride,
            columns,
            anchors,
            rows: columns * lines * anchors,
        }
    }

    /// Column and line of the cell that a row belongs to.
    pub(super) fn cell(&self, row: usize) -> (f32, f32) {
        let cell = row / self.anchors;
        ((cell % self.columns) as f32, (cell / self.columns) as f32)
    }
}
