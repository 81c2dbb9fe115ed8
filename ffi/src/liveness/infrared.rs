//! Liveness by near-infrared frames.

use super::verdict::vultus_liveness;
use crate::fence::fence;
use crate::frame::colour::{lent_frame, vultus_frame};
use crate::frame::infrared::{lent_infrared, vultus_infrared_frame};
use crate::frame::landmarks::landmarks_of;
use crate::handle::{OutHandle, exclusive, free, object, shared};
use crate::misuse::Misuse;
use crate::pod::{self, OutStruct, pod};
use crate::sdk::vultus_sdk;
use crate::session::vultus_session;
use vultus::config::MaxSkew;
use vultus::error::Result;
use vultus::frame::{Frame, InfraredFrame};
use vultus::liveness::infrared::{
    InInfrared, InfraredFace, InfraredFrames, InfraredLiveness, ReflectedLight,
};

/// No detector was run on the infrared frame.
pub const VULTUS_IN_INFRARED_NOT_ASKED: u32 = 1;
/// A detector that finds people's faces in such frames found no face in the infrared frame.
pub const VULTUS_IN_INFRARED_NO_FACE: u32 = 2;
/// A detector found the face in the infrared frame.
pub const VULTUS_IN_INFRARED_FACE: u32 = 3;

/// A face of a colour frame, and where it is in the infrared frame.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct vultus_infrared_face {
    /// `sizeof(vultus_infrared_face)`.
    pub struct_size: u32,
    /// What a detector found in the infrared frame: VULTUS_IN_INFRARED_*. A Y8 frame is a frame of
    /// VULTUS_FORMAT_GRAY8 to `vultus_session_detect`.
    pub found: u32,
    /// Its landmarks in stored pixels of the colour frame, in the order of `vultus_face`.
    pub in_colour: [[f32; 2]; 5],
    /// The same in stored pixels of the infrared frame (`vultus_registration_locate`).
    pub in_infrared: [[f32; 2]; 5],
    /// The landmarks that the detector found nearest to them, for VULTUS_IN_INFRARED_FACE; else zeros.
    pub found_landmarks: [[f32; 2]; 5],
}
pod!(vultus_infrared_face {
    found: VULTUS_IN_INFRARED_NOT_ASKED,
    in_colour: [[0.0; 2]; 5],
    in_infrared: [[0.0; 2]; 5],
    found_landmarks: [[0.0; 2]; 5],
});

impl vultus_infrared_face {
    fn face(&self, timestamp_us: u64) -> Result<InfraredFace> {
        Ok(InfraredFace {
            in_colour: landmarks_of(self.in_colour),
            in_infrared: landmarks_of(self.in_infrared),
            timestamp_us,
            found: match self.found {
                VULTUS_IN_INFRARED_NOT_ASKED => InInfrared::NotAsked,
                VULTUS_IN_INFRARED_NO_FACE => InInfrared::NoFace,
                VULTUS_IN_INFRARED_FACE => InInfrared::Face(landmarks_of(self.found_landmarks)),
                other => return Err(Misuse::choice("found", other, "1 to 3").into()),
            },
        })
    }
}

/// Judges the liveness of faces by the infrared frames of one camera. All threads share it once it is set
/// up.
#[derive(Debug)]
pub struct vultus_infrared_judge {
    _private: (),
}

object!(
    vultus_infrared_judge,
    InfraredLiveness,
    b"vultINFJ",
    Shared,
    Exclusive,
    Owned
);

/// A judge with the network of an SDK's pack, the rules that the SDK comes with, and colour and infrared
/// frames at most 50 ms apart.
///
/// Errors: VULTUS_ERROR_NOT_ENTITLED for a licence without liveness by infrared;
/// VULTUS_ERROR_FEATURE_NOT_AVAILABLE for a pack without a network for it;
/// VULTUS_ERROR_LIVENESS_RULES_INVALID where the rules were not fitted to the pack's network.
///
/// ```c
/// vultus_infrared_judge *judge = NULL;
/// code = vultus_infrared_judge_new(sdk, &judge);
/// ```
#[unsafe(no_mangle)]
pub unsafe extern "C" fn vultus_infrared_judge_new(
    sdk: *const vultus_sdk,
    out: *mut *mut vultus_infrared_judge,
) -> i32 {
    fence(|| {
        // SAFETY: as the header's first page asks of handles and outputs.
        let (sdk, out) = unsafe { (shared(sdk, "sdk")?, OutHandle::at(out, "out")?) };
        let judge = sdk.liveness_infrared()?;
        judge.check_rules()?;
        out.give(judge);
        Ok(())
    })
}

/// Frees a judge; NULL is fine.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn vultus_infrared_judge_free(judge: *mut vultus_infrared_judge) {
    // SAFETY: as the header's first page asks of handles.
    fence::<()>(|| unsafe { free(judge, "judge") });
}

/// Sets how far apart in time colour and infrared frame may be, 1 to 200 ms; by default 50.
///
/// Errors: VULTUS_ERROR_INVALID_PARAMETER.
///
/// ```c
/// code = vultus_infrared_judge_set_max_skew(judge, 30);
/// ```
#[unsafe(no_mangle)]
pub unsafe extern "C" fn vultus_infrared_judge_set_max_skew(
    judge: *mut vultus_infrared_judge,
    milliseconds: u32,
) -> i32 {
    fence(|| {
        // SAFETY: as the header's first page asks of handles.
        let mut judge = unsafe { exclusive(judge, "judge")? };
        *judge = judge.clone().with_max_skew(MaxSkew::new(milliseconds)?);
        Ok(())
    })
}

