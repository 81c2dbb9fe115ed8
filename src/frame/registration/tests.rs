use super::*;
use crate::frame::{DepthFormat, DepthLayout};
use crate::geom::{Orientation, Rotation};

const DEPTH: Intrinsics = Intrinsics {
    fx: 580.0,
    fy: 580.0,
    cx: 320.0,
    cy: 240.0,
};
const COLOUR: Intrinsics = Intrinsics {
    fx: 1100.0,
    fy: 1100.0,
    cx: 640.0,
    cy: 360.0,
};

fn view(width: u32, height: u32, rotation: Rotation, mirror: bool) -> View {
    View {
        size: (width, height),
        orientation: Orientation { rotation, mirror },
    }
}

fn upright(width: u32, height: u32) -> View {
    view(width, height, Rotation::None, false)
}

#[test]
fn a_map_that_contradicts_the_orientations_is_refused() {
    let colour = upright(640, 480);
    let mirrored = view(640, 480, Rotation::None, true);
    let flip = Affine2::from_rows([-1.0, 0.0, 640.0], [0.0, 1.0, 0.0]);
    let same = Affine2::IDENTITY;
    assert!(Registration::affine(same, colour, colour).is_ok());
    assert!(Registration::affine(flip, colour, mirrored).is_ok());
    for (map, sensor) in [(flip, colour), (same, mirrored)] {
        let refused = Registration::affine(map, colour, sensor);
        assert_eq!(refused, Err(RegistrationError::Mirror));
    }
    // A sensor mounted on its side.
    let lying = view(480, 640, Rotation::Cw90, false);
    let turn = lying.upright_to_stored();
    assert!(Registration::affine(turn, colour, lying).is_ok());
    let refused = Registration::affine(same, colour, lying).expect_err("turned");
    assert!(matches!(refused, RegistrationError::Turn { degrees } if (degrees - 90.0).abs() < 0.1));
}

#[test]
fn flat_absurd_and_broken_maps_are_refused() {
    let scaled = |s: f32| Affine2::from_rows([s, 0.0, 0.0], [0.0, s, 0.0]);
    let make = |map| Registration::affine(map, upright(640, 480), upright(640, 480));
    for bad in [0.0, 0.049, 20.1, f32::NAN, f32::INFINITY] {
        let refused = make(scaled(bad));
        assert!(
            matches!(refused, Err(RegistrationError::Scale { .. })),
            "{bad}"
        );
    }
    assert!(make(scaled(0.051)).is_ok() && make(scaled(19.9)).is_ok());
    let turned = |degrees: f32| {
        let (sin, cos) = degrees.to_radians().sin_cos();
        make(Affine2::from_rows([cos, -sin, 0.0], [sin, cos, 0.0]))
    };
    assert!(turned(19.9).is_ok() && turned(-19.9).is_ok());
    assert!(matches!(turned(20.1), Err(RegistrationError::Turn { .. })));
    let shifted = Affine2::from_rows([1.0, 0.0, f32::NAN], [0.0, 1.0, 0.0]);
    assert!(make(shifted).is_err());
}

#[test]
fn implausible_extrinsics_are_refused() {
    let make = |motion| {
        let colour = (upright(1280, 720), COLOUR);
        Registration::cameras(colour, (upright(640, 480), DEPTH), motion)
    };
    assert!(make(RigidMotion::shift([0.0; 3])).is_ok());
    for (x, fine) in [
        (0.05, false),
        (0.9, false),
        (1.0, true),
        (500.0, true),
        (501.0, false),
    ] {
        assert_eq!(make(RigidMotion::shift([x, 0.0, 0.0])).is_ok(), fine, "{x}");
    }
    assert!(make(RigidMotion::shift([f32::NAN, 0.0, 0.0])).is_err());
    let mut motion = RigidMotion::shift([40.0, 0.0, 0.0]);
    motion.rotation[0][0] = 1.01;
    assert_eq!(make(motion), Err(RegistrationError::NotARotation));
    motion.rotation = [[-1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]];
    assert_eq!(make(motion), Err(RegistrationError::NotARotation));
    motion.rotation = [[-1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, -1.0]];
    assert!(matches!(make(motion), Err(RegistrationError::Turn { .. })));
    let swapped = Registration::cameras(
        (upright(640, 480), COLOUR),
        (upright(640, 480), DEPTH),
        RigidMotion::shift([40.0, 0.0, 0.0]),
    );
    assert!(matches!(swapped, Err(RegistrationError::Intrinsics(_))));
}

