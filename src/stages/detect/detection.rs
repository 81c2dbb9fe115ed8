use crate::geom::{Landmarks5, Point, Rect};

/// No face lies this many pixels away; a network that says so was fed noise.
const FAR_OUTSIDE: f32 = 1e6;

/// A face as a detector sees it.
#[derive(Clone, Debug, PartialEq)]
pub struct Detection {
    /// Its rectangle in stored pixels; it may reach outside the frame.
    pub rect: Rect,
    /// Confidence, `0..=1`; detectors of different families are not comparable.
    pub score: f32,
    /// Eye centres in stored pixels: first the one on the upright picture's left.
    pub eyes: [Point; 2],
    /// All five alignment points, where the detector gives them.
    pub landmarks: Option<Landmarks5>,
}

impl Detection {
    /// Every coordinate moved by `f`, which keeps axis-parallel rectangles axis-parallel.
    pub(super) fn map(&self, f: impl Fn(Point) -> Point) -> Self {
        Self {
            rect: Rect::from_corners(f(self.rect.top_left()), f(self.rect.bottom_right())),
            score: self.score,
            eyes: self.eyes.map(&f),
            landmarks: self.landmarks.map(|landmarks| landmarks.map(&f)),
        }
    }

    /// Whether its numbers are finite and in a place that a face can have.
    pub(super) fn is_valid(&self) -> bool {
        let points = self.landmarks.map(Landmarks5::to_array);
        self.rect.is_valid()
            && self.rect.long_side() < FAR_OUTSIDE
            && self.score.is_finite()
            && self
                .eyes
                .iter()
                .chain(points.iter().flatten())
                .all(|p| p.x.abs() < FAR_OUTSIDE && p.y.abs() < FAR_OUTSIDE)
    }
}
