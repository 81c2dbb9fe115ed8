//! Liveness by depth and infrared, on simulated presentations: what the core says.

use crate::common::door::*;
use crate::common::*;
use std::ptr::null_mut;
use vultus::error::Status;
use vultus::geom::Landmarks5;
use vultus::internals::model::{Pack, Role};
use vultus::internals::stages::liveness::{Judge, Scratch};
use vultus::licensing::licence::{Licence, LivenessKinds};
use vultus::liveness::depth::{DepthLiveness, SensorClass};
use vultus_ffi::codes::VULTUS_REASON_RELIEF;
use vultus_ffi::frame::colour::*;
use vultus_ffi::frame::depth::*;
use vultus_ffi::frame::infrared::*;
use vultus_ffi::frame::landmarks::*;
use vultus_ffi::liveness::decision::*;
use vultus_ffi::liveness::depth::*;
use vultus_ffi::liveness::infrared::*;
use vultus_ffi::liveness::verdict::*;
use vultus_simulator::Species;
use vultus_testkit::simulated::depth::Shot;
use vultus_testkit::simulated::infrared::NirShot;
use vultus_testkit::simulated::{TIME_US, depth, distance_mm, infrared};

fn points(landmarks: Landmarks5) -> [[f32; 2]; 5] {
    landmarks.to_array().map(|point| [point.x, point.y])
}

/// A depth shot as a host has it.
fn depth_frame(shot: &Shot, bytes: &[u8]) -> vultus_depth_frame {
    let layout = depth::layout(&shot.picture.camera);
    vultus_depth_frame {
        format: VULTUS_DEPTH_Z16,
        width: layout.width,
        height: layout.height,
        stride: layout.stride as u32,
        unit_mm: layout.unit_mm,
        fx: layout.intrinsics.fx,
        fy: layout.intrinsics.fy,
        cx: layout.intrinsics.cx,
        cy: layout.intrinsics.cy,
        timestamp_us: layout.timestamp_us,
        data: bytes.as_ptr(),
        data_length: bytes.len(),
        ..zeroed()
    }
}

/// The C functions' answer about a depth shot.
fn judge_depth(door: &Door, judge: *const vultus_depth_judge, shot: &Shot) -> vultus_liveness {
    let frame = depth_frame(shot, shot.bytes());
    let landmarks = vultus_landmarks {
        points: points(shot.face.landmarks),
        ..zeroed()
    };
    let mut answer = zeroed();
    // SAFETY: handles and memory of this function.
    ok(unsafe {
        vultus_session_liveness_depth(
            door.session,
            judge,
            &raw const frame,
            &raw const landmarks,
            TIME_US,
            &raw mut answer,
        )
    });
    answer
}

#[test]
fn depth_says_what_the_core_says() {
    let door = Door::open();
    // SAFETY: memory of this function.
    let judge = made(|out| unsafe { vultus_depth_judge_new(VULTUS_SENSOR_CLASS_A, out) });
    let pack = Pack::open(&root().join("models/lite")).unwrap();
    let core = DepthLiveness::new(SensorClass::A, pack.with_role(Role::LivenessDepth)).unwrap();
    let mut scratch = Scratch::default();
    let mut verdicts = [0; 3];
    for (species, seed) in [
        (Species::Live, 1),
        (Species::Live, 2),
        (Species::Live, 3),
        (Species::Flat, 4),
        (Species::Folded, 5),
        (Species::Tablet, 6),
        (Species::CutEyes, 7),
        (Species::CutEyesNose, 8),
    ] {
        let shot = Shot::draw(species, SensorClass::A, distance_mm(seed), seed);
        let answer = judge_depth(&door, judge, &shot);
        let expected = core.assess(&mut scratch, &shot.frame(), &shot.face);
        let expected = expected.unwrap();
        assert_eq!(answer.verdict == VULTUS_LIVE, expected.verdict.is_live());
        assert_eq!(answer.evidence, expected.evidence.bits());
        assert_eq!(answer.has_score == 1, expected.score.is_some());
        assert_eq!(answer.score, expected.score.unwrap_or(0.0));
        assert_eq!((answer.frames, answer.timestamp_us), (1, TIME_US));
        verdicts[answer.verdict as usize - 1] += 1;
        let artefact = species != Species::Live;
        assert!(!(artefact && answer.verdict == VULTUS_LIVE), "{species:?}");
    }
    assert!(verdicts[0] > 0 && verdicts[1] > 0, "{verdicts:?}");
    // SAFETY: a handle of this function.
    unsafe { vultus_depth_judge_free(judge) };
}

#[test]
fn depth_refuses_other_moments_and_licences_without_it() {
    let shot = Shot::draw(Species::Live, SensorClass::A, 500.0, 1);
    let bytes = shot.bytes();
    let frame = depth_frame(&shot, bytes);
    let landmarks = vultus_landmarks {
        points: points(shot.face.landmarks),
        ..zeroed()
    };
    let mut answer: vultus_liveness = zeroed();
    let mut ask = |door: &Door, judge: *const vultus_depth_judge, time| {
        // SAFETY: handles and memory of this function.
        unsafe {
            vultus_session_liveness_depth(
                door.session,
                judge,
                &raw const frame,
                &raw const landmarks,
                time,
                &raw mut answer,
            )
        }
    };
    // SAFETY: handles, lent texts and memory of this function.
    unsafe {
        let judge = made(|out| vultus_depth_judge_new(VULTUS_SENSOR_CLASS_A, out));
        let door = Door::open();
        let late = TIME_US + 60_000;
        refused(ask(&door, judge, late), Status::FrameUnsynced, "60.0 ms");
        ok(vultus_depth_judge_set_max_skew(judge, 100));
        ok(ask(&door, judge, late));
        ok(vultus_depth_judge_set_subjects(
            judge,
            VULTUS_SUBJECTS_ADULTS_AND_CHILDREN,
        ));
        let code = vultus_depth_judge_set_subjects(judge, 0);
        refused(code, Status::InvalidParameter, "subjects is 0");
        let rules = std::fs::read_to_string(root().join("models/liveness/depth.toml")).unwrap();
        ok(vultus_depth_judge_set_rules(judge, text(&rules)));
        let code = vultus_depth_judge_set_rules(judge, text("nothing"));
        refused(code, Status::LivenessRulesInvalid, "");
        let infrared_only = Door::licensed(|licence| Licence {
            liveness: LivenessKinds {
                infrared: true,
                ..LivenessKinds::NONE
            },
            ..licence
        });
        let code = ask(&infrared_only, judge, TIME_US);
        refused(code, Status::NotEntitled, "live-structured-light");
        vultus_depth_judge_free(judge);
        let mut none = null_mut();
        let code = vultus_depth_judge_new(4, &raw mut none);
        refused(code, Status::InvalidParameter, "sensor_class is 4");
    }
}

