//! Liveness by depth frames of structured light.

use super::verdict::vultus_liveness;
use crate::fence::fence;
use crate::frame::depth::{lent_depth, vultus_depth_frame};
use crate::frame::landmarks::vultus_landmarks;
use crate::handle::{OutHandle, exclusive, free, object, shared};
use crate::misuse::Misuse;
use crate::pod::{self, OutStruct};
use crate::session::vultus_session;
use crate::strings::vultus_str;
use vultus::Sdk;
use vultus::config::MaxSkew;
use vultus::error::Result;
use vultus::liveness::depth::{DepthFace, DepthLiveness, DepthRules, SensorClass, Subjects};

/// A sensor with a baseline of 75 mm or more and a disparity noise of up to 0.05 px, at a focal length
/// of 580 px.
pub const VULTUS_SENSOR_CLASS_A: u32 = 1;
/// 55 mm or more, up to 0.1 px.
pub const VULTUS_SENSOR_CLASS_B: u32 = 2;
/// 40 mm or more, up to 0.2 px.
pub const VULTUS_SENSOR_CLASS_C: u32 = 3;

/// Adults may enter; most children are refused.
pub const VULTUS_SUBJECTS_ADULTS: u32 = 1;
/// Adults and children may enter; a few more flat artefacts pass.
pub const VULTUS_SUBJECTS_ADULTS_AND_CHILDREN: u32 = 2;

/// Judges the liveness of faces by the depth frames of one sensor. All threads share it once it is set up.
#[derive(Debug)]
pub struct vultus_depth_judge {
    _private: (),
}

/// The settings of a judge. The judge itself is made when a session asks, with the network of that session's SDK.
pub(crate) struct DepthSettings {
    class: SensorClass,
    subjects: Subjects,
    max_skew: MaxSkew,
    rules: DepthRules,
}

impl DepthSettings {
    fn judge(&self, sdk: &Sdk) -> Result<DepthLiveness> {
        let judge = sdk.liveness_depth(self.class)?;
        let judge = judge.with_rules(self.rules.clone())?;
        Ok(judge
            .with_subjects(self.subjects)
            .with_max_skew(self.max_skew))
    }
}

object!(
    vultus_depth_judge,
    DepthSettings,
    b"vultDEPJ",
    Shared,
    Exclusive,
    Owned
);

/// A judge for a sensor of a class (VULTUS_SENSOR_CLASS_*), for adults, with the rules that the SDK comes
/// with and frames at most 50 ms apart. A sensor is of the worst class that describes it.
///
/// Errors: VULTUS_ERROR_INVALID_PARAMETER.
///
/// ```c
/// vultus_depth_judge *judge = NULL;
/// code = vultus_depth_judge_new(VULTUS_SENSOR_CLASS_B, &judge);
/// ```
#[unsafe(no_mangle)]
pub unsafe extern "C" fn vultus_depth_judge_new(
    sensor_class: u32,
    out: *mut *mut vultus_depth_judge,
) -> i32 {
    fence(|| {
        // SAFETY: as the header's first page asks of outputs.
        let out = unsafe { OutHandle::at(out, "out")? };
        let class = match sensor_class {
            VULTUS_SENSOR_CLASS_A => SensorClass::A,
            VULTUS_SENSOR_CLASS_B => SensorClass::B,
            VULTUS_SENSOR_CLASS_C => SensorClass::C,
            other => return Err(Misuse::choice("sensor_class", other, "1 to 3").into()),
        };
        out.give(DepthSettings {
            class,
            subjects: Subjects::default(),
            max_skew: MaxSkew::default(),
            rules: DepthRules::default(),
        });
        Ok(())
    })
}

/// Frees a judge; NULL is fine.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn vultus_depth_judge_free(judge: *mut vultus_depth_judge) {
    // SAFETY: as the header's first page asks of handles.
    fence::<()>(|| unsafe { free(judge, "judge") });
}

