//! How good a face is for recognition.

use crate::detect::{face_at, vultus_faces};
use crate::fence::fence;
use crate::frame::colour::{lent_frame, vultus_frame};
use crate::handle::{exclusive, shared};
use crate::numbers::level;
use crate::output::OutValue;
use crate::pod::{OutStruct, pod};
use crate::session::vultus_session;
use vultus::config::QualityControl;
use vultus::quality::QualityReport;

/// Everything that was measured about the quality of a face. Points are 0 to 100, where more is better;
/// docs/quality.md defines every value.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct vultus_quality {
    /// `sizeof(vultus_quality)`, set by the caller.
    pub struct_size: u32,
    /// The total, in points: below 40 poor, 40 to 60 fair, 60 to 80 good, from 80 on excellent; 70 is
    /// advised for enrolment.
    pub total: f32,
    /// Sharpness in points; 80 is advised for enrolment.
    pub sharpness: f32,
    /// Standard deviation of the blur at the strongest edges, in hundredths of the eye distance.
    pub blur: f32,
    /// Brightness, 0 to 100; 30 to 70 is good.
    pub brightness: f32,
    /// Share of the face that is overexposed, 0 to 1.
    pub over_exposed: f32,
    /// Share of the face that is underexposed, 0 to 1.
    pub under_exposed: f32,
    /// Standard deviation of the noise in luma levels.
    pub noise: f32,
    /// Steps at the borders of compression blocks in luma levels.
    pub block_steps: f32,
    /// Share of the face's outline inside the frame, 0 to 1.
    pub in_frame: f32,
    /// Visible share of the worse eyebrow in points; below 80 counts as covered.
    pub eyebrows: f32,
    /// Of the worse eye; below 80 counts as covered.
    pub eyes: f32,
    /// Of the nose; below 60 counts as covered.
    pub nose: f32,
    /// Of the worse cheek; below 70 counts as covered.
    pub cheeks: f32,
    /// Of the mouth; below 50 counts as covered.
    pub mouth: f32,
    /// Of the chin; below 70 counts as covered.
    pub chin: f32,
    /// Turn of the head to the side in degrees.
    pub yaw: f32,
    /// Turn of the head up or down in degrees.
    pub pitch: f32,
    /// Tilt of the head in degrees.
    pub roll: f32,
    /// Angle between the face's direction and the camera's axis in degrees, 0 to 180.
    pub off_axis: f32,
    /// Distance of the eyes in pixels of the frame.
    pub eye_distance: f32,
    /// Shorter side of the face's rectangle in pixels of the frame.
    pub face_size: f32,
    /// How far the eye on the left of the upright picture is open: distance of the lids over that of
    /// the corners; about 0.3 is wide open.
    pub left_aperture: f32,
    /// The same of the other eye.
    pub right_aperture: f32,
    /// 1 when a network for eyes measured them; otherwise the mesh did, which hardly sees a blink.
    pub eyes_by_network: u32,
    /// 1 when the pack has a network that sees masks; 0 leaves the next two fields at 0.
    pub has_mask: u32,
    /// 1 when a mask is worn.
    pub mask_worn: u32,
    /// How sure that is, 0 to 1; 0.5 is undecided.
    pub mask_probability: f32,
    /// 1 when the pack has a network for learned quality; 0 leaves the next field at 0.
    pub has_learned: u32,
    /// Learned quality in points.
    pub learned: f32,
}
pod!(vultus_quality {
    total: 0.0,
    sharpness: 0.0,
    blur: 0.0,
    brightness: 0.0,
    over_exposed: 0.0,
    under_exposed: 0.0,
    noise: 0.0,
    block_steps: 0.0,
    in_frame: 0.0,
    eyebrows: 0.0,
    eyes: 0.0,
    nose: 0.0,
    cheeks: 0.0,
    mouth: 0.0,
    chin: 0.0,
    yaw: 0.0,
    pitch: 0.0,
    roll: 0.0,
    off_axis: 0.0,
    eye_distance: 0.0,
    face_size: 0.0,
    left_aperture: 0.0,
    right_aperture: 0.0,
    eyes_by_network: 0,
    has_mask: 0,
    mask_worn: 0,
    mask_probability: 0.0,
    has_learned: 0,
    learned: 0.0,
});

impl From<&QualityReport> for vultus_quality {
    fn from(report: &QualityReport) -> Self {
        let (measured, parts) = (&report.measured, &report.measured.completeness);
        Self {
            total: report.total,
            sharpness: measured.sharpness,
            blur: measured.blur,
            brightness: measured.brightness,
            over_exposed: measured.over_exposed,
            under_exposed: measured.under_exposed,
            noise: measured.noise,
            block_steps: measured.block_steps,
            in_frame: measured.in_frame,
            eyebrows: parts.eyebrows,
            eyes: parts.eyes,
            nose: parts.nose,
            cheeks: parts.cheeks,
            mouth: parts.mouth,
            chin: parts.chin,
            yaw: report.pose.yaw,
            pitch: report.pose.pitch,
            roll: report.pose.roll,
            off_axis: report.pose.off_axis(),
            eye_distance: report.eye_distance_px,
            face_size: report.face_px,
            left_aperture: report.eyes.apertures[0],
            right_aperture: report.eyes.apertures[1],
            eyes_by_network: u32::from(report.eyes.by_network),
            has_mask: u32::from(report.mask.is_some()),
            mask_worn: u32::from(report.mask.is_some_and(|mask| mask.worn)),
            mask_probability: report.mask.map_or(0.0, |mask| mask.probability),
            has_learned: u32::from(report.learned.is_some()),
            learned: report.learned.unwrap_or(0.0),
            ..Self::default()
        }
    }
}

