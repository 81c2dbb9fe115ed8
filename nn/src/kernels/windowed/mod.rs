//! Depthwise convolution and pooling: channels that do not meet, seen through a window.
#![allow(unsafe_code)]

mod inside;

use super::finish::{Ending, normal, padded};
use super::{
    Aligned, Finish, InnerKernel, Kernels, Layout, Rows, RowsMut, WindowKernel, WindowTile,
};
use crate::plan::{Activation, PoolKind, Window};
use std::ops::Range;

/// Most cells of a window, and of the columns that a tile sees.
pub(crate) const MOST_CELLS: usize = 256;

/// Most output pixels of a tile.
const MOST_PIXELS: usize = 16;

/// Work that looks at each channel through a window.
pub(crate) struct Windowed {
    kernels: &'static Kernels,
    input: Layout,
    output: Layout,
    size: [usize; 2],
    stride: [usize; 2],
    before: [usize; 2],
    tiles: &'static [WindowKernel],
    inner: Option<InnerKernel>,
    work: Work,
    /// Stands for rows and pixels outside the picture.
    zeros: Aligned,
}

enum Work {
    Depthwise {
        weights: Aligned,
        bias: Aligned,
        ending: Ending,
    },
    Pool(PoolKind),
}

impl Work {
    /// Weights, bias and end as tiles take them; none where nothing is convolved.
    fn numbers(&self) -> (*const f32, *const f32, Finish) {
        match self {
            Self::Depthwise {
                weights,
                bias,
                ending,
            } => (weights.as_ptr(), bias.as_ptr(), ending.finish(0)),
            Self::Pool(_) => (std::ptr::null(), std::ptr::null(), Finish::NONE),
        }
    }
}

impl Windowed {
    /// `weights` are window row × window column × channel.
    ///
    /// # Panics
    /// When the parts do not fit each other; lowering has checked that they do.
    pub(crate) fn depthwise(
        kernels: &'static Kernels,
        window: &Window,
        [weights, bias]: [&[f32]; 2],
        activation: &Activation,
        [input, output]: [Layout; 2],
    ) -> Self {
        let lanes = kernels.lanes;
        let channels = output.channels;
        let size = window.size.map(|side| side as usize);
        assert_eq!(weights.len(), size[0] * size[1] * channels, "weights");
        assert_eq!(bias.len(), channels, "bias");
        let pixel = channels.next_multiple_of(lanes);
        let mut spread = Aligned::zeroed(size[0] * size[1] * pixel);
        for (spread, row) in spread
            .chunks_exact_mut(pixel)
            .zip(weights.chunks_exact(channels))
        {
            for (spread, &weight) in spread.iter_mut().zip(row) {
                *spread = normal(weight);
            }
        }
        let work = Work::Depthwise {
            weights: spread,
            bias: padded(bias, lanes),
            ending: Ending::new(activation, lanes),
        };
        let tiles = (kernels.depthwise)(size, window.stride[1] as usize);
        Self::new(kernels, window, [input, output], tiles, work)
    }

    /// Pooling.
    ///
    /// # Panics
    /// When the parts do not fit each other, or a window sees no pixel of the picture.
    pub(crate) fn pool(
        kernels: &'static Kernels,
        window: &Window,
        kind: PoolKind,
        [input, output]: [Layout; 2],
    ) -> Self {
        let tiles = match kind {
            PoolKind::Max => kernels.max,
            PoolKind::Average | PoolKind::AverageWithBorder => kernels.mean,
        };
        let pool = Self::new(kernels, window, [input, output], tiles, Work::Pool(kind));
        for (axis, [from, to]) in [[input.height, output.height], [input.width, output.width]]
            .into_iter()
            .enumerate()
        {
            assert!(
                (0..to).all(|at| !pool.seen(axis, at, from).is_empty()),
                "a window without a pixel"
            );
        }
        pool
    }

    fn new(
        kernels: &'static Kernels,
        window: &Window,
        [input, output]: [Layout; 2],
        tiles: &'static [WindowKernel],
        work: Work,
    ) -> Self {
        let size = window.size.map(|side| side as usize);
        assert!(
            size[0] * size[1] <= MOST_CELLS,
            "{size:?} cells in a window"
        );
        assert_eq!(input.channels, output.channels, "channels");
        for layout in [input, output] {
            assert!(
                layout.pixel % kernels.lanes == 0 && layout.left == 0 && layout.right == 0,
                "{layout:?}"
            );
        }
        let step = window.stride[1] as usize;
        let inner = match work {
            Work::Depthwise { .. } => (kernels.depthwise_inner)(size, step),
            Work::Pool(PoolKind::Max) => (kernels.max_inner)(size, step),
            Work::Pool(_) => None,
        };
        Self {
            kernels,
            input,
            output,
            size,
            stride: window.stride.map(|step| step as usize),
            before: window.before.map(|side| side as usize),
            tiles,
            inner,
            work,
            zeros: Aligned::zeroed(input.row()),
        }
    }

