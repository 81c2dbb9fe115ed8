//! Lists: groups and persons of a gallery at one moment.

use super::library::vultus_gallery;
use crate::fence::fence;
use crate::handle::{OutHandle, free, object, shared};
use crate::pod::{OutList, OutStruct, pod};
use crate::strings::{copy_name, vultus_str};
use std::ffi::c_char;
use std::fmt;
use vultus::gallery::{GroupId, GroupInfo, Page, PersonId, PersonInfo, Snapshot};

/// A gallery at one moment: later changes of the gallery do not change it, and keeping it costs nothing.
/// All threads share it.
#[derive(Debug)]
pub struct vultus_snapshot {
    _private: (),
}

object!(vultus_snapshot, Snapshot, b"vultSNAP", Shared, Owned);

/// What is known of a group. Texts are NUL-terminated.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct vultus_group {
    /// `sizeof(vultus_group)`, set by the caller, of an array in its first entry.
    pub struct_size: u32,
    /// Persons in it.
    pub persons: u32,
    /// Faces of those persons.
    pub faces: u32,
    /// Those faces that can be found in it.
    pub searchable: u32,
    /// Custom fields that its members have.
    pub fields: u32,
    /// Its id.
    pub id: [c_char; 68],
    /// Its name.
    pub name: [c_char; 244],
    /// Its tag, or nothing.
    pub tag: [c_char; 164],
    /// `id@version` of the pack that it uses.
    pub model_id: [c_char; 68],
    /// The pack that an upgrade is filling, or nothing.
    pub upgrade: [c_char; 68],
    /// The pack that it can return to, or nothing.
    pub rollback: [c_char; 68],
}
pod!(vultus_group {
    persons: 0,
    faces: 0,
    searchable: 0,
    fields: 0,
    id: [0; 68],
    name: [0; 244],
    tag: [0; 164],
    model_id: [0; 68],
    upgrade: [0; 68],
    rollback: [0; 68],
});

impl From<&GroupInfo> for vultus_group {
    fn from(group: &GroupInfo) -> Self {
        // A gallery holds ten million faces at most.
        Self {
            persons: group.persons as u32,
            faces: group.faces as u32,
            searchable: group.searchable as u32,
            fields: group.fields.len() as u32,
            id: copy_name(group.id.as_str()),
            name: copy_name(&group.name),
            tag: copy_name(&group.tag),
            model_id: copy_name(&group.model_id),
            upgrade: copy_name(group.upgrade.as_deref().unwrap_or("")),
            rollback: copy_name(group.rollback.as_deref().unwrap_or("")),
            ..Self::default()
        }
    }
}

/// What is known of a person. Texts are NUL-terminated.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct vultus_person {
    /// `sizeof(vultus_person)`, set by the caller, of an array in its first entry.
    pub struct_size: u32,
    /// 0 not given, 1 male, 2 female.
    pub gender: u32,
    /// Groups that they are in.
    pub groups: u32,
    /// Faces that they have.
    pub faces: u32,
    /// Their id.
    pub id: [c_char; 68],
    /// Their name.
    pub name: [c_char; 244],
}
pod!(vultus_person {
    gender: 0,
    groups: 0,
    faces: 0,
    id: [0; 68],
    name: [0; 244],
});

impl fmt::Debug for vultus_person {
    /// Leaves out id and name: they are personal data.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("vultus_person")
            .field("gender", &self.gender)
            .field("groups", &self.groups)
            .field("faces", &self.faces)
            .finish_non_exhaustive()
    }
}

impl From<&PersonInfo> for vultus_person {
    fn from(person: &PersonInfo) -> Self {
        Self {
            gender: u32::from(person.gender.number()),
            groups: person.groups.len() as u32,
            faces: person.faces.len() as u32,
            id: copy_name(person.id.as_str()),
            name: copy_name(&person.name),
            ..Self::default()
        }
    }
}

/// The gallery as it is now.
///
/// ```c
/// vultus_snapshot *now = NULL;
/// code = vultus_gallery_snapshot(gallery, &now);
/// ```
#[unsafe(no_mangle)]
pub unsafe extern "C" fn vultus_gallery_snapshot(
    gallery: *const vultus_gallery,
    out: *mut *mut vultus_snapshot,
) -> i32 {
    fence(|| {
        // SAFETY: as the header's first page asks of handles and outputs.
        let (gallery, out) = unsafe { (shared(gallery, "gallery")?, OutHandle::at(out, "out")?) };
        out.give(gallery.snapshot());
        Ok(())
    })
}