/// Sets who may enter: VULTUS_SUBJECTS_ADULTS, the default, or VULTUS_SUBJECTS_ADULTS_AND_CHILDREN.
///
/// Errors: VULTUS_ERROR_INVALID_PARAMETER.
///
/// ```c
/// code = vultus_depth_judge_set_subjects(judge, VULTUS_SUBJECTS_ADULTS_AND_CHILDREN);
/// ```
#[unsafe(no_mangle)]
pub unsafe extern "C" fn vultus_depth_judge_set_subjects(
    judge: *mut vultus_depth_judge,
    subjects: u32,
) -> i32 {
    fence(|| {
        // SAFETY: as the header's first page asks of handles.
        let mut judge = unsafe { exclusive(judge, "judge")? };
        judge.subjects = match subjects {
            VULTUS_SUBJECTS_ADULTS => Subjects::Adults,
            VULTUS_SUBJECTS_ADULTS_AND_CHILDREN => Subjects::AdultsAndChildren,
            other => return Err(Misuse::choice("subjects", other, "1 and 2").into()),
        };
        Ok(())
    })
}

/// Sets how far apart in time colour and depth frame may be, 1 to 200 ms; by default 50.
///
/// Errors: VULTUS_ERROR_INVALID_PARAMETER.
///
/// ```c
/// code = vultus_depth_judge_set_max_skew(judge, 30);
/// ```
#[unsafe(no_mangle)]
pub unsafe extern "C" fn vultus_depth_judge_set_max_skew(
    judge: *mut vultus_depth_judge,
    milliseconds: u32,
) -> i32 {
    fence(|| {
        // SAFETY: as the header's first page asks of handles.
        let mut judge = unsafe { exclusive(judge, "judge")? };
        judge.max_skew = MaxSkew::new(milliseconds)?;
        Ok(())
    })
}

/// Sets other rules than those of the SDK, such as rules fitted to recordings: the text of a file in the
/// format of models/liveness/depth.toml.
///
/// Errors: VULTUS_ERROR_LIVENESS_RULES_INVALID naming the field.
///
/// ```c
/// code = vultus_depth_judge_set_rules(judge, vultus_str_of(toml));
/// ```
#[unsafe(no_mangle)]
pub unsafe extern "C" fn vultus_depth_judge_set_rules(
    judge: *mut vultus_depth_judge,
    rules: vultus_str,
) -> i32 {
    fence(|| {
        // SAFETY: as the header's first page asks of handles and inputs.
        let (mut judge, rules) = unsafe { (exclusive(judge, "judge")?, rules.get("rules")?) };
        judge.rules = DepthRules::parse(rules)?;
        Ok(())
    })
}

/// The liveness of a face, by a depth frame of the same moment. `landmarks` are in stored pixels of the
/// depth frame (`vultus_registration_locate_in_depth`); `colour_timestamp_us` is the capture time of the
/// frame that they were found in.
///
/// Errors: VULTUS_ERROR_NOT_ENTITLED for a licence without liveness by structured light;
/// VULTUS_ERROR_LIVENESS_RULES_INVALID for rules of another network than the pack's;
/// VULTUS_ERROR_FRAME_UNSYNCED for frames of different moments; VULTUS_ERROR_SENSOR_FRAME_INVALID;
/// VULTUS_ERROR_MODEL_NETWORK_INVALID; VULTUS_ERROR_LICENCE_EXPIRED.
///
/// ```c
/// vultus_liveness answer = {0};
/// answer.struct_size = sizeof answer;
/// code = vultus_session_liveness_depth(session, judge, &depth, &landmarks, frame.timestamp_us,
///                                      &answer);
/// ```
#[unsafe(no_mangle)]
pub unsafe extern "C" fn vultus_session_liveness_depth(
    session: *mut vultus_session,
    judge: *const vultus_depth_judge,
    frame: *const vultus_depth_frame,
    landmarks: *const vultus_landmarks,
    colour_timestamp_us: u64,
    answer: *mut vultus_liveness,
) -> i32 {
    fence(|| {
        // SAFETY: as the header's first page asks of handles, inputs and outputs.
        let (mut session, judge, frame, landmarks, out) = unsafe {
            (
                exclusive(session, "session")?,
                shared(judge, "judge")?,
                lent_depth(frame, "frame")?,
                pod::read(landmarks, "landmarks")?,
                OutStruct::at(answer, "answer")?,
            )
        };
        let face = DepthFace {
            landmarks: landmarks.landmarks(),
            timestamp_us: colour_timestamp_us,
        };
        let judge = judge.judge(&session.sdk)?;
        let said = session.liveness_depth(&judge, &frame, &face)?;
        out.set(vultus_liveness {
            timestamp_us: frame.timestamp_us(),
            ..vultus_liveness::new(said.verdict, said.score, said.evidence)
        });
        Ok(())
    })
}
