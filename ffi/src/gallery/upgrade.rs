//! Moving a group to another pack, and back once.

use super::library::vultus_gallery;
use super::lists::vultus_snapshot;
use super::matcher::vultus_matcher;
use crate::embedding::vultus_embedding;
use crate::fence::fence;
use crate::handle::{exclusive, shared};
use crate::misuse::Misuse;
use crate::pod::{OutList, OutStruct, pod};
use crate::session::vultus_session;
use crate::strings::{copy_name, vultus_str};
use std::ffi::{c_char, c_void};
use std::fmt;
use std::ops::ControlFlow;
use vultus::error::Result;
use vultus::gallery::{Edit, FaceId, GroupId, PersonId, Switched, Unready};

/// The result of an upgrade or a rollback.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct vultus_switched {
    /// `sizeof(vultus_switched)`, set by the caller.
    pub struct_size: u32,
    /// Faces that can be found.
    pub searchable: u32,
    /// Faces that cannot, because they have no embedding of this pack.
    pub failed: u32,
    /// The pack that the group uses now, NUL-terminated.
    pub model_id: [c_char; 68],
}
pod!(vultus_switched {
    searchable: 0,
    failed: 0,
    model_id: [0; 68],
});

impl From<Switched> for vultus_switched {
    fn from(switched: Switched) -> Self {
        // A gallery holds ten million faces at most.
        Self {
            searchable: switched.searchable as u32,
            failed: switched.failed.len() as u32,
            model_id: copy_name(&switched.model_id),
            ..Self::default()
        }
    }
}

/// A face of a group under upgrade that has no embedding of the new pack yet.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct vultus_unready {
    /// `sizeof(vultus_unready)`, set by the caller in the first entry of an array.
    pub struct_size: u32,
    /// 1 when a crop is kept from which the embedding can be made.
    pub has_crop: u32,
    /// The face.
    pub face: u64,
    /// 0.
    pub reserved: u32,
    /// Whose it is, NUL-terminated.
    pub person: [c_char; 68],
}
pod!(vultus_unready {
    has_crop: 0,
    face: 0,
    reserved: 0,
    person: [0; 68],
});

impl fmt::Debug for vultus_unready {
    /// Leaves out the person's id: it is personal data.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("vultus_unready")
            .field("has_crop", &self.has_crop)
            .field("face", &self.face)
            .finish_non_exhaustive()
    }
}

impl From<&Unready> for vultus_unready {
    fn from(unready: &Unready) -> Self {
        Self {
            has_crop: u32::from(unready.has_crop),
            face: unready.face.get(),
            person: copy_name(unready.person.as_str()),
            ..Self::default()
        }
    }
}

/// The result of an upgrade from crops so far.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct vultus_upgrade {
    /// `sizeof(vultus_upgrade)`, set by the caller.
    pub struct_size: u32,
    /// Faces that got their embedding of the new pack in this call.
    pub done: u32,
    /// Faces without a crop: their persons need a new photograph.
    pub without_crop: u32,
    /// Faces in whose crop this pack finds no face.
    pub failed: u32,
    /// 1 when the callback stopped it before the end. Another call continues it.
    pub stopped: u32,
}
pod!(vultus_upgrade {
    done: 0,
    without_crop: 0,
    failed: 0,
    stopped: 0,
});

/// Receives how many faces are done, of how many, and returns 0 to continue, or any other number to stop.
/// The session that runs the upgrade may not be used inside.
///
/// ```c
/// static int32_t show_progress(void *user_data, uint32_t looked_at, uint32_t all) {
///     (void)user_data;
///     printf("%u of %u\n", (unsigned)looked_at, (unsigned)all);
///     return 0;
/// }
/// ```
pub type vultus_progress_callback =
    Option<unsafe extern "C" fn(user_data: *mut c_void, looked_at: u32, all: u32) -> i32>;

/// Begins to move a group to the pack of another matcher. The group is still searched with its present
/// pack. A previous version that an earlier upgrade kept is deleted.
///
/// Errors: 433, VULTUS_ERROR_GROUP_CANNOT_UPGRADE; 406 to 410.
///
/// ```c
/// code = vultus_gallery_begin_upgrade(gallery, matcher, vultus_str_of("staff"));
/// ```
#[unsafe(no_mangle)]
pub unsafe extern "C" fn vultus_gallery_begin_upgrade(
    gallery: *const vultus_gallery,
    matcher: *const vultus_matcher,
    group: vultus_str,
) -> i32 {
    fence(|| {
        // SAFETY: as the header's first page asks of handles and inputs.
        let (gallery, matcher, group) = unsafe {
            (
                shared(gallery, "gallery")?,
                shared(matcher, "matcher")?,
                group.get("group")?,
            )
        };
        let group = GroupId::new(group)?;
        gallery.edit(|edit| edit.begin_upgrade(&group, matcher.model_id()))
    })
}

