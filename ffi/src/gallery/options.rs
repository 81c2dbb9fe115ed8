//! What a gallery is made or opened with.

use crate::fence::fence;
use crate::handle::{OutHandle, exclusive, free, object, shared};
use crate::licence::grant::vultus_grant;
use crate::misuse::Misuse;
use crate::numbers::flag;
use crate::strings::{path, vultus_bytes, vultus_str};
use std::path::PathBuf;
use vultus::error::Result;
use vultus::gallery::Limits;
use vultus::gallery::store::{Access, Anchor, FileStorage, Opening, Secret, Storage};

/// What a gallery is made or opened with.
#[derive(Debug)]
pub struct vultus_gallery_options {
    _private: (),
}

/// The options that were set so far.
#[derive(Default)]
pub(crate) struct GalleryOptions {
    path: Option<PathBuf>,
    secret: Option<Secret>,
    binding: Option<[u8; 32]>,
    pub(super) opening: Opening,
    pub(super) limits: Limits,
}

object!(
    vultus_gallery_options,
    GalleryOptions,
    b"vultGALO",
    Shared,
    Exclusive,
    Owned
);

impl GalleryOptions {
    pub(super) fn storage(&self) -> Result<Box<dyn Storage>> {
        let name = "the gallery's path (vultus_gallery_options_set_path)";
        let path = self.path.clone().ok_or(Misuse::NotSet { name })?;
        Ok(Box::new(FileStorage::new(path)))
    }

    pub(super) fn secret(&self) -> Result<Secret> {
        let name = "the gallery's secret (vultus_gallery_options_set_secret)";
        let secret = self.secret.clone().ok_or(Misuse::NotSet { name })?;
        Ok(match &self.binding {
            None => secret,
            Some(binding) => secret.bound_to(binding),
        })
    }
}

/// Options with their defaults: for writing, no anchor, the default limits. Path and secret have
/// none and must be set.
///
/// ```c
/// vultus_gallery_options *options = NULL;
/// code = vultus_gallery_options_new(&options);
/// code = vultus_gallery_options_set_path(options, vultus_str_of("/data/staff.gallery"));
/// vultus_bytes secret = { key_from_tee, 32 };
/// code = vultus_gallery_options_set_secret(options, secret);
/// ```
#[unsafe(no_mangle)]
pub unsafe extern "C" fn vultus_gallery_options_new(out: *mut *mut vultus_gallery_options) -> i32 {
    fence(|| {
        // SAFETY: as the header's first page asks of outputs.
        unsafe { OutHandle::at(out, "out")? }.give(GalleryOptions::default());
        Ok(())
    })
}

/// Frees options and wipes the secret in them; NULL is fine.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn vultus_gallery_options_free(options: *mut vultus_gallery_options) {
    // SAFETY: as the header's first page asks of handles.
    fence::<()>(|| unsafe { free(options, "options") });
}

/// Sets the gallery's file.
///
/// Errors: VULTUS_ERROR_INVALID_PARAMETER for an empty path.
///
/// ```c
/// code = vultus_gallery_options_set_path(options, vultus_str_of("/data/staff.gallery"));
/// ```
#[unsafe(no_mangle)]
pub unsafe extern "C" fn vultus_gallery_options_set_path(
    options: *mut vultus_gallery_options,
    file: vultus_str,
) -> i32 {
    fence(|| {
        // SAFETY: as the header's first page asks of handles and inputs.
        let (mut options, file) = unsafe { (exclusive(options, "options")?, file.get("file")?) };
        options.path = Some(path(file, "file")?);
        Ok(())
    })
}

