//! Where a face is in a sensor's picture, by its landmarks.

use super::verdict::Reason;
use crate::geom::{Landmarks5, Point};

/// Half axes of the part of a face that is looked at, in distances of the eyes: inside the outline, below
/// the hair.
const HALF_AXES: [f32; 2] = [0.85, 1.15];

/// The ellipse of the face in stored pixels.
#[derive(Clone, Copy)]
pub(super) struct FaceEllipse {
    centre: Point,
    /// Unit vector from the left to the right eye, and half axes along and across it.
    along: Point,
    half: [f32; 2],
}

impl FaceEllipse {
    pub(super) fn new(landmarks: &Landmarks5) -> Self {
        let size = size_px(landmarks);
        let (eyes, mouth) = middles(landmarks);
        let (dx, dy) = (
            landmarks.right_eye.x - landmarks.left_eye.x,
            landmarks.right_eye.y - landmarks.left_eye.y,
        );
        let length = dx.hypot(dy);
        Self {
            centre: eyes.midpoint(mouth),
            along: Point::new(dx / length, dy / length),
            half: HALF_AXES.map(|share| share * size),
        }
    }

    /// Columns and rows that may lie inside, which may reach outside the frame.
    pub(super) fn bounds(&self) -> [std::ops::Range<i64>; 2] {
        let reach = self.half[0].max(self.half[1]);
        [self.centre.x, self.centre.y]
            .map(|c| (c - reach).floor() as i64..(c + reach).ceil() as i64)
    }

    pub(super) fn contains(&self, x: i64, y: i64) -> bool {
        let (dx, dy) = (
            x as f32 + 0.5 - self.centre.x,
            y as f32 + 0.5 - self.centre.y,
        );
        let u = (dx * self.along.x + dy * self.along.y) / self.half[0];
        let v = (dy * self.along.x - dx * self.along.y) / self.half[1];
        u * u + v * v <= 1.0
    }
}

/// Distance of the eyes as it would be seen from the front.
pub(super) fn size_px(landmarks: &Landmarks5) -> f32 {
    let (eyes, mouth) = middles(landmarks);
    // A head that is turned away has its eyes closer together, and keeps its height.
    landmarks.eye_distance().max(0.9 * eyes.distance(mouth))
}

/// The middle of the eyes and that of the mouth.
fn middles(landmarks: &Landmarks5) -> (Point, Point) {
    (
        landmarks.left_eye.midpoint(landmarks.right_eye),
        landmarks.mouth_left.midpoint(landmarks.mouth_right),
    )
}

/// Whether landmarks form a face that looks about at the camera, of at least this many pixels between the eyes.
pub(super) fn check_landmarks(landmarks: &Landmarks5, least_px: f32) -> Result<(), Reason> {
    if !landmarks.to_array().iter().all(|p| p.is_finite()) {
        return Err(Reason::LandmarksImplausible);
    }
    if size_px(landmarks) < least_px {
        return Err(Reason::FaceTooSmall);
    }
    // A face that looks at the camera within the poses that are judged; its nose lies between eyes and mouth.
    let (eyes, mouth) = middles(landmarks);
    let (across, down) = (landmarks.eye_distance(), eyes.distance(mouth));
    let nose = eyes.midpoint(mouth).distance(landmarks.nose);
    if !(0.5..=2.2).contains(&(down / across)) || nose > 0.7 * down {
        return Err(Reason::LandmarksImplausible);
    }
    Ok(())
}
