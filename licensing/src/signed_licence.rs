//! How a licence becomes bytes and back, and the check of its signature and rules.

use crate::envelope::{self, SignedFormat};
use crate::error::{FormatFault, LicenceError};
use crate::fingerprint::{COMPONENTS_MAX, Component, LicensedFingerprint};
use crate::format::text;
use crate::format::tlv::{self, Fields};
#[cfg(feature = "issue")]
use crate::keys::KeyId;
use crate::keys::{KeyTable, Role};
use crate::licence::{
    CustomerId, Licence, LicenceId, LivenessKinds, Nonce, OrderId, REVOKED_MAX, Term, Tier,
};
use crate::platform::Platforms;
use crate::policy::{self, PolicyFault};
use crate::time::UnixSeconds;

/// Largest payload of a licence in bytes.
pub const PAYLOAD_MAX: usize = 4096;

pub(crate) const LICENCE_FORMAT: SignedFormat = SignedFormat {
    magic: *b"VLIC",
    context: b"vultus/licence/v1\0",
    payload_max: PAYLOAD_MAX,
    role: Role::Licence,
    label: "VULTUS LICENCE",
};

mod tag {
    pub(super) const LICENCE_ID: u16 = 1;
    pub(super) const ORDER_ID: u16 = 2;
    pub(super) const CUSTOMER_ID: u16 = 3;
    pub(super) const TIER: u16 = 4;
    pub(super) const LIVENESS: u16 = 5;
    pub(super) const TERM: u16 = 6;
    pub(super) const ISSUED_AT: u16 = 7;
    pub(super) const EXPIRES_AT: u16 = 8;
    pub(super) const PLATFORMS: u16 = 9;
    pub(super) const SDK_MAJOR_MAX: u16 = 10;
    pub(super) const GALLERY_MAX: u16 = 11;
    pub(super) const COMPONENTS: u16 = 12;
    pub(super) const THRESHOLD: u16 = 13;
    pub(super) const NONCE: u16 = 14;
    pub(super) const FLAGS: u16 = 15;
    pub(super) const REVOKED: u16 = 16;
}

const TERM_TRIAL: u8 = 1;
const TERM_PERMANENT: u8 = 2;
const FLAG_WITHOUT_RTC: u8 = 1;

impl Licence {
    pub(crate) fn decode(payload: &[u8]) -> Result<Self, FormatFault> {
        let mut fields = Fields::new(payload);
        let value = |tag| move || FormatFault::Value(tag);
        let licence_id = LicenceId(fields.fixed(tag::LICENCE_ID)?);
        let order_id = OrderId(fields.fixed(tag::ORDER_ID)?);
        let customer_id = CustomerId(fields.fixed(tag::CUSTOMER_ID)?);
        let [tier] = fields.fixed(tag::TIER)?;
        let [liveness] = fields.fixed(tag::LIVENESS)?;
        let [term] = fields.fixed(tag::TERM)?;
        let issued_at = UnixSeconds(u64::from_le_bytes(fields.fixed(tag::ISSUED_AT)?));
        let expires_at = UnixSeconds(u64::from_le_bytes(fields.fixed(tag::EXPIRES_AT)?));
        let term = match (term, expires_at) {
            (TERM_TRIAL, expires_at) => Term::Trial { expires_at },
            (TERM_PERMANENT, UnixSeconds(0)) => Term::Permanent,
            _ => return Err(value(tag::TERM)()),
        };
        let platforms = Platforms(u32::from_le_bytes(fields.fixed(tag::PLATFORMS)?));
        let sdk_major_max = u16::from_le_bytes(fields.fixed(tag::SDK_MAJOR_MAX)?);
        let gallery_max = match fields.optional(tag::GALLERY_MAX)? {
            Some(bytes) => Some(u32::from_le_bytes(tlv::exactly(tag::GALLERY_MAX, bytes)?)),
            None => None,
        };
        let components = fields.required(tag::COMPONENTS)?;
        let components =
            tlv::items::<{ Component::BYTES }>(tag::COMPONENTS, components, COMPONENTS_MAX)?
                .iter()
                .map(|bytes| Component::from_bytes(bytes).ok_or_else(value(tag::COMPONENTS)))
                .collect::<Result<Vec<_>, _>>()?;
        let threshold = u16::from_le_bytes(fields.fixed(tag::THRESHOLD)?);
        let nonce = Nonce(fields.fixed(tag::NONCE)?);
        let [flags] = fields.fixed(tag::FLAGS)?;
        if flags & !FLAG_WITHOUT_RTC != 0 {
            return Err(value(tag::FLAGS)());
        }
        let revoked = match fields.optional(tag::REVOKED)? {
            Some(bytes) => tlv::items::<16>(tag::REVOKED, bytes, REVOKED_MAX)?,
            None => &[],
        };
        fields.finish()?;
        Ok(Self {
            licence_id,
            order_id,
            customer_id,
            tier: Tier::from_code(tier).ok_or_else(value(tag::TIER))?,
            liveness: LivenessKinds::from_bits(liveness).ok_or_else(value(tag::LIVENESS))?,
            term,
            issued_at,
            platforms,
            sdk_major_max,
            gallery_max,
            fingerprint: LicensedFingerprint {
                components,
                threshold,
            },
            nonce,
            without_rtc: flags & FLAG_WITHOUT_RTC != 0,
            revoked: revoked.iter().copied().map(LicenceId).collect(),
        })
    }

