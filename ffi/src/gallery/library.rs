//! The gallery as a whole: making, opening, counting, and its file.

use super::options::vultus_gallery_options;
use crate::fence::fence;
use crate::handle::{OutHandle, free, object, shared};
use crate::logging;
use crate::output::copy_array;
use crate::pod::{OutStruct, pod};
use crate::strings::{OutBytes, vultus_bytes};
use vultus::gallery::store::Secret;
use vultus::gallery::{FaceId, Gallery};

/// Bytes of an anchor.
pub const VULTUS_ANCHOR_BYTES: u32 = 56;

/// An open gallery. All threads share it: changes wait for one another, and are on disk before any search
/// or list shows them; searches and lists wait for nothing.
#[derive(Debug)]
pub struct vultus_gallery {
    _private: (),
}

object!(vultus_gallery, Gallery, b"vultGALL", Shared, Owned);

/// How much a gallery holds.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct vultus_gallery_counts {
    /// `sizeof(vultus_gallery_counts)`, set by the caller.
    pub struct_size: u32,
    /// Groups.
    pub groups: u32,
    /// Persons; one in several groups counts once.
    pub persons: u32,
    /// Faces; one in several groups counts once.
    pub faces: u32,
}
pod!(vultus_gallery_counts {
    groups: 0,
    persons: 0,
    faces: 0
});

/// Makes an empty gallery in a new file. No licence is needed.
///
/// Errors: VULTUS_ERROR_INVALID_PARAMETER when path or secret are not set; VULTUS_ERROR_GALLERY_EXISTS; 408
/// and 409 for errors of the disk.
///
/// ```c
/// vultus_gallery *gallery = NULL;
/// code = vultus_gallery_open(options, &gallery);
/// if (code == VULTUS_ERROR_GALLERY_MISSING)
///     code = vultus_gallery_create(options, &gallery);
/// vultus_gallery_options_free(options);
/// ```
#[unsafe(no_mangle)]
pub unsafe extern "C" fn vultus_gallery_create(
    options: *const vultus_gallery_options,
    out: *mut *mut vultus_gallery,
) -> i32 {
    fence(|| {
        // SAFETY: as the header's first page asks of handles and outputs.
        let (options, out) = unsafe { (shared(options, "options")?, OutHandle::at(out, "out")?) };
        let (storage, secret) = (options.storage()?, options.secret()?);
        out.give(Gallery::create(storage, &secret, options.limits)?);
        Ok(())
    })
}

/// Opens a gallery and loads everything that is searched. No licence is needed: its owner can always list,
/// export and delete what it holds.
///
/// Errors: VULTUS_ERROR_GALLERY_MISSING, VULTUS_ERROR_GALLERY_SECRET_WRONG,
/// VULTUS_ERROR_GALLERY_CORRUPT, VULTUS_ERROR_GALLERY_ROLLED_BACK, VULTUS_ERROR_GALLERY_IN_USE and
/// the others of 400 to 410; VULTUS_ERROR_INVALID_PARAMETER when path or secret are not set.
///
/// ```c
/// vultus_gallery *gallery = NULL;
/// code = vultus_gallery_open(options, &gallery);
/// if (code == VULTUS_ERROR_GALLERY_SECRET_WRONG)
///     show("another device's gallery");
/// ```
#[unsafe(no_mangle)]
pub unsafe extern "C" fn vultus_gallery_open(
    options: *const vultus_gallery_options,
    out: *mut *mut vultus_gallery,
) -> i32 {
    fence(|| {
        // SAFETY: as the header's first page asks of handles and outputs.
        let (options, out) = unsafe { (shared(options, "options")?, OutHandle::at(out, "out")?) };
        let (storage, secret) = (options.storage()?, options.secret()?);
        let gallery = Gallery::open(storage, &secret, &options.opening, options.limits)?;
        logging::info(|| {
            let faces = gallery.snapshot().face_count();
            format!("a gallery of {faces} faces is open")
        });
        out.give(gallery);
        Ok(())
    })
}

/// Closes a gallery; NULL is fine. Every change that a call has confirmed is already on disk.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn vultus_gallery_free(gallery: *mut vultus_gallery) {
    // SAFETY: as the header's first page asks of handles.
    fence::<()>(|| unsafe { free(gallery, "gallery") });
}

