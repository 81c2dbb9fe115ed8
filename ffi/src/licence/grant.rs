//! The right to run, and what it says.

use crate::fence::fence;
use crate::handle::{OutHandle, free, object, shared};
use crate::misuse::Misuse;
use crate::output::copy_array;
use crate::pod::{OutStruct, pod};
use crate::strings::OutText;
use std::ffi::c_char;
use vultus::licensing::capability::Capability;
use vultus::licensing::grant::Grant;
use vultus::licensing::licence::{Licence, Term};

/// The licence allows to find faces and to measure their quality.
pub const VULTUS_CAPABILITY_DETECT: u32 = 1;
/// The licence allows liveness by infrared frames.
pub const VULTUS_CAPABILITY_LIVE_INFRARED: u32 = 2;
/// The licence allows liveness by depth frames of structured light.
pub const VULTUS_CAPABILITY_LIVE_STRUCTURED_LIGHT: u32 = 4;
/// The licence allows liveness by colour frames alone.
pub const VULTUS_CAPABILITY_LIVE_MONOCULAR: u32 = 8;
/// The licence allows to compare faces and to search galleries.
pub const VULTUS_CAPABILITY_RECOGNISE: u32 = 16;

/// Tier of a licence: detection and quality.
pub const VULTUS_TIER_DETECT: u32 = 1;
/// Tier of a licence: detection and liveness of the kinds that were bought.
pub const VULTUS_TIER_LIVENESS: u32 = 2;
/// Tier of a licence: everything, with 1:1 and 1:N.
pub const VULTUS_TIER_RECOGNISE: u32 = 3;

/// The right to run the SDK. Threads may share it; it may be freed while an SDK is open.
#[derive(Debug)]
pub struct vultus_grant {
    _private: (),
}

object!(vultus_grant, Grant, b"vultGRAN", Shared, Owned);

/// What a licence says.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct vultus_licence {
    /// `sizeof(vultus_licence)`, set by the caller.
    pub struct_size: u32,
    /// VULTUS_TIER_DETECT, VULTUS_TIER_LIVENESS or VULTUS_TIER_RECOGNISE.
    pub tier: u32,
    /// What the device may do: VULTUS_CAPABILITY_* added up.
    pub capabilities: u32,
    /// 1 for a trial, 0 for a licence that does not end.
    pub is_trial: u32,
    /// When it was issued, in seconds since 1970 UTC.
    pub issued_at: u64,
    /// First second at which a trial is over; 0 for a licence that does not end.
    pub expires_at: u64,
    /// Seconds that are left of a trial, by what the device knows of time; 0 after its end, and for a
    /// licence that does not end. From `vultus_device_installed`, which does not know it, 0.
    pub seconds_left: u64,
    /// Most faces in a gallery; 0 where the licence sets no limit.
    pub gallery_max: u32,
    /// How many warnings `vultus_grant_warning` has; 0 from `vultus_device_installed`.
    pub warnings: u32,
    /// Identifies the licence, for the vendor.
    pub licence_id: [u8; 16],
}
pod!(vultus_licence {
    tier: 0,
    capabilities: 0,
    is_trial: 0,
    issued_at: 0,
    expires_at: 0,
    seconds_left: 0,
    gallery_max: 0,
    warnings: 0,
    licence_id: [0; 16],
});

/// What a licence says, before it becomes the caller's struct.
pub(super) struct LicenceFacts(vultus_licence);

impl LicenceFacts {
    pub(super) fn of(licence: &Licence) -> Self {
        let expires_at = match licence.term {
            Term::Permanent => None,
            Term::Trial { expires_at } => Some(expires_at.0),
        };
        let capabilities = licence.capabilities();
        Self(vultus_licence {
            tier: u32::from(licence.tier.code()),
            capabilities: capabilities.iter().map(bit).sum(),
            is_trial: u32::from(expires_at.is_some()),
            issued_at: licence.issued_at.0,
            expires_at: expires_at.unwrap_or(0),
            gallery_max: licence.gallery_max.unwrap_or(0),
            licence_id: licence.licence_id.0,
            ..vultus_licence::default()
        })
    }
}

impl From<LicenceFacts> for vultus_licence {
    fn from(facts: LicenceFacts) -> Self {
        facts.0
    }
}

fn bit(capability: Capability) -> u32 {
    match capability {
        Capability::Detect => VULTUS_CAPABILITY_DETECT,
        Capability::LiveInfrared => VULTUS_CAPABILITY_LIVE_INFRARED,
        Capability::LiveStructuredLight => VULTUS_CAPABILITY_LIVE_STRUCTURED_LIGHT,
        Capability::LiveMonocular => VULTUS_CAPABILITY_LIVE_MONOCULAR,
        Capability::Recognise => VULTUS_CAPABILITY_RECOGNISE,
    }
}

/// Frees a grant; NULL is fine. An SDK that was opened with it keeps working.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn vultus_grant_free(grant: *mut vultus_grant) {
    // SAFETY: as the header's first page asks of handles.
    fence::<()>(|| unsafe { free(grant, "grant") });
}

