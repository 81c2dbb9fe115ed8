//! The one thing that is read of a camera's data: which way up the picture is.

/// The tag of the orientation.
const ORIENTATION: u16 = 0x0112;

/// Reads numbers in the byte order that the data begin with.
struct Tiff<'a> {
    bytes: &'a [u8],
    big_endian: bool,
}

impl Tiff<'_> {
    fn u16(&self, at: usize) -> Option<u16> {
        let bytes = *self.bytes.get(at..)?.first_chunk()?;
        Some(match self.big_endian {
            true => u16::from_be_bytes(bytes),
            false => u16::from_le_bytes(bytes),
        })
    }

    fn u32(&self, at: usize) -> Option<u32> {
        let bytes = *self.bytes.get(at..)?.first_chunk()?;
        Some(match self.big_endian {
            true => u32::from_be_bytes(bytes),
            false => u32::from_le_bytes(bytes),
        })
    }

    /// The value of an entry that holds one number. The standard asks for a SHORT; phones and
    /// editors also write LONG and BYTE.
    fn number(&self, entry: usize) -> Option<u32> {
        let (kind, count, value) = (self.u16(entry + 2)?, self.u32(entry + 4)?, entry + 8);
        match (kind, count) {
            (1, 1) => self.bytes.get(value).copied().map(u32::from),
            (3, 1) => self.u16(value).map(u32::from),
            (4, 1) => self.u32(value),
            _ => None,
        }
    }
}

/// The orientation of the main picture as EXIF numbers it, 1 to 8; `None` where there is none that
/// means anything. `bytes` begin with the header of a TIFF file. What the data say of a thumbnail
/// does not count.
pub(super) fn orientation(bytes: &[u8]) -> Option<u8> {
    let big_endian = match bytes.get(..4)? {
        b"II\x2a\0" => false,
        b"MM\0\x2a" => true,
        _ => return None,
    };
    let tiff = Tiff { bytes, big_endian };
    let directory = tiff.u32(4)? as usize;
    let entries = tiff.u16(directory)?;
    let mut entries = (0..usize::from(entries)).map(|index| directory + 2 + index * 12);
    let entry = entries.find(|&entry| tiff.u16(entry) == Some(ORIENTATION))?;
    let number = tiff.number(entry)?;
    u8::try_from(number).ok().filter(|n| (1..=8).contains(n))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A directory of one entry before the orientation, and a second one for a thumbnail.
    fn tiff(big_endian: bool, kind: u16, value: &[u8; 4]) -> Vec<u8> {
        let u16 = |number: u16| match big_endian {
            true => number.to_be_bytes(),
            false => number.to_le_bytes(),
        };
        let u32 = |number: u32| match big_endian {
            true => number.to_be_bytes(),
            false => number.to_le_bytes(),
        };
        let entry = |tag: u16, kind: u16, value: &[u8; 4]| {
            [&u16(tag), &u16(kind), u32(1).as_slice(), value].concat()
        };
        let mark: &[u8] = if big_endian { b"MM\0\x2a" } else { b"II\x2a\0" };
        let thumbnail = entry(ORIENTATION, 3, &[7, 7, 7, 7]);
        [
            mark,
            &u32(8),
            &u16(2),
            &entry(0x0100, 4, &[9; 4]),
            &entry(ORIENTATION, kind, value),
            &u32(38),
            &u16(1),
            &thumbnail,
            &u32(0),
        ]
        .concat()
    }

    #[test]
    fn short_long_and_byte_in_both_byte_orders() {
        assert_eq!(orientation(&tiff(false, 3, &[6, 0, 9, 9])), Some(6));
        assert_eq!(orientation(&tiff(true, 3, &[0, 6, 9, 9])), Some(6));
        assert_eq!(orientation(&tiff(false, 4, &[8, 0, 0, 0])), Some(8));
        assert_eq!(orientation(&tiff(true, 4, &[0, 0, 0, 8])), Some(8));
        assert_eq!(orientation(&tiff(false, 1, &[3, 9, 9, 9])), Some(3));
        assert_eq!(orientation(&tiff(true, 1, &[3, 9, 9, 9])), Some(3));
    }

    #[test]
    fn what_means_nothing_is_none() {
        for bytes in [
            tiff(false, 3, &[0, 0, 0, 0]),
            tiff(false, 3, &[9, 0, 0, 0]),
            tiff(false, 4, &[6, 1, 0, 0]),
            tiff(false, 2, &[6, 0, 0, 0]),
        ] {
            assert_eq!(orientation(&bytes), None);
        }
        let whole = tiff(true, 4, &[0, 0, 0, 8]);
        for length in 0..34 {
            assert_eq!(orientation(&whole[..length]), None, "{length}");
        }
        // A directory that lies at the end of all addresses, and one entry that says it is many.
        let mut far = whole.clone();
        far[4..8].fill(0xff);
        assert_eq!(orientation(&far), None);
        let mut many = tiff(false, 2, &[6, 0, 0, 0]);
        many[8..10].fill(0xff);
        assert_eq!(orientation(&many), None);
    }
}