/// A wall at one distance, and landmarks whose places are known by hand.
fn wall(view: View, mm: u16) -> (DepthLayout, Vec<u8>) {
    let (width, height) = view.size;
    let layout = DepthLayout {
        format: DepthFormat::Z16,
        width,
        height,
        stride: width as usize * 2,
        unit_mm: 1.0,
        intrinsics: DEPTH,
        orientation: view.orientation,
        timestamp_us: 1,
    };
    (layout, mm.to_le_bytes().repeat((width * height) as usize))
}

#[test]
fn landmarks_of_one_camera_are_found_in_the_other() {
    let (colour, sensor) = (upright(1280, 720), upright(640, 480));
    let motion = RigidMotion::shift([40.0, 0.0, 0.0]);
    let registration =
        Registration::cameras((colour, COLOUR), (sensor, DEPTH), motion).expect("plausible");
    let (layout, bytes) = wall(sensor, 600);
    let depth = DepthFrame::new(layout, &bytes).expect("valid");
    let points = [
        (-30.0, -20.0),
        (30.0, -20.0),
        (0.0, 10.0),
        (-25.0, 40.0),
        (25.0, 40.0),
    ]
    .map(|(x, y)| Point3::new(x, y, 600.0));
    let seen = Landmarks5::from_array(points.map(|p| COLOUR.project(p).expect("before")));
    let found = registration.landmarks_in_depth(&seen, colour, &depth);
    let found = found.expect("same views").expect("a wall is measured");
    for (p, found) in points.iter().zip(found.to_array()) {
        let expected = DEPTH.project(motion.apply(*p)).expect("before");
        assert!(expected.distance(found) < 0.1, "{expected:?} {found:?}");
    }
    let other = registration.landmarks_in_depth(&seen, upright(640, 480), &depth);
    assert!(matches!(other, Err(RegistrationError::OtherView { .. })));
    let (layout, bytes) = wall(sensor, 0);
    let nothing = DepthFrame::new(layout, &bytes).expect("valid");
    let found = registration.landmarks_in_depth(&seen, colour, &nothing);
    assert_eq!(found, Ok(None));
}

#[test]
fn a_mirrored_or_turned_sensor_sees_the_same_points() {
    let colour = upright(1280, 720);
    let motion = RigidMotion::shift([25.0, 5.0, 0.0]);
    let p = Point3::new(-20.0, 30.0, 400.0);
    let upright_sensor = upright(640, 480);
    let expected = DEPTH.project(motion.apply(p)).expect("before");
    let seen = COLOUR.project(p).expect("before");
    for rotation in Rotation::ALL {
        for mirror in [false, true] {
            let mut size = (640, 480);
            let mut camera = DEPTH;
            if rotation.swaps_sides() {
                size = (480, 640);
                (camera.cx, camera.cy) = (DEPTH.cy, DEPTH.cx);
            }
            let sensor = view(size.0, size.1, rotation, mirror);
            let registration = Registration::cameras((colour, COLOUR), (sensor, camera), motion)
                .expect("plausible");
            let stored = registration.locate(seen, 400.0).expect("before both");
            let back = sensor.stored_to_upright().apply(stored);
            assert!(back.distance(expected) < 0.01, "{sensor:?} {back:?}");
        }
    }
    assert_eq!(upright_sensor.stored_to_upright(), Affine2::IDENTITY);
}
