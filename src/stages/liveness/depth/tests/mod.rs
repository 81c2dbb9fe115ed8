//! A face made of a bell on a plane, so that every measure is known by hand.

mod judging;
mod picturing;

use super::*;
use crate::frame::{DepthFormat, DepthFrame, DepthLayout};
use crate::geom::{Intrinsics, Landmarks5, Orientation, Point, Point3, Rotation};
use crate::stages::liveness::{Judge, Liveness, Reason, Scratch};

const CAMERA: Intrinsics = Intrinsics {
    fx: 580.0,
    fy: 580.0,
    cx: 320.0,
    cy: 240.0,
};

/// A face straight before the camera: a plane with a nose, and bent or folded if asked for.
#[derive(Clone, Copy)]
struct Made {
    distance: f32,
    eyes: f32,
    nose: f32,
    /// Height that is taken away `x` millimetres from the middle, for each of them.
    fold: f32,
    unit_mm: f32,
    format: DepthFormat,
}

const FACE: Made = Made {
    distance: 500.0,
    eyes: 64.0,
    nose: 32.0,
    fold: 0.0,
    unit_mm: 0.1,
    format: DepthFormat::Z16,
};

impl Made {
    fn height(&self, x: f32, y: f32) -> f32 {
        let (dx, dy) = (x / 12.0, (y - 3.0) / 12.0);
        self.nose * (-0.5 * (dx * dx + dy * dy)).exp() - self.fold * x.abs()
    }

    fn landmarks(&self) -> Landmarks5 {
        let half = self.eyes / 2.0;
        let places = [
            (-half, -33.0),
            (half, -33.0),
            (0.0, 3.0),
            (-25.0, 33.0),
            (25.0, 33.0),
        ];
        Landmarks5::from_array(places.map(|(x, y)| {
            let z = self.distance - self.height(x, y);
            CAMERA
                .project(Point3::new(x, y, z))
                .expect("before the camera")
        }))
    }

    fn bytes(&self) -> Vec<u8> {
        let mut bytes = Vec::new();
        for row in 0..480 {
            for column in 0..640 {
                let seen = Point::new(column as f32 + 0.5, row as f32 + 0.5);
                // The ray meets the surface near where it meets the plane; three steps are exact enough.
                let mut z = self.distance;
                for _ in 0..12 {
                    let p = CAMERA.unproject(seen, z);
                    z = 0.5 * z + 0.5 * (self.distance - self.height(p.x, p.y));
                }
                let inside = (column - 320_i32).abs() < 130 && (row - 240_i32).abs() < 160;
                let raw = if inside {
                    (z / self.unit_mm).round() as u16
                } else {
                    0
                };
                bytes.extend(raw.to_le_bytes());
            }
        }
        bytes
    }

    fn layout(&self) -> DepthLayout {
        DepthLayout {
            format: self.format,
            width: 640,
            height: 480,
            stride: 1280,
            unit_mm: self.unit_mm,
            intrinsics: CAMERA,
            orientation: Orientation::default(),
            timestamp_us: 1_000_000,
        }
    }

    fn face(&self) -> DepthFace {
        DepthFace {
            landmarks: self.landmarks(),
            timestamp_us: 1_000_000,
        }
    }

    fn assess(&self) -> DepthAssessment {
        assess(self.layout(), &self.bytes(), &self.face())
    }

    fn measures(&self) -> DepthMeasures {
        self.assess().measures.expect("measured")
    }
}

fn assess(layout: DepthLayout, bytes: &[u8], face: &DepthFace) -> DepthAssessment {
    let frame = DepthFrame::new(layout, bytes).expect("valid");
    let judge = DepthLiveness::new(SensorClass::A, []).expect("no network is needed");
    let mut scratch = Scratch::default();
    let assessed = judge.assess(&mut scratch, &frame, face);
    assessed.expect("the same moment")
}

fn why_not(layout: DepthLayout, bytes: &[u8], face: &DepthFace) -> Reason {
    match assess(layout, bytes, face).verdict {
        Liveness::Inconclusive(reasons) => reasons.iter().next().expect("a reason"),
        other => panic!("{other:?}"),
    }
}

#[test]
fn the_measures_are_those_of_the_shape() {
    let measures = FACE.measures();
    assert!(
        (measures.eye_distance_mm - 64.0).abs() < 0.5,
        "{measures:?}"
    );
    // The mean over 12 mm loses a twelfth of the tip of a bell whose deviation is 12 mm.
    assert!((28.0..30.5).contains(&measures.nose_mm), "{measures:?}");
    // The bell is 32·exp(-2) = 4.3 mm high at 24 mm.
    assert!(
        (22.5..26.0).contains(&measures.prominence_mm),
        "{measures:?}"
    );
    assert!(
        measures.skew_mm < 0.3 && measures.valid > 0.99,
        "{measures:?}"
    );
    assert!((measures.distance_mm - 500.0).abs() < 10.0);
    assert!(measures.quadric_rms_mm < measures.plane_rms_mm);
}

#[test]
fn a_plane_has_nothing_and_a_fold_no_prominence() {
    let flat = Made { nose: 0.0, ..FACE }.measures();
    assert!(
        flat.nose_mm.abs() < 0.2 && flat.plane_rms_mm < 0.2,
        "{flat:?}"
    );
    // 40 degrees to each side: the ridge is as high as a nose, and runs on.
    let folded = Made {
        nose: 0.0,
        fold: 0.84,
        ..FACE
    }
    .measures();
    assert!(folded.nose_mm > 18.0, "{folded:?}");
    assert!(folded.prominence_mm.abs() < 1.0, "{folded:?}");
    let verdict = Made {
        nose: 0.0,
        fold: 0.84,
        ..FACE
    }
    .assess()
    .verdict;
    assert!(matches!(verdict, Liveness::Spoof(reasons) if reasons.contains(Reason::Relief)));
}

