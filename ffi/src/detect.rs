//! Finding faces.

use crate::fence::fence;
use crate::frame::colour::{lent_frame, vultus_frame};
use crate::frame::landmarks::points_of;
use crate::handle::{OutHandle, exclusive, free, object, shared};
use crate::misuse::Misuse;
use crate::numbers::flag;
use crate::output::OutValue;
use crate::pod::{self, OutList, OutStruct, pod};
use crate::session::vultus_session;
use vultus::config::MinFaceSize;
use vultus::error::Result;
use vultus::{DetectOptions, Face, FoundFaces};

/// Options of detection.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct vultus_detect_options {
    /// `sizeof(vultus_detect_options)`.
    pub struct_size: u32,
    /// Shorter side in pixels of the smallest face that counts: 20 to 4000, by default 34.
    pub min_face: u32,
    /// 1 when the picture may be turned by 90, 180 or 270 degrees without saying so: faces are then
    /// searched in all four orientations, which takes four times as long. By default 0.
    pub rotate: u32,
}
pod!(vultus_detect_options {
    min_face: 34,
    rotate: 0
});

/// A face of a frame. All coordinates are stored pixels of the frame: those of its bytes, before
/// rotation and mirror. Pixel i covers i to i + 1.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct vultus_face {
    /// `sizeof(vultus_face)`, set by the caller, of an array in its first entry.
    pub struct_size: u32,
    /// Left edge of its rectangle, which may reach outside the frame.
    pub x: f32,
    /// Top edge.
    pub y: f32,
    /// Width.
    pub width: f32,
    /// Height.
    pub height: f32,
    /// The detector's confidence, 0 to 1; that of two packs is not comparable.
    pub score: f32,
    /// x and y of left eye, right eye, tip of the nose, left and right corner of the mouth; left is
    /// the left of the upright picture.
    pub landmarks: [[f32; 2]; 5],
}
pod!(vultus_face {
    x: 0.0,
    y: 0.0,
    width: 0.0,
    height: 0.0,
    score: 0.0,
    landmarks: [[0.0; 2]; 5],
});

/// The faces that were found in one frame, best first. Calls that work on one of them take this list, the
/// index of the face, and the frame.
#[derive(Debug)]
pub struct vultus_faces {
    _private: (),
}

object!(vultus_faces, FoundFaces, b"vultFACE", Shared, Owned);

/// Fills in the defaults.
///
/// ```c
/// vultus_detect_options options = {0};
/// options.struct_size = sizeof options;
/// code = vultus_detect_options_default(&options);
/// options.min_face = 80;
/// ```
#[unsafe(no_mangle)]
pub unsafe extern "C" fn vultus_detect_options_default(options: *mut vultus_detect_options) -> i32 {
    fence(|| {
        // SAFETY: as the header's first page asks of outputs.
        unsafe { OutStruct::at(options, "options")? }.set(vultus_detect_options::default());
        Ok(())
    })
}

/// Finds the faces of a frame. No face is an empty list, not an error.
///
/// Errors: VULTUS_ERROR_INVALID_PARAMETER naming the option, VULTUS_ERROR_FRAME_LAYOUT_INVALID,
/// VULTUS_ERROR_LICENCE_EXPIRED, VULTUS_ERROR_MODEL_NETWORK_INVALID.
///
/// ```c
/// vultus_faces *faces = NULL;
/// code = vultus_session_detect(session, &frame, &options, &faces);
/// uint32_t count = 0;
/// if (code == VULTUS_OK)
///     code = vultus_faces_count(faces, &count);
/// vultus_faces_free(faces);
/// ```
#[unsafe(no_mangle)]
pub unsafe extern "C" fn vultus_session_detect(
    session: *mut vultus_session,
    frame: *const vultus_frame,
    options: *const vultus_detect_options,
    out: *mut *mut vultus_faces,
) -> i32 {
    fence(|| {
        // SAFETY: as the header's first page asks of handles, inputs and outputs.
        let (mut session, frame, options, out) = unsafe {
            (
                exclusive(session, "session")?,
                lent_frame(frame, "frame")?,
                detect_options(options, "options")?,
                OutHandle::at(out, "out")?,
            )
        };
        out.give(session.detect(&frame, &options)?);
        Ok(())
    })
}

/// Frees a list of faces; NULL is fine.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn vultus_faces_free(faces: *mut vultus_faces) {
    // SAFETY: as the header's first page asks of handles.
    fence::<()>(|| unsafe { free(faces, "faces") });
}

/// How many faces there are.
///
/// ```c
/// uint32_t count = 0;
/// code = vultus_faces_count(faces, &count);
/// ```
#[unsafe(no_mangle)]
pub unsafe extern "C" fn vultus_faces_count(faces: *const vultus_faces, count: *mut u32) -> i32 {
    fence(|| {
        // SAFETY: as the header's first page asks of handles and outputs.
        let (faces, out) = unsafe { (shared(faces, "faces")?, OutValue::at(count, "count")?) };
        out.set(faces.faces.len() as u32);
        Ok(())
    })
}

