//! Blocks of a progressive scan: each has some coefficients, or one more bit of them.

use super::bits::{Bits, Ended};
use super::huffman::Table;
use super::scan::Coder;

/// The first bits of the first coefficient: a table for each block of a unit.
pub(super) struct FirstOfDc<'a>(pub(super) Vec<&'a Table>);

impl FirstOfDc<'_> {
    fn pass(&self, bits: &mut Bits<'_>) -> Result<(), Ended> {
        for table in &self.0 {
            let size = table.symbol(bits)?;
            bits.skip(u32::from(size))?;
        }
        Ok(())
    }
}

impl Coder for FirstOfDc<'_> {
    fn restart(&mut self) {}

    fn read(&mut self, bits: &mut Bits<'_>, _: u32, count: u32) -> u32 {
        (0..count)
            .find(|_| self.pass(bits).is_err())
            .unwrap_or(count)
    }
}

/// One more bit of the first coefficient of so many blocks of a unit.
pub(super) struct MoreOfDc(pub(super) usize);

impl Coder for MoreOfDc {
    fn restart(&mut self) {}

    fn read(&mut self, bits: &mut Bits<'_>, _: u32, count: u32) -> u32 {
        let mut pass = || (0..self.0).try_for_each(|_| bits.skip(1));
        (0..count).find(|_| pass().is_err()).unwrap_or(count)
    }
}

/// The other coefficients of one component, in blocks that are units of their own.
pub(super) struct Ac<'a> {
    table: &'a Table,
    /// The band of coefficients, as numbers and as bits.
    first: u32,
    last: u32,
    band: u64,
    /// Of each block which coefficients are not zero so far, in the order of a zigzag.
    seen: &'a mut [u64],
    refines: bool,
    /// Blocks from here on that have no code of their own.
    run: u32,
}

impl<'a> Ac<'a> {
    pub(super) fn new(
        table: &'a Table,
        (first, last): (u8, u8),
        seen: &'a mut [u64],
        refines: bool,
    ) -> Self {
        Self {
            table,
            first: first.into(),
            last: last.into(),
            band: u64::MAX >> (63 - last) & u64::MAX << first,
            seen,
            refines,
            run: 0,
        }
    }

    /// The number of blocks that end with a symbol, this one among them.
    fn run_of(symbol: u8, bits: &mut Bits<'_>) -> Result<u32, Ended> {
        let size = u32::from(symbol >> 4);
        Ok((1 << size) + bits.take(size)?)
    }

    /// The first bits of one block that has a code.
    #[inline]
    fn pass_first(&mut self, bits: &mut Bits<'_>, block: usize) -> Result<(), Ended> {
        let mut at = self.first;
        while at <= self.last {
            let symbol = self.table.symbol(bits)?;
            let (zeros, size) = (u32::from(symbol >> 4), u32::from(symbol & 15));
            match (zeros, size) {
                (15, 0) => at += 16,
                (_, 0) => {
                    self.run = Self::run_of(symbol, bits)? - 1;
                    return Ok(());
                }
                _ => {
                    bits.skip(size)?;
                    at += zeros;
                    self.seen[block] |= 1 << at.min(63);
                    at += 1;
                }
            }
        }
        Ok(())
    }

    /// One more bit of one block: of each coefficient that is not zero yet passed over, and of new
    /// ones their sign.
    #[inline]
    fn pass_more(&mut self, bits: &mut Bits<'_>, block: usize) -> Result<(), Ended> {
        let seen = self.seen[block];
        let (mut left, mut new) = (self.band, 0);
        while self.run == 0 && left != 0 {
            let symbol = self.table.symbol(bits)?;
            let size = u32::from(symbol & 15 != 0);
            if size == 0 && symbol < 0xf0 {
                self.run = Self::run_of(symbol, bits)?;
                break;
            }
            let mut zeros = left & !seen;
            for _ in 0..symbol >> 4 {
                zeros &= zeros.wrapping_sub(1);
            }
            // The zero behind so many zeros; what lies before it, all where there is none.
            let place = zeros & zeros.wrapping_neg();
            let before = place.wrapping_sub(1);
            bits.skip((left & seen & before).count_ones() + size)?;
            new |= place * u64::from(size);
            left &= !(before | place);
        }
        if self.run > 0 {
            bits.skip((left & seen).count_ones())?;
            self.run -= 1;
        }
        self.seen[block] = seen | new;
        Ok(())
    }
}

impl Coder for Ac<'_> {
    fn restart(&mut self) {
        self.run = 0;
    }

    fn read(&mut self, bits: &mut Bits<'_>, first: u32, count: u32) -> u32 {
        let mut unit = 0;
        while unit < count {
            let block = (first + unit) as usize;
            let passed = if self.refines {
                self.pass_more(bits, block)
            } else if self.run > 0 {
                let free = self.run.min(count - unit);
                self.run -= free;
                unit += free;
                continue;
            } else {
                self.pass_first(bits, block)
            };
            if passed.is_err() {
                return unit;
            }
            unit += 1;
        }
        count
    }
}
