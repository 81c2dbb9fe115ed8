//! Whether a PNG is one picture.

const SIGNATURE: &[u8] = b"\x89PNG\r\n\x1a\n";

/// Whether a PNG is animated, so that what a viewer shows is not what its main data hold, or not
/// for long: the control of an animation stands before the data, and there are several frames or
/// one that is not the main picture. A lone frame of the main picture is a picture like any other.
pub(super) fn is_animated(bytes: &[u8]) -> bool {
    let Some(mut rest) = bytes.strip_prefix(SIGNATURE) else {
        return false;
    };
    let mut frames = None;
    let mut main_is_a_frame = false;
    while let Some((kind, content, behind)) = chunk(rest) {
        match kind {
            b"acTL" => {
                frames = content
                    .first_chunk()
                    .map(|&count| u32::from_be_bytes(count));
            }
            b"fcTL" => main_is_a_frame = true,
            b"IDAT" => break,
            _ => {}
        }
        rest = behind;
    }
    frames.is_some_and(|frames| frames > 1 || !main_is_a_frame)
}

/// The kind and content of the first chunk, and what follows its checksum.
fn chunk(bytes: &[u8]) -> Option<(&[u8; 4], &[u8], &[u8])> {
    let (&length, rest) = bytes.split_first_chunk()?;
    let (kind, rest) = rest.split_first_chunk()?;
    let length = usize::try_from(u32::from_be_bytes(length)).ok()?;
    let (content, rest) = rest.split_at_checked(length)?;
    let (_, rest) = rest.split_first_chunk::<4>()?;
    Some((kind, content, rest))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn png(chunks: &[(&[u8; 4], &[u8])]) -> Vec<u8> {
        let mut bytes = SIGNATURE.to_vec();
        for (kind, content) in chunks {
            bytes.extend((content.len() as u32).to_be_bytes());
            bytes.extend(*kind);
            bytes.extend(*content);
            bytes.extend([0; 4]);
        }
        bytes
    }

    #[test]
    fn an_animation_is_told_from_a_picture() {
        let (header, data) = ((b"IHDR", [0; 13].as_slice()), (b"IDAT", [7].as_slice()));
        let (one, two) = ([0, 0, 0, 1, 0, 0, 0, 0], [0, 0, 0, 2, 0, 0, 0, 0]);
        let frame = (b"fcTL", [0; 26].as_slice());
        assert!(!is_animated(&png(&[header, data])));
        assert!(is_animated(&png(&[header, (b"acTL", &two), frame, data])));
        assert!(is_animated(&png(&[header, (b"acTL", &one), data, frame])));
        assert!(!is_animated(&png(&[header, (b"acTL", &one), frame, data])));
        // Behind the data no viewer heeds it.
        assert!(!is_animated(&png(&[header, data, (b"acTL", &two)])));
    }

    #[test]
    fn what_is_cut_ends() {
        let whole = png(&[(b"IHDR", &[0; 13]), (b"tEXt", &[1; 40]), (b"IDAT", &[7])]);
        for length in 0..whole.len() {
            assert!(!is_animated(&whole[..length]));
        }
        let mut endless = whole;
        endless[8..12].fill(0xff);
        assert!(!is_animated(&endless));
    }
}
