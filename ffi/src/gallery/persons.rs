//! Enrolling, changing and deleting persons.

use super::group_ids::group_ids;
use super::library::vultus_gallery;
use super::matcher::vultus_matcher;
use crate::enrol::vultus_enrol_face;
use crate::fence::fence;
use crate::handle::shared;
use crate::numbers::level;
use crate::output::OutValue;
use crate::pod::{OutStruct, pod};
use crate::strings::{copy_name, vultus_str};
use std::ffi::c_char;
use std::fmt;
use vultus::gallery::{
    EnrolFace, Enrolment, Gender, GroupId, NewPerson, PersonId, UniquePersonControl,
};

/// The person was created.
pub const VULTUS_ENROLMENT_CREATED: u32 = 1;
/// A person in the group is too similar, so nothing was changed.
pub const VULTUS_ENROLMENT_SIMILAR: u32 = 2;

/// The result of an enrolment.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct vultus_enrolment {
    /// `sizeof(vultus_enrolment)`, set by the caller.
    pub struct_size: u32,
    /// VULTUS_ENROLMENT_CREATED or VULTUS_ENROLMENT_SIMILAR.
    pub outcome: u32,
    /// The number of the new face, or of the similar person's.
    pub face: u64,
    /// Calibrated score of the comparison with the similar person, 0 to 100; else 0.
    pub score: f64,
    /// Cosine of the same comparison; else 0.
    pub cosine: f32,
    /// Id of the similar person; empty where the person was created. NUL-terminated.
    pub similar: [c_char; 68],
}
pod!(vultus_enrolment {
    outcome: 0,
    face: 0,
    score: 0.0,
    cosine: 0.0,
    similar: [0; 68],
});

impl fmt::Debug for vultus_enrolment {
    /// Leaves out the similar person's id: it is personal data.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("vultus_enrolment")
            .field("outcome", &self.outcome)
            .field("face", &self.face)
            .field("score", &self.score)
            .field("cosine", &self.cosine)
            .finish_non_exhaustive()
    }
}

impl From<Enrolment> for vultus_enrolment {
    fn from(enrolment: Enrolment) -> Self {
        match enrolment {
            Enrolment::Created(face) => Self {
                outcome: VULTUS_ENROLMENT_CREATED,
                face: face.get(),
                ..Self::default()
            },
            Enrolment::Similar(similar) => Self {
                outcome: VULTUS_ENROLMENT_SIMILAR,
                face: similar.face.get(),
                score: similar.comparison.score.get(),
                cosine: similar.comparison.cosine,
                similar: copy_name(similar.person.as_str()),
                ..Self::default()
            },
        }
    }
}

/// Enrols a person in a group with their first face.
///
/// `person` is their id, unique in the gallery, under the rules of a group's; `name` has 1 to 60
/// characters. `unique` is 0 to 4: above 0 the face is first compared with every face of the group, and the
/// person is not enrolled when a score is one that only one stranger in 100 (level 1) to one in 100,000
/// (level 4) reaches. The rate is that of one comparison: use level 4 for more than a few hundred faces.
///
/// Errors: 433, 444, 450 to 455, 466, 473, VULTUS_ERROR_ACROSS_VERSIONS,
/// VULTUS_ERROR_CALIBRATION_INSUFFICIENT, VULTUS_ERROR_LICENCE_EXPIRED; 406 to 410.
///
/// ```c
/// vultus_enrolment enrolment = {0};
/// enrolment.struct_size = sizeof enrolment;
/// code = vultus_gallery_enrol(gallery, matcher, vultus_str_of("staff"), vultus_str_of("E-17"),
///                             vultus_str_of("Wang-Xiaoming"), face, 4, &enrolment);
/// if (code == VULTUS_OK && enrolment.outcome == VULTUS_ENROLMENT_SIMILAR)
///     printf("looks like %s\n", enrolment.similar);
/// ```
#[unsafe(no_mangle)]
pub unsafe extern "C" fn vultus_gallery_enrol(
    gallery: *const vultus_gallery,
    matcher: *const vultus_matcher,
    group: vultus_str,
    person: vultus_str,
    name: vultus_str,
    face: *const vultus_enrol_face,
    unique: u32,
    enrolment: *mut vultus_enrolment,
) -> i32 {
    fence(|| {
        // SAFETY: as the header's first page asks of handles, inputs and outputs.
        let (gallery, matcher, face) = unsafe {
            (
                shared(gallery, "gallery")?,
                shared(matcher, "matcher")?,
                shared(face, "face")?,
            )
        };
        // SAFETY: the same.
        let (group, person, name, out) = unsafe {
            (
                group.get("group")?,
                person.get("person")?,
                name.get("name")?,
                OutStruct::at(enrolment, "enrolment")?,
            )
        };
        let group = GroupId::new(group)?;
        let new = NewPerson::new(PersonId::new(person)?, name);
        let unique = UniquePersonControl::new(level(unique))?;
        let face = EnrolFace::clone(&face);
        let done = gallery.edit(|edit| edit.create_person(&matcher, &group, &new, face, unique))?;
        out.set(done.into());
        Ok(())
    })
}

