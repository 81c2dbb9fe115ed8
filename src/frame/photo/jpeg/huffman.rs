//! Huffman tables, for finding where codes end.

use super::bits::{Bits, Ended};
use super::markers::Refused;

/// Codes up to this length are looked up at once.
const WINDOW: u32 = 10;

/// A table as a file has it: how many codes there are of each length from 1 bit to 16, and what
/// they mean, shortest first.
#[derive(Clone, Copy)]
pub(super) struct Codes<'a> {
    pub(super) counts: &'a [u8; 16],
    pub(super) symbols: &'a [u8],
}

impl<'a> Codes<'a> {
    /// The first table of these bytes, and what lies behind it.
    pub(super) fn split(bytes: &'a [u8]) -> Option<(Self, &'a [u8])> {
        let (counts, rest) = bytes.split_first_chunk::<16>()?;
        let symbols = counts.iter().map(|&count| usize::from(count)).sum();
        if symbols > 256 {
            return None;
        }
        let (symbols, rest) = rest.split_at_checked(symbols)?;
        Some((Self { counts, symbols }, rest))
    }
}

/// A table ready to read with.
pub(super) struct Table {
    /// Of each window the length and the symbol of the code that begins it; 0 for longer codes.
    short: Vec<u16>,
    /// Of each length of code: the first 16 bits of data that are beyond its codes.
    beyond: [u32; 17],
    /// Of each length of code: what has to be added to a code for the place of its symbol.
    shift: [i32; 17],
    symbols: [u8; 256],
}

impl Table {
    /// # Errors
    /// For codes that are not told apart.
    pub(super) fn new(codes: Codes<'_>) -> Result<Self, Refused> {
        let mut table = Self {
            short: vec![0; 1 << WINDOW],
            beyond: [0; 17],
            shift: [0; 17],
            symbols: [0; 256],
        };
        table.symbols[..codes.symbols.len()].copy_from_slice(codes.symbols);
        let (mut code, mut place) = (0_u32, 0_usize);
        for (length, &count) in (1_u32..).zip(codes.counts) {
            table.shift[length as usize] = place as i32 - code as i32;
            for &symbol in &codes.symbols[place..place + usize::from(count)] {
                if code >= (1 << length) - 1 {
                    return Err(Refused::Malformed("has a Huffman table that is none"));
                }
                if length <= WINDOW {
                    let first = (code << (WINDOW - length)) as usize;
                    let entry = (length as u16) << 8 | u16::from(symbol);
                    table.short[first..first + (1 << (WINDOW - length))].fill(entry);
                }
                code += 1;
            }
            place += usize::from(count);
            table.beyond[length as usize] = code << (16 - length);
            code <<= 1;
        }
        Ok(table)
    }

    /// The next symbol.
    ///
    /// # Errors
    /// [`Ended`] where the data end or hold no code.
    #[inline(always)]
    pub(super) fn symbol(&self, bits: &mut Bits<'_>) -> Result<u8, Ended> {
        bits.fill();
        let entry = self.short[bits.peek(WINDOW)];
        let (length, symbol) = match entry {
            0 => self.long(bits.peek(16) as u32)?,
            _ => (u32::from(entry >> 8), entry as u8),
        };
        if length > bits.ready() {
            return Err(Ended);
        }
        bits.drop(length);
        Ok(symbol)
    }

    /// Length and symbol of the code that begins these 16 bits.
    #[cold]
    fn long(&self, ahead: u32) -> Result<(u32, u8), Ended> {
        for length in WINDOW + 1..=16 {
            if ahead < self.beyond[length as usize] {
                let code = (ahead >> (16 - length)) as i32;
                let place = code + self.shift[length as usize];
                return Ok((length, self.symbols[place as usize & 255]));
            }
        }
        Err(Ended)
    }
}

#[cfg(test)]
mod tests {
    use super::super::standard;
    use super::*;

    /// The canonical codes of a table as texts of bits, by the standard's figure C.2.
    fn texts(codes: Codes<'_>) -> Vec<(String, u8)> {
        let mut symbols = codes.symbols.iter();
        let (mut code, mut out) = (0_u32, Vec::new());
        for (width, &count) in (1_usize..).zip(codes.counts) {
            for _ in 0..count {
                let symbol = *symbols.next().expect("as many as are counted");
                out.push((format!("{code:0width$b}"), symbol));
                code += 1;
            }
            code <<= 1;
        }
        out
    }

    fn packed(bits: &str) -> Vec<u8> {
        let byte = |bits: &[u8]| {
            let text = format!("{:1<8}", String::from_utf8_lossy(bits));
            u8::from_str_radix(&text, 2).expect("bits")
        };
        let bytes = bits.as_bytes().chunks(8).map(byte);
        bytes
            .flat_map(|byte| {
                if byte == 0xff {
                    vec![0xff, 0]
                } else {
                    vec![byte]
                }
            })
            .collect()
    }

    #[test]
    fn every_code_of_the_standard_tables_is_read_and_no_part_of_one() {
        for codes in standard::DC.into_iter().chain(standard::AC) {
            let table = Table::new(codes).expect("a table");
            for (text, symbol) in texts(codes) {
                let bytes = packed(&text);
                let read = table.symbol(&mut Bits::new(&bytes, 0));
                assert_eq!(read, Ok(symbol), "{text}");
                // Long codes begin with ones, which fill up a byte: only whole bytes less count.
                let cut = &bytes[..(text.len() - 1) / 8];
                assert_eq!(table.symbol(&mut Bits::new(cut, 0)), Err(Ended), "{text}");
            }
            let ones = packed("1111111111111111");
            assert_eq!(table.symbol(&mut Bits::new(&ones, 0)), Err(Ended));
        }
    }

    #[test]
    fn codes_that_are_not_told_apart_are_refused() {
        let table = |counts: [u8; 16], symbols: &[u8]| {
            Table::new(Codes {
                counts: &counts,
                symbols,
            })
            .is_ok()
        };
        let mut counts = [0; 16];
        counts[0] = 1;
        assert!(table(counts, &[0]));
        // Two codes of one bit: the second is all ones.
        counts[0] = 2;
        assert!(!table(counts, &[0, 1]));
        counts[0] = 1;
        counts[1] = 2;
        assert!(!table(counts, &[0, 1, 2]));
        assert!(table([0; 16], &[]));
    }

    #[test]
    fn tables_are_split_by_their_counts() {
        let mut bytes = vec![0; 16];
        bytes[1] = 2;
        bytes.extend([7, 8, 9]);
        let (codes, rest) = Codes::split(&bytes).expect("a table");
        assert_eq!((codes.symbols, rest), ([7, 8].as_slice(), [9].as_slice()));
        assert!(Codes::split(&bytes[..17]).is_none());
        assert!(Codes::split(&bytes[..15]).is_none());
        assert!(Codes::split(&[255; 600]).is_none());
    }
}