/// Sets the 32 bytes that encrypt the gallery: random ones that the host keeps in a TEE or Keystore, never
/// a password. Without them the gallery cannot be opened any more; destroying every copy of them erases it.
///
/// Errors: VULTUS_ERROR_INVALID_PARAMETER for another length.
///
/// ```c
/// vultus_bytes secret = { key_from_tee, 32 };
/// code = vultus_gallery_options_set_secret(options, secret);
/// ```
#[unsafe(no_mangle)]
pub unsafe extern "C" fn vultus_gallery_options_set_secret(
    options: *mut vultus_gallery_options,
    secret: vultus_bytes,
) -> i32 {
    fence(|| {
        // SAFETY: as the header's first page asks of handles and inputs.
        let (mut options, secret) =
            unsafe { (exclusive(options, "options")?, secret.get_array("secret")?) };
        options.secret = Some(Secret::new(*secret));
        Ok(())
    })
}

/// Binds the gallery to a licence: it then opens with secret and licence together.
///
/// ```c
/// code = vultus_gallery_options_bind(options, grant);
/// ```
#[unsafe(no_mangle)]
pub unsafe extern "C" fn vultus_gallery_options_bind(
    options: *mut vultus_gallery_options,
    grant: *const vultus_grant,
) -> i32 {
    fence(|| {
        // SAFETY: as the header's first page asks of handles.
        let (mut options, grant) =
            unsafe { (exclusive(options, "options")?, shared(grant, "grant")?) };
        options.binding = Some(*grant.gallery_binding());
        Ok(())
    })
}

/// 1 to open the gallery for reading only; by default 0.
///
/// Errors: VULTUS_ERROR_INVALID_PARAMETER for another number.
///
/// ```c
/// code = vultus_gallery_options_set_read_only(options, 1);
/// ```
#[unsafe(no_mangle)]
pub unsafe extern "C" fn vultus_gallery_options_set_read_only(
    options: *mut vultus_gallery_options,
    read_only: u32,
) -> i32 {
    fence(|| {
        // SAFETY: as the header's first page asks of handles.
        let mut options = unsafe { exclusive(options, "options")? };
        options.opening.access = match flag(read_only, "read_only")? {
            true => Access::Read,
            false => Access::Write,
        };
        Ok(())
    })
}

/// Sets the latest state that the host has seen, VULTUS_ANCHOR_BYTES bytes of `vultus_gallery_anchor`: an
/// older file is refused when the gallery is opened.
///
/// Errors: VULTUS_ERROR_INVALID_PARAMETER for another length.
///
/// ```c
/// vultus_bytes anchor = { anchor_from_tee, VULTUS_ANCHOR_BYTES };
/// code = vultus_gallery_options_set_anchor(options, anchor);
/// ```
#[unsafe(no_mangle)]
pub unsafe extern "C" fn vultus_gallery_options_set_anchor(
    options: *mut vultus_gallery_options,
    anchor: vultus_bytes,
) -> i32 {
    fence(|| {
        // SAFETY: as the header's first page asks of handles and inputs.
        let (mut options, anchor) =
            unsafe { (exclusive(options, "options")?, anchor.get_array("anchor")?) };
        options.opening.anchor = Some(Anchor::from_bytes(anchor));
        Ok(())
    })
}

/// Sets how much the gallery may hold: by default 100,000 groups, 3,000,000 faces a group and 1,000,000
/// faces; at most 10,000,000 faces. A licence may allow fewer faces.
///
/// Errors: VULTUS_ERROR_INVALID_PARAMETER naming the limit.
///
/// ```c
/// code = vultus_gallery_options_set_limits(options, 100, 20000, 50000);
/// ```
#[unsafe(no_mangle)]
pub unsafe extern "C" fn vultus_gallery_options_set_limits(
    options: *mut vultus_gallery_options,
    groups: u32,
    faces_per_group: u32,
    faces: u32,
) -> i32 {
    fence(|| {
        // SAFETY: as the header's first page asks of handles.
        let mut options = unsafe { exclusive(options, "options")? };
        options.limits = Limits::new(groups as usize, faces_per_group as usize, faces as usize)?;
        Ok(())
    })
}
