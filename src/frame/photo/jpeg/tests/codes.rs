//! Codes of coefficients, written bit by bit.

use crate::frame::photo::jpeg::huffman::Codes;

/// Blocks that end alike are counted; the bits that go with them wait.
#[derive(Default)]
pub(super) struct Run {
    count: u32,
    waiting: Vec<u32>,
}

impl Run {
    pub(super) fn end(&mut self, bits: &mut BitWriter) {
        if self.count > 0 {
            let size = self.count.ilog2();
            bits.symbol(FLAT, (size << 4) as u8);
            bits.put(self.count - (1 << size), size);
        }
        self.count = 0;
        for bit in self.waiting.drain(..) {
            bits.put(bit, 1);
        }
    }

    pub(super) fn first(&mut self, bits: &mut BitWriter, band: &[i16], lacks: u8) {
        let mut zeros = 0;
        for &value in band {
            let value = value.signum() * (value.abs() >> lacks);
            if value == 0 {
                zeros += 1;
                continue;
            }
            self.end(bits);
            while zeros > 15 {
                bits.symbol(FLAT, 0xf0);
                zeros -= 16;
            }
            bits.signed(FLAT, zeros, value);
            zeros = 0;
        }
        if zeros > 0 {
            self.count += 1;
        }
    }

    pub(super) fn more(&mut self, bits: &mut BitWriter, band: &[i16], lacks: u8) {
        let sizes: Vec<i16> = band.iter().map(|value| value.abs() >> lacks).collect();
        let last_new = sizes.iter().rposition(|&size| size == 1);
        let (mut zeros, mut passed) = (0, vec![]);
        for (at, &size) in sizes.iter().enumerate() {
            if size == 0 {
                zeros += 1;
                continue;
            }
            while zeros > 15 && last_new.is_some_and(|last| at <= last) {
                self.end(bits);
                bits.symbol(FLAT, 0xf0);
                zeros -= 16;
                passed.drain(..).for_each(|bit| bits.put(bit, 1));
            }
            if size > 1 {
                passed.push(size as u32 & 1);
                continue;
            }
            self.end(bits);
            bits.symbol(FLAT, zeros << 4 | 1);
            bits.put(u32::from(band[at] > 0), 1);
            passed.drain(..).for_each(|bit| bits.put(bit, 1));
            zeros = 0;
        }
        if zeros > 0 || !passed.is_empty() {
            self.count += 1;
            self.waiting.append(&mut passed);
        }
    }
}

/// A table of all symbols, the first half in 8 bits and the other in 9.
pub(super) const FLAT: Codes<'static> = Codes {
    counts: &[0, 0, 0, 0, 0, 0, 0, 128, 128, 0, 0, 0, 0, 0, 0, 0],
    symbols: &{
        let mut symbols = [0; 256];
        let mut at = 0;
        while at < 256 {
            symbols[at] = (at as u8).wrapping_mul(29);
            at += 1;
        }
        symbols
    },
};

#[derive(Default)]
pub(super) struct BitWriter {
    pub(super) bytes: Vec<u8>,
    byte: u32,
    count: u32,
}

impl BitWriter {
    pub(super) fn put(&mut self, value: u32, count: u32) {
        for bit in (0..count).rev() {
            self.byte = self.byte << 1 | (value >> bit & 1);
            self.count += 1;
            if self.count == 8 {
                self.bytes.push(self.byte as u8);
                if self.byte == 0xff {
                    self.bytes.push(0);
                }
                (self.byte, self.count) = (0, 0);
            }
        }
    }

    pub(super) fn flush(&mut self) {
        while self.count > 0 {
            self.put(1, 1);
        }
    }

    /// The code of a symbol.
    pub(super) fn symbol(&mut self, codes: Codes<'_>, symbol: u8) {
        let mut symbols = codes.symbols.iter();
        let mut code = 0;
        for (length, &count) in (1..).zip(codes.counts) {
            for _ in 0..count {
                if symbols.next() == Some(&symbol) {
                    self.put(code, length);
                    return;
                }
                code += 1;
            }
            code <<= 1;
        }
        panic!("the table has no {symbol:#x}");
    }

    /// So many zeros, then a number.
    pub(super) fn signed(&mut self, codes: Codes<'_>, zeros: u8, value: i16) {
        let size = 16 - value.unsigned_abs().leading_zeros();
        self.symbol(codes, zeros << 4 | size as u8);
        let bits = if value < 0 { value - 1 } else { value };
        self.put(bits as u32 & ((1 << size) - 1), size);
    }
}
