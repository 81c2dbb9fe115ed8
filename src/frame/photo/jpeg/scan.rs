//! One scan: its units, its restart intervals, and what is lost between them.

use super::bits::Bits;

/// Reads the units of a scan.
pub(super) trait Coder {
    /// Forgets what came before: a scan or an interval begins.
    fn restart(&mut self);

    /// Reads up to `count` units from the unit `first` on and says how many were there.
    fn read(&mut self, bits: &mut Bits<'_>, first: u32, count: u32) -> u32;
}

/// What became of a scan.
#[derive(Debug, Eq, PartialEq)]
pub(super) struct Walked {
    /// Units that are not there.
    pub(super) lost: u32,
    /// Where its data end; stray bytes may follow.
    pub(super) end: usize,
    /// Where to look for the marker behind it from.
    pub(super) next: usize,
}

/// Reads a scan of so many units whose data begin at `at`. A restart interval of 0 units is none.
///
/// A unit counts as lost when the data end before it or within it, and so do all units behind it
/// up to the next restart marker. The numbers of those markers say how many intervals are missing
/// between two of them.
pub(super) fn walk(
    bytes: &[u8],
    at: usize,
    units: u32,
    interval: u32,
    coder: &mut impl Coder,
) -> Walked {
    let interval = if interval == 0 { units } else { interval };
    let (mut at, mut unit, mut lost, mut expected) = (at, 0, 0, 0);
    loop {
        let count = interval.min(units - unit);
        let mut bits = Bits::new(bytes, at);
        coder.restart();
        lost += count - coder.read(&mut bits, unit, count);
        unit += count;
        let rest = bits.rest();
        let (next, code) = rest.find().unwrap_or((bytes.len(), bytes.len()));
        let restart = match bytes.get(code) {
            Some(&marker @ 0xd0..=0xd7) if unit < units => marker - 0xd0,
            _ => {
                lost += units - unit;
                let end = bits.end();
                return Walked { lost, end, next };
            }
        };
        let skipped = u32::from(restart.wrapping_sub(expected) % 8);
        let gone = skipped.saturating_mul(interval).min(units - unit);
        lost += gone;
        unit += gone;
        expected = (restart + 1) % 8;
        at = code + 1;
        if unit == units {
            let end = bits.end();
            return Walked {
                lost,
                end,
                next: at,
            };
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Units of one byte each.
    struct Bytes {
        restarts: u32,
        seen: Vec<u32>,
    }

    impl Coder for Bytes {
        fn restart(&mut self) {
            self.restarts += 1;
        }

        fn read(&mut self, bits: &mut Bits<'_>, first: u32, count: u32) -> u32 {
            for unit in 0..count {
                if bits.skip(8).is_err() {
                    return unit;
                }
                self.seen.push(first + unit);
            }
            count
        }
    }

    fn walked(bytes: &[u8], units: u32, interval: u32) -> (Walked, Bytes) {
        let mut coder = Bytes {
            restarts: 0,
            seen: vec![],
        };
        (walk(bytes, 0, units, interval, &mut coder), coder)
    }

    #[test]
    fn whole_scans_lose_nothing() {
        let (plain, _) = walked(&[1, 2, 3, 0xff, 0xd9], 3, 0);
        assert_eq!((plain.lost, plain.end), (0, 3));
        let stray = walked(&[1, 2, 3, 4, 5, 0xff, 0xd9], 3, 0).0;
        assert_eq!((stray.lost, stray.end, stray.next), (0, 3, 5));
        let bytes = [1, 2, 0xff, 0xd0, 3, 4, 9, 0xff, 0xd1, 5, 0xff, 0xd9];
        let (restarted, coder) = walked(&bytes, 5, 2);
        assert_eq!((restarted.lost, restarted.end), (0, 10));
        assert_eq!((coder.restarts, coder.seen), (3, vec![0, 1, 2, 3, 4]));
        let endless = walked(&[1, 2, 3], 3, 0).0;
        assert_eq!((endless.lost, endless.end), (0, 3));
    }

    #[test]
    fn what_ends_early_loses_the_rest() {
        assert_eq!(walked(&[1, 2, 0xff, 0xd9], 5, 0).0.lost, 3);
        assert_eq!(
            walked(&[1, 2, 0xff, 0xd0, 3, 4, 5, 0xff, 0xd9], 5, 0)
                .0
                .lost,
            3
        );
        assert_eq!(walked(&[], 5, 2).0.lost, 5);
        let bytes = [1, 0xff, 0xd0, 3, 4, 0xff, 0xd1, 5, 0xff, 0xd9];
        let (walked, coder) = walked(&bytes, 5, 2);
        assert_eq!((walked.lost, coder.seen), (1, vec![0, 2, 3, 4]));
    }

    #[test]
    fn missing_intervals_are_counted_by_the_numbers_of_the_markers() {
        let bytes = [1, 2, 0xff, 0xd1, 5, 6, 0xff, 0xd2, 7, 0xff, 0xd9];
        let (walk, coder) = walked(&bytes, 7, 2);
        assert_eq!((walk.lost, coder.seen), (2, vec![0, 1, 4, 5, 6]));
        // Eight of them leave the numbers as they were, and the end early.
        let mut bytes = vec![1, 2];
        for marker in [0xd0, 0xd1, 0xd2, 0xd3] {
            bytes.extend([0xff, marker, 1, 2]);
        }
        bytes.extend([0xff, 0xd9]);
        assert_eq!(walked(&bytes, 26, 2).0.lost, 16);
        // More than there is room for.
        let (walk, _) = walked(&[1, 2, 0xff, 0xd7, 3, 0xff, 0xd9], 6, 2);
        assert_eq!((walk.lost, walk.end), (4, 2));
    }
}
