//! A device: from a request to a grant.

use super::grant::{LicenceFacts, vultus_grant, vultus_licence};
use crate::fence::fence;
use crate::handle::{OutHandle, exclusive, free, object, shared};
use crate::logging;
use crate::misuse::Misuse;
use crate::pod::OutStruct;
use crate::strings::{OutBytes, path, vultus_bytes, vultus_str};
use std::path::PathBuf;
use vultus::error::Result;
use vultus::licensing::device::Device;
use vultus::licensing::fingerprint::{ComponentKind, FingerprintSource, Given, SecurityLevel};

/// A request in binary form, for `vultus_device_request`.
pub const VULTUS_FORM_BINARY: u32 = 1;
/// A request as text between BEGIN and END lines, for mail, paste and QR codes.
pub const VULTUS_FORM_TEXT: u32 = 2;

/// MediaDrm's hardware level, for `vultus_device_add_media_drm`.
pub const VULTUS_MEDIA_DRM_L1: u32 = 1;
/// MediaDrm's software level: the one to ask for, because every device has it.
pub const VULTUS_MEDIA_DRM_L3: u32 = 3;

/// This device: its folder for licence and state, and what the host adds to its fingerprint.
#[derive(Debug)]
pub struct vultus_device {
    _private: (),
}

/// What the host said about the device: its folders, and parts of its fingerprint.
pub(crate) struct DeviceSetup {
    folder: PathBuf,
    second: Option<PathBuf>,
    given: Given,
}

object!(
    vultus_device,
    DeviceSetup,
    b"vultDEVI",
    Shared,
    Exclusive,
    Owned
);

impl DeviceSetup {
    /// Opens the device's folders. The licence and the parts of the device are read as they are now.
    #[cfg(any(target_os = "linux", target_os = "android"))]
    pub(super) fn open(&self) -> Result<Device> {
        use vultus::licensing::storage::Folder;
        let mut device = Device::here(&self.folder)?.with_source(Box::new(self.given.clone()));
        if let Some(second) = &self.second {
            device = device.with_second_storage(Box::new(Folder::create(second)?));
        }
        #[cfg(feature = "test-keys")]
        let device = device.with_test_keys();
        Ok(device)
    }

    #[cfg(not(any(target_os = "linux", target_os = "android")))]
    pub(super) fn open(&self) -> Result<Device> {
        Err(Misuse::NoLicences.into())
    }

    /// Adds a value to the fingerprint. One that identifies no device is refused.
    fn add(&mut self, add: impl FnOnce(Given) -> Given) -> Result<()> {
        let before = self.given.collect().refused.len();
        let more = add(self.given.clone());
        if let Some(refused) = more.collect().refused.get(before) {
            return Err(Misuse::Junk { why: refused.why }.into());
        }
        self.given = more;
        Ok(())
    }
}

/// This device, with its licence and state in a folder, which is made where it is missing.
///
/// The folder must survive restarts and belong to the program's user; several processes may use one.
/// Nothing is read before a function needs it.
///
/// Errors: VULTUS_ERROR_INVALID_PARAMETER for an empty path.
///
/// ```c
/// vultus_device *device = NULL;
/// int32_t code = vultus_device_new(vultus_str_of("/var/lib/vultus"), &device);
/// ```
#[unsafe(no_mangle)]
pub unsafe extern "C" fn vultus_device_new(
    folder: vultus_str,
    out: *mut *mut vultus_device,
) -> i32 {
    fence(|| {
        // SAFETY: as the header's first page asks of inputs and outputs.
        let (folder, out) = unsafe { (folder.get("folder")?, OutHandle::at(out, "out")?) };
        out.give(DeviceSetup {
            folder: path(folder, "folder")?,
            second: None,
            given: Given::new(),
        });
        Ok(())
    })
}

/// Frees a device; NULL is fine. Grants made of it stay.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn vultus_device_free(device: *mut vultus_device) {
    // SAFETY: as the header's first page asks of handles.
    fence::<()>(|| unsafe { free(device, "device") });
}

/// Keeps the second copy of a trial's state in another folder, best on another partition.
///
/// Errors: VULTUS_ERROR_INVALID_PARAMETER for an empty path.
///
/// ```c
/// code = vultus_device_set_second_folder(device, vultus_str_of("/persist/vultus"));
/// ```
#[unsafe(no_mangle)]
pub unsafe extern "C" fn vultus_device_set_second_folder(
    device: *mut vultus_device,
    folder: vultus_str,
) -> i32 {
    fence(|| {
        // SAFETY: as the header's first page asks of handles and inputs.
        let (mut device, folder) = unsafe { (exclusive(device, "device")?, folder.get("folder")?) };
        device.second = Some(path(folder, "folder")?);
        Ok(())
    })
}

