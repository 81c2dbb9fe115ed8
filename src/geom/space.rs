//! Space before a camera, in millimetres.

use super::Point;

/// A point before a camera, in millimetres: x to the right, y down, z away from it.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Point3 {
    /// To the right of the picture.
    pub x: f32,
    /// Down.
    pub y: f32,
    /// Away from the camera, along its optical axis.
    pub z: f32,
}

impl Point3 {
    /// A point from its coordinates.
    #[must_use]
    pub const fn new(x: f32, y: f32, z: f32) -> Self {
        Self { x, y, z }
    }

    /// Euclidean distance in millimetres.
    #[must_use]
    pub fn distance(self, other: Self) -> f32 {
        let (x, y, z) = (self.x - other.x, self.y - other.y, self.z - other.z);
        (x * x + y * y + z * z).sqrt()
    }
}

/// A pinhole camera without distortion, in pixels of the stored picture: a point is seen at
/// `(fx·x/z + cx, fy·y/z + cy)`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Intrinsics {
    /// Focal length along the rows.
    pub fx: f32,
    /// Focal length along the columns.
    pub fy: f32,
    /// Where the optical axis meets the picture, from its left edge.
    pub cx: f32,
    /// The same from its top edge.
    pub cy: f32,
}

impl Intrinsics {
    /// Where a point is seen; `None` unless it lies before the camera.
    #[must_use]
    pub fn project(&self, p: Point3) -> Option<Point> {
        let seen = Point::new(self.fx * p.x / p.z + self.cx, self.fy * p.y / p.z + self.cy);
        (p.z > 0.0 && seen.is_finite()).then_some(seen)
    }

    /// The point at `z` millimetres along the optical axis that is seen at `seen`.
    #[must_use]
    pub fn unproject(&self, seen: Point, z: f32) -> Point3 {
        Point3::new(
            (seen.x - self.cx) / self.fx * z,
            (seen.y - self.cy) / self.fy * z,
            z,
        )
    }
}

/// A turn and then a shift in millimetres: `p' = R·p + t`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct RigidMotion {
    /// The rotation matrix, row by row.
    pub rotation: [[f32; 3]; 3],
    /// The shift in millimetres.
    pub shift_mm: [f32; 3],
}

impl RigidMotion {
    /// A shift alone.
    #[must_use]
    pub const fn shift(shift_mm: [f32; 3]) -> Self {
        Self {
            rotation: [[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]],
            shift_mm,
        }
    }

    /// The image of a point.
    #[must_use]
    pub fn apply(&self, p: Point3) -> Point3 {
        let [x, y, z] = self.rotation.map(|r| r[0] * p.x + r[1] * p.y + r[2] * p.z);
        let [a, b, c] = self.shift_mm;
        Point3::new(x + a, y + b, z + c)
    }

    /// The motion that undoes this one, as long as its rotation is one.
    #[must_use]
    pub fn inverse(&self) -> Self {
        let r = &self.rotation;
        let rotation = [0, 1, 2].map(|i| [r[0][i], r[1][i], r[2][i]]);
        let [a, b, c] = self.shift_mm;
        let back = Self {
            rotation,
            shift_mm: [0.0; 3],
        };
        let Point3 { x, y, z } = back.apply(Point3::new(a, b, c));
        Self {
            rotation,
            shift_mm: [-x, -y, -z],
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn projection_and_its_inverse_agree_with_the_formula() {
        let camera = Intrinsics {
            fx: 580.0,
            fy: 570.0,
            cx: 320.0,
            cy: 240.0,
        };
        let seen = camera.project(Point3::new(50.0, -20.0, 500.0));
        assert_eq!(seen, Some(Point::new(378.0, 217.2)));
        let back = camera.unproject(Point::new(378.0, 217.2), 500.0);
        assert!(back.distance(Point3::new(50.0, -20.0, 500.0)) < 1e-3);
        assert_eq!(camera.project(Point3::new(1.0, 1.0, 0.0)), None);
        assert_eq!(camera.project(Point3::new(1.0, 1.0, -5.0)), None);
    }

    #[test]
    fn a_motion_is_undone() {
        let (sin, cos) = 0.2_f32.sin_cos();
        let motion = RigidMotion {
            rotation: [[cos, 0.0, sin], [0.0, 1.0, 0.0], [-sin, 0.0, cos]],
            shift_mm: [40.0, -3.0, 5.0],
        };
        let p = Point3::new(10.0, 20.0, 500.0);
        let moved = motion.apply(p);
        assert!((moved.x - (10.0 * cos + 500.0 * sin + 40.0)).abs() < 1e-3);
        assert!(motion.inverse().apply(moved).distance(p) < 1e-3);
    }
}
