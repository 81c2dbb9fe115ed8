//! Raw values of hardware parts, brought to one spelling; junk is refused before it is hashed.

use super::{Component, ComponentKind};
use std::fmt;

/// Longest raw value in bytes.
const RAW_MAX: usize = 512;
/// Fewer characters than this identify nothing.
const CANONICAL_MIN: usize = 6;
/// Fewer distinct characters than this were never random.
const DISTINCT_MIN: usize = 4;
/// Shortest secret of a maker in bytes.
const SECRET_MIN: usize = 16;

/// What boards report when no value was programmed, in canonical spelling.
const PLACEHOLDERS: &[&str] = &[
    "unknown",
    "0123456789",
    "0123456789abcdef",
    "123456",
    "12345678",
    "123456789",
    "1234567890",
    "03000200040005000006000700080009",
    // One value that a batch of phones shared as their ANDROID_ID.
    "9774d56d682e549c",
    // Addresses of network drivers whose board has none.
    "001122334455",
    "00904c112233",
    "defaultstring",
    "notspecified",
    "notapplicable",
    "systemserialnumber",
    "serialnumber",
    "tobefilledbyoem",
];

/// Why a value identifies no device.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum Junk {
    /// Empty, or too short to be unique.
    TooShort,
    /// Longer than any real value.
    TooLong,
    /// Not text.
    NotText,
    /// Zeros, ones, or too few distinct characters.
    TooUniform,
    /// What boards report when no value was programmed.
    Placeholder,
    /// Not the 32 hexadecimal digits that such an id has; systemd writes "uninitialized" in its place.
    NotAnId,
    /// Not a network address.
    NotAnAddress,
    /// An address that software made up, or one of a group.
    LocalAddress,
}

impl fmt::Display for Junk {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::TooShort => "too short to identify a device",
            Self::TooLong => "longer than any real value",
            Self::NotText => "not text",
            Self::TooUniform => "too uniform to identify a device",
            Self::Placeholder => "a placeholder, not a value",
            Self::NotAnId => "not an id of 32 hexadecimal digits",
            Self::NotAnAddress => "not a network address",
            Self::LocalAddress => "a made-up network address",
        })
    }
}

impl std::error::Error for Junk {}

/// The level at which MediaDrm keeps its keys; the id differs between them.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum SecurityLevel {
    /// Hardware.
    L1,
    /// Software; the one to ask for, because every device has it.
    L3,
}

impl Component {
    /// The component of a raw value of text: trimmed, lower case, without separators.
    ///
    /// # Errors
    /// [`Junk`] for a value that identifies no device.
    pub fn from_text(kind: ComponentKind, raw: &[u8]) -> Result<Self, Junk> {
        if raw.len() > RAW_MAX {
            return Err(Junk::TooLong);
        }
        let text = std::str::from_utf8(raw).map_err(|_| Junk::NotText)?;
        let canonical = canonical(text)?;
        match kind {
            ComponentKind::Mac => check_address(&canonical)?,
            ComponentKind::MachineId | ComponentKind::DmiUuid => check_id(&canonical)?,
            ComponentKind::OemSecret if canonical.len() < SECRET_MIN => return Err(Junk::TooShort),
            _ => {}
        }
        Ok(Self::of(kind, canonical.as_bytes()))
    }

    /// The component of bytes that are no text: a secret of the maker (at least 16 bytes), a die's
    /// number.
    ///
    /// # Errors
    /// [`Junk`] for a value that identifies no device.
    pub fn from_bytes_value(kind: ComponentKind, raw: &[u8]) -> Result<Self, Junk> {
        if raw.len() > RAW_MAX {
            return Err(Junk::TooLong);
        }
        if kind == ComponentKind::OemSecret && raw.len() < SECRET_MIN {
            return Err(Junk::TooShort);
        }
        if raw.len() < CANONICAL_MIN {
            return Err(Junk::TooShort);
        }
        check_variety(raw)?;
        Ok(Self::of(kind, raw))
    }

    /// The component of MediaDrm's device id.
    ///
    /// # Errors
    /// [`Junk`] for a value that identifies no device.
    pub fn from_media_drm(level: SecurityLevel, id: &[u8]) -> Result<Self, Junk> {
        if id.len() > RAW_MAX {
            return Err(Junk::TooLong);
        }
        if id.len() < CANONICAL_MIN {
            return Err(Junk::TooShort);
        }
        check_variety(id)?;
        let level: &[u8] = match level {
            SecurityLevel::L1 => b"L1:",
            SecurityLevel::L3 => b"L3:",
        };
        Ok(Self::of(ComponentKind::MediaDrm, &[level, id].concat()))
    }
}

fn canonical(text: &str) -> Result<String, Junk> {
    let canonical: String = text
        .chars()
        .filter(|c| !matches!(c, '\0' | ':' | '-' | '_' | '.') && !c.is_whitespace())
        .flat_map(char::to_lowercase)
        .collect();
    let digits = canonical.strip_prefix("0x").unwrap_or(&canonical);
    if PLACEHOLDERS.contains(&digits) {
        return Err(Junk::Placeholder);
    }
    if digits.len() < CANONICAL_MIN {
        return Err(Junk::TooShort);
    }
    check_variety(digits.as_bytes())?;
    Ok(digits.to_owned())
}

fn check_variety(bytes: &[u8]) -> Result<(), Junk> {
    let mut seen = [false; 256];
    for &byte in bytes {
        seen[usize::from(byte)] = true;
    }
    let distinct = seen.iter().filter(|&&seen| seen).count();
    if distinct < DISTINCT_MIN {
        return Err(Junk::TooUniform);
    }
    Ok(())
}

/// What machine-id(5) and SMBIOS say of their ids.
fn check_id(canonical: &str) -> Result<(), Junk> {
    if !is_hex(canonical, 32) {
        return Err(Junk::NotAnId);
    }
    Ok(())
}

/// Whether a value is this many hexadecimal digits.
fn is_hex(canonical: &str, digits: usize) -> bool {
    canonical.len() == digits && canonical.bytes().all(|b| b.is_ascii_hexdigit())
}

fn check_address(canonical: &str) -> Result<(), Junk> {
    const LOCALLY_ADMINISTERED: u8 = 2;
    const GROUP: u8 = 1;
    if !is_hex(canonical, 12) {
        return Err(Junk::NotAnAddress);
    }
    let first = u8::from_str_radix(&canonical[..2], 16).map_err(|_| Junk::NotAnAddress)?;
    if first & (LOCALLY_ADMINISTERED | GROUP) != 0 {
        return Err(Junk::LocalAddress);
    }
    Ok(())
}
