//! What a device may get wrong, one mistake each, through a session: every one has its name, and none is ever live.

use std::sync::OnceLock;
use vultus::error::{Error, Status};
use vultus::frame::{DepthFrame, DepthLayout, Emitter, InfraredLayout};
use vultus::geom::{Intrinsics, Landmarks5, Point};
use vultus::licensing::licence::LivenessKinds;
use vultus::liveness::depth::{DepthFace, SensorClass};
use vultus::liveness::infrared::{InInfrared, InfraredFace, InfraredFrames};
use vultus::liveness::{Liveness, Reason, Reasons};
use vultus::{Sdk, Session};
use vultus_simulator::{Camera, Conditions, Species};
use vultus_testkit::simulated::TIME_US;
use vultus_testkit::simulated::depth::Shot;
use vultus_testkit::simulated::infrared::{CAMERA, NirShot, frame};
use vultus_testkit::simulated::{depth, infrared};
use vultus_testkit::{licensed, lite_folder};

/// Seeds that neither training nor tuning nor the tables use.
const FROM: u64 = 4_600_000;

fn structured_light() -> &'static Sdk {
    static SDK: OnceLock<Sdk> = OnceLock::new();
    SDK.get_or_init(|| {
        licensed(
            &lite_folder(),
            LivenessKinds {
                structured_light: true,
                ..LivenessKinds::NONE
            },
        )
    })
}

fn infrared_light() -> &'static Sdk {
    static SDK: OnceLock<Sdk> = OnceLock::new();
    SDK.get_or_init(|| {
        licensed(
            &lite_folder(),
            LivenessKinds {
                infrared: true,
                ..LivenessKinds::NONE
            },
        )
    })
}

fn only(reason: Reason) -> Liveness {
    Liveness::Inconclusive(Reasons::default().with(reason))
}

fn depth_layout() -> DepthLayout {
    depth::layout(&Camera::VGA)
}

fn by_depth(
    session: &mut Session,
    shot: &Shot,
    layout: DepthLayout,
    change: impl Fn(usize, u16) -> u16,
) -> Liveness {
    let samples = shot.picture.mm.iter().enumerate();
    let bytes: Vec<u8> = samples
        .flat_map(|(i, mm)| change(i, *mm).to_le_bytes())
        .collect();
    let frame = DepthFrame::new(layout, &bytes).unwrap();
    let judge = structured_light().liveness_depth(SensorClass::A).unwrap();
    let said = session.liveness_depth(&judge, &frame, &shot.face);
    said.unwrap().verdict
}

/// A person whom both stages accept when everything is right.
fn by_depth_right() -> (Session, Shot) {
    let mut session = structured_light().session().unwrap();
    let mut shots = (0..20).map(|i| Shot::draw(Species::Live, SensorClass::A, 500.0, FROM + i));
    let live = |shot: &Shot| by_depth(&mut session, shot, depth_layout(), |_, mm| mm).is_live();
    let shot = shots.find(live);
    (session, shot.expect("one of twenty people is accepted"))
}

#[test]
fn a_wrong_unit_puts_the_face_too_far_or_too_near() {
    let (mut session, shot) = by_depth_right();
    for (unit_mm, reason) in [(10.0, Reason::TooFar), (0.1, Reason::TooNear)] {
        let layout = DepthLayout {
            unit_mm,
            ..depth_layout()
        };
        let verdict = by_depth(&mut session, &shot, layout, |_, mm| mm);
        assert_eq!(verdict, only(reason), "{unit_mm}");
    }
    for unit_mm in [0.0, f32::NAN, 1000.0] {
        let layout = DepthLayout {
            unit_mm,
            ..depth_layout()
        };
        let refused = DepthFrame::new(layout, &[0; 640 * 480 * 2]).unwrap_err();
        assert!(refused.to_string().contains("unit"), "{refused}");
    }
}

#[test]
fn depth16_fed_as_z16_is_seen_by_its_confidence() {
    let (mut session, shot) = by_depth_right();
    let confident = |i: usize, mm: u16| {
        if i.is_multiple_of(5) && mm != 0 {
            7 << 13 | mm
        } else {
            mm
        }
    };
    let verdict = by_depth(&mut session, &shot, depth_layout(), confident);
    assert_eq!(verdict, only(Reason::LooksLikeDepth16));
}

#[test]
fn swapped_intrinsics_make_no_frame() {
    let intrinsics = Intrinsics {
        fx: 320.0,
        fy: 240.0,
        cx: 580.0,
        cy: 580.0,
    };
    let swapped = DepthLayout {
        intrinsics,
        ..depth_layout()
    };
    let refused = DepthFrame::new(swapped, &[0; 640 * 480 * 2]).unwrap_err();
    let refused = Error::from(refused);
    assert_eq!(refused.status(), Status::SensorFrameInvalid);
    assert!(
        refused
            .to_string()
            .contains("a picture of this size allows"),
        "{refused}"
    );
}

#[test]
fn depth_of_zeros_is_no_depth() {
    let (mut session, shot) = by_depth_right();
    let verdict = by_depth(&mut session, &shot, depth_layout(), |_, _| 0);
    assert_eq!(verdict, only(Reason::NoDepth));
}

