//! What windows a convolution or pool has, and where they lie.

use crate::ir::{Activation, PoolKind, Window};
use crate::kernels::epilogue::{Epilogue, normal, padded};
use crate::kernels::{Aligned, EpilogueTile, InnerKernel, Kernels, Layout, WindowKernel};
use std::ops::Range;

/// Most cells of a window, and of the columns that a tile sees.
pub(crate) const MAX_CELLS: usize = 256;

/// Work that sees each channel alone, through a window.
pub(crate) struct Windowed {
    pub(super) kernels: &'static Kernels,
    pub(super) input: Layout,
    pub(super) output: Layout,
    pub(super) size: [usize; 2],
    pub(super) stride: [usize; 2],
    pub(super) before: [usize; 2],
    pub(super) tiles: &'static [WindowKernel],
    pub(super) inner: Option<InnerKernel>,
    pub(super) work: Work,
    /// What windows see of rows and pixels outside the picture.
    pub(super) zeros: Aligned,
}

pub(super) enum Work {
    Depthwise {
        weights: Aligned,
        bias: Aligned,
        epilogue: Epilogue,
    },
    Pool(PoolKind),
}

impl Work {
    /// Weights, bias and epilogue as tiles take them; null and none for a pool.
    pub(super) fn tile_arguments(&self) -> (*const f32, *const f32, EpilogueTile) {
        match self {
            Self::Depthwise {
                weights,
                bias,
                epilogue,
            } => (weights.as_ptr(), bias.as_ptr(), epilogue.tile(0)),
            Self::Pool(_) => (std::ptr::null(), std::ptr::null(), EpilogueTile::NONE),
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
            epilogue: Epilogue::new(activation, lanes),
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
        assert!(size[0] * size[1] <= MAX_CELLS, "{size:?} cells in a window");
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
    #[inline]
    pub(super) fn seen(&self, axis: usize, at: usize, side: usize) -> Range<usize> {
        let start = at * self.stride[axis];
        let end = (start + self.size[axis])
            .saturating_sub(self.before[axis])
            .min(side);
        start.saturating_sub(self.before[axis])..end
    }

    /// The row of the input that a row of the window sees, if there is one.
    #[inline]
    pub(super) fn line(&self, y: usize, row: usize) -> Option<usize> {
        self.position(y * self.stride[0] + row, self.before[0], self.input.height)
    }

    /// The position in a side of the picture for a position in that side with its border. For the largest value the
    /// nearest pixel inside is read instead of one outside: each window has a pixel inside, so the nearest one
    /// belongs to the same window.
    #[inline]
    pub(super) fn position(&self, at: usize, before: usize, side: usize) -> Option<usize> {
        if matches!(self.work, Work::Pool(PoolKind::Max)) {
            return Some(at.saturating_sub(before).min(side - 1));
        }
        at.checked_sub(before).filter(|&at| at < side)
    }
}
