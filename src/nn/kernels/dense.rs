//! Dense convolution: cuts rows into tiles.
//!
//! An indirect matrix product: no copy of the input is made for the window (im2col). Each row of
//! the window is one run of `window width × channels` neighbouring values, so the input of a window
//! wider than a pixel has its channels packed tightly and zeros left and right of each row.
#![allow(unsafe_code)]

use super::finish::{Ending, padded};
use super::{Aligned, DenseTile, Kernels, Layout, Rows, RowsMut};
use crate::nn::plan::{Activation, Window};
use std::ops::Range;

/// Most rows of a window; a window that covers whole rows of the picture counts as one row.
pub(crate) const MOST_ROWS: usize = 16;

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
    /// Where in a row of the input the first window starts.
    first: usize,
    panels: Aligned,
    bias: Aligned,
    ending: Ending,
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
        assert!(rows <= MOST_ROWS, "{rows} rows in a window");
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
        Self {
            kernels,
            rows,
            depth,
            stride,
            above,
            first: (input.left - left) * input.pixel,
            panels: pack(parts.weights, output.channels, kernels.lanes),
            bias: padded(parts.bias, kernels.lanes),
            ending: Ending::new(parts.activation, kernels.lanes),
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
        assert!(
            residual.map(|rows| *rows.layout()) == self.residual && rows.end <= self.output.height
        );
        let mut y = rows.start;
        while y < rows.end {
            let end = self.run_end(y).min(rows.end);
            self.segment(input, residual, output, y..end);
            y = end;
        }
    }

    /// Up to which row the pixels from row `y` on are neighbours, in all that is read and written.
    fn run_end(&self, y: usize) -> usize {
        let flat = self.rows == 1
            && self.stride == [1, 1]
            && self.input.left + self.input.right == 0
            && self.input.width == self.output.width
            && self.depth == self.input.channels
            && self.above == 0;
        if !flat {
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
        .expect("three layouts")
    }

    /// Pixels that are neighbours: one row, or several without margins.
    fn segment(
        &self,
        input: Rows,
        residual: Option<Rows>,
        output: &mut RowsMut,
        rows: Range<usize>,
    ) {
        let count = (rows.end - rows.start) * self.output.width;
        let mut taps = [self.zeros.as_ptr(); MOST_ROWS];
        for (row, tap) in taps.iter_mut().enumerate().take(self.rows) {
            let y = (rows.start * self.stride[0] + row).wrapping_sub(self.above);
            if y < self.input.height {
                // Rows of one run follow each other; what a tile may reach was checked in `new`.
                *tap = input.from(y).as_ptr();
            }
            *tap = tap.wrapping_add(self.first);
        }
        let residual = residual.map(|residual| residual.from(rows.start));
        let target = output.rows(rows.start, rows.end);
        let job = Job {
            dense: self,
            taps: &taps[..self.rows],
            residual,
            residual_vectors: self
                .residual
                .map_or(0, |residual| residual.channels.div_ceil(self.kernels.lanes)),
            residual_step: self.residual.map_or(0, |residual| residual.pixel),
        };
        job.run(target, count);
        self.ending.complete(
            self.kernels,
            target,
            self.output.channels,
            self.output.pixel,
        );
    }
}

/// One segment.
struct Job<'a> {
    dense: &'a Dense,
    taps: &'a [*const f32],
    residual: Option<&'a [f32]>,
    residual_vectors: usize,
    residual_step: usize,
}

impl Job<'_> {
    fn run(&self, target: &mut [f32], count: usize) {
        let dense = self.dense;
        let vectors = dense.output.channels.div_ceil(dense.kernels.lanes);
        let pass = (PASS / (dense.depth * dense.rows).max(1)).max(64);
        let mut first = 0;
        while first < count {
            let end = (first + pass).min(count);
            // Where a narrower residual ends, so does a tile.
            self.columns(target, first..end, 0..self.residual_vectors);
            self.columns(target, first..end, self.residual_vectors..vectors);
            first = end;
        }
    }

    fn columns(&self, target: &mut [f32], pixels: Range<usize>, vectors: Range<usize>) {
        let shapes = self.dense.kernels.dense;
        let mut vector = vectors.start;
        while vector < vectors.end {
            let shape = shapes
                .iter()
                .find(|shape| shape.vectors <= vectors.end - vector)
                .expect("the narrowest shape is one vector wide");
            self.tiles(target, pixels.clone(), vector, shape);
            vector += shape.vectors;
        }
    }

    /// All pixels × the vectors of one shape. The pixels are spread evenly over the tiles.
    fn tiles(
        &self,
        target: &mut [f32],
        pixels: Range<usize>,
        vector: usize,
        shape: &super::DenseShape,
    ) {
        let dense = self.dense;
        let lanes = dense.kernels.lanes;
        let channel = vector * lanes;
        let panel = dense.rows * dense.depth * lanes;
        let panels = &dense.panels[vector * panel..(vector + shape.vectors) * panel];
        let bias = &dense.bias[channel..channel + shape.vectors * lanes];
        let step = dense.stride[1] * dense.input.pixel;
        let residual = self.residual.filter(|_| vector < self.residual_vectors);
        let count = pixels.end - pixels.start;
        let tiles = count.div_ceil(shape.kernels.len());
        let mut pixel = pixels.start;
        let mut taps = [std::ptr::null(); MOST_ROWS];
        for tile in 0..tiles {
            let size = count / tiles + usize::from(tile < count % tiles);
            for (tap, row) in taps.iter_mut().zip(self.taps) {
                *tap = row.wrapping_add(pixel * step);
            }
            let last = (pixel + size - 1) * dense.output.pixel + channel + shape.vectors * lanes;
            assert!(last <= target.len());
            let residual = residual.map_or(std::ptr::null(), |residual| {
                let first = pixel * self.residual_step + channel;
                residual[first..first + (size - 1) * self.residual_step + shape.vectors * lanes]
                    .as_ptr()
            });
            let tile = DenseTile {
                taps: taps.as_ptr(),
                rows: dense.rows,
                depth: dense.depth,
                step,
                panels: panels.as_ptr(),
                panel,
                bias: bias.as_ptr(),
                residual,
                residual_step: self.residual_step,
                output: target[pixel * dense.output.pixel + channel..].as_mut_ptr(),
                output_step: dense.output.pixel,
                finish: dense.ending.finish(channel),
            };
            // SAFETY: weights, bias, residual and output were sliced or checked just above. A tap
            // reads `depth` values from each of `size` pixels on: in a segment of one row the last
            // is inside the row by the check in `new`, and the row inside the view; in a segment of
            // several rows pixels are neighbours and `count` pixels end where the last row does.
            unsafe { shape.kernels[size - 1](&tile) };
            pixel += size;
        }
    }
}

/// From depth × channel to vector of channels × depth × lane.
fn pack(weights: &[f32], channels: usize, lanes: usize) -> Aligned {
    let depth = weights.len() / channels;
    let mut panels = Aligned::zeroed(depth * channels.next_multiple_of(lanes));
    for (k, row) in weights.chunks_exact(channels).enumerate() {
        for (channel, &weight) in row.iter().enumerate() {
            panels[(channel / lanes * depth + k) * lanes + channel % lanes] = weight;
        }
    }
    panels
}