    /// The payload of this licence. Writes what it is told: the issuer checks
    /// [`policy::check`] before it signs, and the device checks it again.
    #[cfg(feature = "issue")]
    pub(crate) fn encode(&self) -> Result<Vec<u8>, FormatFault> {
        let (term, expires_at) = match self.term {
            Term::Trial { expires_at } => (TERM_TRIAL, expires_at),
            Term::Permanent => (TERM_PERMANENT, UnixSeconds(0)),
        };
        let components: Vec<u8> = self
            .fingerprint
            .components
            .iter()
            .flat_map(Component::to_bytes)
            .collect();
        let revoked: Vec<u8> = self.revoked.iter().flat_map(|id| id.0).collect();
        let flags = if self.without_rtc {
            FLAG_WITHOUT_RTC
        } else {
            0
        };
        let mut payload = Vec::new();
        let mut field = |tag, value: &[u8]| tlv::push(&mut payload, tag, value);
        field(tag::LICENCE_ID, &self.licence_id.0)?;
        field(tag::ORDER_ID, &self.order_id.0)?;
        field(tag::CUSTOMER_ID, &self.customer_id.0)?;
        field(tag::TIER, &[self.tier.code()])?;
        field(tag::LIVENESS, &[self.liveness.bits()])?;
        field(tag::TERM, &[term])?;
        field(tag::ISSUED_AT, &self.issued_at.0.to_le_bytes())?;
        field(tag::EXPIRES_AT, &expires_at.0.to_le_bytes())?;
        field(tag::PLATFORMS, &self.platforms.0.to_le_bytes())?;
        field(tag::SDK_MAJOR_MAX, &self.sdk_major_max.to_le_bytes())?;
        if let Some(max) = self.gallery_max {
            field(tag::GALLERY_MAX, &max.to_le_bytes())?;
        }
        field(tag::COMPONENTS, &components)?;
        field(tag::THRESHOLD, &self.fingerprint.threshold.to_le_bytes())?;
        field(tag::NONCE, &self.nonce.0)?;
        field(tag::FLAGS, &[flags])?;
        if !revoked.is_empty() {
            field(tag::REVOKED, &revoked)?;
        }
        Ok(payload)
    }
}

/// A licence whose signature and rules were checked. Only [`verify`] makes one.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct SignedLicence {
    licence: Licence,
    bytes: Vec<u8>,
}

impl SignedLicence {
    /// The content.
    #[must_use]
    pub fn licence(&self) -> &Licence {
        &self.licence
    }

    /// The binary form.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// The text form, for mail, paste and QR codes.
    #[must_use]
    pub fn to_text(&self) -> String {
        text::write(LICENCE_FORMAT.label, &self.bytes)
    }
}

/// Checks a licence in binary or text form: frame, signature, fields, rules, in that order.
/// Whether it is this device's is a question for [`crate::device::Device`].
///
/// # Errors
/// [`LicenceError::BadFormat`], [`UnknownKey`](LicenceError::UnknownKey),
/// [`BadSignature`](LicenceError::BadSignature) or
/// [`PolicyViolation`](LicenceError::PolicyViolation).
pub fn verify(input: &[u8], keys: &KeyTable) -> Result<SignedLicence, LicenceError> {
    let bytes = text::to_binary(LICENCE_FORMAT.label, input, LICENCE_FORMAT.file_max())?;
    let (payload, key) = envelope::open(&LICENCE_FORMAT, &bytes, keys)?;
    let licence = Licence::decode(payload)?;
    policy::check(&licence)?;
    if !key.issued_at(licence.issued_at) {
        return Err(PolicyFault::KeyWindow.into());
    }
    Ok(SignedLicence {
        licence,
        bytes: bytes.into_owned(),
    })
}

/// Signs a licence: the issuer's half of [`verify`]. `sign` gives the Ed25519 signature of the
/// bytes it is handed.
///
/// # Errors
/// [`LicenceError::BadFormat`] when a list is too long for the format. The rules are not checked
/// here, so that tests can sign what breaks them; an issuer calls [`policy::check`] first.
#[cfg(feature = "issue")]
pub fn seal(
    licence: &Licence,
    key_id: KeyId,
    sign: impl FnOnce(&[u8]) -> [u8; envelope::SIGNATURE_BYTES],
) -> Result<Vec<u8>, LicenceError> {
    envelope::seal(&LICENCE_FORMAT, &licence.encode()?, key_id, sign)
}