/// Adds a part of the fingerprint that the host knows as text, such as a serial number or
/// `ANDROID_ID`.
///
/// `kind` is one of VULTUS_PART_*. What /proc, /sys and the device tree contain is read without this.
///
/// Errors: VULTUS_ERROR_INVALID_PARAMETER for a kind that does not exist or a value that identifies
/// no device: zeros, placeholders, local addresses.
///
/// ```c
/// code = vultus_device_add_text(device, VULTUS_PART_ANDROID_SERIAL, vultus_str_of(serial));
/// ```
#[unsafe(no_mangle)]
pub unsafe extern "C" fn vultus_device_add_text(
    device: *mut vultus_device,
    kind: u32,
    value: vultus_str,
) -> i32 {
    fence(|| {
        // SAFETY: as the header's first page asks of handles and inputs.
        let (mut device, value) = unsafe { (exclusive(device, "device")?, value.get("value")?) };
        let kind = part_kind(kind)?;
        device.add(|given| given.text(kind, value))
    })
}

/// Adds a part of the fingerprint that is bytes: above all VULTUS_PART_OEM_SECRET, 16 to 512 bytes
/// that the maker put into a TEE, a crypto chip or one-time programmable memory of this device
/// alone.
///
/// Errors: as `vultus_device_add_text`.
///
/// ```c
/// vultus_bytes secret = { chip_secret, sizeof chip_secret };
/// code = vultus_device_add_bytes(device, VULTUS_PART_OEM_SECRET, secret);
/// ```
#[unsafe(no_mangle)]
pub unsafe extern "C" fn vultus_device_add_bytes(
    device: *mut vultus_device,
    kind: u32,
    value: vultus_bytes,
) -> i32 {
    fence(|| {
        // SAFETY: as the header's first page asks of handles and inputs.
        let (mut device, value) = unsafe { (exclusive(device, "device")?, value.get("value")?) };
        let kind = part_kind(kind)?;
        device.add(|given| given.bytes(kind, value))
    })
}

/// Adds Android's `MediaDrm.PROPERTY_DEVICE_UNIQUE_ID` and the security level at which it was read,
/// VULTUS_MEDIA_DRM_L1 or VULTUS_MEDIA_DRM_L3: the id differs between them.
///
/// Errors: as `vultus_device_add_text`.
///
/// ```c
/// vultus_bytes id = { media_drm_id, 32 };
/// code = vultus_device_add_media_drm(device, VULTUS_MEDIA_DRM_L3, id);
/// ```
#[unsafe(no_mangle)]
pub unsafe extern "C" fn vultus_device_add_media_drm(
    device: *mut vultus_device,
    level: u32,
    id: vultus_bytes,
) -> i32 {
    fence(|| {
        // SAFETY: as the header's first page asks of handles and inputs.
        let (mut device, id) = unsafe { (exclusive(device, "device")?, id.get("id")?) };
        let level = match level {
            VULTUS_MEDIA_DRM_L1 => SecurityLevel::L1,
            VULTUS_MEDIA_DRM_L3 => SecurityLevel::L3,
            other => return Err(Misuse::choice("level", other, "1 and 3").into()),
        };
        device.add(|given| given.media_drm(level, id))
    })
}

/// The request to send to the vendor, as VULTUS_FORM_BINARY or VULTUS_FORM_TEXT. The text has no NUL
/// at its end.
///
/// Asking again gives a request that the same licence answers. It holds hashes of the device's
/// parts, never their values.
///
/// Errors: VULTUS_ERROR_FINGERPRINT_TOO_WEAK when the device cannot be distinguished from others of its
/// model, VULTUS_ERROR_INVALID_PARAMETER on a platform that licences are not sold for,
/// VULTUS_ERROR_STATE_NOT_WRITABLE, VULTUS_ERROR_BUFFER_TOO_SMALL.
///
/// ```c
/// uint8_t request[4096];
/// size_t needed;
/// code = vultus_device_request(device, VULTUS_FORM_TEXT, request, sizeof request, &needed);
/// ```
#[unsafe(no_mangle)]
pub unsafe extern "C" fn vultus_device_request(
    device: *const vultus_device,
    form: u32,
    buffer: *mut u8,
    capacity: usize,
    needed: *mut usize,
) -> i32 {
    fence(|| {
        // SAFETY: as the header's first page asks of handles and outputs.
        let (device, out) = unsafe {
            (
                shared(device, "device")?,
                OutBytes::at(buffer, capacity, needed)?,
            )
        };
        let request = match form {
            VULTUS_FORM_BINARY => device.open()?.request()?.to_bytes()?,
            VULTUS_FORM_TEXT => device.open()?.request()?.to_text()?.into_bytes(),
            other => return Err(Misuse::choice("form", other, "1 and 2").into()),
        };
        out.put(&request)
    })
}

