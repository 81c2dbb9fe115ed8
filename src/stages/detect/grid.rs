//! What the decoders share: cells of an output level and rows of an output tensor.

use crate::geom::{Landmarks5, Point};
use crate::model::DecodeSpec;
use ndarray::{ArrayView1, ArrayView2};
use vultus_nn::Runner;

/// An output as rows of `columns` values, whatever leading dimensions of 1 it has.
pub(super) fn rows(outputs: &dyn Runner, index: usize, columns: usize) -> ArrayView2<'_, f32> {
    let values = outputs.output(index).values();
    ArrayView2::from_shape((values.len() / columns, columns), values)
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

/// Columns and lines of cells of a stride.
pub(super) fn cells(stride: usize, (width, height): (u32, u32)) -> (usize, usize) {
    (
        (width as usize).div_ceil(stride),
        (height as usize).div_ceil(stride),
    )
}

/// The outputs of an anchor-free detector: for each kind of output, one tensor a level.
pub(super) struct Levels<const KINDS: usize> {
    levels: Vec<Level>,
    columns: [usize; KINDS],
}

impl<const KINDS: usize> Levels<KINDS> {
    /// Checks that the outputs are, kind by kind with so many columns, those of every stride.
    pub(super) fn new(
        spec: &DecodeSpec,
        side: (u32, u32),
        outputs: &[&[usize]],
        columns: [usize; KINDS],
    ) -> Result<Self, String> {
        let level = |&stride: &usize| Level::new(stride, spec.anchors_per_cell, side);
        let levels: Vec<Level> = spec.strides.iter().map(level).collect();
        let count = levels.len();
        if outputs.len() != count * KINDS {
            let found = outputs.len();
            return Err(format!(
                "{count} strides need {KINDS} outputs each, the manifest names {found}"
            ));
        }
        for (index, shape) in outputs.iter().enumerate() {
            check_rows(shape, levels[index % count].rows, columns[index / count])?;
        }
        Ok(Self { levels, columns })
    }

    /// Each level with its outputs, one for each kind.
    pub(super) fn read<'r>(
        &'r self,
        outputs: &'r dyn Runner,
    ) -> impl Iterator<Item = (Level, [ArrayView2<'r, f32>; KINDS])> {
        let of = move |index: usize, kind: usize| {
            rows(
                outputs,
                kind * self.levels.len() + index,
                self.columns[kind],
            )
        };
        let level = move |(index, level): (usize, &Level)| {
            (*level, std::array::from_fn(|kind| of(index, kind)))
        };
        self.levels.iter().enumerate().map(level)
    }
}

/// One output level: a grid of cells, `anchors` rows for each cell.
#[derive(Clone, Copy)]
pub(super) struct Level {
    pub(super) stride: f32,
    columns: usize,
    anchors: usize,
    pub(super) rows: usize,
}

impl Level {
    /// The grid that covers an input of `width × height`.
    fn new(stride: usize, anchors: usize, side: (u32, u32)) -> Self {
        let (columns, lines) = cells(stride, side);
        Self {
            stride: stride as f32,
            columns,
            anchors,
            rows: columns * lines * anchors,
        }
    }

    /// The point so many cells away from the corner of a row's cell, in input pixels.
    pub(super) fn point(&self, row: usize, dx: f32, dy: f32) -> Point {
        let cell = row / self.anchors;
        let (column, line) = ((cell % self.columns) as f32, (cell / self.columns) as f32);
        Point::new((column + dx) * self.stride, (line + dy) * self.stride)
    }

    /// Five points from ten offsets in cells.
    pub(super) fn landmarks(&self, row: usize, offsets: ArrayView1<'_, f32>) -> Landmarks5 {
        Landmarks5::from_array(std::array::from_fn(|i| {
            self.point(row, offsets[2 * i], offsets[2 * i + 1])
        }))
    }
}
