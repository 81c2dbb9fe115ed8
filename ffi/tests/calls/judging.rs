//! Registration, decisions over several frames, and quality.

use crate::common::door::*;
use crate::common::*;
use std::ptr::null_mut;
use vultus::error::Status;
use vultus_ffi::codes::*;
use vultus_ffi::detect::vultus_faces_free;
use vultus_ffi::frame::depth::*;
use vultus_ffi::frame::landmarks::*;
use vultus_ffi::frame::registration::*;
use vultus_ffi::liveness::colour::*;
use vultus_ffi::liveness::decision::*;
use vultus_ffi::liveness::verdict::*;
use vultus_ffi::quality::*;

#[test]
fn landmarks_find_their_way_to_another_sensor() {
    let view = vultus_view {
        width: 640,
        height: 480,
        fx: 580.0,
        fy: 580.0,
        cx: 320.0,
        cy: 240.0,
        ..zeroed()
    };
    let landmarks = vultus_landmarks {
        points: [
            [300.0, 200.0],
            [340.0, 200.0],
            [320.0, 220.0],
            [305.0, 245.0],
            [335.0, 245.0],
        ],
        ..zeroed()
    };
    let motion = vultus_motion {
        rotation: [[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]],
        shift_mm: [-25.0, 0.0, 0.0],
        ..zeroed()
    };
    let (view, landmarks) = (&raw const view, &raw const landmarks);
    let mut there: vultus_landmarks = zeroed();
    // SAFETY: handles and memory of this function.
    unsafe {
        let same = made(|out| vultus_registration_same(view, out));
        ok(vultus_registration_locate(
            same,
            landmarks,
            500.0,
            &raw mut there,
        ));
        assert_eq!(there.points, (*landmarks).points);
        let code = vultus_registration_locate(same, landmarks, f32::NAN, &raw mut there);
        refused(code, Status::InvalidParameter, "distance_mm is NaN");

        let cameras = made(|out| vultus_registration_cameras(view, view, &raw const motion, out));
        ok(vultus_registration_locate(
            cameras,
            landmarks,
            500.0,
            &raw mut there,
        ));
        // 580 px · 25 mm / 500 mm.
        assert!((there.points[0][0] - 271.0).abs() < 1e-3);
        let level: Vec<u8> = 500_u16.to_le_bytes().repeat(640 * 480);
        let mut depth = vultus_depth_frame {
            format: VULTUS_DEPTH_Z16,
            width: 640,
            height: 480,
            stride: 1280,
            unit_mm: 1.0,
            fx: 580.0,
            fy: 580.0,
            cx: 320.0,
            cy: 240.0,
            timestamp_us: 1,
            data: level.as_ptr(),
            data_length: level.len(),
            ..zeroed()
        };
        let mut found = 9;
        let locate = |depth: *const _, there, found| {
            vultus_registration_locate_in_depth(cameras, landmarks, depth, there, found)
        };
        ok(locate(&raw const depth, &raw mut there, &raw mut found));
        assert!(found == 1 && (there.points[0][0] - 271.0).abs() < 0.2);
        let nothing = vec![0; level.len()];
        depth.data = nothing.as_ptr();
        ok(locate(&raw const depth, &raw mut there, &raw mut found));
        assert!(found == 0 && (there.points[0][0] - 271.0).abs() < 0.2);
        (depth.width, depth.cx) = (600, 300.0);
        let code = locate(&raw const depth, &raw mut there, &raw mut found);
        refused(code, Status::RegistrationInvalid, "600");

        let flat = vultus_affine {
            rows: [[0.0; 3]; 2],
            ..zeroed()
        };
        let mut none = null_mut();
        let code = vultus_registration_affine(&raw const flat, view, view, &raw mut none);
        refused(code, Status::RegistrationInvalid, "enlarges by 0");
        vultus_registration_free(same);
        vultus_registration_free(cameras);
    }
}

