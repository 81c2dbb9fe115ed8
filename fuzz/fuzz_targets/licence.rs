//! Licences and revocation lists: `vultus_device_install`, `vultus_device_install_revocations`, and what the device
//! says then. A file as it comes ends at its signature; to reach what is behind, the target signs the input with the key
//! of tests.
#![no_main]

use libfuzzer_sys::fuzz_target;
use std::fs;
use std::sync::LazyLock;
use vultus::licensing::testkit::TestKey;
use vultus_ffi::licence::device::*;
use vultus_ffi::licence::grant::vultus_grant_free;
use vultus_fuzz::{answered, bytes, device, folder, sized};

fuzz_target!(|input: &[u8]| {
    let Some((kind, input)) = input.split_first() else {
        return;
    };
    match kind % 4 {
        0 => install(input),
        1 => revoke(input),
        2 => install(&signed(b"VLIC", b"vultus/licence/v1\0", input)),
        _ => revoke(&signed(b"VREV", b"vultus/revocation/v1\0", input)),
    }
});

/// A payload in a frame whose signature holds (docs/licence-format.md).
fn signed(magic: &[u8; 4], context: &[u8], payload: &[u8]) -> Vec<u8> {
    let key = TestKey::current();
    let mut out = magic.to_vec();
    out.extend(1_u16.to_le_bytes());
    out.push(1);
    out.extend(key.id().0);
    out.extend((payload.len() as u32).to_le_bytes());
    out.extend(payload);
    let signature = key.sign(&[context, &out].concat());
    out.extend(signature);
    out
}

static FOLDER: LazyLock<std::path::PathBuf> = LazyLock::new(|| folder("licence"));

/// A device on which nothing is installed.
fn fresh() -> *mut vultus_device {
    for entry in fs::read_dir(&*FOLDER).into_iter().flatten().flatten() {
        let _ = fs::remove_file(entry.path());
    }
    device(&FOLDER)
}

fn install(licence: &[u8]) {
    let device = fresh();
    let mut grant = std::ptr::null_mut();
    let mut says = sized();
    // SAFETY: handles, lent bytes and memory of this function.
    unsafe {
        answered(vultus_device_install(device, bytes(licence)));
        answered(vultus_device_installed(device, &raw mut says));
        answered(vultus_device_activate(device, &raw mut grant));
        vultus_grant_free(grant);
        vultus_device_free(device);
    }
}

fn revoke(list: &[u8]) {
    let device = fresh();
    // SAFETY: a handle and lent bytes of this function.
    unsafe {
        answered(vultus_device_install_revocations(device, bytes(list)));
        vultus_device_free(device);
    }
}
