//! Geometry: the plane in pixels, and the space before a camera in millimetres.
//!
//! One convention everywhere: coordinates are continuous, x to the right and y down, and the pixel
//! in column `i`, row `j` covers `[i, i+1) × [j, j+1)`, so its centre is `(i + 0.5, j + 0.5)`.

mod affine;
mod landmarks;
mod orientation;
mod pose;
mod rect;
mod space;

pub use affine::{Affine2, Similarity2};
pub use landmarks::Landmarks5;
pub use orientation::{Orientation, Rotation};
pub use pose::Pose;
pub use rect::Rect;
pub use space::{Intrinsics, Point3, RigidMotion};

/// A point in pixels.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Point {
    /// Pixels from the left edge.
    pub x: f32,
    /// Pixels from the top edge.
    pub y: f32,
}

impl Point {
    /// A point from its coordinates.
    #[must_use]
    pub const fn new(x: f32, y: f32) -> Self {
        Self { x, y }
    }

    /// Euclidean distance in pixels.
    #[must_use]
    pub fn distance(self, other: Self) -> f32 {
        (self.x - other.x).hypot(self.y - other.y)
    }

    /// The point half way to `other`.
    #[must_use]
    pub fn midpoint(self, other: Self) -> Self {
        Self::new((self.x + other.x) * 0.5, (self.y + other.y) * 0.5)
    }

    /// Whether both coordinates are finite numbers.
    #[must_use]
    pub fn is_finite(self) -> bool {
        self.x.is_finite() && self.y.is_finite()
    }
}