/// One face.
///
/// Errors: VULTUS_ERROR_INVALID_PARAMETER for an index beyond the last face.
///
/// ```c
/// vultus_face face = {0};
/// face.struct_size = sizeof face;
/// code = vultus_faces_get(faces, 0, &face);
/// ```
#[unsafe(no_mangle)]
pub unsafe extern "C" fn vultus_faces_get(
    faces: *const vultus_faces,
    index: u32,
    face: *mut vultus_face,
) -> i32 {
    fence(|| {
        // SAFETY: as the header's first page asks of handles and outputs.
        let (faces, out) = unsafe { (shared(faces, "faces")?, OutStruct::at(face, "face")?) };
        out.set(face_at(&faces, index)?.into());
        Ok(())
    })
}

/// All faces, best first.
///
/// Errors: VULTUS_ERROR_BUFFER_TOO_SMALL.
///
/// ```c
/// vultus_face list[16] = {{0}};
/// size_t count;
/// list[0].struct_size = sizeof list[0];
/// code = vultus_faces_list(faces, list, 16, &count);
/// ```
#[unsafe(no_mangle)]
pub unsafe extern "C" fn vultus_faces_list(
    faces: *const vultus_faces,
    list: *mut vultus_face,
    capacity: usize,
    count: *mut usize,
) -> i32 {
    fence(|| {
        // SAFETY: as the header's first page asks of handles and outputs.
        let (faces, out) = unsafe {
            (
                shared(faces, "faces")?,
                OutList::at(list, capacity, count, "list")?,
            )
        };
        out.put(faces.faces.iter().map(vultus_face::from))
    })
}

/// The index of the largest face: the one that enrolment and verification from a photograph use,
/// where having none is an error.
///
/// Errors: VULTUS_ERROR_NO_FACE_IN_PHOTO; VULTUS_ERROR_FACE_SIZE_TOO_SMALL when there are only
/// smaller ones than the options asked for.
///
/// ```c
/// uint32_t index = 0;
/// code = vultus_faces_largest(faces, options.min_face, &index);
/// ```
#[unsafe(no_mangle)]
pub unsafe extern "C" fn vultus_faces_largest(
    faces: *const vultus_faces,
    min_face: u32,
    index: *mut u32,
) -> i32 {
    fence(|| {
        // SAFETY: as the header's first page asks of handles and outputs.
        let (faces, out) = unsafe { (shared(faces, "faces")?, OutValue::at(index, "index")?) };
        let min_face = MinFaceSize::new(min_face)?;
        let area = |n: &usize| faces.faces[*n].rect.area();
        let largest = (0..faces.faces.len()).max_by(|a, b| area(a).total_cmp(&area(b)));
        match largest {
            Some(n) => out.set(n as u32),
            // The core says why there is none.
            None => return Ok(FoundFaces::clone(&faces).largest(min_face).map(|_| ())?),
        }
        Ok(())
    })
}

/// Shorter side in pixels of the largest face that was too small to count; 0 when there was none. That
/// person has to come nearer.
///
/// ```c
/// float pixels = 0;
/// if (vultus_faces_too_small(faces, &pixels) == VULTUS_OK && pixels > 0)
///     show("come nearer");
/// ```
#[unsafe(no_mangle)]
pub unsafe extern "C" fn vultus_faces_too_small(
    faces: *const vultus_faces,
    pixels: *mut f32,
) -> i32 {
    fence(|| {
        // SAFETY: as the header's first page asks of handles and outputs.
        let (faces, out) = unsafe { (shared(faces, "faces")?, OutValue::at(pixels, "pixels")?) };
        out.set(faces.too_small_px.unwrap_or(0.0));
        Ok(())
    })
}

/// Options of a struct, checked.
///
/// # Safety
/// As for [`pod::read`].
pub(crate) unsafe fn detect_options(
    options: *const vultus_detect_options,
    name: &'static str,
) -> Result<DetectOptions> {
    // SAFETY: as asked of the caller.
    let options = unsafe { pod::read(options, name)? };
    Ok(DetectOptions {
        min_face: MinFaceSize::new(options.min_face)?,
        rotate: flag(options.rotate, "rotate")?,
    })
}

/// One face of a list.
pub(crate) fn face_at(faces: &FoundFaces, index: u32) -> Result<&Face> {
    let found = faces.faces.get(index as usize);
    Ok(found.ok_or(Misuse::index(index, faces.faces.len()))?)
}

impl From<&Face> for vultus_face {
    fn from(face: &Face) -> Self {
        Self {
            x: face.rect.x,
            y: face.rect.y,
            width: face.rect.width,
            height: face.rect.height,
            score: face.score,
            landmarks: points_of(face.landmarks),
            ..Self::default()
        }
    }
}