/// Makes the embeddings of this session's pack for every face of a group under upgrade to it whose crop was
/// kept. What is done is on disk, in steps of 64 faces, so that an interrupted upgrade continues from
/// there. `matcher` is of this session's pack; `user_data` may be NULL.
///
/// Errors: 433, VULTUS_ERROR_GROUP_CANNOT_UPGRADE, VULTUS_ERROR_ACROSS_VERSIONS,
/// VULTUS_ERROR_MODEL_NETWORK_INVALID, VULTUS_ERROR_LICENCE_EXPIRED; 406 to 410.
///
/// ```c
/// vultus_upgrade upgrade = {0};
/// upgrade.struct_size = sizeof upgrade;
/// code = vultus_session_upgrade_group(session, gallery, matcher, vultus_str_of("staff"), show_progress,
///                                     NULL, &upgrade);
/// ```
#[unsafe(no_mangle)]
pub unsafe extern "C" fn vultus_session_upgrade_group(
    session: *mut vultus_session,
    gallery: *const vultus_gallery,
    matcher: *const vultus_matcher,
    group: vultus_str,
    progress: vultus_progress_callback,
    user_data: *mut c_void,
    upgrade: *mut vultus_upgrade,
) -> i32 {
    fence(|| {
        // SAFETY: as the header's first page asks of handles, inputs and outputs.
        let (mut session, gallery, matcher, group, out) = unsafe {
            (
                exclusive(session, "session")?,
                shared(gallery, "gallery")?,
                shared(matcher, "matcher")?,
                group.get("group")?,
                OutStruct::at(upgrade, "upgrade")?,
            )
        };
        let progress = progress.ok_or(Misuse::Null { name: "progress" })?;
        let group = GroupId::new(group)?;
        let report = session.upgrade_group(&gallery, &matcher, &group, |looked_at, all| {
            // SAFETY: a callback of this type, with what the caller gave for it.
            match unsafe { progress(user_data, looked_at as u32, all as u32) } {
                0 => ControlFlow::Continue(()),
                _ => ControlFlow::Break(()),
            }
        })?;
        out.set(vultus_upgrade {
            done: report.done as u32,
            without_crop: report.without_crop.len() as u32,
            failed: report.failed.len() as u32,
            stopped: u32::from(report.stopped),
            ..vultus_upgrade::default()
        });
        Ok(())
    })
}

/// Gives a face of a group under upgrade its embedding of the new pack, from a new photograph of the
/// person, whose identity the caller has to guarantee, or from its crop (`vultus_session_embed_crop`).
///
/// Errors: 433, 453, 462, 467, VULTUS_ERROR_GROUP_CANNOT_UPGRADE, VULTUS_ERROR_ACROSS_VERSIONS,
/// VULTUS_ERROR_LICENCE_EXPIRED; 406 to 410.
///
/// ```c
/// code = vultus_gallery_upgrade_face(gallery, matcher, vultus_str_of("staff"), vultus_str_of("E-17"), 17,
///                                    probe);
/// ```
#[unsafe(no_mangle)]
pub unsafe extern "C" fn vultus_gallery_upgrade_face(
    gallery: *const vultus_gallery,
    matcher: *const vultus_matcher,
    group: vultus_str,
    person: vultus_str,
    face: u64,
    embedding: *const vultus_embedding,
) -> i32 {
    fence(|| {
        // SAFETY: as the header's first page asks of handles and inputs.
        let (gallery, matcher, group, person, embedding) = unsafe {
            (
                shared(gallery, "gallery")?,
                shared(matcher, "matcher")?,
                group.get("group")?,
                person.get("person")?,
                shared(embedding, "embedding")?,
            )
        };
        let (group, person) = (GroupId::new(group)?, PersonId::new(person)?);
        let face = FaceId::from_number(face);
        gallery.edit(|edit| edit.upgrade_face(&matcher, &group, &person, face, &embedding))
    })
}

/// Faces of a group under upgrade that have no embedding of the new pack yet.
///
/// Errors: 433, VULTUS_ERROR_GROUP_CANNOT_UPGRADE, VULTUS_ERROR_BUFFER_TOO_SMALL.
///
/// ```c
/// vultus_unready unready[64] = {{0}};
/// size_t count;
/// unready[0].struct_size = sizeof unready[0];
/// code = vultus_snapshot_unready(now, vultus_str_of("staff"), unready, 64, &count);
/// ```
#[unsafe(no_mangle)]
pub unsafe extern "C" fn vultus_snapshot_unready(
    snapshot: *const vultus_snapshot,
    group: vultus_str,
    unready: *mut vultus_unready,
    capacity: usize,
    count: *mut usize,
) -> i32 {
    fence(|| {
        // SAFETY: as the header's first page asks of handles, inputs and outputs.
        let (snapshot, group, out) = unsafe {
            (
                shared(snapshot, "snapshot")?,
                group.get("group")?,
                OutList::at(unready, capacity, count, "unready")?,
            )
        };
        let waiting = snapshot.unready(&GroupId::new(group)?)?;
        out.put(waiting.iter().map(vultus_unready::from))
    })
}

