//! Licences for this very machine, signed with the public test key.

use super::answers::{made, ok};
use super::lend::{bytes, path};
use vultus::licensing::licence::Licence;
use vultus::licensing::request::Request;
use vultus::licensing::testkit;
use vultus_ffi::codes::VULTUS_PART_OEM_SECRET;
use vultus_ffi::licence::device::{
    VULTUS_FORM_BINARY, vultus_device, vultus_device_activate, vultus_device_add_bytes,
    vultus_device_free, vultus_device_install, vultus_device_new, vultus_device_request,
};
use vultus_ffi::licence::grant::vultus_grant;
use vultus_testkit::TempDir;

/// What the maker put into this device.
pub const SECRET: &[u8] = b"a secret of this one door";

/// A device with its folder, and the secret that identifies it.
pub fn device(folder: &TempDir) -> *mut vultus_device {
    // SAFETY: lent texts and memory of this function.
    unsafe {
        let device = made(|out| vultus_device_new(path(folder.path()), out));
        ok(vultus_device_add_bytes(
            device,
            VULTUS_PART_OEM_SECRET,
            bytes(SECRET),
        ));
        device
    }
}

/// The device's request.
pub fn request(device: *const vultus_device) -> Vec<u8> {
    let (mut buffer, mut needed) = (vec![0; 4096], 0);
    // SAFETY: a handle, and memory of this function.
    unsafe {
        ok(vultus_device_request(
            device,
            VULTUS_FORM_BINARY,
            buffer.as_mut_ptr(),
            buffer.len(),
            &raw mut needed,
        ));
    }
    buffer.truncate(needed);
    buffer
}

/// A licence that answers a request: everything, for ever, unless it is changed.
pub fn answer(request: &[u8], change: impl FnOnce(Licence) -> Licence) -> Vec<u8> {
    let licence = testkit::licence_for(Request::parse(request).unwrap()).unwrap();
    testkit::sign(&change(licence))
}

/// A grant of a licence that was asked for, signed and installed.
pub fn grant_of(change: impl FnOnce(Licence) -> Licence) -> *mut vultus_grant {
    let folder = TempDir::new("licence");
    // SAFETY: handles and lent bytes of this function.
    unsafe {
        let device = device(&folder);
        let licence = answer(&request(device), change);
        ok(vultus_device_install(device, bytes(&licence)));
        let grant = made(|out| vultus_device_activate(device, out));
        vultus_device_free(device);
        grant
    }
}