/// What was licensed, and how much of a trial is left.
///
/// Errors: where a trial's time is not known, the reason, such as VULTUS_ERROR_CLOCK_UNREADABLE or
/// VULTUS_ERROR_STATE_FOREIGN.
///
/// ```c
/// vultus_licence licence = {0};
/// licence.struct_size = sizeof licence;
/// if (vultus_grant_licence(grant, &licence) == VULTUS_OK && licence.is_trial)
///     printf("%" PRIu64 " days left\n", licence.seconds_left / 86400);
/// ```
#[unsafe(no_mangle)]
pub unsafe extern "C" fn vultus_grant_licence(
    grant: *const vultus_grant,
    licence: *mut vultus_licence,
) -> i32 {
    fence(|| {
        // SAFETY: as the header's first page asks of handles and outputs.
        let (grant, out) = unsafe { (shared(grant, "grant")?, OutStruct::at(licence, "licence")?) };
        let licence = grant.licence().ok_or(Misuse::NotSet { name: "licence" })?;
        out.set(vultus_licence {
            seconds_left: grant.seconds_left()?.unwrap_or(0),
            warnings: grant.warnings().len() as u32,
            ..LicenceFacts::of(licence).0
        });
        Ok(())
    })
}

/// A warning. It does not stop the device, but should be shown to its operator: parts that were replaced, a
/// state that cannot be written, a clock that is behind, a trial that ends soon.
///
/// Errors: VULTUS_ERROR_INVALID_PARAMETER for an index beyond `warnings` of `vultus_grant_licence`;
/// VULTUS_ERROR_BUFFER_TOO_SMALL.
///
/// ```c
/// char text[256];
/// size_t needed;
/// for (uint32_t i = 0; i < licence.warnings; i++)
///     if (vultus_grant_warning(grant, i, text, sizeof text, &needed) == VULTUS_OK)
///         show(text);
/// ```
#[unsafe(no_mangle)]
pub unsafe extern "C" fn vultus_grant_warning(
    grant: *const vultus_grant,
    index: u32,
    text: *mut c_char,
    capacity: usize,
    needed: *mut usize,
) -> i32 {
    fence(|| {
        // SAFETY: as the header's first page asks of handles and outputs.
        let (grant, out) = unsafe {
            (
                shared(grant, "grant")?,
                OutText::at(text, capacity, needed)?,
            )
        };
        let warnings = grant.warnings();
        let warning = warnings.get(index as usize);
        let warning = warning.ok_or(Misuse::index(index, warnings.len()))?;
        out.put(&warning.to_string())
    })
}

/// Whether the grant is still valid. For a licence that does not end it always is; for a trial this
/// function reads the stored state.
///
/// Errors: VULTUS_ERROR_LICENCE_EXPIRED, or the reason why a trial's time is not known.
///
/// ```c
/// if (vultus_grant_check(grant) == VULTUS_ERROR_LICENCE_EXPIRED)
///     show("the trial is over");
/// ```
#[unsafe(no_mangle)]
pub unsafe extern "C" fn vultus_grant_check(grant: *const vultus_grant) -> i32 {
    fence(|| {
        // SAFETY: as the header's first page asks of handles.
        let grant = unsafe { shared(grant, "grant")? };
        Ok(grant.check_now()?)
    })
}

/// Copies 32 bytes that may be mixed into a gallery's secret, so that the gallery opens with this
/// licence alone (`vultus_gallery_options_bind`).
///
/// They stay the same for a licence that does not end. A trial that loses its state gets other bytes: keep
/// these, or export the gallery before the trial ends.
///
/// ```c
/// uint8_t binding[32];
/// code = vultus_grant_gallery_binding(grant, binding);
/// ```
#[unsafe(no_mangle)]
pub unsafe extern "C" fn vultus_grant_gallery_binding(
    grant: *const vultus_grant,
    binding: *mut u8,
) -> i32 {
    fence(|| {
        // SAFETY: as the header's first page asks of handles.
        let grant = unsafe { shared(grant, "grant")? };
        let bytes = grant.gallery_binding();
        // SAFETY: as the header's first page asks of outputs: 32 bytes.
        unsafe { copy_array(bytes, binding, "binding") }
    })
}

/// Another handle to the same grant.
///
/// ```c
/// vultus_grant *mine = NULL;
/// code = vultus_grant_clone(grant, &mine);
/// ```
#[unsafe(no_mangle)]
pub unsafe extern "C" fn vultus_grant_clone(
    grant: *const vultus_grant,
    out: *mut *mut vultus_grant,
) -> i32 {
    fence(|| {
        // SAFETY: as the header's first page asks of handles and outputs.
        let (grant, out) = unsafe { (shared(grant, "grant")?, OutHandle::at(out, "out")?) };
        out.give(Grant::clone(&grant));
        Ok(())
    })
}
