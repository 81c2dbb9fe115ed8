//! The outer structure of a file: markers and the segments behind them.

pub(super) const SOF_SEQUENTIAL: u8 = 0xc0;
pub(super) const SOF_EXTENDED: u8 = 0xc1;
pub(super) const SOF_PROGRESSIVE: u8 = 0xc2;
pub(super) const DHT: u8 = 0xc4;
pub(super) const SOI: u8 = 0xd8;
pub(super) const EOI: u8 = 0xd9;
pub(super) const SOS: u8 = 0xda;
pub(super) const DQT: u8 = 0xdb;
pub(super) const DRI: u8 = 0xdd;
pub(super) const APP0: u8 = 0xe0;
pub(super) const APP1: u8 = 0xe1;
pub(super) const APP14: u8 = 0xee;

/// What every file begins with.
pub(in crate::frame::photo) const BEGINNING: &[u8] = &[0xff, SOI];

/// Why a file is not read to its end.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(in crate::frame::photo) enum Refused {
    /// It ends before the data of the picture begin.
    Ended,
    /// It holds what no decoder can follow, in words that go on "the JPEG ...".
    Malformed(&'static str),
}

/// A place in a file.
#[derive(Clone, Copy)]
pub(super) struct Markers<'a> {
    pub(super) bytes: &'a [u8],
    pub(super) at: usize,
}

impl<'a> Markers<'a> {
    /// The code of the next marker, `at` moving behind it; `None` at the end. Bytes before it are
    /// passed over, as libjpeg does.
    pub(super) fn next(&mut self) -> Option<u8> {
        let (_, code) = self.find()?;
        self.at = code + 1;
        Some(self.bytes[code])
    }

    /// Where the next marker begins and where its code lies. A marker is at least one 0xff and a
    /// code that is neither 0xff nor zero: a zero says that the 0xff is data.
    pub(super) fn find(&self) -> Option<(usize, usize)> {
        let mut from = self.at;
        loop {
            let rest = self.bytes.get(from..)?;
            let begin = from + rest.iter().position(|&byte| byte == 0xff)?;
            let code = begin + self.bytes[begin..].iter().position(|&byte| byte != 0xff)?;
            if self.bytes[code] != 0 {
                return Some((begin, code));
            }
            from = code + 1;
        }
    }

    /// The content of the segment at `at`, which moves behind it; `None` where the file ends
    /// within it.
    ///
    /// # Errors
    /// For a length that does not hold itself.
    pub(super) fn segment(&mut self) -> Result<Option<&'a [u8]>, Refused> {
        let Some(&[high, low]) = self.bytes.get(self.at..self.at + 2) else {
            return Ok(None);
        };
        let length = usize::from(u16::from_be_bytes([high, low]));
        if length < 2 {
            return Err(Refused::Malformed("has a segment of an impossible length"));
        }
        let Some(content) = self.bytes.get(self.at + 2..self.at + length) else {
            return Ok(None);
        };
        self.at += length;
        Ok(Some(content))
    }
}

/// A marker and its segment, as they are written.
pub(super) fn append(out: &mut Vec<u8>, marker: u8, content: &[u8]) {
    let length = content.len() as u16 + 2;
    out.extend([0xff, marker]);
    out.extend(length.to_be_bytes());
    out.extend(content);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all(bytes: &[u8]) -> Vec<u8> {
        let mut markers = Markers { bytes, at: 0 };
        std::iter::from_fn(|| markers.next()).collect()
    }

    #[test]
    fn stray_bytes_and_stuffed_ones_are_no_markers() {
        let bytes = [
            0xff, 0xd8, 0, 0x11, 0xff, 0, 0x22, 0xff, 0xff, 0xff, 0xdb, 7, 0xff, 0xff, 0, 0xff,
            0xd9,
        ];
        assert_eq!(all(&bytes), [SOI, DQT, EOI]);
        for none in [&[0xff; 64][..], &[], &[0xff]] {
            assert!(all(none).is_empty());
        }
    }

    #[test]
    fn a_segment_is_whole_or_none() {
        let mut whole = Vec::new();
        append(&mut whole, DQT, &[1, 2, 3]);
        let segment = |bytes: &[u8]| {
            let mut markers = Markers { bytes, at: 2 };
            markers.segment().map(|found| found.map(<[u8]>::to_vec))
        };
        assert_eq!(segment(&whole), Ok(Some(vec![1, 2, 3])));
        for length in 2..whole.len() {
            assert_eq!(segment(&whole[..length]), Ok(None), "{length}");
        }
        assert!(segment(&[0xff, DQT, 0, 1, 9]).is_err());
        assert_eq!(segment(&[0xff, DQT, 0, 2]), Ok(Some(vec![])));
    }
}