fn infrared_frame(bytes: &[u8], emitter: u32, timestamp_us: u64) -> vultus_infrared_frame {
    let layout = infrared::layout(&infrared::CAMERA, vultus::frame::Emitter::On, timestamp_us);
    let camera = layout.intrinsics.unwrap();
    vultus_infrared_frame {
        format: VULTUS_INFRARED_Y10,
        width: layout.width,
        height: layout.height,
        stride: layout.stride as u32,
        emitter,
        has_intrinsics: 1,
        fx: camera.fx,
        fy: camera.fy,
        cx: camera.cx,
        cy: camera.cy,
        timestamp_us,
        data: bytes.as_ptr(),
        data_length: bytes.len(),
        ..zeroed()
    }
}

#[test]
fn infrared_tells_a_person_from_a_screen() {
    let door = Door::open();
    // SAFETY: handles and memory of this function.
    unsafe {
        let judge = made(|out| vultus_infrared_judge_new(door.sdk, out));
        ok(vultus_infrared_judge_set_max_skew(judge, 50));
        let code = vultus_infrared_judge_set_reflected_light(judge, 1.0);
        refused(code, Status::LivenessRulesInvalid, "");
        let mut answers = Vec::new();
        for (species, seed) in [
            (Species::Live, 11),
            (Species::Live, 12),
            (Species::Tablet, 13),
        ] {
            let shot = NirShot::draw(species, seed);
            let (width, height) = (infrared::CAMERA.width, infrared::CAMERA.height);
            let mut colour: vultus_frame = zeroed();
            ok(vultus_frame_packed(
                VULTUS_FORMAT_RGB8,
                width as u32,
                height as u32,
                bytes(&shot.colour.rgb),
                &raw mut colour,
            ));
            colour.timestamp_us = TIME_US;
            let lit = infrared_frame(&shot.lit, VULTUS_EMITTER_ON, TIME_US);
            let later = TIME_US + 33_000;
            let unlit = infrared_frame(&shot.unlit, VULTUS_EMITTER_OFF, later);
            let face = vultus_infrared_face {
                found: VULTUS_IN_INFRARED_NOT_ASKED,
                in_colour: points(shot.face.in_colour),
                in_infrared: points(shot.face.in_infrared),
                ..zeroed()
            };
            let mut pair: vultus_liveness = zeroed();
            ok(vultus_session_liveness_infrared_pair(
                door.session,
                judge,
                &raw const colour,
                &raw const lit,
                &raw const unlit,
                &raw const face,
                &raw mut pair,
            ));
            let mut alone: vultus_liveness = zeroed();
            ok(vultus_session_liveness_infrared(
                door.session,
                judge,
                &raw const colour,
                &raw const lit,
                &raw const face,
                &raw mut alone,
            ));
            assert_ne!(alone.verdict, 0);
            answers.push(pair.verdict);
            let code = vultus_session_liveness_infrared_pair(
                door.session,
                judge,
                &raw const colour,
                &raw const lit,
                &raw const lit,
                &raw const face,
                &raw mut pair,
            );
            refused(code, Status::SensorFrameInvalid, "emitter On");
        }
        assert!(answers[..2].contains(&VULTUS_LIVE), "{answers:?}");
        assert_ne!(answers[2], VULTUS_LIVE);
        vultus_infrared_judge_free(judge);
    }
}

/// Two faces before one camera, whose frames take turns in one handle: each has its own vote.
#[test]
fn faces_whose_frames_alternate_reach_their_own_votes() {
    // SAFETY: handles and memory of this function.
    unsafe {
        let decision = made(|out| vultus_liveness_decision_new(3, 5, 1_500_000, out));
        let mut last = [(0, 0, 0); 2];
        for n in 0..3_u64 {
            for (track, verdict, reasons) in [
                (0_u64, VULTUS_LIVE, 0),
                (1, VULTUS_SPOOF, VULTUS_REASON_RELIEF),
            ] {
                let frame = vultus_liveness {
                    verdict,
                    reasons,
                    timestamp_us: TIME_US + n * 100_000 + track,
                    ..zeroed()
                };
                let mut decided: vultus_liveness = zeroed();
                ok(vultus_liveness_decision_add(
                    decision,
                    track,
                    &raw const frame,
                    &raw mut decided,
                ));
                last[track as usize] = (decided.verdict, decided.reasons, decided.frames);
            }
        }
        assert_eq!(last[0], (VULTUS_LIVE, 0, 3));
        assert_eq!(last[1], (VULTUS_SPOOF, VULTUS_REASON_RELIEF, 3));
        vultus_liveness_decision_free(decision);
    }
}
