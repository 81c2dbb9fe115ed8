//! The request: what a device tells the vendor about itself. Unsigned, because a device has no
//! secret yet; the issuer takes it as a claim.

use crate::error::{FormatFault, LicenceError};
use crate::fingerprint::{COMPONENTS_MAX, Component};
use crate::format::{Reader, text};
use crate::licence::Nonce;
use crate::platform::Platform;
use crate::time::UnixSeconds;
use ring::digest;
use std::fmt;

pub(crate) const MAGIC: [u8; 4] = *b"VREQ";
const FORMAT: u16 = 1;
pub(crate) const LABEL: &str = "VULTUS REQUEST";
const CHECKSUM_BYTES: usize = 4;
pub(crate) const FILE_MAX: usize =
    4 + 2 + 2 + 1 + 8 + 16 + 1 + COMPONENTS_MAX * Component::BYTES + CHECKSUM_BYTES;

/// What a device asks a licence for.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Request {
    /// Major version of the device's SDK.
    pub sdk_major: u16,
    /// Where it runs.
    pub platform: Platform,
    /// The device's clock when it asked; it may be wrong.
    pub created_at: UnixSeconds,
    /// Chosen by the device, echoed by the licence.
    pub nonce: Nonce,
    /// The device's components, at most [`COMPONENTS_MAX`].
    pub components: Vec<Component>,
}

impl Request {
    /// The binary form.
    ///
    /// # Errors
    /// [`LicenceError::BadFormat`] with more than [`COMPONENTS_MAX`] components.
    pub fn to_bytes(&self) -> Result<Vec<u8>, LicenceError> {
        if self.components.len() > COMPONENTS_MAX {
            return Err(FormatFault::TooLarge.into());
        }
        let mut bytes = Vec::with_capacity(FILE_MAX);
        bytes.extend(MAGIC);
        bytes.extend(FORMAT.to_le_bytes());
        bytes.extend(self.sdk_major.to_le_bytes());
        bytes.push(self.platform.code());
        bytes.extend(self.created_at.0.to_le_bytes());
        bytes.extend(self.nonce.0);
        bytes.push(self.components.len() as u8);
        for component in &self.components {
            bytes.extend(component.to_bytes());
        }
        let checksum = checksum(&bytes);
        bytes.extend(checksum);
        Ok(bytes)
    }

    /// The text form, for mail, paste and QR codes.
    ///
    /// # Errors
    /// As [`to_bytes`](Self::to_bytes).
    pub fn to_text(&self) -> Result<String, LicenceError> {
        Ok(text::write(LABEL, &self.to_bytes()?))
    }

    /// Reads a request in binary or text form. The checksum finds damage, not lies.
    ///
    /// # Errors
    /// [`LicenceError::BadFormat`].
    pub fn parse(input: &[u8]) -> Result<Self, LicenceError> {
        let bytes = text::to_binary(LABEL, input, FILE_MAX)?;
        let (body, sum) = bytes
            .split_last_chunk::<CHECKSUM_BYTES>()
            .ok_or(FormatFault::Truncated)?;
        let mut reader = Reader::new(body);
        if reader.array()? != MAGIC {
            return Err(FormatFault::Magic.into());
        }
        if reader.u16()? != FORMAT {
            return Err(FormatFault::Version.into());
        }
        if checksum(body) != *sum {
            return Err(FormatFault::Checksum.into());
        }
        let sdk_major = reader.u16()?;
        let platform = Platform::from_code(reader.u8()?).ok_or(FormatFault::Value(0))?;
        let created_at = UnixSeconds(reader.u64()?);
        let nonce = Nonce(reader.array()?);
        let count = usize::from(reader.u8()?);
        if count > COMPONENTS_MAX {
            return Err(FormatFault::TooLarge.into());
        }
        let components = (0..count)
            .map(|_| {
                let bytes = reader.array()?;
                Component::from_bytes(&bytes).ok_or_else(|| FormatFault::Value(0).into())
            })
            .collect::<Result<Vec<_>, LicenceError>>()?;
        reader.finish()?;
        Ok(Self {
            sdk_major,
            platform,
            created_at,
            nonce,
            components,
        })
    }
}

/// First four bytes of the SHA-256: enough against damage in transport.
fn checksum(bytes: &[u8]) -> [u8; CHECKSUM_BYTES] {
    let hash = digest::digest(&digest::SHA256, bytes);
    let mut sum = [0; CHECKSUM_BYTES];
    sum.copy_from_slice(&hash.as_ref()[..CHECKSUM_BYTES]);
    sum
}

impl Nonce {
    /// The number under which a device asks: the hash of the parts that are burned into it. A device
    /// that was flashed anew asks under the same one, so the licence that the vendor sends again
    /// still answers it; a cloned image asks under its own board's.
    pub(crate) fn of_hardware(components: &[Component]) -> Self {
        let mut hash = digest::Context::new(&digest::SHA256);
        hash.update(b"vultus/request/v1\0");
        for component in components.iter().filter(|c| c.kind().is_anchor()) {
            hash.update(&component.to_bytes());
        }
        let mut nonce = [0; 16];
        nonce.copy_from_slice(&hash.finish().as_ref()[..16]);
        Self(nonce)
    }
}

impl fmt::Display for Request {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "request {} of {} for {} parts",
            self.nonce,
            self.created_at,
            self.components.len()
        )
    }
}