#[test]
fn fifty_one_milliseconds_are_another_moment() {
    let (mut session, shot) = by_depth_right();
    let judge = structured_light().liveness_depth(SensorClass::A).unwrap();
    let mut asked = |skew_us| {
        let face = DepthFace {
            timestamp_us: TIME_US + skew_us,
            ..shot.face
        };
        session.liveness_depth(&judge, &shot.frame(), &face)
    };
    assert!(asked(50_000).is_ok());
    assert_eq!(asked(51_000).unwrap_err().status(), Status::FrameUnsynced);

    let (mut session, shot) = by_infrared_right();
    let mut asked = |skew_us| {
        let layout = infrared_layout(Emitter::On, TIME_US + skew_us);
        let frames = InfraredFrames::lit_alone(frame(&shot.lit, layout));
        infrared(&mut session, &shot, &frames, InInfrared::NotAsked)
    };
    assert!(asked(50_000).is_ok());
    assert_eq!(asked(51_000).unwrap_err().status(), Status::FrameUnsynced);
}

fn infrared_layout(emitter: Emitter, timestamp_us: u64) -> InfraredLayout {
    infrared::layout(&CAMERA, emitter, timestamp_us)
}

fn infrared(
    session: &mut Session,
    shot: &NirShot,
    frames: &InfraredFrames<'_>,
    found: InInfrared,
) -> vultus::error::Result<Liveness> {
    let judge = infrared_light().liveness_infrared().unwrap();
    let face = InfraredFace { found, ..shot.face };
    let said = session.liveness_infrared(&judge, &shot.colour(), frames, &face)?;
    Ok(said.verdict)
}

/// The verdict on a person before other infrared frames.
fn by_infrared(
    session: &mut Session,
    shot: &NirShot,
    lit: &[u8],
    unlit: &[u8],
    found: InInfrared,
) -> Liveness {
    let frames = InfraredFrames::pair(
        frame(lit, infrared_layout(Emitter::On, TIME_US)),
        frame(unlit, infrared_layout(Emitter::Off, TIME_US)),
    );
    infrared(session, shot, &frames.unwrap(), found).unwrap()
}

/// A person off the middle who is accepted when everything is right.
fn by_infrared_right() -> (Session, NirShot) {
    let mut session = infrared_light().session().unwrap();
    let shot = (0..20).find_map(|i| {
        let seed = FROM + 1_000 + i;
        let conditions = Conditions {
            aside_mm: [60.0, 0.0],
            ..Conditions::draw(500.0, seed)
        };
        let shot = NirShot::under(Species::Live, &conditions, 0.2, seed);
        let found = InInfrared::Face(shot.face.in_infrared);
        let verdict = by_infrared(&mut session, &shot, &shot.lit, &shot.unlit, found);
        verdict.is_live().then_some(shot)
    });
    (session, shot.expect("one of twenty people is accepted"))
}

#[test]
fn mirrored_infrared_disagrees_with_the_colour_frame() {
    let (mut session, shot) = by_infrared_right();
    let mirrored = |bytes: &[u8]| -> Vec<u8> {
        let rows = bytes.chunks_exact(CAMERA.width * 2);
        rows.flat_map(|row| row.as_chunks::<2>().0.iter().rev().flatten().copied())
            .collect()
    };
    let there = shot.face.in_infrared;
    let there = there.map(|p| Point::new(CAMERA.width as f32 - p.x, p.y));
    let found = InInfrared::Face(Landmarks5 {
        left_eye: there.right_eye,
        right_eye: there.left_eye,
        nose: there.nose,
        mouth_left: there.mouth_right,
        mouth_right: there.mouth_left,
    });
    let (lit, unlit) = (mirrored(&shot.lit), mirrored(&shot.unlit));
    let verdict = by_infrared(&mut session, &shot, &lit, &unlit, found);
    assert_eq!(verdict, only(Reason::FramesDisagree));
}

#[test]
fn infrared_of_another_moment_shows_the_face_elsewhere() {
    let (mut session, shot) = by_infrared_right();
    let conditions = Conditions {
        aside_mm: [-60.0, 20.0],
        ..Conditions::draw(500.0, FROM + 2_000)
    };
    let other = NirShot::under(Species::Live, &conditions, 0.2, FROM + 2_000);
    let found = InInfrared::Face(other.face.in_infrared);
    let verdict = by_infrared(&mut session, &shot, &other.lit, &other.unlit, found);
    assert_eq!(verdict, only(Reason::FramesDisagree));
}

#[test]
fn saturated_infrared_is_overexposed() {
    let (mut session, shot) = by_infrared_right();
    let samples = shot.lit.as_chunks::<2>().0.iter();
    let saturated: Vec<u8> = samples
        .flat_map(|s| (u16::from_le_bytes(*s) * 6).min(1023).to_le_bytes())
        .collect();
    let found = InInfrared::Face(shot.face.in_infrared);
    let verdict = by_infrared(&mut session, &shot, &saturated, &shot.unlit, found);
    assert_eq!(verdict, only(Reason::Overexposed));
}
