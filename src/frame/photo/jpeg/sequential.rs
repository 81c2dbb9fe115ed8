//! Blocks of a sequential scan: each has all of its coefficients.

use super::bits::{Bits, Ended};
use super::huffman::Table;
use super::scan::Coder;

/// The tables of one block of a unit.
#[derive(Clone, Copy)]
pub(super) struct Block<'a> {
    pub(super) dc: &'a Table,
    pub(super) ac: &'a Table,
}

/// Passes over the blocks of a unit.
pub(super) struct Sequential<'a>(pub(super) Vec<Block<'a>>);

impl Coder for Sequential<'_> {
    fn restart(&mut self) {}

    fn read(&mut self, bits: &mut Bits<'_>, _: u32, count: u32) -> u32 {
        let mut pass = || self.0.iter().try_for_each(|block| block.pass(bits));
        (0..count).find(|_| pass().is_err()).unwrap_or(count)
    }
}

impl Block<'_> {
    /// Passes over one block.
    fn pass(&self, bits: &mut Bits<'_>) -> Result<(), Ended> {
        let size = self.dc.symbol(bits)?;
        bits.skip(size.into())?;
        let mut at = 1;
        while at < 64 {
            let symbol = self.ac.symbol(bits)?;
            let (zeros, size) = (symbol >> 4, symbol & 15);
            if size == 0 && zeros < 15 {
                return Ok(());
            }
            bits.skip(size.into())?;
            at += zeros + 1;
        }
        Ok(())
    }
}
