//! The int8 codes of a chunk, one plane for their high nibbles and one for the low ones.

use crate::matching::kernels::{AlignedBuffer, BLOCK};
use std::ops::Range;

/// Two planes side by side in one allocation, which full chunks let fill a huge page: a scan runs
/// through the first one alone.
#[derive(Clone)]
pub(super) struct Planes {
    /// Bytes of a row in one plane.
    stride: usize,
    bytes: AlignedBuffer,
}

impl Planes {
    /// Planes without room, for rows of `stride` bytes in each.
    pub(super) fn new(stride: usize) -> Self {
        Self {
            stride,
            bytes: AlignedBuffer::filled(0, 0),
        }
    }

    /// Bytes of both.
    pub(super) fn len(&self) -> usize {
        self.bytes.len()
    }

    /// Blocks that there is room for.
    pub(super) fn room(&self) -> usize {
        self.plane() / (BLOCK * self.stride)
    }

    /// The same nibbles with room for more blocks.
    pub(super) fn grow(&mut self, room: usize) {
        let (old, new) = (self.plane(), room * BLOCK * self.stride);
        let mut grown = AlignedBuffer::filled(2 * new, 0);
        grown[..old].copy_from_slice(&self.bytes[..old]);
        grown[new..new + old].copy_from_slice(&self.bytes[old..2 * old]);
        self.bytes = grown;
    }

    /// The high nibbles of a block.
    pub(super) fn high_block(&self, block: usize) -> &[u8] {
        &self.bytes[self.block(block)]
    }

    /// The low nibbles of a block.
    pub(super) fn low_block(&self, block: usize) -> &[u8] {
        &self.bytes[self.plane()..][self.block(block)]
    }

    /// The high and low nibbles of a row, to be written.
    pub(super) fn both_mut(&mut self, position: usize) -> (&mut [u8], &mut [u8]) {
        let (row, plane) = (self.row(position), self.plane());
        let (high, low) = self.bytes.split_at_mut(plane);
        (&mut high[row.clone()], &mut low[row])
    }

    /// Bytes of one plane.
    fn plane(&self) -> usize {
        self.bytes.len() / 2
    }

    fn block(&self, block: usize) -> Range<usize> {
        let bytes = BLOCK * self.stride;
        block * bytes..(block + 1) * bytes
    }

    fn row(&self, position: usize) -> Range<usize> {
        position * self.stride..(position + 1) * self.stride
    }
}
