//! What belongs to one group or person of a snapshot: custom fields, groups, faces.

use super::lists::vultus_snapshot;
use crate::fence::fence;
use crate::handle::shared;
use crate::pod::{OutList, Pod, pod};
use crate::strings::{copy_name, vultus_str};
use std::ffi::c_char;
use std::fmt;
use vultus::error::Result;
use vultus::gallery::{FaceInfo, GroupId, LibraryError, PersonId, PersonInfo};

/// What is known of an enrolled face.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct vultus_enrolled_face {
    /// `sizeof(vultus_enrolled_face)`, set by the caller in the first entry of an array.
    pub struct_size: u32,
    /// 1 when a crop is kept.
    pub has_crop: u32,
    /// Its number, which is never given twice.
    pub face: u64,
    /// Its quality in points, 0 to 100.
    pub quality: f32,
    /// Packs that it has an embedding of.
    pub models: u32,
}
pod!(vultus_enrolled_face {
    has_crop: 0,
    face: 0,
    quality: 0.0,
    models: 0,
});

impl From<&FaceInfo> for vultus_enrolled_face {
    fn from(face: &FaceInfo) -> Self {
        Self {
            has_crop: u32::from(face.has_crop),
            face: face.id.get(),
            quality: face.quality,
            models: face.models.len() as u32,
            ..Self::default()
        }
    }
}

/// A text of a list, NUL-terminated: an id, the name of a custom field, or its value.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct vultus_entry {
    /// `sizeof(vultus_entry)`, set by the caller in the first entry of an array.
    pub struct_size: u32,
    /// The id or name.
    pub name: [c_char; 124],
    /// The value of a custom field; else empty.
    pub value: [c_char; 244],
}
pod!(vultus_entry {
    name: [0; 124],
    value: [0; 244],
});

impl fmt::Debug for vultus_entry {
    /// Leaves out the texts: they may be personal data.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("vultus_entry").finish_non_exhaustive()
    }
}

impl vultus_entry {
    fn new(name: &str, value: &str) -> Self {
        Self {
            name: copy_name(name),
            value: copy_name(value),
            ..Self::default()
        }
    }
}

/// Names of a group's custom fields, at most 5.
///
/// Errors: 433, VULTUS_ERROR_BUFFER_TOO_SMALL.
///
/// ```c
/// vultus_entry fields[5] = {{0}};
/// size_t count;
/// fields[0].struct_size = sizeof fields[0];
/// code = vultus_snapshot_group_fields(now, vultus_str_of("staff"), fields, 5, &count);
/// ```
#[unsafe(no_mangle)]
pub unsafe extern "C" fn vultus_snapshot_group_fields(
    snapshot: *const vultus_snapshot,
    id: vultus_str,
    fields: *mut vultus_entry,
    capacity: usize,
    count: *mut usize,
) -> i32 {
    fence(|| {
        // SAFETY: as the header's first page asks of handles, inputs and outputs.
        let (snapshot, id, out) = unsafe {
            (
                shared(snapshot, "snapshot")?,
                id.get("id")?,
                OutList::at(fields, capacity, count, "fields")?,
            )
        };
        let group = snapshot.group(&GroupId::new(id)?)?;
        out.put(group.fields.iter().map(|name| vultus_entry::new(name, "")))
    })
}

/// A list of what is known of one person.
///
/// # Safety
/// As for [`OutList::at`] and [`vultus_str::get`].
unsafe fn of_person<T: Pod>(
    (snapshot, id): (*const vultus_snapshot, vultus_str),
    (list, capacity, count): (*mut T, usize, *mut usize),
    name: &'static str,
    entries: impl FnOnce(PersonInfo) -> Result<Vec<T>>,
) -> Result<()> {
    // SAFETY: as asked of the caller.
    let (snapshot, id, out) = unsafe {
        (
            shared(snapshot, "snapshot")?,
            id.get("id")?,
            OutList::at(list, capacity, count, name)?,
        )
    };
    let person = snapshot.person(&PersonId::new(id)?)?;
    out.put(entries(person)?.into_iter())
}

/// Ids of a person's groups, at most 100.
///
/// Errors: 453, VULTUS_ERROR_BUFFER_TOO_SMALL.
///
/// ```c
/// vultus_entry groups[100] = {{0}};
/// size_t count;
/// groups[0].struct_size = sizeof groups[0];
/// code = vultus_snapshot_person_groups(now, vultus_str_of("E-17"), groups, 100, &count);
/// ```
#[unsafe(no_mangle)]
pub unsafe extern "C" fn vultus_snapshot_person_groups(
    snapshot: *const vultus_snapshot,
    id: vultus_str,
    groups: *mut vultus_entry,
    capacity: usize,
    count: *mut usize,
) -> i32 {
    fence(|| {
        let entries = |person: PersonInfo| {
            let ids = person.groups.iter();
            Ok(ids
                .map(|(id, _)| vultus_entry::new(id.as_str(), ""))
                .collect())
        };
        // SAFETY: as the header's first page asks of handles, inputs and outputs.
        unsafe { of_person((snapshot, id), (groups, capacity, count), "groups", entries) }
    })
}

/// A person's custom fields in one of their groups, as far as they have a value.
///
/// Errors: 453, VULTUS_ERROR_GROUP_PERSON_MAP_NOT_EXIST, VULTUS_ERROR_BUFFER_TOO_SMALL.
///
/// ```c
/// vultus_entry fields[5] = {{0}};
/// size_t count;
/// fields[0].struct_size = sizeof fields[0];
/// code = vultus_snapshot_person_fields(now, vultus_str_of("E-17"), vultus_str_of("staff"), fields, 5,
///                                      &count);
/// ```
#[unsafe(no_mangle)]
pub unsafe extern "C" fn vultus_snapshot_person_fields(
    snapshot: *const vultus_snapshot,
    id: vultus_str,
    group: vultus_str,
    fields: *mut vultus_entry,
    capacity: usize,
    count: *mut usize,
) -> i32 {
    fence(|| {
        let entries = |person: PersonInfo| {
            // SAFETY: as the header's first page asks of inputs.
            let group = GroupId::new(unsafe { group.get("group")? })?;
            let of = person.groups.iter().find(|(id, _)| *id == group);
            let (_, values) = of.ok_or(LibraryError::NotInGroup(group))?;
            let entries = values
                .iter()
                .map(|(name, value)| vultus_entry::new(name, value));
            Ok(entries.collect())
        };
        // SAFETY: as the header's first page asks of handles, inputs and outputs.
        unsafe { of_person((snapshot, id), (fields, capacity, count), "fields", entries) }
    })
}

/// A person's faces in the order in which they came, at most 5.
///
/// Errors: 453, VULTUS_ERROR_BUFFER_TOO_SMALL.
///
/// ```c
/// vultus_enrolled_face faces[5] = {{0}};
/// size_t count;
/// faces[0].struct_size = sizeof faces[0];
/// code = vultus_snapshot_faces(now, vultus_str_of("E-17"), faces, 5, &count);
/// ```
#[unsafe(no_mangle)]
pub unsafe extern "C" fn vultus_snapshot_faces(
    snapshot: *const vultus_snapshot,
    id: vultus_str,
    faces: *mut vultus_enrolled_face,
    capacity: usize,
    count: *mut usize,
) -> i32 {
    fence(|| {
        let entries = |person: PersonInfo| {
            Ok(person
                .faces
                .iter()
                .map(vultus_enrolled_face::from)
                .collect())
        };
        // SAFETY: as the header's first page asks of handles, inputs and outputs.
        unsafe { of_person((snapshot, id), (faces, capacity, count), "faces", entries) }
    })
}
