//! Faces that are ready to be enrolled.

use crate::detect::{face_at, vultus_faces};
use crate::embedding::vultus_embedding;
use crate::fence::fence;
use crate::frame::colour::{lent_frame, vultus_frame};
use crate::handle::{OutHandle, exclusive, free, object, shared};
use crate::numbers::{flag, level};
use crate::output::OutValue;
use crate::pod::{self, OutStruct, pod};
use crate::session::vultus_session;
use crate::strings::vultus_bytes;
use vultus::config::{MinFaceSize, QualityControl};
use vultus::error::Result;
use vultus::gallery::EnrolFace;
use vultus::{DetectOptions, Embedding, EnrolOptions};

/// How faces are enrolled.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct vultus_enrol_options {
    /// `sizeof(vultus_enrol_options)`.
    pub struct_size: u32,
    /// Shorter side in pixels of the smallest face that counts: 20 to 4000, by default 34; 80 is
    /// advised for enrolment. For photographs alone.
    pub min_face: u32,
    /// 1 when the photograph may be turned without saying so (as in `vultus_detect_options`); by default 0.
    /// For photographs alone.
    pub rotate: u32,
    /// How good a face must be: 0, the default, takes every face, 4 only the best.
    pub quality_control: u32,
    /// 1 to keep a picture of the head in the gallery, encrypted, from which a later pack can make its
    /// embedding; by default 0. The people on such pictures must be told that they are kept.
    pub keep_crop: u32,
}
pod!(vultus_enrol_options {
    min_face: 34,
    rotate: 0,
    quality_control: 0,
    keep_crop: 0,
});

/// A face that is ready to be enrolled: its embedding, its quality and, if asked for, a crop.
#[derive(Debug)]
pub struct vultus_enrol_face {
    _private: (),
}

object!(
    vultus_enrol_face,
    EnrolFace,
    b"vultENRO",
    Shared,
    Exclusive,
    Owned
);

/// Fills in the defaults.
///
/// ```c
/// vultus_enrol_options options = {0};
/// options.struct_size = sizeof options;
/// code = vultus_enrol_options_default(&options);
/// options.quality_control = 2;
/// ```
#[unsafe(no_mangle)]
pub unsafe extern "C" fn vultus_enrol_options_default(options: *mut vultus_enrol_options) -> i32 {
    fence(|| {
        // SAFETY: as the header's first page asks of outputs.
        unsafe { OutStruct::at(options, "options")? }.set(vultus_enrol_options::default());
        Ok(())
    })
}

/// Judges and embeds a face that was found in this frame.
///
/// Errors: VULTUS_ERROR_FACE_QUALITY_NOT_QUALIFIED naming what is wrong and by how much;
/// VULTUS_ERROR_QUALITY_CONTROL_ILLEGAL; as `vultus_session_embed`.
///
/// ```c
/// vultus_enrol_face *face = NULL;
/// code = vultus_session_enrol_face(session, &frame, faces, 0, &options, &face);
/// ```
#[unsafe(no_mangle)]
pub unsafe extern "C" fn vultus_session_enrol_face(
    session: *mut vultus_session,
    frame: *const vultus_frame,
    faces: *const vultus_faces,
    index: u32,
    options: *const vultus_enrol_options,
    out: *mut *mut vultus_enrol_face,
) -> i32 {
    fence(|| {
        // SAFETY: as the header's first page asks of handles, inputs and outputs.
        let (mut session, frame, faces, options, out) = unsafe {
            (
                exclusive(session, "session")?,
                lent_frame(frame, "frame")?,
                shared(faces, "faces")?,
                enrol_options(options, "options")?,
                OutHandle::at(out, "out")?,
            )
        };
        out.give(session.enrol_face(&frame, face_at(&faces, index)?, &options)?);
        Ok(())
    })
}

/// The largest face of a photograph, ready to be enrolled: a JPEG, PNG or BMP file in memory. It is turned
/// as its EXIF orientation says, and what is transparent lies in front of white.
///
/// Errors: 301 to 306 for a photograph that is no picture, too large or too small;
/// VULTUS_ERROR_NO_FACE_IN_PHOTO, VULTUS_ERROR_FACE_SIZE_TOO_SMALL; VULTUS_ERROR_FACE_TRANSPARENT for a face that
/// something shines through; as `vultus_session_enrol_face`.
///
/// ```c
/// vultus_bytes jpeg = { file, file_length };
/// code = vultus_session_enrol_photo(session, jpeg, &options, &face);
/// ```
#[unsafe(no_mangle)]
pub unsafe extern "C" fn vultus_session_enrol_photo(
    session: *mut vultus_session,
    photo: vultus_bytes,
    options: *const vultus_enrol_options,
    out: *mut *mut vultus_enrol_face,
) -> i32 {
    fence(|| {
        // SAFETY: as the header's first page asks of handles, inputs and outputs.
        let (mut session, photo, options, out) = unsafe {
            (
                exclusive(session, "session")?,
                photo.get("photo")?,
                enrol_options(options, "options")?,
                OutHandle::at(out, "out")?,
            )
        };
        out.give(session.enrol_photo(photo, &options)?);
        Ok(())
    })
}