    /// Rows (axis 0) or columns (axis 1) of a picture of `side` that window number `at` sees.
    fn seen(&self, axis: usize, at: usize, side: usize) -> Range<usize> {
        let start = at * self.stride[axis];
        let end = (start + self.size[axis])
            .saturating_sub(self.before[axis])
            .min(side);
        start.saturating_sub(self.before[axis])..end
    }

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
            if let Work::Depthwise { ending, .. } = &self.work {
                let Layout {
                    channels, pixel, ..
                } = self.output;
                ending.complete(self.kernels, target, channels, pixel);
            }
            y += together;
        }
    }

    /// Pixels of a tile of which each column has a pointer.
    fn tile_pixels(&self) -> usize {
        ((MOST_CELLS / self.size[0]).saturating_sub(self.size[1]) / self.stride[1] + 1)
            .min(self.tiles.len())
            .min(MOST_PIXELS)
    }

    fn tiles(&self, input: Rows, target: &mut [f32], y: usize, xs: Range<usize>) {
        let count = xs.len();
        let tiles = count.div_ceil(self.tile_pixels());
        let mut x = xs.start;
        for tile in 0..tiles {
            let size = count / tiles + usize::from(tile < count % tiles);
            self.tile(input, target, y, x..x + size);
            x += size;
        }
    }

    /// The row of the input that a row of the window sees, if there is one.
    fn line(&self, y: usize, row: usize) -> Option<usize> {
        self.place(y * self.stride[0] + row, self.before[0], self.input.height)
    }

    fn tile(&self, input: Rows, target: &mut [f32], y: usize, xs: Range<usize>) {
        let count = xs.end - xs.start;
        let columns = (count - 1) * self.stride[1] + self.size[1];
        let pixels = self.pixels(input, y, xs.start, columns);
        let mut factors = [0.0_f32; MOST_PIXELS];
        let (mut weights, bias, finish) = self.work.numbers();
        if let Work::Pool(kind) = &self.work {
            for (factor, x) in factors.iter_mut().zip(xs.clone()) {
                *factor = 1.0 / self.cells(*kind, y, x) as f32;
            }
            weights = factors.as_ptr();
        }
        let target = &mut target[xs.start * self.output.pixel..xs.end * self.output.pixel];
        let tile = WindowTile {
            pixels: pixels.as_ptr(),
            rows: self.size[0],
            width: self.size[1],
            columns,
            step: self.stride[1],
            vectors: self.output.channels.div_ceil(self.kernels.lanes),
            weights,
            bias,
            output: target.as_mut_ptr(),
            output_step: self.output.pixel,
            finish,
        };
        // SAFETY: `pixels` holds rows × columns pointers, each to a pixel inside a row of the view or
        // to a pixel of zeros; weights, bias and slopes were made for whole vectors of all channels;
        // `target` is `count` pixels.
        unsafe { self.tiles[count - 1](&tile) };
    }

    /// Where the pixels lie that a tile sees.
    fn pixels(&self, input: Rows, y: usize, x: usize, columns: usize) -> [*const f32; MOST_CELLS] {
        let mut pixels = [self.zeros.as_ptr(); MOST_CELLS];
        for row in 0..self.size[0] {
            let Some(line) = self.line(y, row) else {
                continue;
            };
            let values = input.row(line);
            let pixels = &mut pixels[row * columns..(row + 1) * columns];
            for (column, pixel) in pixels.iter_mut().enumerate() {
                let at = x * self.stride[1] + column;
                if let Some(at) = self.place(at, self.before[1], self.input.width) {
                    *pixel = values[at * self.input.pixel..][..self.input.pixel].as_ptr();
                }
            }
        }
        pixels
    }

    /// The place in a side of the picture for a place in that side with its border. A pixel outside
    /// does not count for the largest value: the nearest inside stands for it. Each window has one
    /// inside, so the nearest is of the same window.
    fn place(&self, at: usize, before: usize, side: usize) -> Option<usize> {
        if matches!(self.work, Work::Pool(PoolKind::Max)) {
            return Some(at.saturating_sub(before).min(side - 1));
        }
        at.checked_sub(before).filter(|&at| at < side)
    }

    /// By how many cells the sum of a window is divided.
    fn cells(&self, kind: PoolKind, y: usize, x: usize) -> usize {
        match kind {
            PoolKind::Max => 1,
            PoolKind::Average => {
                self.seen(0, y, self.input.height).len() * self.seen(1, x, self.input.width).len()
            }
            PoolKind::AverageWithBorder => self.size[0] * self.size[1],
        }
    }
}
