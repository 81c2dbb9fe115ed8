use super::Point;

/// The five points that alignment needs, named as they lie in an upright picture: "left" is the
/// left side of the picture, which is the person's right.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Landmarks5 {
    /// Centre of the eye on the picture's left.
    pub left_eye: Point,
    /// Centre of the eye on the picture's right.
    pub right_eye: Point,
    /// Tip of the nose.
    pub nose: Point,
    /// Mouth corner on the picture's left.
    pub mouth_left: Point,
    /// Mouth corner on the picture's right.
    pub mouth_right: Point,
}

impl Landmarks5 {
    /// From the order used by most detectors: left eye, right eye, nose, mouth left, mouth right.
    #[must_use]
    pub const fn from_array(points: [Point; 5]) -> Self {
        let [left_eye, right_eye, nose, mouth_left, mouth_right] = points;
        Self {
            left_eye,
            right_eye,
            nose,
            mouth_left,
            mouth_right,
        }
    }

    /// In the same order.
    #[must_use]
    pub const fn to_array(self) -> [Point; 5] {
        [
            self.left_eye,
            self.right_eye,
            self.nose,
            self.mouth_left,
            self.mouth_right,
        ]
    }

    /// Every point moved by `f`.
    #[must_use]
    pub fn map(self, f: impl Fn(Point) -> Point) -> Self {
        Self::from_array(self.to_array().map(f))
    }

    /// Inter-eye distance in pixels.
    #[must_use]
    pub fn eye_distance(&self) -> f32 {
        self.left_eye.distance(self.right_eye)
    }
}
