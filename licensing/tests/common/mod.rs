//! What the tests of this crate share: files made by hand, devices, answers by name.
#![allow(
    dead_code,
    unreachable_pub,
    reason = "shared by test files, none of which uses all"
)]
#![allow(clippy::unwrap_used)]

pub mod bench;
pub mod disk;
pub mod mutate;

use std::collections::BTreeMap;
use std::sync::Arc;
use vultus_licensing::device::Device;
use vultus_licensing::envelope::{HEADER_BYTES, SIGNATURE_BYTES};
use vultus_licensing::error::LicenceError;
use vultus_licensing::fingerprint::FingerprintSource;
use vultus_licensing::keys::KeyTable;
use vultus_licensing::licence::Licence;
use vultus_licensing::platform::Platform;
use vultus_licensing::signed_licence::{SignedLicence, verify};
use vultus_licensing::testkit::{MemoryFolder, TestClock, TestKey, sign};

pub const LICENCE_CONTEXT: &[u8] = b"vultus/licence/v1\0";
pub const REVOCATION_CONTEXT: &[u8] = b"vultus/revocation/v1\0";

/// The name of an error's variant: what a test compares.
pub fn name(error: &LicenceError) -> &'static str {
    match error {
        LicenceError::Missing { .. } => "Missing",
        LicenceError::BadFormat(_) => "BadFormat",
        LicenceError::UnknownKey(_) => "UnknownKey",
        LicenceError::BadSignature => "BadSignature",
        LicenceError::PolicyViolation(_) => "PolicyViolation",
        LicenceError::FingerprintMismatch(_) => "FingerprintMismatch",
        LicenceError::FingerprintTooWeak(_) => "FingerprintTooWeak",
        LicenceError::NotEntitled { .. } => "NotEntitled",
        LicenceError::Expired { .. } => "Expired",
        LicenceError::Forked(_) => "Forked",
        LicenceError::Revoked(_) => "Revoked",
        LicenceError::PlatformNotLicensed(_) => "PlatformNotLicensed",
        LicenceError::SdkNotLicensed { .. } => "SdkNotLicensed",
        LicenceError::RequestMismatch => "RequestMismatch",
        LicenceError::ClockUnreadable => "ClockUnreadable",
        LicenceError::ClockRolledBack { .. } => "ClockRolledBack",
        LicenceError::StateForeign => "StateForeign",
        LicenceError::StateUnsafe { .. } => "StateUnsafe",
        LicenceError::StateNotWritable(_) => "StateNotWritable",
        LicenceError::StateNotReadable { .. } => "StateNotReadable",
        LicenceError::ListRollback { .. } => "ListRollback",
        LicenceError::InvalidArgument { .. } => "InvalidArgument",
    }
}

/// `OK`, or the name of the error.
pub fn answer<T>(result: Result<T, LicenceError>) -> &'static str {
    result.map_or_else(|error| name(&error), |_| "OK")
}

/// Verifies with the test keys.
pub fn check(bytes: &[u8]) -> Result<SignedLicence, LicenceError> {
    verify(bytes, &KeyTable::with_test_keys())
}

/// A signed file of any kind, written by hand so that the crate's own writer is not its judge.
pub fn frame(magic: &[u8; 4], context: &[u8], key: &TestKey, payload: &[u8]) -> Vec<u8> {
    let mut bytes = magic.to_vec();
    bytes.extend([1, 0, 1]);
    bytes.extend(key.id().0);
    bytes.extend(u32::try_from(payload.len()).unwrap().to_le_bytes());
    bytes.extend(payload);
    let signature = key.sign(&[context, &bytes].concat());
    bytes.extend(signature);
    bytes
}

/// A licence file around a payload, validly signed.
pub fn signed_payload(payload: &[u8]) -> Vec<u8> {
    frame(b"VLIC", LICENCE_CONTEXT, &TestKey::current(), payload)
}

/// The payload of a signed file.
pub fn payload_of(file: &[u8]) -> &[u8] {
    &file[HEADER_BYTES..file.len() - SIGNATURE_BYTES]
}

/// One field of a payload.
pub type Field = (u16, Vec<u8>);

pub fn fields_of(mut payload: &[u8]) -> Vec<Field> {
    let mut fields = Vec::new();
    while !payload.is_empty() {
        let tag = u16::from_le_bytes([payload[0], payload[1]]);
        let length = usize::from(u16::from_le_bytes([payload[2], payload[3]]));
        fields.push((tag, payload[4..4 + length].to_vec()));
        payload = &payload[4 + length..];
    }
    fields
}

pub fn payload_from(fields: &[Field]) -> Vec<u8> {
    let mut payload = Vec::new();
    for (tag, value) in fields {
        payload.extend(tag.to_le_bytes());
        payload.extend(u16::try_from(value.len()).unwrap().to_le_bytes());
        payload.extend(value);
    }
    payload
}

/// The fields of a licence, changed and signed again.
pub fn signed_fields(licence: &Licence, change: impl FnOnce(&mut Vec<Field>)) -> Vec<u8> {
    let file = sign(licence);
    let mut fields = fields_of(payload_of(&file));
    change(&mut fields);
    signed_payload(&payload_from(&fields))
}

/// The test device with other parts.
pub fn device_with(
    folder: &MemoryFolder,
    clock: &Arc<TestClock>,
    source: impl FingerprintSource + 'static,
) -> Device {
    Device::new(
        Box::new(folder.clone()),
        Arc::<TestClock>::clone(clock),
        Box::new(source),
    )
    .with_test_keys()
    .pretending(Some(Platform::LinuxX86_64), 1)
}

/// Every file of a folder, to be put back later.
pub fn snapshot(folder: &MemoryFolder) -> BTreeMap<String, Vec<u8>> {
    let names = folder.names().into_iter();
    names
        .map(|name| (name.clone(), folder.get(&name).unwrap()))
        .collect()
}

/// The names of the state's copies in a folder.
pub fn states(folder: &MemoryFolder) -> Vec<String> {
    let names = folder.names().into_iter();
    names.filter(|name| name.starts_with("state-")).collect()
}

/// The mark in a state file: the latest time that the device is certain of.
pub fn mark_of(state: &[u8]) -> u64 {
    const OFFSET: usize = 4 + 2 + 8 + 16 + 8;
    u64::from_le_bytes(state[OFFSET..OFFSET + 8].try_into().unwrap())
}