/// The embedding of the face in a crop that a gallery kept, by this session's pack: for moving a group
/// to another pack.
///
/// Errors: as for a photograph, above all VULTUS_ERROR_NO_FACE_IN_PHOTO when this pack's detector sees
/// no face in it.
///
/// ```c
/// vultus_bytes crop = { bytes, bytes_length };
/// code = vultus_session_embed_crop(session, crop, &probe);
/// ```
#[unsafe(no_mangle)]
pub unsafe extern "C" fn vultus_session_embed_crop(
    session: *mut vultus_session,
    crop: vultus_bytes,
    out: *mut *mut vultus_embedding,
) -> i32 {
    fence(|| {
        // SAFETY: as the header's first page asks of handles, inputs and outputs.
        let (mut session, crop, out) = unsafe {
            (
                exclusive(session, "session")?,
                crop.get("crop")?,
                OutHandle::at(out, "out")?,
            )
        };
        out.give(session.embed_crop(crop)?);
        Ok(())
    })
}

/// A face to enrol from an embedding that was made elsewhere, with its quality in points, 0 to 100: its
/// weight among the faces of its person.
///
/// Errors: VULTUS_ERROR_INVALID_PARAMETER for a quality outside its range.
///
/// ```c
/// vultus_enrol_face *face = NULL;
/// code = vultus_enrol_face_new(stored, 70, &face);
/// ```
#[unsafe(no_mangle)]
pub unsafe extern "C" fn vultus_enrol_face_new(
    embedding: *const vultus_embedding,
    quality: f32,
    out: *mut *mut vultus_enrol_face,
) -> i32 {
    fence(|| {
        // SAFETY: as the header's first page asks of handles and outputs.
        let (embedding, out) =
            unsafe { (shared(embedding, "embedding")?, OutHandle::at(out, "out")?) };
        let face = EnrolFace::new(Embedding::clone(&embedding), quality);
        out.give(checked(face)?);
        Ok(())
    })
}

/// Frees a face to enrol; NULL is fine.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn vultus_enrol_face_free(face: *mut vultus_enrol_face) {
    // SAFETY: as the header's first page asks of handles.
    fence::<()>(|| unsafe { free(face, "face") });
}

/// Keeps a picture with the face, 1 byte to 1 MiB, in any format.
///
/// Errors: VULTUS_ERROR_INVALID_PARAMETER for another size.
///
/// ```c
/// vultus_bytes crop = { file, file_length };
/// code = vultus_enrol_face_set_crop(face, crop);
/// ```
#[unsafe(no_mangle)]
pub unsafe extern "C" fn vultus_enrol_face_set_crop(
    face: *mut vultus_enrol_face,
    crop: vultus_bytes,
) -> i32 {
    fence(|| {
        // SAFETY: as the header's first page asks of handles and inputs.
        let (mut face, crop) = unsafe { (exclusive(face, "face")?, crop.get("crop")?) };
        let with_crop = EnrolFace {
            crop: Some(crop.to_vec()),
            ..face.clone()
        };
        *face = checked(with_crop)?;
        Ok(())
    })
}

/// The face's quality in points, 0 to 100.
///
/// ```c
/// float quality;
/// code = vultus_enrol_face_quality(face, &quality);
/// ```
#[unsafe(no_mangle)]
pub unsafe extern "C" fn vultus_enrol_face_quality(
    face: *const vultus_enrol_face,
    quality: *mut f32,
) -> i32 {
    fence(|| {
        // SAFETY: as the header's first page asks of handles and outputs.
        let (face, out) = unsafe { (shared(face, "face")?, OutValue::at(quality, "quality")?) };
        out.set(face.quality);
        Ok(())
    })
}

/// A copy of the face's embedding.
///
/// ```c
/// code = vultus_enrol_face_embedding(face, &probe);
/// ```
#[unsafe(no_mangle)]
pub unsafe extern "C" fn vultus_enrol_face_embedding(
    face: *const vultus_enrol_face,
    out: *mut *mut vultus_embedding,
) -> i32 {
    fence(|| {
        // SAFETY: as the header's first page asks of handles and outputs.
        let (face, out) = unsafe { (shared(face, "face")?, OutHandle::at(out, "out")?) };
        out.give(face.embedding.clone());
        Ok(())
    })
}

fn checked(face: EnrolFace) -> Result<EnrolFace> {
    face.check()?;
    Ok(face)
}

/// Options of a struct, checked.
///
/// # Safety
/// As for [`pod::read`].
unsafe fn enrol_options(
    options: *const vultus_enrol_options,
    name: &'static str,
) -> Result<EnrolOptions> {
    // SAFETY: as asked of the caller.
    let options = unsafe { pod::read(options, name)? };
    Ok(EnrolOptions {
        detect: DetectOptions {
            min_face: MinFaceSize::new(options.min_face)?,
            rotate: flag(options.rotate, "rotate")?,
        },
        control: QualityControl::new(level(options.quality_control))?,
        keep_crop: flag(options.keep_crop, "keep_crop")?,
    })
}