/// How much the gallery holds.
///
/// ```c
/// vultus_gallery_counts counts = {0};
/// counts.struct_size = sizeof counts;
/// code = vultus_gallery_count(gallery, &counts);
/// ```
#[unsafe(no_mangle)]
pub unsafe extern "C" fn vultus_gallery_count(
    gallery: *const vultus_gallery,
    counts: *mut vultus_gallery_counts,
) -> i32 {
    fence(|| {
        // SAFETY: as the header's first page asks of handles and outputs.
        let (gallery, out) = unsafe {
            (
                shared(gallery, "gallery")?,
                OutStruct::at(counts, "counts")?,
            )
        };
        let snapshot = gallery.snapshot();
        // A gallery holds ten million faces at most.
        out.set(vultus_gallery_counts {
            groups: snapshot.group_count() as u32,
            persons: snapshot.person_count() as u32,
            faces: snapshot.face_count() as u32,
            ..vultus_gallery_counts::default()
        });
        Ok(())
    })
}

/// Copies the anchor of the present state, VULTUS_ANCHOR_BYTES bytes. The host keeps it where a person with
/// access to the disk cannot change it, and gives it to `vultus_gallery_options_set_anchor`: an older file of
/// the gallery is then refused.
///
/// ```c
/// uint8_t anchor[VULTUS_ANCHOR_BYTES];
/// code = vultus_gallery_anchor(gallery, anchor);
/// ```
#[unsafe(no_mangle)]
pub unsafe extern "C" fn vultus_gallery_anchor(
    gallery: *const vultus_gallery,
    anchor: *mut u8,
) -> i32 {
    fence(|| {
        // SAFETY: as the header's first page asks of handles.
        let gallery = unsafe { shared(gallery, "gallery")? };
        let bytes = gallery.store().anchor()?.to_bytes();
        // SAFETY: as the header's first page asks of outputs: VULTUS_ANCHOR_BYTES bytes.
        unsafe { copy_array(&bytes, anchor, "anchor") }
    })
}

/// The crop that was kept with a face; `needed` is 0 where none was kept.
///
/// Errors: VULTUS_ERROR_BUFFER_TOO_SMALL; VULTUS_ERROR_GALLERY_CORRUPT; VULTUS_ERROR_STORAGE_FAILED.
///
/// ```c
/// uint8_t crop[1 << 16];
/// size_t needed;
/// code = vultus_gallery_crop(gallery, 17, crop, sizeof crop, &needed);
/// ```
#[unsafe(no_mangle)]
pub unsafe extern "C" fn vultus_gallery_crop(
    gallery: *const vultus_gallery,
    face: u64,
    buffer: *mut u8,
    capacity: usize,
    needed: *mut usize,
) -> i32 {
    fence(|| {
        // SAFETY: as the header's first page asks of handles and outputs.
        let (gallery, out) = unsafe {
            (
                shared(gallery, "gallery")?,
                OutBytes::at(buffer, capacity, needed)?,
            )
        };
        let crop = gallery.crop(FaceId::from_number(face))?;
        out.put(&crop.unwrap_or_default())
    })
}

/// Gives the space of what was removed back to the file system.
///
/// Errors: VULTUS_ERROR_GALLERY_READ_ONLY, VULTUS_ERROR_GALLERY_IN_USE while the gallery is being exported,
/// 408 and 409 for errors of the disk.
///
/// ```c
/// code = vultus_gallery_compact(gallery);
/// ```
#[unsafe(no_mangle)]
pub unsafe extern "C" fn vultus_gallery_compact(gallery: *const vultus_gallery) -> i32 {
    fence(|| {
        // SAFETY: as the header's first page asks of handles.
        let gallery = unsafe { shared(gallery, "gallery")? };
        Ok(gallery.store().compact()?)
    })
}

/// Encrypts everything again under another secret of 32 bytes. The old secret, which may have leaked, then
/// opens nothing any more. After a power cut either the old secret or the new one opens the whole gallery.
/// Compact the gallery afterwards, so that what the old secret opens is removed from the disk. A binding to
/// a licence is removed.
///
/// Errors: VULTUS_ERROR_INVALID_PARAMETER for another length; as `vultus_gallery_compact`;
/// VULTUS_ERROR_GALLERY_CORRUPT, and the old secret stays.
///
/// ```c
/// vultus_bytes secret = { new_key, 32 };
/// code = vultus_gallery_rotate(gallery, secret);
/// ```
#[unsafe(no_mangle)]
pub unsafe extern "C" fn vultus_gallery_rotate(
    gallery: *const vultus_gallery,
    secret: vultus_bytes,
) -> i32 {
    fence(|| {
        // SAFETY: as the header's first page asks of handles and inputs.
        let (gallery, secret) =
            unsafe { (shared(gallery, "gallery")?, secret.get_array("secret")?) };
        gallery.store().rotate(&Secret::new(*secret))?;
        Ok(())
    })
}