/// Measures the quality of a face that was found in this frame.
///
/// Errors: VULTUS_ERROR_FEATURE_NOT_AVAILABLE for a pack without a mesh network;
/// VULTUS_ERROR_FACE_GEOMETRY_INVALID where it sees no face; VULTUS_ERROR_MODEL_NETWORK_INVALID;
/// VULTUS_ERROR_LICENCE_EXPIRED.
///
/// ```c
/// vultus_quality quality = {0};
/// quality.struct_size = sizeof quality;
/// code = vultus_session_quality(session, &frame, faces, 0, &quality);
/// if (code == VULTUS_OK && quality.total < 70)
///     ask_to_try_again();
/// ```
#[unsafe(no_mangle)]
pub unsafe extern "C" fn vultus_session_quality(
    session: *mut vultus_session,
    frame: *const vultus_frame,
    faces: *const vultus_faces,
    index: u32,
    quality: *mut vultus_quality,
) -> i32 {
    fence(|| {
        // SAFETY: as the header's first page asks of handles, inputs and outputs.
        let (mut session, frame, faces, out) = unsafe {
            (
                exclusive(session, "session")?,
                lent_frame(frame, "frame")?,
                shared(faces, "faces")?,
                OutStruct::at(quality, "quality")?,
            )
        };
        out.set((&session.quality(&frame, face_at(&faces, index)?)?).into());
        Ok(())
    })
}

/// The same, where not being good enough is an error: `control` is 0, which takes every face, to 4,
/// which takes only the best.
///
/// Errors: VULTUS_ERROR_FACE_QUALITY_NOT_QUALIFIED, whose text names what is wrong and by how much;
/// VULTUS_ERROR_QUALITY_CONTROL_ILLEGAL; as `vultus_session_quality`.
///
/// ```c
/// vultus_quality quality = {0};
/// quality.struct_size = sizeof quality;
/// code = vultus_session_qualify(session, &frame, faces, 0, 2, &quality);
/// ```
#[unsafe(no_mangle)]
pub unsafe extern "C" fn vultus_session_qualify(
    session: *mut vultus_session,
    frame: *const vultus_frame,
    faces: *const vultus_faces,
    index: u32,
    control: u32,
    quality: *mut vultus_quality,
) -> i32 {
    fence(|| {
        // SAFETY: as the header's first page asks of handles, inputs and outputs.
        let (mut session, frame, faces, out) = unsafe {
            (
                exclusive(session, "session")?,
                lent_frame(frame, "frame")?,
                shared(faces, "faces")?,
                OutStruct::at(quality, "quality")?,
            )
        };
        let control = QualityControl::new(level(control))?;
        let report = session.qualify(&frame, face_at(&faces, index)?, control)?;
        out.set((&report).into());
        Ok(())
    })
}

/// Whether a face wears a mask, and how sure that is, 0 to 1; 0.5 is undecided.
///
/// Errors: VULTUS_ERROR_FEATURE_NOT_AVAILABLE for a pack without a network that sees masks, such as
/// lite; VULTUS_ERROR_MODEL_NETWORK_INVALID; VULTUS_ERROR_LICENCE_EXPIRED.
///
/// ```c
/// uint32_t worn = 0;
/// float probability = 0;
/// code = vultus_session_mask(session, &frame, faces, 0, &worn, &probability);
/// ```
#[unsafe(no_mangle)]
pub unsafe extern "C" fn vultus_session_mask(
    session: *mut vultus_session,
    frame: *const vultus_frame,
    faces: *const vultus_faces,
    index: u32,
    worn: *mut u32,
    probability: *mut f32,
) -> i32 {
    fence(|| {
        // SAFETY: as the header's first page asks of handles and inputs.
        let (mut session, frame, faces) = unsafe {
            (
                exclusive(session, "session")?,
                lent_frame(frame, "frame")?,
                shared(faces, "faces")?,
            )
        };
        // SAFETY: as the header's first page asks of outputs.
        let (worn, probability) = unsafe {
            (
                OutValue::at(worn, "worn")?,
                OutValue::at(probability, "probability")?,
            )
        };
        let mask = session.mask(&frame, face_at(&faces, index)?)?;
        worn.set(u32::from(mask.worn));
        probability.set(mask.probability);
        Ok(())
    })
}
