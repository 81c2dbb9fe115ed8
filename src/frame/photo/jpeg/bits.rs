//! The bits of a scan.

use super::markers::Markers;

/// The bits that were asked for are not there: the data end, or are no code of their table.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) struct Ended;

/// Reads bits up to the next marker. A zero behind 0xff is no data.
pub(super) struct Bits<'a> {
    bytes: &'a [u8],
    at: usize,
    /// The next `count` bits from the top; below them bits that come next, or zeros.
    word: u64,
    count: u32,
}

impl<'a> Bits<'a> {
    pub(super) fn new(bytes: &'a [u8], at: usize) -> Self {
        Self {
            bytes,
            at,
            word: 0,
            count: 0,
        }
    }

    /// Has at least 32 bits ready, or all there are.
    #[inline]
    pub(super) fn fill(&mut self) {
        if self.count >= 32 {
            return;
        }
        let ahead = self.bytes.get(self.at..).and_then(<[u8]>::first_chunk);
        if let Some(next) = ahead.map(|&chunk| u64::from_be_bytes(chunk))
            && !holds_ff(next)
        {
            self.word |= next >> self.count;
            let whole = (63 - self.count) / 8;
            self.at += whole as usize;
            self.count += whole * 8;
            return;
        }
        self.fill_by_bytes();
    }

    #[cold]
    fn fill_by_bytes(&mut self) {
        while self.count <= 56 {
            let Some(&byte) = self.bytes.get(self.at) else {
                return;
            };
            let mut next = self.at + 1;
            if byte == 0xff {
                let rest = &self.bytes[next..];
                let Some(fill) = rest.iter().position(|&byte| byte != 0xff) else {
                    return;
                };
                if rest[fill] != 0 {
                    return;
                }
                next += fill + 1;
            }
            self.word |= u64::from(byte) << (56 - self.count);
            self.count += 8;
            self.at = next;
        }
    }

    /// The next bits, at most 32, zeros behind the last.
    #[inline]
    pub(super) fn peek(&self, count: u32) -> usize {
        (self.word >> (64 - count)) as usize
    }

    /// How many bits are ready.
    #[inline]
    pub(super) fn ready(&self) -> u32 {
        self.count
    }

    /// Passes over bits that are ready.
    #[inline]
    pub(super) fn drop(&mut self, count: u32) {
        self.word <<= count;
        self.count -= count;
    }

    /// Passes over so many bits, at most 64.
    #[inline]
    pub(super) fn skip(&mut self, count: u32) -> Result<(), Ended> {
        if count > self.count {
            return self.skip_beyond(count);
        }
        // Twice at most half of them: 64 at once would be none.
        self.drop(count / 2);
        self.drop(count - count / 2);
        Ok(())
    }

    #[cold]
    fn skip_beyond(&mut self, count: u32) -> Result<(), Ended> {
        let rest = count - self.count;
        self.drop(self.count / 2);
        self.drop(self.count);
        self.fill();
        if rest > self.count {
            return Err(Ended);
        }
        self.skip(rest)
    }

    /// So many bits as a number, at most 31.
    #[inline]
    pub(super) fn take(&mut self, count: u32) -> Result<u32, Ended> {
        self.fill();
        if count > self.count {
            return Err(Ended);
        }
        let bits = (self.word >> 32 >> (32 - count)) as u32;
        self.drop(count);
        Ok(bits)
    }

    /// The place to look for the marker behind these data from.
    pub(super) fn rest(&self) -> Markers<'a> {
        Markers {
            bytes: self.bytes,
            at: self.at,
        }
    }

    /// Where the byte of the last bit that was read ends.
    pub(super) fn end(&self) -> usize {
        let mut at = self.at;
        for _ in 0..self.count / 8 {
            at -= 1;
            let data = &self.bytes[..at];
            if self.bytes[at] == 0 && data.ends_with(&[0xff]) {
                at = data
                    .iter()
                    .rposition(|&byte| byte != 0xff)
                    .map_or(0, |last| last + 1);
            }
        }
        at
    }
}

/// Whether one of the eight bytes is 0xff.
#[inline]
fn holds_ff(word: u64) -> bool {
    let ones = u64::from_ne_bytes([1; 8]);
    let inverted = !word;
    inverted.wrapping_sub(ones) & word & (ones << 7) != 0
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Bits one at a time, and what follows them.
    fn bits_of(bytes: &[u8]) -> (String, Option<u8>) {
        let mut bits = Bits::new(bytes, 0);
        let mut out = String::new();
        while let Ok(bit) = bits.take(1) {
            out.push(if bit == 1 { '1' } else { '0' });
        }
        (out, bits.rest().next())
    }

    #[test]
    fn data_end_at_a_marker_and_stuffed_zeros_are_none() {
        let (bits, marker) = bits_of(&[0xa5, 0xff, 0, 0x0f, 0xff, 0xd3, 0x55]);
        assert_eq!(bits, "101001011111111100001111");
        assert_eq!(marker, Some(0xd3));
        let (bits, marker) = bits_of(&[0xff, 0xff, 0, 1, 0xff, 0xff]);
        assert_eq!(bits, "1111111100000001");
        assert_eq!(marker, None);
        assert_eq!(bits_of(&[]), (String::new(), None));
    }

    #[test]
    fn however_many_at_a_time_the_bits_are_the_same() {
        let mut bytes: Vec<u8> = (0..200_u32).map(|i| ((i * i * 37) >> 3) as u8).collect();
        for at in [3, 40, 41, 90, 199] {
            bytes[at] = 0xff;
        }
        let bytes: Vec<u8> = bytes
            .iter()
            .flat_map(|&byte| match byte {
                0xff => vec![0xff, 0],
                other => vec![other],
            })
            .collect();
        let (one_by_one, _) = bits_of(&bytes);
        for step in [3, 7, 13, 25, 31] {
            let mut bits = Bits::new(&bytes, 0);
            let mut at = 0;
            while let Ok(value) = bits.take(step) {
                let width = step as usize;
                assert_eq!(format!("{value:0width$b}"), one_by_one[at..at + width]);
                at += width;
            }
            assert!(one_by_one.len() - at < step as usize);
        }
    }

    #[test]
    fn what_was_read_ends_where_its_last_byte_ends() {
        let bytes = [
            1, 0xff, 0, 2, 0xff, 0xff, 0, 3, 4, 5, 6, 7, 8, 9, 10, 0xff, 0xd9,
        ];
        let ends = [1, 3, 4, 7, 8, 9, 10, 11, 12, 13, 14, 15];
        let mut bits = Bits::new(&bytes, 0);
        assert_eq!(bits.end(), 0);
        for end in ends {
            for step in [1, 6, 1] {
                bits.skip(step).expect("there");
                assert_eq!(bits.end(), end);
            }
        }
        assert_eq!(bits.skip(1), Err(Ended));
        let mut bits = Bits::new(&bytes, 0);
        bits.skip(64).and_then(|()| bits.skip(24)).expect("there");
        assert_eq!(bits.end(), 14);
    }

    #[test]
    fn no_bits_are_nothing() {
        let mut bits = Bits::new(&[0x80], 0);
        assert_eq!(bits.take(0), Ok(0));
        assert_eq!(bits.take(9), Err(Ended));
        assert_eq!(bits.take(8), Ok(0x80));
        assert_eq!(bits.take(0), Ok(0));
        assert_eq!(bits.take(1), Err(Ended));
    }
}
