//! Whether landmarks of two frames belong to one face.

use super::rules::InfraredRules;
use crate::geom::{Landmarks5, Point};
use crate::stages::liveness::verdict::Reason;

/// Width of a face in distances of its eyes: 147 mm over 65 mm.
const FACE_WIDTH: f32 = 2.26;

/// How far the nose may lie off the line between eyes and mouth, in distances of the eyes: a head of mean measures turned
/// by 35 degrees (33.7 mm · tan 35° / 65 mm).
const MOST_ASIDE: f32 = 0.37;

/// Whether the face looks about at the camera: infrared was learnt within 20 degrees.
pub(super) fn facing(landmarks: &Landmarks5) -> Result<(), Reason> {
    let [left, right] = [landmarks.left_eye, landmarks.right_eye];
    let across = left.distance(right);
    let (ux, uy) = ((right.x - left.x) / across, (right.y - left.y) / across);
    let along = |p: Point| p.x * ux + p.y * uy;
    let eyes = along(left.midpoint(right));
    let mouth = along(landmarks.mouth_left.midpoint(landmarks.mouth_right));
    let aside = (along(landmarks.nose) - (eyes + mouth) / 2.0) / across;
    if aside.abs() <= MOST_ASIDE {
        Ok(())
    } else {
        Err(Reason::TurnedAway)
    }
}

/// Whether what was found in infrared is the face that the colour frame shows there.
pub(super) fn same_face(
    found: &Landmarks5,
    expected: &Landmarks5,
    rules: &InfraredRules,
) -> Result<(), Reason> {
    let (found, expected, eyes) = (
        found.to_array(),
        expected.to_array(),
        expected.eye_distance(),
    );
    let (there, here) = (centre(&found), centre(&expected));
    let shift = there.distance(here) / (FACE_WIDTH * eyes);
    // What remains once the one lies on the other: another face, or this one turned otherwise.
    let rest = found.iter().zip(&expected).map(|(f, e)| {
        let (dx, dy) = (f.x - there.x - e.x + here.x, f.y - there.y - e.y + here.y);
        dx * dx + dy * dy
    });
    let residual = (rest.sum::<f32>() / 5.0).sqrt() / eyes;
    let limits = &rules.file().face;
    // Written so that what is no number is refused too.
    if shift <= limits.most_shift && residual <= limits.most_residual {
        Ok(())
    } else {
        Err(Reason::FramesDisagree)
    }
}

fn centre(points: &[Point; 5]) -> Point {
    let sum = |of: fn(&Point) -> f32| points.iter().map(of).sum::<f32>() / 5.0;
    Point::new(sum(|p| p.x), sum(|p| p.y))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn face(nose: f32) -> Landmarks5 {
        let places = [
            (100.0, 100.0),
            (160.0, 100.0),
            (130.0 + nose, 135.0),
            (106.0, 168.0),
            (154.0, 168.0),
        ];
        Landmarks5::from_array(places.map(|(x, y)| Point::new(x, y)))
    }

    #[test]
    fn both_borders_of_turning() {
        for side in [-1.0, 1.0] {
            assert_eq!(facing(&face(side * 22.1)), Ok(()));
            assert_eq!(facing(&face(side * 22.3)), Err(Reason::TurnedAway));
        }
    }

    #[test]
    fn both_borders_of_shift_and_form() {
        let rules = InfraredRules::default();
        let expected = face(0.0);
        let moved = |dx: f32| expected.map(|p| Point::new(p.x + dx, p.y));
        let most = rules.file().face.most_shift * FACE_WIDTH * 60.0;
        assert_eq!(same_face(&moved(most - 0.1), &expected, &rules), Ok(()));
        assert_eq!(
            same_face(&moved(most + 0.1), &expected, &rules),
            Err(Reason::FramesDisagree)
        );
        // A nose that moves by d moves the centre by d/5 and leaves d·√(4/25) as residual.
        let most = rules.file().face.most_residual * 60.0 / 0.4;
        assert_eq!(same_face(&face(most - 0.1), &expected, &rules), Ok(()));
        assert_eq!(
            same_face(&face(most + 0.1), &expected, &rules),
            Err(Reason::FramesDisagree)
        );
        let broken = expected.map(|p| Point::new(f32::NAN, p.y));
        assert_eq!(
            same_face(&broken, &expected, &rules),
            Err(Reason::FramesDisagree)
        );
    }

    #[test]
    fn a_mirrored_face_that_looks_aside_is_another() {
        let expected = face(12.0);
        let mirrored = face(-12.0);
        assert_eq!(
            same_face(&mirrored, &expected, &InfraredRules::default()),
            Err(Reason::FramesDisagree)
        );
    }
}