/// Switches a group to the pack that it was upgraded to. Faces without an embedding of it cannot be found
/// from then on, and `switched` counts them; the old version is kept, so that the group can return to it.
///
/// Errors: 433, VULTUS_ERROR_GROUP_CANNOT_UPGRADE; 406 to 410.
///
/// ```c
/// vultus_switched switched = {0};
/// switched.struct_size = sizeof switched;
/// code = vultus_gallery_finish_upgrade(gallery, vultus_str_of("staff"), &switched);
/// ```
#[unsafe(no_mangle)]
pub unsafe extern "C" fn vultus_gallery_finish_upgrade(
    gallery: *const vultus_gallery,
    group: vultus_str,
    switched: *mut vultus_switched,
) -> i32 {
    // SAFETY: as the header's first page asks of handles, inputs and outputs.
    fence(|| unsafe { switch(gallery, group, switched, Edit::finish_upgrade) })
}

/// Cancels an upgrade; the group stays as it was.
///
/// Errors: 433, VULTUS_ERROR_GROUP_CANNOT_UPGRADE; 406 to 410.
///
/// ```c
/// code = vultus_gallery_cancel_upgrade(gallery, vultus_str_of("staff"));
/// ```
#[unsafe(no_mangle)]
pub unsafe extern "C" fn vultus_gallery_cancel_upgrade(
    gallery: *const vultus_gallery,
    group: vultus_str,
) -> i32 {
    // SAFETY: as the header's first page asks of handles and inputs.
    fence(|| unsafe { forget(gallery, group, Edit::cancel_upgrade) })
}

/// Returns a group to the pack that it had before its last upgrade, once.
///
/// Errors: 433, VULTUS_ERROR_UPGRADE_CANNOT_ROLLBACK; 406 to 410.
///
/// ```c
/// vultus_switched switched = {0};
/// switched.struct_size = sizeof switched;
/// code = vultus_gallery_roll_back(gallery, vultus_str_of("staff"), &switched);
/// ```
#[unsafe(no_mangle)]
pub unsafe extern "C" fn vultus_gallery_roll_back(
    gallery: *const vultus_gallery,
    group: vultus_str,
    switched: *mut vultus_switched,
) -> i32 {
    // SAFETY: as the header's first page asks of handles, inputs and outputs.
    fence(|| unsafe { switch(gallery, group, switched, Edit::roll_back) })
}

/// Deletes the version that a group could return to.
///
/// Errors: 433, VULTUS_ERROR_UPGRADE_CANNOT_ROLLBACK; 406 to 410.
///
/// ```c
/// code = vultus_gallery_forget_previous(gallery, vultus_str_of("staff"));
/// ```
#[unsafe(no_mangle)]
pub unsafe extern "C" fn vultus_gallery_forget_previous(
    gallery: *const vultus_gallery,
    group: vultus_str,
) -> i32 {
    // SAFETY: as the header's first page asks of handles and inputs.
    fence(|| unsafe { forget(gallery, group, Edit::forget_previous) })
}

/// Switches a group to another version.
///
/// # Safety
/// As the header's first page asks of handles, inputs and outputs.
unsafe fn switch(
    gallery: *const vultus_gallery,
    group: vultus_str,
    switched: *mut vultus_switched,
    change: fn(&mut Edit, &GroupId) -> Result<Switched>,
) -> Result<()> {
    // SAFETY: as asked of the caller.
    let (gallery, group, out) = unsafe {
        (
            shared(gallery, "gallery")?,
            group.get("group")?,
            OutStruct::at(switched, "switched")?,
        )
    };
    let group = GroupId::new(group)?;
    out.set(gallery.edit(|edit| change(edit, &group))?.into());
    Ok(())
}

/// Deletes the version of a group that is not in use.
///
/// # Safety
/// As the header's first page asks of handles and inputs.
unsafe fn forget(
    gallery: *const vultus_gallery,
    group: vultus_str,
    change: fn(&mut Edit, &GroupId) -> Result<()>,
) -> Result<()> {
    // SAFETY: as asked of the caller.
    let (gallery, group) = unsafe { (shared(gallery, "gallery")?, group.get("group")?) };
    let group = GroupId::new(group)?;
    gallery.edit(|edit| change(edit, &group))
}