/// Installs a licence, in binary or text form. Installing it again is fine, also after the device was
/// flashed again.
///
/// Errors: any of the licence family, 100 to 199; the licence that was installed before is kept then.
///
/// ```c
/// vultus_bytes licence = { file, file_length };
/// code = vultus_device_install(device, licence);
/// ```
#[unsafe(no_mangle)]
pub unsafe extern "C" fn vultus_device_install(
    device: *const vultus_device,
    licence: vultus_bytes,
) -> i32 {
    fence(|| {
        // SAFETY: as the header's first page asks of handles and inputs.
        let (device, licence) = unsafe { (shared(device, "device")?, licence.get("licence")?) };
        device.open()?.install(licence)?;
        Ok(())
    })
}

/// Installs a revocation list of the vendor, in binary or text form. The same list again is fine.
///
/// Errors: VULTUS_ERROR_REVOCATION_LIST_ROLLBACK for an older list than one that the device has
/// seen, or as `vultus_device_install`.
///
/// ```c
/// vultus_bytes list = { file, file_length };
/// code = vultus_device_install_revocations(device, list);
/// ```
#[unsafe(no_mangle)]
pub unsafe extern "C" fn vultus_device_install_revocations(
    device: *const vultus_device,
    list: vultus_bytes,
) -> i32 {
    fence(|| {
        // SAFETY: as the header's first page asks of handles and inputs.
        let (device, list) = unsafe { (shared(device, "device")?, list.get("list")?) };
        device.open()?.install_revocations(list)?;
        Ok(())
    })
}

/// What the installed licence says, verified, whether or not it is this device's and still holds:
/// for a service screen. `vultus_device_activate` says whether it opens the SDK.
///
/// Errors: VULTUS_ERROR_LICENCE_MISSING, or why the file cannot be trusted.
///
/// ```c
/// vultus_licence licence = {0};
/// licence.struct_size = sizeof licence;
/// code = vultus_device_installed(device, &licence);
/// ```
#[unsafe(no_mangle)]
pub unsafe extern "C" fn vultus_device_installed(
    device: *const vultus_device,
    licence: *mut vultus_licence,
) -> i32 {
    fence(|| {
        // SAFETY: as the header's first page asks of handles and outputs.
        let (device, out) = unsafe {
            (
                shared(device, "device")?,
                OutStruct::at(licence, "licence")?,
            )
        };
        let signed = device.open()?.installed()?;
        out.set(LicenceFacts::of(signed.licence()).into());
        Ok(())
    })
}

/// Checks the installed licence against this device and gives the right to run.
///
/// Errors: any of the licence family, 100 to 199; each has one cause, so that the host can show the right
/// screen for each.
///
/// ```c
/// vultus_grant *grant = NULL;
/// code = vultus_device_activate(device, &grant);
/// if (code == VULTUS_ERROR_LICENCE_MISSING)
///     show_request_as_qr_code();
/// ```
#[unsafe(no_mangle)]
pub unsafe extern "C" fn vultus_device_activate(
    device: *const vultus_device,
    out: *mut *mut vultus_grant,
) -> i32 {
    fence(|| {
        // SAFETY: as the header's first page asks of handles and outputs.
        let (device, out) = unsafe { (shared(device, "device")?, OutHandle::at(out, "out")?) };
        let grant = device.open()?.activate()?;
        for warning in grant.warnings() {
            logging::warning(|| warning.to_string());
        }
        out.give(grant);
        Ok(())
    })
}

fn part_kind(kind: u32) -> Result<ComponentKind> {
    let code = u8::try_from(kind).ok();
    let known = code.and_then(ComponentKind::from_code);
    Ok(known.ok_or(Misuse::choice("kind", kind, "the VULTUS_PART_ constants"))?)
}
