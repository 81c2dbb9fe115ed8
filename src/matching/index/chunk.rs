//! Rows that are copied together when one of them changes.

use super::bound::{ErrorBounds, quantise};
use super::planes::Planes;
use crate::matching::kernels::{BLOCK, GROUP, HUGE, RowScales, ones};
use std::sync::Arc;

/// Blocks of a full chunk: its codes fill one huge page.
pub(super) fn blocks_of_a_chunk(dimension: usize) -> usize {
    (HUGE / (BLOCK * dimension.next_multiple_of(GROUP))).max(1)
}

/// Rows of one chunk. Memory grows with its rows, by doubling.
#[derive(Clone)]
pub(super) struct Chunk {
    dimension: usize,
    codes: Planes,
    blocks: Vec<Block>,
    bounds: ErrorBounds,
    used: usize,
}

/// What a scan reads beside the codes of 64 rows, and the rows' values.
#[derive(Clone)]
pub(super) struct Block {
    pub(super) scales: RowScales,
    /// Rows in use, as bits.
    pub(super) used: u64,
    values: Arc<[f32]>,
}

impl Chunk {
    pub(super) fn new(dimension: usize) -> Self {
        Self {
            dimension,
            codes: Planes::new(dimension.next_multiple_of(GROUP) / 2),
            blocks: Vec::new(),
            bounds: ErrorBounds::default(),
            used: 0,
        }
    }

    /// Rows of a full chunk.
    pub(super) fn most(&self) -> usize {
        blocks_of_a_chunk(self.dimension) * BLOCK
    }

    pub(super) fn is_full(&self) -> bool {
        self.used == self.most()
    }

    pub(super) fn is_empty(&self) -> bool {
        self.used == 0
    }

    /// The position behind the last row in use.
    pub(super) fn end(&self) -> usize {
        let last = self.blocks.iter().rposition(|block| block.used != 0);
        last.map_or(0, |at| {
            (at + 1) * BLOCK - self.blocks[at].used.leading_zeros() as usize
        })
    }

    pub(super) fn memory(&self) -> usize {
        let values = BLOCK * self.dimension * size_of::<f32>();
        self.codes.len() + self.blocks.len() * (size_of::<Block>() + values)
    }

    /// How far its codes lie from its values at most.
    pub(super) fn bounds(&self) -> ErrorBounds {
        self.bounds
    }

    pub(super) fn blocks(&self) -> &[Block] {
        &self.blocks
    }

    /// Its codes.
    pub(super) fn codes(&self) -> &Planes {
        &self.codes
    }

    /// The values of a row in use.
    pub(super) fn values(&self, position: usize) -> Option<&[f32]> {
        let block = self.blocks.get(position / BLOCK)?;
        (block.used >> (position % BLOCK) & 1 == 1).then(|| &block.values[self.within(position)])
    }

    /// Places in use, rising.
    pub(super) fn positions(&self) -> impl Iterator<Item = usize> {
        self.blocks
            .iter()
            .enumerate()
            .flat_map(|(at, block)| ones(block.used).map(move |position| at * BLOCK + position))
    }

    /// Fills the lowest vacant position of a chunk that is not full.
    pub(super) fn insert(&mut self, values: &[f32]) -> usize {
        let vacant = self.blocks.iter().position(|block| block.used != u64::MAX);
        let at = vacant.unwrap_or(self.blocks.len());
        self.reserve(at + 1);
        let position = at * BLOCK + self.blocks[at].used.trailing_ones() as usize;
        self.set(position, values);
        position
    }

    /// Writes a row into a position of the blocks that there are.
    pub(super) fn set(&mut self, position: usize, values: &[f32]) {
        let within = self.within(position);
        let (high, low) = self.codes.both_mut(position);
        let (coded, bounds) = quantise(values, high, low);
        self.bounds.include(bounds);
        let block = &mut self.blocks[position / BLOCK];
        Arc::make_mut(&mut block.values)[within].copy_from_slice(values);
        block.scales.scales[position % BLOCK] = coded.scale;
        block.scales.high_residuals[position % BLOCK] = coded.high_residual;
        let bit = 1 << (position % BLOCK);
        self.used += usize::from(block.used & bit == 0);
        block.used |= bit;
    }

    /// Puts rows behind the last one until the chunk is full and returns those left over.
    pub(super) fn append<'a>(&mut self, values: &'a [f32]) -> &'a [f32] {
        let first = self.end();
        let rows = (values.len() / self.dimension).min(self.most() - first);
        let (mine, rest) = values.split_at(rows * self.dimension);
        self.reserve((first + rows).div_ceil(BLOCK));
        for (at, row) in mine.chunks_exact(self.dimension).enumerate() {
            self.set(first + at, row);
        }
        rest
    }

    /// Empties a position in use.
    pub(super) fn remove(&mut self, position: usize) {
        let within = self.within(position);
        let (high, low) = self.codes.both_mut(position);
        high.fill(0);
        low.fill(0);
        let block = &mut self.blocks[position / BLOCK];
        Arc::make_mut(&mut block.values)[within].fill(0.0);
        block.scales.scales[position % BLOCK] = f32::NAN;
        block.used &= !(1 << (position % BLOCK));
        self.used -= 1;
        if self.used == 0 {
            *self = Self::new(self.dimension);
        }
    }

    /// Makes room for so many blocks.
    fn reserve(&mut self, blocks: usize) {
        let room = self.codes.room();
        if blocks > room {
            let most = blocks_of_a_chunk(self.dimension);
            self.codes.grow(blocks.max(2 * room).min(most));
        }
        while self.blocks.len() < blocks {
            self.blocks.push(Block {
                scales: RowScales {
                    scales: [f32::NAN; BLOCK],
                    high_residuals: [0.0; BLOCK],
                },
                used: 0,
                values: std::iter::repeat_n(0.0, BLOCK * self.dimension).collect(),
            });
        }
    }

    /// Where a position's values lie in its block.
    fn within(&self, position: usize) -> std::ops::Range<usize> {
        let start = position % BLOCK * self.dimension;
        start..start + self.dimension
    }
}
