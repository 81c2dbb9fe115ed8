//! Dense convolution: cuts rows into tiles.
//!
//! An indirect matrix product: no copy of the input is made for the window (im2col). Each row of
//! the window is one run of `window width × channels` neighbouring values, so the input of a window
//! wider than a pixel has its channels packed tightly and zeros left and right of each row.
#![allow(unsafe_code)]

use super::epilogue::{Epilogue, normal, padded};
use super::{Aligned, DenseShape, DenseTile, Kernels, Layout, Rows, RowsMut};
use crate::ir::{Activation, Window};
use std::ops::Range;

/// Most rows of a window; a window that covers whole rows of the picture counts as one row.
pub(crate) const MAX_ROWS: usize = 16;

/// Values of the input that one pass over the weights works through: about a quarter of a
/// second-level cache.
const PASS: usize = 64 * 1024;

/// A dense convolution, its weights packed for one instruction set.
pub(crate) struct Dense {
    kernels: &'static Kernels,
    input: Layout,
    output: Layout,
    residual: Option<Layout>,
    /// Rows of the window as the tiles see it.
    rows: usize,
    depth: usize,
    stride: [usize; 2],
    above: usize,
    /// Whether rows that follow each other in memory are as good as one: a window of one pixel.
    flat: bool,
    /// Where in a row of the input the first window starts.
    first: usize,
    panels: Aligned,
    bias: Aligned,
    epilogue: Epilogue,
    /// Stands for the rows outside the picture.
    zeros: Aligned,
}

/// What a convolution is made of.
pub(crate) struct DenseParts<'a> {
    /// The window.
    pub(crate) window: Window,
    /// Window row × window column × input channel × output channel.
    pub(crate) weights: &'a [f32],
    /// One value an output channel.
    pub(crate) bias: &'a [f32],
    /// What follows.
    pub(crate) activation: &'a Activation,
}

impl Dense {
    /// # Panics
    /// When the parts and the layouts do not fit each other; lowering has checked that they do.
    pub(crate) fn new(
        kernels: &'static Kernels,
        parts: &DenseParts,
        input: Layout,
        output: Layout,
        residual: Option<Layout>,
    ) -> Self {
        let [rows, columns] = parts.window.size.map(|side| side as usize);
        let [above, left] = parts.window.before.map(|side| side as usize);
        let stride = parts.window.stride.map(|step| step as usize);
        let whole = rows * columns * input.channels;
        assert_eq!(parts.weights.len(), whole * output.channels, "weights");
        assert_eq!(parts.bias.len(), output.channels, "bias");
        assert!(
            columns == 1 || input.pixel == input.channels,
            "loose pixels {input:?}"
        );
        assert!(left <= input.left, "{left} columns of zeros in {input:?}");
        let last = (output.width - 1) * stride[1] + columns + (input.left - left);
        assert!(
            last <= input.left + input.width + input.right,
            "{last} columns in {input:?}"
        );
        let one_run = output.height == 1
            && above == 0
            && input.ring == input.height
            && columns * input.pixel == input.row()
            && input.pixel == input.channels
            && rows <= input.height;
        let (rows, depth) = if one_run {
            (1, whole)
        } else {
            (rows, columns * input.channels)
        };
        assert!(rows <= MAX_ROWS, "{rows} rows in a window");
        if let Some(residual) = residual {
            assert!(
                (residual.height, residual.width) == (output.height, output.width)
                    && residual.channels <= output.channels
            );
        }
        for layout in [Some(output), residual].into_iter().flatten() {
            assert!(
                layout.pixel % kernels.lanes == 0 && layout.left == 0 && layout.right == 0,
                "{layout:?}"
            );
        }
        let flat = parts.window == Window::PIXEL
            && input.left + input.right == 0
            && input.width == output.width;
        Self {
            kernels,
            rows,
            depth,
            flat,
            stride,
            above,
            first: (input.left - left) * input.pixel,
            panels: pack(parts.weights, output.channels, kernels.lanes),
            bias: padded(parts.bias, kernels.lanes),
            epilogue: Epilogue::new(parts.activation, kernels.lanes),
            zeros: Aligned::zeroed(if one_run { 0 } else { input.row() }),
            input,
            output,
            residual,
        }
    }

    /// Computes rows of the output.
    ///
    /// # Panics
    /// When a view has another layout than the convolution was made for.
    pub(crate) fn run(
        &self,
        input: Rows,
        residual: Option<Rows>,
        output: &mut RowsMut,
        rows: Range<usize>,
    ) {
        assert!(*input.layout() == self.input && *output.layout() == self.output);
        assert!(residual.map(|rows| *rows.layout()) == self.residual);
        assert!(rows.end <= self.output.height);
        let vectors = self.output.channels.div_ceil(self.kernels.lanes);
        // Where a narrower residual ends, so does a tile.
        let covered = self
            .residual
            .map_or(0, |residual| residual.channels.div_ceil(self.kernels.lanes));
        let together = (PASS / (self.input.row() * self.stride[0]).max(1)).max(1);
        for start in rows.clone().step_by(together) {
            let pass = start..(start + together).min(rows.end);
            self.columns(input, residual, output, pass.clone(), 0..covered);
            self.columns(input, None, output, pass.clone(), covered..vectors);
            for y in pass {
                let Layout {
                    channels, pixel, ..
                } = self.output;
                self.epilogue
                    .apply_rest(self.kernels, output.row(y), channels, pixel);
            }
        }
    }