/// Frees a snapshot; NULL is fine.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn vultus_snapshot_free(snapshot: *mut vultus_snapshot) {
    // SAFETY: as the header's first page asks of handles.
    fence::<()>(|| unsafe { free(snapshot, "snapshot") });
}

/// Groups in the order of their ids: a page of `capacity` entries, 1 to 1000, from `offset` on. `count`
/// says how many there were; fewer than `capacity` is the last page.
///
/// Errors: 471, 472.
///
/// ```c
/// vultus_group page[20] = {{0}};
/// size_t offset = 0, count = 0;
/// page[0].struct_size = sizeof page[0];
/// do {
///     code = vultus_snapshot_groups(now, offset, page, 20, &count);
///     for (size_t i = 0; code == VULTUS_OK && i < count; i++)
///         printf("%s\n", page[i].id);
///     offset += count;
/// } while (code == VULTUS_OK && count == 20);
/// ```
#[unsafe(no_mangle)]
pub unsafe extern "C" fn vultus_snapshot_groups(
    snapshot: *const vultus_snapshot,
    offset: usize,
    groups: *mut vultus_group,
    capacity: usize,
    count: *mut usize,
) -> i32 {
    fence(|| {
        // SAFETY: as the header's first page asks of handles and outputs.
        let (snapshot, out) = unsafe {
            (
                shared(snapshot, "snapshot")?,
                OutList::at(groups, capacity, count, "groups")?,
            )
        };
        let page = snapshot.groups(Page::new(offset, out.capacity())?)?;
        out.put(page.iter().map(vultus_group::from))
    })
}

/// One group.
///
/// Errors: 433.
///
/// ```c
/// vultus_group group = {0};
/// group.struct_size = sizeof group;
/// code = vultus_snapshot_group(now, vultus_str_of("staff"), &group);
/// ```
#[unsafe(no_mangle)]
pub unsafe extern "C" fn vultus_snapshot_group(
    snapshot: *const vultus_snapshot,
    id: vultus_str,
    group: *mut vultus_group,
) -> i32 {
    fence(|| {
        // SAFETY: as the header's first page asks of handles, inputs and outputs.
        let (snapshot, id, out) = unsafe {
            (
                shared(snapshot, "snapshot")?,
                id.get("id")?,
                OutStruct::at(group, "group")?,
            )
        };
        out.set((&snapshot.group(&GroupId::new(id)?)?).into());
        Ok(())
    })
}

/// Persons of a group in the order of their ids: a page, as of `vultus_snapshot_groups`.
///
/// Errors: 433, 471, 472.
///
/// ```c
/// vultus_person page[20] = {{0}};
/// size_t count;
/// page[0].struct_size = sizeof page[0];
/// code = vultus_snapshot_persons(now, vultus_str_of("staff"), 0, page, 20, &count);
/// ```
#[unsafe(no_mangle)]
pub unsafe extern "C" fn vultus_snapshot_persons(
    snapshot: *const vultus_snapshot,
    group: vultus_str,
    offset: usize,
    persons: *mut vultus_person,
    capacity: usize,
    count: *mut usize,
) -> i32 {
    fence(|| {
        // SAFETY: as the header's first page asks of handles, inputs and outputs.
        let (snapshot, group, out) = unsafe {
            (
                shared(snapshot, "snapshot")?,
                group.get("group")?,
                OutList::at(persons, capacity, count, "persons")?,
            )
        };
        let page = Page::new(offset, out.capacity())?;
        let page = snapshot.persons(&GroupId::new(group)?, page)?;
        out.put(page.iter().map(vultus_person::from))
    })
}

/// One person.
///
/// Errors: 453.
///
/// ```c
/// vultus_person person = {0};
/// person.struct_size = sizeof person;
/// code = vultus_snapshot_person(now, vultus_str_of("E-17"), &person);
/// ```
#[unsafe(no_mangle)]
pub unsafe extern "C" fn vultus_snapshot_person(
    snapshot: *const vultus_snapshot,
    id: vultus_str,
    person: *mut vultus_person,
) -> i32 {
    fence(|| {
        // SAFETY: as the header's first page asks of handles, inputs and outputs.
        let (snapshot, id, out) = unsafe {
            (
                shared(snapshot, "snapshot")?,
                id.get("id")?,
                OutStruct::at(person, "person")?,
            )
        };
        out.set((&snapshot.person(&PersonId::new(id)?)?).into());
        Ok(())
    })
}
