//! Further faces of persons.

use super::library::vultus_gallery;
use super::matcher::vultus_matcher;
use crate::enrol::vultus_enrol_face;
use crate::fence::fence;
use crate::handle::shared;
use crate::misuse::Misuse;
use crate::pod::{OutArray, pod};
use crate::pointer::lent;
use crate::strings::vultus_str;
use vultus::error::Result;
use vultus::gallery::{
    EnrolFace, FACES_PER_PERSON, FaceId, FaceMatchThreshold, FaceOutcome, PersonId,
};

/// The face was added to the person.
pub const VULTUS_FACE_JOINED: u32 = 1;
/// The face is not similar to any face of the person, and was not added.
pub const VULTUS_FACE_NOT_SIMILAR: u32 = 2;

/// The result for one of several faces that should be added to a person.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct vultus_face_outcome {
    /// `sizeof(vultus_face_outcome)`, set by the caller in the first entry of an array.
    pub struct_size: u32,
    /// VULTUS_FACE_JOINED or VULTUS_FACE_NOT_SIMILAR.
    pub outcome: u32,
    /// The number of the face that was added; else 0.
    pub face: u64,
    /// The score of the most similar face of the person, where the face was not added; else 0.
    pub score: f64,
}
pod!(vultus_face_outcome {
    outcome: 0,
    face: 0,
    score: 0.0
});

impl From<FaceOutcome> for vultus_face_outcome {
    fn from(outcome: FaceOutcome) -> Self {
        match outcome {
            FaceOutcome::Joined(face) => Self {
                outcome: VULTUS_FACE_JOINED,
                face: face.get(),
                ..Self::default()
            },
            FaceOutcome::NotSimilar(score) => Self {
                outcome: VULTUS_FACE_NOT_SIMILAR,
                score: score.get(),
                ..Self::default()
            },
        }
    }
}

/// Adds 1 to 4 faces to a person, who has at most 5. A face is added when its score with one of the faces
/// that the person had before the call reaches `threshold`, 0 to 100; 60 is usual. There are as many
/// outcomes as faces.
///
/// Errors: 444, 453, 463, 465, 466, 474, VULTUS_ERROR_ACROSS_VERSIONS,
/// VULTUS_ERROR_CALIBRATION_INSUFFICIENT, VULTUS_ERROR_LICENCE_EXPIRED; 406 to 410. Then no face is added.
///
/// ```c
/// const vultus_enrol_face *faces[] = { second, third };
/// vultus_face_outcome outcomes[2] = {{0}};
/// outcomes[0].struct_size = sizeof outcomes[0];
/// code = vultus_gallery_add_faces(gallery, matcher, vultus_str_of("E-17"), faces, 2, 60.0, outcomes);
/// ```
#[unsafe(no_mangle)]
pub unsafe extern "C" fn vultus_gallery_add_faces(
    gallery: *const vultus_gallery,
    matcher: *const vultus_matcher,
    person: vultus_str,
    faces: *const *const vultus_enrol_face,
    face_count: usize,
    threshold: f64,
    outcomes: *mut vultus_face_outcome,
) -> i32 {
    fence(|| {
        // SAFETY: as the header's first page asks of handles, inputs and outputs.
        let (gallery, matcher, person, faces) = unsafe {
            (
                shared(gallery, "gallery")?,
                shared(matcher, "matcher")?,
                person.get("person")?,
                enrol_faces(faces, face_count)?,
            )
        };
        // SAFETY: the same; one outcome for each face.
        let out = unsafe { OutArray::fixed(outcomes, face_count.max(1), "outcomes")? };
        let person = PersonId::new(person)?;
        let threshold = FaceMatchThreshold::new(threshold)?;
        let done = gallery.edit(|edit| edit.add_faces(&matcher, &person, faces, threshold))?;
        for (n, outcome) in done.into_iter().enumerate() {
            out.set(n, outcome.into());
        }
        Ok(())
    })
}

/// The faces of an array of handles that the caller lends.
///
/// # Safety
/// As for [`lent`], and each handle is one of this library.
unsafe fn enrol_faces(
    faces: *const *const vultus_enrol_face,
    count: usize,
) -> Result<Vec<EnrolFace>> {
    let count = at_most(count, "faces")?;
    // SAFETY: as asked of the caller.
    let faces = unsafe { lent(faces, count, "faces")? };
    faces
        .iter()
        // SAFETY: as asked of the caller.
        .map(|&face| Ok(EnrolFace::clone(&*unsafe { shared(face, "faces")? })))
        .collect()
}

/// Refuses a list that is too long to copy. The real limit is checked by the gallery.
fn at_most(count: usize, name: &'static str) -> Result<usize> {
    if count > FACES_PER_PERSON + 1 {
        let length = count;
        return Err(Misuse::TooLong { name, length }.into());
    }
    Ok(count)
}

/// Removes faces of a person, who keeps at least one: all of them or none.
///
/// Errors: 453, 464, 467; 406 to 410.
///
/// ```c
/// uint64_t gone[] = { 17 };
/// code = vultus_gallery_delete_faces(gallery, vultus_str_of("E-17"), gone, 1);
/// ```
#[unsafe(no_mangle)]
pub unsafe extern "C" fn vultus_gallery_delete_faces(
    gallery: *const vultus_gallery,
    person: vultus_str,
    faces: *const u64,
    face_count: usize,
) -> i32 {
    fence(|| {
        // SAFETY: as the header's first page asks of handles and inputs.
        let (gallery, person, faces) = unsafe {
            (
                shared(gallery, "gallery")?,
                person.get("person")?,
                lent(faces, at_most(face_count, "faces")?, "faces")?,
            )
        };
        let person = PersonId::new(person)?;
        let faces: Vec<FaceId> = faces
            .iter()
            .map(|&face| FaceId::from_number(face))
            .collect();
        gallery.edit(|edit| edit.delete_faces(&person, &faces))
    })
}