#[test]
fn mirrored_and_upside_down_bytes_measure_the_same() {
    let upright = FACE.measures();
    let bytes = FACE.bytes();
    let samples = bytes.as_chunks::<2>().0;
    let landmarks = FACE.landmarks();
    let mirrored: Vec<u8> = samples
        .chunks(640)
        .flat_map(|row| row.iter().rev().copied().flatten())
        .collect();
    let flipped = landmarks.map(|p| Point::new(640.0 - p.x, p.y));
    let mut face = FACE.face();
    face.landmarks = Landmarks5 {
        left_eye: flipped.right_eye,
        right_eye: flipped.left_eye,
        mouth_left: flipped.mouth_right,
        mouth_right: flipped.mouth_left,
        ..flipped
    };
    let mut layout = FACE.layout();
    layout.orientation.mirror = true;
    let seen = assess(layout, &mirrored, &face).measures.expect("measured");
    assert!((seen.nose_mm - upright.nose_mm).abs() < 0.3);
    let turned: Vec<u8> = samples.iter().rev().copied().flatten().collect();
    face.landmarks = landmarks.map(|p| Point::new(640.0 - p.x, 480.0 - p.y));
    layout.orientation = Orientation {
        rotation: Rotation::Cw180,
        mirror: false,
    };
    let seen = assess(layout, &turned, &face).measures.expect("measured");
    assert!((seen.prominence_mm - upright.prominence_mm).abs() < 0.5);
}

#[test]
fn a_broken_input_is_named_and_never_live() {
    let (layout, bytes, face) = (FACE.layout(), FACE.bytes(), FACE.face());
    assert_eq!(
        why_not(layout, &vec![0; bytes.len()], &face),
        Reason::NoDepth
    );
    // A unit ten times as large puts the face metres away; a tenth of it, at arm's length from the lens.
    let metres = DepthLayout {
        unit_mm: 1.0,
        ..layout
    };
    assert_eq!(why_not(metres, &bytes, &face), Reason::TooFar);
    let tenth = DepthLayout {
        unit_mm: 0.01,
        ..layout
    };
    assert_eq!(why_not(tenth, &bytes, &face), Reason::TooNear);
    // A third too large, a face has a giant's eyes.
    let third = Made {
        distance: 400.0,
        ..FACE
    };
    let wrong = DepthLayout {
        unit_mm: 0.133,
        ..layout
    };
    let verdict = assess(wrong, &third.bytes(), &third.face()).verdict;
    assert!(matches!(verdict, Liveness::Spoof(reasons) if reasons.contains(Reason::FaceSize)));
    // Every other pixel missing, and more.
    let holes: Vec<u8> = bytes
        .iter()
        .enumerate()
        .map(|(i, b)| if (i / 2) % 2 == 0 { *b } else { 0 })
        .collect();
    assert_eq!(why_not(layout, &holes, &face), Reason::FewValidPixels);
    let mut aside = face;
    aside.landmarks = face.landmarks.map(|p| Point::new(p.x - 320.0, p.y));
    assert_eq!(why_not(layout, &bytes, &aside), Reason::FaceCutOff);
    let mut small = face;
    small.landmarks = face
        .landmarks
        .map(|p| Point::new(p.x * 0.3 + 220.0, p.y * 0.3 + 160.0));
    assert_eq!(why_not(layout, &bytes, &small), Reason::FaceTooSmall);
    for broken in [f32::NAN, f32::INFINITY, 1e30, -1e30] {
        let mut lost = face;
        lost.landmarks.nose.x = broken;
        assert_eq!(why_not(layout, &bytes, &lost), Reason::LandmarksImplausible);
        lost.landmarks = face.landmarks.map(|p| Point::new(p.x + broken, p.y));
        let _ = why_not(layout, &bytes, &lost);
    }
}

#[test]
fn depth16_handed_over_as_z16_is_noticed() {
    let millimetres = Made {
        unit_mm: 1.0,
        ..FACE
    };
    // A sensor that is certain of most pixels and says 5 sevenths of some.
    let android: Vec<u8> = millimetres
        .bytes()
        .as_chunks::<2>()
        .0
        .iter()
        .enumerate()
        .flat_map(|(i, s)| {
            let mm = u16::from_le_bytes(*s);
            let confidence = if i % 9 == 0 { 6 } else { 0 };
            (confidence << 13 | mm).to_le_bytes()
        })
        .collect();
    let wrong = millimetres.layout();
    assert_eq!(
        why_not(wrong, &android, &millimetres.face()),
        Reason::LooksLikeDepth16
    );
    let right = DepthLayout {
        format: DepthFormat::Depth16,
        ..wrong
    };
    let seen = assess(right, &android, &millimetres.face());
    assert!(seen.measures.is_some(), "{seen:?}");
}

#[test]
fn landmarks_of_another_moment_are_refused() {
    let bytes = FACE.bytes();
    let frame = DepthFrame::new(FACE.layout(), &bytes).expect("valid");
    let judge = DepthLiveness::new(SensorClass::A, []).expect("no network is needed");
    let mut scratch = Scratch::default();
    for (us, fine) in [
        (950_000, true),
        (949_999, false),
        (1_050_000, true),
        (1_051_000, false),
    ] {
        let face = DepthFace {
            timestamp_us: us,
            ..FACE.face()
        };
        let assessed = judge.assess(&mut scratch, &frame, &face);
        assert_eq!(assessed.is_ok(), fine, "{us}");
    }
}