    /// Some rows × some vectors of channels. The weights of a tile serve all rows before the next
    /// weights are loaded.
    fn columns(
        &self,
        input: Rows,
        residual: Option<Rows>,
        output: &mut RowsMut,
        rows: Range<usize>,
        vectors: Range<usize>,
    ) {
        let shapes = self.kernels.dense;
        let mut vector = vectors.start;
        while vector < vectors.end {
            let shape = shapes
                .iter()
                .find(|shape| shape.vectors <= vectors.end - vector)
                .expect("the narrowest shape is one vector wide");
            let mut y = rows.start;
            while y < rows.end {
                let end = self.run_end(y).min(rows.end);
                let taps = self.taps(input, y);
                let run = Run {
                    taps: &taps[..self.rows],
                    residual: residual.map(|residual| residual.from(y)),
                    count: (end - y) * self.output.width,
                };
                self.tiles(&run, output.rows(y, end), vector, shape);
                y = end;
            }
            vector += shape.vectors;
        }
    }

    /// Up to which row the pixels from row `y` on are neighbours, in all that is read and written.
    fn run_end(&self, y: usize) -> usize {
        if !self.flat {
            return y + 1;
        }
        let until = |layout: &Layout| y - y % layout.ring + layout.ring;
        [
            Some(&self.input),
            Some(&self.output),
            self.residual.as_ref(),
        ]
        .into_iter()
        .flatten()
        .map(until)
        .min()
        .expect("two layouts at least")
    }

    /// Where the first window of row `y` starts in each of its rows.
    fn taps(&self, input: Rows, y: usize) -> [*const f32; MAX_ROWS] {
        let mut taps = [std::ptr::null(); MAX_ROWS];
        for (row, tap) in taps.iter_mut().enumerate().take(self.rows) {
            let y = (y * self.stride[0] + row).wrapping_sub(self.above);
            *tap = if y < self.input.height {
                input.from(y)[self.first..].as_ptr()
            } else {
                self.zeros[self.first..].as_ptr()
            };
        }
        taps
    }

    /// All pixels of a run × the vectors of one shape. The pixels are spread evenly over the tiles.
    fn tiles(&self, run: &Run, target: &mut [f32], vector: usize, shape: &DenseShape) {
        let lanes = self.kernels.lanes;
        let channel = vector * lanes;
        let panel = self.rows * self.depth * lanes;
        let panels = &self.panels[vector * panel..(vector + shape.vectors) * panel];
        let bias = &self.bias[channel..channel + shape.vectors * lanes];
        let step = self.stride[1] * self.input.pixel;
        let residual_step = self.residual.map_or(0, |residual| residual.pixel);
        let tiles = run.count.div_ceil(shape.kernels.len());
        let mut pixel = 0;
        let mut taps = [std::ptr::null(); MAX_ROWS];
        for tile in 0..tiles {
            let size = run.count / tiles + usize::from(tile < run.count % tiles);
            for (tap, row) in taps.iter_mut().zip(run.taps) {
                *tap = row.wrapping_add(pixel * step);
            }
            // From the first pixel's first channel to the last one's last.
            let span = |step: usize| {
                let first = pixel * step + channel;
                first..first + (size - 1) * step + shape.vectors * lanes
            };
            let residual = run.residual.map_or(std::ptr::null(), |residual| {
                residual[span(residual_step)].as_ptr()
            });
            let tile = DenseTile {
                taps: taps.as_ptr(),
                rows: self.rows,
                depth: self.depth,
                step,
                panels: panels.as_ptr(),
                panel,
                bias: bias.as_ptr(),
                residual,
                residual_step,
                output: target[span(self.output.pixel)].as_mut_ptr(),
                output_step: self.output.pixel,
                epilogue: self.epilogue.tile(channel),
            };
            // SAFETY: weights, bias, residual and output were sliced just above. A tap reads `depth`
            // values from each of `size` pixels on: in a run of one row the last is inside the row by
            // the check in `new`, and the row inside the view; in a run of several rows pixels are
            // neighbours and `count` of them end where the last row does.
            unsafe { shape.kernels[size - 1](&tile) };
            pixel += size;
        }
    }
}

/// Pixels that are neighbours in all that is read and written.
struct Run<'a> {
    taps: &'a [*const f32],
    residual: Option<&'a [f32]>,
    count: usize,
}

/// From depth × channel to vector of channels × depth × lane.
fn pack(weights: &[f32], channels: usize, lanes: usize) -> Aligned {
    let depth = weights.len() / channels;
    let mut panels = Aligned::zeroed(depth * channels.next_multiple_of(lanes));
    for (k, row) in weights.chunks_exact(channels).enumerate() {
        for (channel, &weight) in row.iter().enumerate() {
            panels[(channel / lanes * depth + k) * lanes + channel % lanes] = normal(weight);
        }
    }
    panels
}
