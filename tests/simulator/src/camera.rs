//! A pinhole camera and the pictures it takes.

use crate::space::V3;

/// A camera without distortion: `(f·x/z + cx, f·y/z + cy)`; pixel `i` covers `[i, i + 1)`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Camera {
    /// Width in pixels.
    pub width: usize,
    /// Height in pixels.
    pub height: usize,
    /// Focal length in pixels.
    pub focal: f32,
}

impl Camera {
    /// 640 × 480 with 580 px: what structured-light modules have.
    pub const VGA: Self = Self {
        width: 640,
        height: 480,
        focal: 580.0,
    };

    /// Where the optical axis meets the picture: its middle.
    #[must_use]
    pub fn centre(&self) -> [f32; 2] {
        [self.width as f32 / 2.0, self.height as f32 / 2.0]
    }

    /// Where a point before the camera is seen.
    #[must_use]
    pub fn project(&self, p: V3) -> [f32; 2] {
        let [cx, cy] = self.centre();
        [self.focal * p[0] / p[2] + cx, self.focal * p[1] / p[2] + cy]
    }

    /// The point at distance `z` that is seen in the middle of a pixel.
    pub(crate) fn unproject(&self, x: usize, y: usize, z: f32) -> V3 {
        let [cx, cy] = self.centre();
        [
            (x as f32 + 0.5 - cx) / self.focal * z,
            (y as f32 + 0.5 - cy) / self.focal * z,
            z,
        ]
    }
}

/// A picture with three bytes a pixel: red, green, blue.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Picture {
    /// Width in pixels.
    pub width: usize,
    /// Height in pixels.
    pub height: usize,
    /// Bytes, row by row.
    pub rgb: Vec<u8>,
}
