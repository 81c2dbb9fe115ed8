//! An embedding as bytes that carry its model id.
//!
//! ```text
//! magic "VEMB" | format u16 = 1 | bytes of the model id u16 | values u32 | model id | values f32
//! ```
//!
//! Little-endian. Neither encrypted nor signed: who keeps them seals them.

use super::{EmbedError, Embedding};

const MAGIC: [u8; 4] = *b"VEMB";
const FORMAT: u16 = 1;
const HEADER_BYTES: usize = 12;
/// Longest model id.
const MODEL_ID_MAX: usize = 256;

impl Embedding {
    /// The bytes.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        let model_id = self.model_id().as_bytes();
        let values = self.values();
        let mut bytes = Vec::with_capacity(HEADER_BYTES + model_id.len() + values.len() * 4);
        bytes.extend(MAGIC);
        bytes.extend(FORMAT.to_le_bytes());
        bytes.extend((model_id.len() as u16).to_le_bytes());
        bytes.extend((values.len() as u32).to_le_bytes());
        bytes.extend(model_id);
        bytes.extend(values.iter().flat_map(|value| value.to_le_bytes()));
        bytes
    }

    /// The embedding of such bytes.
    ///
    /// # Errors
    /// [`EmbedError::Bytes`] naming what does not fit, or as [`from_parts`](Self::from_parts).
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, EmbedError> {
        let wrong = |why| EmbedError::Bytes { why };
        let (header, rest) = bytes
            .split_first_chunk::<HEADER_BYTES>()
            .ok_or(wrong("they end too early"))?;
        let [m0, m1, m2, m3, f0, f1, l0, l1, n0, n1, n2, n3] = *header;
        if [m0, m1, m2, m3] != MAGIC {
            return Err(wrong("they do not begin as an embedding does"));
        }
        if u16::from_le_bytes([f0, f1]) != FORMAT {
            return Err(wrong("their format is newer than this SDK reads"));
        }
        let length = usize::from(u16::from_le_bytes([l0, l1]));
        if length > MODEL_ID_MAX {
            return Err(wrong("the model id is too long"));
        }
        let (model_id, values) = rest
            .split_at_checked(length)
            .ok_or(wrong("they end too early"))?;
        let model_id =
            std::str::from_utf8(model_id).map_err(|_| wrong("the model id is no text"))?;
        let (values, []) = values.as_chunks::<4>() else {
            return Err(wrong("their length does not fit"));
        };
        if values.len() as u64 != u64::from(u32::from_le_bytes([n0, n1, n2, n3])) {
            return Err(wrong("their length does not fit"));
        }
        let values = values.iter().map(|&value| f32::from_le_bytes(value));
        Self::from_parts(model_id, values.collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn embedding() -> Embedding {
        Embedding::from_parts("p@1", vec![0.6, -0.8]).expect("unit")
    }

    #[test]
    fn bytes_are_golden_and_come_back() {
        let bytes = embedding().to_bytes();
        let expected = b"VEMB\x01\0\x03\0\x02\0\0\0p@1\x9a\x99\x19\x3f\xcd\xcc\x4c\xbf";
        assert_eq!(bytes, expected);
        assert_eq!(Embedding::from_bytes(&bytes), Ok(embedding()));
    }

    #[test]
    fn no_prefix_is_an_embedding_and_nothing_follows_one() {
        let bytes = embedding().to_bytes();
        for end in 0..bytes.len() {
            assert!(Embedding::from_bytes(&bytes[..end]).is_err(), "{end}");
        }
        assert!(Embedding::from_bytes(&[&bytes[..], &[0]].concat()).is_err());
        assert!(Embedding::from_bytes(&[&bytes[..], &[0; 4]].concat()).is_err());
    }

    #[test]
    fn changed_headers_are_refused() {
        let bytes = embedding().to_bytes();
        for at in 0..HEADER_BYTES {
            for flip in [1, 0x80] {
                let mut changed = bytes.clone();
                changed[at] ^= flip;
                assert!(Embedding::from_bytes(&changed).is_err(), "{at}");
            }
        }
    }
}
