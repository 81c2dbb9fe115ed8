//! Just enough of JPEG's outer structure to tell a whole file from one that was cut short, which
//! the decoder would fill up with grey.

const FILL: u8 = 0xff;
const START_OF_IMAGE: u8 = 0xd8;
const END_OF_IMAGE: u8 = 0xd9;
const START_OF_SCAN: u8 = 0xda;

/// Whether the marker segments lead to the end-of-image marker (ITU-T T.81, B.1.1).
pub(super) fn is_complete(bytes: &[u8]) -> bool {
    let mut at = 0;
    while let Some(marker) = next_marker(bytes, &mut at) {
        match marker {
            END_OF_IMAGE => return true,
            // Markers that stand alone.
            0x01 | 0xd0..=START_OF_IMAGE => {}
            _ => {
                let Some(&[high, low]) = bytes.get(at..at + 2) else {
                    return false;
                };
                at += usize::from(u16::from_be_bytes([high, low]));
                if marker == START_OF_SCAN {
                    skip_scan(bytes, &mut at);
                }
            }
        }
    }
    false
}

/// The code of the marker at `at`, which moves behind it.
fn next_marker(bytes: &[u8], at: &mut usize) -> Option<u8> {
    if *bytes.get(*at)? != FILL {
        return None;
    }
    while *bytes.get(*at)? == FILL {
        *at += 1;
    }
    *at += 1;
    bytes.get(*at - 1).copied()
}

/// Moves to the next marker that is no part of the coded data: there, 0xff is followed by a zero
/// or a restart marker.
fn skip_scan(bytes: &[u8], at: &mut usize) {
    while let Some(pair) = bytes.get(*at..*at + 2) {
        if pair[0] == FILL && !matches!(pair[1], 0x00 | 0xd0..=0xd7) {
            return;
        }
        *at += 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Start, a comment that holds an end marker, a scan with a stuffed byte and a restart, end.
    const WHOLE: &[u8] = &[
        0xff, 0xd8, 0xff, 0xfe, 0, 6, 0xff, 0xd9, 0xff, 0xd9, 0xff, 0xff, 0xda, 0, 3, 1, 7, 0xff,
        0, 8, 0xff, 0xd0, 9, 0xff, 0xd9,
    ];

    #[test]
    fn every_prefix_is_incomplete() {
        for length in 0..WHOLE.len() {
            assert!(!is_complete(&WHOLE[..length]), "{length}");
        }
        assert!(is_complete(WHOLE));
        assert!(is_complete(&[WHOLE, &[1, 2, 3]].concat()));
    }

    #[test]
    fn nonsense_ends() {
        assert!(!is_complete(&[0xff; 64]));
        assert!(!is_complete(&[
            0xff, 0xd8, 0xff, 0xe1, 0xff, 0xff, 0xff, 0xd9
        ]));
        assert!(!is_complete(&[0xff, 0xd8, 0xff, 0xe1, 0, 0]));
    }
}