/// Adds a person to further groups, 1 to 100, each with empty custom fields: all of them or none.
///
/// Errors: 433, 444, 445, 453, 461, VULTUS_ERROR_ACROSS_VERSIONS; VULTUS_ERROR_INVALID_PARAMETER for a
/// group that is named twice; 406 to 410.
///
/// ```c
/// vultus_str groups[] = { vultus_str_of("visitors"), vultus_str_of("parking") };
/// code = vultus_gallery_copy_person(gallery, vultus_str_of("E-17"), groups, 2);
/// ```
#[unsafe(no_mangle)]
pub unsafe extern "C" fn vultus_gallery_copy_person(
    gallery: *const vultus_gallery,
    person: vultus_str,
    groups: *const vultus_str,
    group_count: usize,
) -> i32 {
    fence(|| {
        // SAFETY: as the header's first page asks of handles and inputs.
        let (gallery, person, groups) = unsafe {
            (
                shared(gallery, "gallery")?,
                person.get("person")?,
                group_ids(groups, group_count)?,
            )
        };
        let person = PersonId::new(person)?;
        gallery.edit(|edit| edit.copy_person(&person, &groups))
    })
}

/// Renames a person.
///
/// Errors: 453 to 455; 406 to 410.
///
/// ```c
/// code = vultus_gallery_rename_person(gallery, vultus_str_of("E-17"), vultus_str_of("Wang-Ming"));
/// ```
#[unsafe(no_mangle)]
pub unsafe extern "C" fn vultus_gallery_rename_person(
    gallery: *const vultus_gallery,
    person: vultus_str,
    name: vultus_str,
) -> i32 {
    fence(|| {
        // SAFETY: as the header's first page asks of handles and inputs.
        let (gallery, person, name) = unsafe {
            (
                shared(gallery, "gallery")?,
                person.get("person")?,
                name.get("name")?,
            )
        };
        let person = PersonId::new(person)?;
        gallery.edit(|edit| edit.rename_person(&person, name))
    })
}

/// Sets a person's gender: 0 not given, 1 male, 2 female.
///
/// Errors: 453, 456; 406 to 410.
///
/// ```c
/// code = vultus_gallery_set_gender(gallery, vultus_str_of("E-17"), 2);
/// ```
#[unsafe(no_mangle)]
pub unsafe extern "C" fn vultus_gallery_set_gender(
    gallery: *const vultus_gallery,
    person: vultus_str,
    gender: u32,
) -> i32 {
    fence(|| {
        // SAFETY: as the header's first page asks of handles and inputs.
        let (gallery, person) = unsafe { (shared(gallery, "gallery")?, person.get("person")?) };
        let (person, gender) = (PersonId::new(person)?, Gender::new(level(gender))?);
        gallery.edit(|edit| edit.set_gender(&person, gender))
    })
}

/// Sets a person's value of a custom field of one of their groups: up to 60 characters; an empty one
/// removes it.
///
/// Errors: 433, 453, 459, 460, 462; 406 to 410.
///
/// ```c
/// code = vultus_gallery_set_field(gallery, vultus_str_of("E-17"), vultus_str_of("staff"),
///                                 vultus_str_of("floor"), vultus_str_of("3"));
/// ```
#[unsafe(no_mangle)]
pub unsafe extern "C" fn vultus_gallery_set_field(
    gallery: *const vultus_gallery,
    person: vultus_str,
    group: vultus_str,
    field: vultus_str,
    value: vultus_str,
) -> i32 {
    fence(|| {
        // SAFETY: as the header's first page asks of handles and inputs.
        let (gallery, person, group, field, value) = unsafe {
            (
                shared(gallery, "gallery")?,
                person.get("person")?,
                group.get("group")?,
                field.get("field")?,
                value.get("value")?,
            )
        };
        let (person, group) = (PersonId::new(person)?, GroupId::new(group)?);
        let fields = [(field.to_owned(), value.to_owned())];
        gallery.edit(|edit| edit.set_fields(&person, &group, &fields))
    })
}

/// Removes a person from one group. A person who is removed from their last group is deleted with all their
/// faces; then `gone` is 1.
///
/// Errors: 433, 453, 462; 406 to 410.
///
/// ```c
/// uint32_t gone = 0;
/// code = vultus_gallery_remove_from_group(gallery, vultus_str_of("E-17"), vultus_str_of("staff"), &gone);
/// ```
#[unsafe(no_mangle)]
pub unsafe extern "C" fn vultus_gallery_remove_from_group(
    gallery: *const vultus_gallery,
    person: vultus_str,
    group: vultus_str,
    gone: *mut u32,
) -> i32 {
    fence(|| {
        // SAFETY: as the header's first page asks of handles, inputs and outputs.
        let (gallery, person, group, out) = unsafe {
            (
                shared(gallery, "gallery")?,
                person.get("person")?,
                group.get("group")?,
                OutValue::at(gone, "gone")?,
            )
        };
        let (person, group) = (PersonId::new(person)?, GroupId::new(group)?);
        let gone = gallery.edit(|edit| edit.remove_from_group(&person, &group))?;
        out.set(u32::from(gone));
        Ok(())
    })
}

/// Deletes a person from every group, with all their faces.
///
/// Errors: 453; 406 to 410.
///
/// ```c
/// code = vultus_gallery_delete_person(gallery, vultus_str_of("E-17"));
/// ```
#[unsafe(no_mangle)]
pub unsafe extern "C" fn vultus_gallery_delete_person(
    gallery: *const vultus_gallery,
    person: vultus_str,
) -> i32 {
    fence(|| {
        // SAFETY: as the header's first page asks of handles and inputs.
        let (gallery, person) = unsafe { (shared(gallery, "gallery")?, person.get("person")?) };
        let person = PersonId::new(person)?;
        gallery.edit(|edit| edit.delete_person(&person))
    })
}
