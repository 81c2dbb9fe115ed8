//! Records to bytes and back: bincode 2, little-endian, with a limit. Only ever run on bytes that
//! AES-GCM has authenticated.

use super::error::StoreError;
use bincode::config::{Configuration, Limit, LittleEndian, Varint, standard};
use bincode::{Decode, Encode};

/// The largest record, encoded and in memory, in bytes.
const LIMIT: usize = 1 << 20;

const fn config() -> Configuration<LittleEndian, Varint, Limit<LIMIT>> {
    standard().with_limit::<LIMIT>()
}

/// The bytes of a record. The same on every target.
///
/// # Errors
/// [`StoreError::Unencodable`] for a record of more than 1 MiB, [`StoreError::Encoding`] for one that
/// refuses to be encoded.
pub fn encode<T: Encode>(record: &T) -> Result<Vec<u8>, StoreError> {
    let bytes = bincode::encode_to_vec(record, config())
        .map_err(|cause| StoreError::Encoding(cause.into()))?;
    if bytes.len() > LIMIT {
        return Err(StoreError::Unencodable("the record is longer than 1 MiB"));
    }
    Ok(bytes)
}

/// The record of these bytes, all of them.
///
/// # Errors
/// [`StoreError::Undecodable`] when they are no such record or it would take more than 1 MiB,
/// [`StoreError::Record`] when something follows it.
pub fn decode<T: Decode<()>>(bytes: &[u8]) -> Result<T, StoreError> {
    let (record, used) = bincode::decode_from_slice(bytes, config())
        .map_err(|cause| StoreError::Undecodable(cause.into()))?;
    if used != bytes.len() {
        return Err(StoreError::Record("a record is longer than its type"));
    }
    Ok(record)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, Decode, Encode, PartialEq)]
    struct Sample {
        name: String,
        count: u64,
        values: Vec<f32>,
        flag: Option<bool>,
    }

    fn sample() -> Sample {
        Sample {
            name: "Ann".to_owned(),
            count: 300,
            values: vec![0.5, -1.0],
            flag: Some(true),
        }
    }

    #[test]
    fn the_bytes_are_the_same_everywhere() {
        let expected = [
            3, b'A', b'n', b'n', 251, 44, 1, 2, 0, 0, 0, 63, 0, 0, 128, 191, 1, 1,
        ];
        assert_eq!(encode(&sample()).unwrap(), expected);
        assert_eq!(decode::<Sample>(&expected).unwrap(), sample());
    }

    #[test]
    fn only_whole_records_are_read() {
        let bytes = encode(&sample()).unwrap();
        for length in 0..bytes.len() {
            assert!(decode::<Sample>(&bytes[..length]).is_err(), "{length}");
        }
        let longer = [&bytes[..], &[0]].concat();
        assert!(decode::<Sample>(&longer).is_err());
        // A length of 2^60 floats is refused before anything is reserved.
        let mut huge = vec![253];
        huge.extend_from_slice(&(1_u64 << 60).to_le_bytes());
        assert!(decode::<Vec<f32>>(&huge).is_err());
        assert!(encode(&vec![0_u8; LIMIT + 1]).is_err());
        assert!(encode(&vec![1_u8; LIMIT - 5]).is_ok());
    }
}
