//! The signed frame around a licence or a revocation list.
//!
//! The signature is checked over the exact bytes before any of the payload is read, and it
//! covers the header, so that neither key nor kind of file can be swapped.

use crate::error::{FormatFault, LicenceError};
use crate::format::Reader;
use crate::keys::{IssuingKey, KeyId, KeyTable, Role};
use ring::signature::{ED25519, UnparsedPublicKey};

/// Bytes before the payload: magic 4, format 2, algorithm 1, key id 8, payload length 4.
pub const HEADER_BYTES: usize = 19;
/// Bytes of the signature behind the payload.
pub const SIGNATURE_BYTES: usize = 64;

const FORMAT: u16 = 1;
const ED25519_ID: u8 = 1;

/// What sets one kind of signed file apart from another.
pub(crate) struct SignedFormat {
    pub(crate) magic: [u8; 4],
    /// Keeps a signature of one kind from counting for another.
    pub(crate) context: &'static [u8],
    pub(crate) payload_max: usize,
    pub(crate) role: Role,
    /// The words in the BEGIN and END lines.
    pub(crate) label: &'static str,
}

impl SignedFormat {
    /// Largest file of this kind in binary form.
    pub(crate) const fn file_max(&self) -> usize {
        HEADER_BYTES + self.payload_max + SIGNATURE_BYTES
    }
}

/// Checks frame and signature; gives the payload and the key that signed it.
pub(crate) fn open<'a, 'k>(
    format: &SignedFormat,
    bytes: &'a [u8],
    keys: &'k KeyTable,
) -> Result<(&'a [u8], &'k IssuingKey), LicenceError> {
    if bytes.len() > format.file_max() {
        return Err(FormatFault::TooLarge.into());
    }
    let mut reader = Reader::new(bytes);
    if reader.array()? != format.magic {
        return Err(FormatFault::Magic.into());
    }
    if (reader.u16()?, reader.u8()?) != (FORMAT, ED25519_ID) {
        return Err(FormatFault::Version.into());
    }
    let key_id = KeyId(reader.array()?);
    let length = reader.u32()?;
    let length = usize::try_from(length).map_err(|_| FormatFault::TooLarge)?;
    if length == 0 {
        return Err(FormatFault::Truncated.into());
    }
    if length > format.payload_max {
        return Err(FormatFault::TooLarge.into());
    }
    let payload = reader.take(length)?;
    let signature = reader.take(SIGNATURE_BYTES)?;
    reader.finish()?;

    let key = keys
        .find(key_id, format.role)
        .ok_or(LicenceError::UnknownKey(key_id))?;
    let message = signed_message(format, &bytes[..HEADER_BYTES + length]);
    UnparsedPublicKey::new(&ED25519, key.public())
        .verify(&message, signature)
        .map_err(|_| LicenceError::BadSignature)?;
    Ok((payload, key))
}

fn signed_message(format: &SignedFormat, header_and_payload: &[u8]) -> Vec<u8> {
    [format.context, header_and_payload].concat()
}

/// Puts a frame around a payload. `sign` gives the Ed25519 signature of the bytes it is handed.
#[cfg(feature = "issue")]
pub(crate) fn seal(
    format: &SignedFormat,
    payload: &[u8],
    key_id: KeyId,
    sign: impl FnOnce(&[u8]) -> [u8; SIGNATURE_BYTES],
) -> Result<Vec<u8>, LicenceError> {
    let length = u32::try_from(payload.len()).map_err(|_| FormatFault::TooLarge)?;
    if payload.len() > format.payload_max {
        return Err(FormatFault::TooLarge.into());
    }
    let mut bytes = Vec::with_capacity(HEADER_BYTES + payload.len() + SIGNATURE_BYTES);
    bytes.extend(format.magic);
    bytes.extend(FORMAT.to_le_bytes());
    bytes.push(ED25519_ID);
    bytes.extend(key_id.0);
    bytes.extend(length.to_le_bytes());
    bytes.extend(payload);
    let signature = sign(&signed_message(format, &bytes));
    bytes.extend(signature);
    Ok(bytes)
}