/// Sets how much light a module of fixed exposure receives back from people's faces, in full scales times
/// square millimetres, 100 to 10,000,000: artefacts of another reflectance or size are then refused.
///
/// Errors: VULTUS_ERROR_LIVENESS_RULES_INVALID outside that range.
///
/// ```c
/// code = vultus_infrared_judge_set_reflected_light(judge, 52000);
/// ```
#[unsafe(no_mangle)]
pub unsafe extern "C" fn vultus_infrared_judge_set_reflected_light(
    judge: *mut vultus_infrared_judge,
    light: f32,
) -> i32 {
    fence(|| {
        // SAFETY: as the header's first page asks of handles.
        let mut judge = unsafe { exclusive(judge, "judge")? };
        let light = ReflectedLight::new(light)?;
        *judge = judge.clone().with_reflected_light(light);
        Ok(())
    })
}

/// The liveness of a face, by an infrared frame that was lit by the sensor's lamp. Prefer
/// `vultus_session_liveness_infrared_pair`: one frame alone cannot separate the room's light from the
/// lamp's.
///
/// Errors: VULTUS_ERROR_NOT_ENTITLED; VULTUS_ERROR_FRAME_UNSYNCED for frames of different moments;
/// VULTUS_ERROR_SENSOR_FRAME_INVALID; VULTUS_ERROR_MODEL_NETWORK_INVALID; VULTUS_ERROR_LICENCE_EXPIRED.
///
/// ```c
/// vultus_liveness answer = {0};
/// answer.struct_size = sizeof answer;
/// code = vultus_session_liveness_infrared(session, judge, &frame, &lit, &infrared_face, &answer);
/// ```
#[unsafe(no_mangle)]
pub unsafe extern "C" fn vultus_session_liveness_infrared(
    session: *mut vultus_session,
    judge: *const vultus_infrared_judge,
    colour: *const vultus_frame,
    lit: *const vultus_infrared_frame,
    face: *const vultus_infrared_face,
    answer: *mut vultus_liveness,
) -> i32 {
    fence(|| {
        // SAFETY: as the header's first page asks of inputs.
        let frames = unsafe { (lent_frame(colour, "colour"), lent_infrared(lit, "lit")) };
        // SAFETY: as the header's first page asks of handles, inputs and outputs.
        unsafe {
            judged((session, judge, face, answer), frames, |lit| {
                Ok(InfraredFrames::lit_alone(lit))
            })
        }
    })
}

/// The same with a second infrared frame that was taken with the lamp off, at most 40 ms apart.
///
/// Errors: as `vultus_session_liveness_infrared`; VULTUS_ERROR_SENSOR_FRAME_INVALID where the two differ
/// in size, orientation or format, or the second was not taken with the lamp off.
///
/// ```c
/// vultus_liveness answer = {0};
/// answer.struct_size = sizeof answer;
/// code = vultus_session_liveness_infrared_pair(session, judge, &colour, &lit, &unlit, &infrared_face,
///                                              &answer);
/// ```
#[unsafe(no_mangle)]
pub unsafe extern "C" fn vultus_session_liveness_infrared_pair(
    session: *mut vultus_session,
    judge: *const vultus_infrared_judge,
    colour: *const vultus_frame,
    lit: *const vultus_infrared_frame,
    unlit: *const vultus_infrared_frame,
    face: *const vultus_infrared_face,
    answer: *mut vultus_liveness,
) -> i32 {
    fence(|| {
        // SAFETY: as the header's first page asks of inputs.
        let (frames, unlit) = unsafe {
            (
                (lent_frame(colour, "colour"), lent_infrared(lit, "lit")),
                lent_infrared(unlit, "unlit")?,
            )
        };
        // SAFETY: as the header's first page asks of handles, inputs and outputs.
        unsafe {
            judged((session, judge, face, answer), frames, |lit| {
                Ok(InfraredFrames::pair(lit, unlit)?)
            })
        }
    })
}

/// Judges a face by the infrared frames that `frames` makes of the lit one.
///
/// # Safety
/// As the header's first page asks of handles, inputs and outputs.
unsafe fn judged<'a>(
    (session, judge, face, answer): (
        *mut vultus_session,
        *const vultus_infrared_judge,
        *const vultus_infrared_face,
        *mut vultus_liveness,
    ),
    (colour, lit): (Result<Frame<'a>>, Result<InfraredFrame<'a>>),
    frames: impl FnOnce(InfraredFrame<'a>) -> Result<InfraredFrames<'a>>,
) -> Result<()> {
    // SAFETY: as asked of the caller.
    let (mut session, judge, face, out) = unsafe {
        (
            exclusive(session, "session")?,
            shared(judge, "judge")?,
            pod::read(face, "face")?,
            OutStruct::at(answer, "answer")?,
        )
    };
    let (colour, lit) = (colour?, lit?);
    let timestamp_us = lit.timestamp_us();
    let face = face.face(colour.layout().timestamp_us)?;
    let said = session.liveness_infrared(&judge, &colour, &frames(lit)?, &face)?;
    out.set(vultus_liveness {
        timestamp_us,
        ..vultus_liveness::new(said.verdict, said.score, said.evidence)
    });
    Ok(())
}
