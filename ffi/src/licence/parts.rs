//! The fingerprint: which parts identify this device.

use super::device::vultus_device;
use crate::fence::fence;
use crate::handle::shared;
use crate::misuse::Misuse;
use crate::pod::{OutList, pod};
use crate::strings::{OutText, copy_name};
use std::ffi::c_char;
use vultus::licensing::fingerprint::{Component, ComponentKind, Refused};

/// A part of the device that its fingerprint consists of, or that was offered and refused.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct vultus_part {
    /// `sizeof(vultus_part)`, set by the caller in the first entry of an array.
    pub struct_size: u32,
    /// VULTUS_PART_*.
    pub kind: u32,
    /// How much a match counts, 1 to 4; 0 for a part that was refused.
    pub weight: u32,
    /// 1 when it is burned into hardware: at least one such part must match.
    pub is_anchor: u32,
    /// 1 when the device's owner can write it: such parts alone never suffice.
    pub is_owner_writable: u32,
    /// 1 when its value identifies no device and does not count.
    pub is_refused: u32,
    /// The kind's name, such as `emmc-cid`; NUL-terminated.
    pub name: [c_char; 24],
    /// Why it was refused, in English; else empty.
    pub why: [c_char; 40],
}
pod!(vultus_part {
    kind: 0,
    weight: 0,
    is_anchor: 0,
    is_owner_writable: 0,
    is_refused: 0,
    name: [0; 24],
    why: [0; 40],
});

impl vultus_part {
    fn of(kind: ComponentKind) -> Self {
        Self {
            kind: u32::from(kind.code()),
            is_anchor: u32::from(kind.is_anchor()),
            is_owner_writable: u32::from(kind.is_owner_writable()),
            name: copy_name(kind.name()),
            ..Self::default()
        }
    }

    fn usable(component: &Component) -> Self {
        Self {
            weight: u32::from(component.weight()),
            ..Self::of(component.kind())
        }
    }

    fn refused(refused: &Refused) -> Self {
        Self {
            is_refused: 1,
            why: copy_name(&refused.why.to_string()),
            ..Self::of(refused.kind)
        }
    }
}

/// The device's fingerprint: the parts that count, then those that were refused. The values of the parts
/// are not given.
///
/// Errors: VULTUS_ERROR_BUFFER_TOO_SMALL; VULTUS_ERROR_STATE_NOT_READABLE where the device's folder
/// cannot be made.
///
/// ```c
/// vultus_part parts[32] = {{0}};
/// size_t count;
/// parts[0].struct_size = sizeof parts[0];
/// code = vultus_device_parts(device, parts, 32, &count);
/// ```
#[unsafe(no_mangle)]
pub unsafe extern "C" fn vultus_device_parts(
    device: *const vultus_device,
    parts: *mut vultus_part,
    capacity: usize,
    count: *mut usize,
) -> i32 {
    fence(|| {
        // SAFETY: as the header's first page asks of handles and outputs.
        let (device, out) = unsafe {
            (
                shared(device, "device")?,
                OutList::at(parts, capacity, count, "parts")?,
            )
        };
        let found = device.open()?.collect();
        let usable = found.components.iter().map(vultus_part::usable);
        let refused = found.refused.iter().map(vultus_part::refused);
        let all: Vec<vultus_part> = usable.chain(refused).collect();
        out.put(all.into_iter())
    })
}

/// How the installed licence fits this device, part by part, as one line of English: for a person who
/// replaced a board and wants to know why the licence is refused.
///
/// Errors: VULTUS_ERROR_LICENCE_MISSING, or why the file cannot be trusted;
/// VULTUS_ERROR_BUFFER_TOO_SMALL.
///
/// ```c
/// char text[1024];
/// size_t needed;
/// if (vultus_device_explain(device, text, sizeof text, &needed) == VULTUS_OK)
///     show(text);
/// ```
#[unsafe(no_mangle)]
pub unsafe extern "C" fn vultus_device_explain(
    device: *const vultus_device,
    text: *mut c_char,
    capacity: usize,
    needed: *mut usize,
) -> i32 {
    fence(|| {
        // SAFETY: as the header's first page asks of handles and outputs.
        let (device, out) = unsafe {
            (
                shared(device, "device")?,
                OutText::at(text, capacity, needed)?,
            )
        };
        out.put(&device.open()?.explain_installed()?.to_string())
    })
}

/// The name of a kind of part, such as `emmc-cid`.
///
/// Errors: VULTUS_ERROR_INVALID_PARAMETER for a kind that does not exist;
/// VULTUS_ERROR_BUFFER_TOO_SMALL.
///
/// ```c
/// char name[32];
/// size_t needed;
/// code = vultus_part_name(VULTUS_PART_EMMC_CID, name, sizeof name, &needed);
/// ```
#[unsafe(no_mangle)]
pub unsafe extern "C" fn vultus_part_name(
    kind: u32,
    text: *mut c_char,
    capacity: usize,
    needed: *mut usize,
) -> i32 {
    fence(|| {
        // SAFETY: as the header's first page asks of outputs.
        let out = unsafe { OutText::at(text, capacity, needed)? };
        let known = u8::try_from(kind).ok().and_then(ComponentKind::from_code);
        let known = known.ok_or(Misuse::choice("kind", kind, "the VULTUS_PART_ constants"))?;
        out.put(known.name())
    })
}
