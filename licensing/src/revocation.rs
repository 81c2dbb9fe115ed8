//! Revocation lists: signed, numbered, never going back. A device that gets no update never learns
//! of one; that cannot be had offline and is said in the documents.

use crate::envelope::{self, SignedFormat};
use crate::error::{FormatFault, LicenceError};
use crate::format::text;
use crate::format::tlv::{self, Fields};
#[cfg(feature = "issue")]
use crate::keys::KeyId;
use crate::keys::{KeyTable, Role};
use crate::licence::LicenceId;
use crate::policy::PolicyFault;
use crate::time::UnixSeconds;

/// Most licences on a list.
pub const LIST_MAX: usize = 4000;

pub(crate) const REVOCATION_FORMAT: SignedFormat = SignedFormat {
    magic: *b"VREV",
    context: b"vultus/revocation/v1\0",
    payload_max: LIST_MAX * 16 + 64,
    role: Role::Revocation,
    label: "VULTUS REVOCATION LIST",
};

const TAG_NUMBER: u16 = 1;
const TAG_ISSUED_AT: u16 = 2;
const TAG_REVOKED: u16 = 3;

/// The licences that a vendor has revoked.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct RevocationList {
    /// Rises with every list of a vendor.
    pub number: u64,
    /// When the list was signed.
    pub issued_at: UnixSeconds,
    /// What it revokes.
    pub revoked: Vec<LicenceId>,
}

impl RevocationList {
    /// Checks a list in binary or text form.
    ///
    /// # Errors
    /// As [`crate::signed_licence::verify`].
    pub fn verify(input: &[u8], keys: &KeyTable) -> Result<Self, LicenceError> {
        let bytes = text::to_binary(REVOCATION_FORMAT.label, input, REVOCATION_FORMAT.file_max())?;
        let (payload, key) = envelope::open(&REVOCATION_FORMAT, &bytes, keys)?;
        let list = Self::decode(payload)?;
        if !key.issued_at(list.issued_at) {
            return Err(PolicyFault::KeyWindow.into());
        }
        Ok(list)
    }

    fn decode(payload: &[u8]) -> Result<Self, FormatFault> {
        let mut fields = Fields::new(payload);
        let number = u64::from_le_bytes(fields.fixed(TAG_NUMBER)?);
        let issued_at = UnixSeconds(u64::from_le_bytes(fields.fixed(TAG_ISSUED_AT)?));
        let revoked = match fields.optional(TAG_REVOKED)? {
            Some(bytes) => tlv::items::<16>(TAG_REVOKED, bytes, LIST_MAX)?,
            None => &[],
        };
        fields.finish()?;
        Ok(Self {
            number,
            issued_at,
            revoked: revoked.iter().copied().map(LicenceId).collect(),
        })
    }

    /// Signs a list: the issuer's half of [`verify`](Self::verify).
    ///
    /// # Errors
    /// [`LicenceError::BadFormat`] with more than [`LIST_MAX`] licences.
    #[cfg(feature = "issue")]
    pub fn seal(
        &self,
        key_id: KeyId,
        sign: impl FnOnce(&[u8]) -> [u8; envelope::SIGNATURE_BYTES],
    ) -> Result<Vec<u8>, LicenceError> {
        // The frame has room for a few more, which no device would take.
        if self.revoked.len() > LIST_MAX {
            return Err(FormatFault::TooLarge.into());
        }
        let revoked: Vec<u8> = self.revoked.iter().flat_map(|id| id.0).collect();
        let mut payload = Vec::new();
        tlv::push(&mut payload, TAG_NUMBER, &self.number.to_le_bytes())?;
        tlv::push(&mut payload, TAG_ISSUED_AT, &self.issued_at.0.to_le_bytes())?;
        if !revoked.is_empty() {
            tlv::push(&mut payload, TAG_REVOKED, &revoked)?;
        }
        envelope::seal(&REVOCATION_FORMAT, &payload, key_id, sign)
    }
}
