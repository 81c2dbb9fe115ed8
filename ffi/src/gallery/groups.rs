//! Making, changing and deleting groups.

use super::library::vultus_gallery;
use super::matcher::vultus_matcher;
use crate::fence::fence;
use crate::handle::shared;
use crate::output::OutValue;
use crate::strings::vultus_str;
use vultus::error::Result;
use vultus::gallery::{Edit, GroupId, NewGroup};

/// Makes an empty group that takes embeddings of the matcher's model.
///
/// `group` is its id, which never changes: 1 to 64 of `A-Z a-z 0-9 - % @ # & _`. `name` is unique in the
/// gallery: 1 to 60 characters, Chinese, English, digits, `-` and `_`.
///
/// Errors: 430 to 436, 443, VULTUS_ERROR_ERROR_PARAMETER_EMPTY; 406 to 410 for errors of the gallery's
/// file.
///
/// ```c
/// code = vultus_gallery_create_group(gallery, matcher, vultus_str_of("staff"),
///                                    vultus_str_of("Staff"));
/// ```
#[unsafe(no_mangle)]
pub unsafe extern "C" fn vultus_gallery_create_group(
    gallery: *const vultus_gallery,
    matcher: *const vultus_matcher,
    group: vultus_str,
    name: vultus_str,
) -> i32 {
    fence(|| {
        // SAFETY: as the header's first page asks of handles and inputs.
        let (gallery, matcher, group, name) = unsafe {
            (
                shared(gallery, "gallery")?,
                shared(matcher, "matcher")?,
                group.get("group")?,
                name.get("name")?,
            )
        };
        let new = NewGroup::new(GroupId::new(group)?, name, matcher.model_id());
        gallery.edit(|edit| edit.create_group(&new))
    })
}

/// Renames a group. The name that it has already is fine.
///
/// Errors: 433 to 436; 406 to 410.
///
/// ```c
/// code = vultus_gallery_rename_group(gallery, vultus_str_of("staff"), vultus_str_of("Crew"));
/// ```
#[unsafe(no_mangle)]
pub unsafe extern "C" fn vultus_gallery_rename_group(
    gallery: *const vultus_gallery,
    group: vultus_str,
    name: vultus_str,
) -> i32 {
    // SAFETY: as the header's first page asks of handles and inputs.
    fence(|| unsafe { change(gallery, group, (name, "name"), Edit::rename_group) })
}

/// Replaces a group's tag of up to 40 characters; an empty one removes it.
///
/// Errors: 433, 437, 438; 406 to 410.
///
/// ```c
/// code = vultus_gallery_set_group_tag(gallery, vultus_str_of("staff"), vultus_str_of("day-shift"));
/// ```
#[unsafe(no_mangle)]
pub unsafe extern "C" fn vultus_gallery_set_group_tag(
    gallery: *const vultus_gallery,
    group: vultus_str,
    tag: vultus_str,
) -> i32 {
    // SAFETY: as the header's first page asks of handles and inputs.
    fence(|| unsafe { change(gallery, group, (tag, "tag"), Edit::set_group_tag) })
}

/// Adds a custom field, empty for every member; a group has up to 5.
///
/// Errors: 433, 439 to 442; 406 to 410.
///
/// ```c
/// code = vultus_gallery_add_field(gallery, vultus_str_of("staff"), vultus_str_of("floor"));
/// ```
#[unsafe(no_mangle)]
pub unsafe extern "C" fn vultus_gallery_add_field(
    gallery: *const vultus_gallery,
    group: vultus_str,
    field: vultus_str,
) -> i32 {
    // SAFETY: as the header's first page asks of handles and inputs.
    fence(|| unsafe { change(gallery, group, (field, "field"), Edit::add_field) })
}

/// Renames a custom field; every member keeps their value.
///
/// Errors: 433, 440 to 442; 406 to 410.
///
/// ```c
/// code = vultus_gallery_rename_field(gallery, vultus_str_of("staff"), vultus_str_of("floor"),
///                                    vultus_str_of("room"));
/// ```
#[unsafe(no_mangle)]
pub unsafe extern "C" fn vultus_gallery_rename_field(
    gallery: *const vultus_gallery,
    group: vultus_str,
    field: vultus_str,
    name: vultus_str,
) -> i32 {
    fence(|| {
        // SAFETY: as the header's first page asks of handles and inputs.
        let (gallery, group, field, name) = unsafe {
            (
                shared(gallery, "gallery")?,
                group.get("group")?,
                field.get("field")?,
                name.get("name")?,
            )
        };
        let group = GroupId::new(group)?;
        gallery.edit(|edit| edit.rename_field(&group, field, name))
    })
}

/// Removes a custom field and every member's value of it.
///
/// Errors: 433, 441; 406 to 410.
///
/// ```c
/// code = vultus_gallery_remove_field(gallery, vultus_str_of("staff"), vultus_str_of("floor"));
/// ```
#[unsafe(no_mangle)]
pub unsafe extern "C" fn vultus_gallery_remove_field(
    gallery: *const vultus_gallery,
    group: vultus_str,
    field: vultus_str,
) -> i32 {
    // SAFETY: as the header's first page asks of handles and inputs.
    fence(|| unsafe { change(gallery, group, (field, "field"), Edit::remove_field) })
}

/// Deletes a group with the values of its custom fields. Members who are in another group stay there; the
/// others are deleted with all their faces, and `gone` says how many they were.
///
/// Errors: 433; 406 to 410.
///
/// ```c
/// uint32_t gone = 0;
/// code = vultus_gallery_delete_group(gallery, vultus_str_of("visitors"), &gone);
/// ```
#[unsafe(no_mangle)]
pub unsafe extern "C" fn vultus_gallery_delete_group(
    gallery: *const vultus_gallery,
    group: vultus_str,
    gone: *mut u32,
) -> i32 {
    fence(|| {
        // SAFETY: as the header's first page asks of handles, inputs and outputs.
        let (gallery, group, out) = unsafe {
            (
                shared(gallery, "gallery")?,
                group.get("group")?,
                OutValue::at(gone, "gone")?,
            )
        };
        let group = GroupId::new(group)?;
        // A gallery holds ten million faces at most.
        out.set(gallery.edit(|edit| edit.delete_group(&group))? as u32);
        Ok(())
    })
}

/// Changes a group by one text, whose parameter has this name.
///
/// # Safety
/// As the header's first page asks of handles and inputs.
unsafe fn change(
    gallery: *const vultus_gallery,
    group: vultus_str,
    (text, parameter): (vultus_str, &'static str),
    change: fn(&mut Edit, &GroupId, &str) -> Result<()>,
) -> Result<()> {
    // SAFETY: as asked of the caller.
    let (gallery, group, text) = unsafe {
        (
            shared(gallery, "gallery")?,
            group.get("group")?,
            text.get(parameter)?,
        )
    };
    let group = GroupId::new(group)?;
    gallery.edit(|edit| change(edit, &group, text))
}