#[test]
fn several_frames_decide() {
    // SAFETY: handles and memory of this function.
    unsafe {
        let decision = made(|out| vultus_liveness_decision_new(3, 5, 1_500_000, out));
        let mut decided: vultus_liveness = zeroed();
        let mut frame = vultus_liveness {
            verdict: VULTUS_LIVE,
            evidence: VULTUS_CHECK_DEPTH_MEASURED | VULTUS_CHECK_RELIEF,
            has_score: 1,
            score: 0.9,
            ..zeroed()
        };
        for n in 1..=3 {
            frame.timestamp_us = n * 100_000;
            ok(vultus_liveness_decision_add(
                decision,
                7,
                &raw const frame,
                &raw mut decided,
            ));
            let expected = if n < 3 {
                VULTUS_INCONCLUSIVE
            } else {
                VULTUS_LIVE
            };
            assert_eq!((decided.verdict, u64::from(decided.frames)), (expected, n));
        }
        assert_ne!(decided.evidence & VULTUS_CHECK_SEVERAL_FRAMES, 0);
        // Another face begins anew.
        frame.timestamp_us += 1;
        ok(vultus_liveness_decision_add(
            decision,
            8,
            &raw const frame,
            &raw mut decided,
        ));
        assert_eq!(decided.reasons, VULTUS_REASON_TOO_FEW_FRAMES);
        let mut add = |frame: vultus_liveness| {
            vultus_liveness_decision_add(decision, 8, &raw const frame, &raw mut decided)
        };
        frame.timestamp_us -= 1;
        refused(add(frame), Status::SensorFrameInvalid, "the one before it");
        frame.verdict = 0;
        refused(add(frame), Status::InvalidParameter, "verdict is 0");
        frame.verdict = VULTUS_SPOOF;
        // No check has this bit.
        frame.evidence = 1 << 31;
        refused(add(frame), Status::InvalidParameter, "evidence is");
        vultus_liveness_decision_free(decision);
        let mut none = null_mut();
        let code = vultus_liveness_decision_new(2, 5, 1_500_000, &raw mut none);
        refused(
            code,
            Status::InvalidParameter,
            "frames that have to agree is 2",
        );
    }
}

#[test]
fn quality_is_the_cores_and_what_a_pack_lacks_is_said() {
    let door = Door::open();
    let picture = Picture::load(OBAMA);
    let (frame, faces) = (picture.frame(), door.detect(&picture));
    let (session, frame) = (door.session, &raw const frame);
    let mut quality: vultus_quality = zeroed();
    // SAFETY: handles and memory of this function.
    unsafe {
        ok(vultus_session_quality(
            session,
            frame,
            faces,
            0,
            &raw mut quality,
        ));
        assert!(quality.total > 0.0 && quality.total <= 100.0);
        assert!(quality.sharpness > 0.0 && quality.in_frame > 0.9 && quality.eye_distance > 20.0);
        assert!(quality.yaw.abs() < 45.0 && quality.off_axis < 45.0);
        assert_eq!(
            (
                quality.has_mask,
                quality.has_learned,
                quality.eyes_by_network
            ),
            (0, 0, 0)
        );
        let mut qualified: vultus_quality = zeroed();
        ok(vultus_session_qualify(
            session,
            frame,
            faces,
            0,
            0,
            &raw mut qualified,
        ));
        assert_eq!(qualified.total, quality.total);
        let code = vultus_session_qualify(session, frame, faces, 0, 5, &raw mut qualified);
        refused(code, Status::QualityControlIllegal, "0 to 4");
        let (mut worn, mut probability) = (9, 9.0);
        let code = vultus_session_mask(
            session,
            frame,
            faces,
            0,
            &raw mut worn,
            &raw mut probability,
        );
        refused(code, Status::FeatureNotAvailable, "sees masks");
        assert_eq!(worn, 9);
        let mut answer: vultus_liveness = zeroed();
        let code = vultus_session_liveness_colour(session, frame, faces, 0, &raw mut answer);
        refused(code, Status::FeatureNotAvailable, "liveness_colour");
        assert_eq!(answer.verdict, 0, "outputs are untouched on failure");
        vultus_faces_free(faces);
    }
}
