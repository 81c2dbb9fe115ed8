//! The face as the measurements see it: straight, at one size, cut out of the frame itself.

use crate::frame::{Frame, RgbImage};
use crate::geom::{Affine2, Point, Similarity2};

/// Side of the chip in pixels.
pub(super) const SIDE: usize = 160;

/// Distance of the eye centres in the chip, in pixels, for a face that looks into the camera. A
/// face of the same scale as the 112 px chips of most embedders (38 px), a little larger so that
/// it loses nothing that they see.
pub(super) const EYE_DISTANCE: f32 = 48.0;

/// Where the middle between the eyes lies in the chip: forehead above, chin below.
const BETWEEN_EYES: Point = Point::new(80.0, 60.0);

/// Where the head is, in pixels of the upright picture.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct HeadPlace {
    /// Middle between the eyes.
    pub between_eyes: Point,
    /// Distance of the eye centres, as if the head looked straight into the camera.
    pub eye_distance_px: f32,
    /// Turn of the head in the picture, in degrees, counter-clockwise positive.
    pub roll: f32,
}

/// A straight chip with its luma and its mesh points.
pub(super) struct Chip {
    pub(super) rgb: RgbImage,
    /// Luma (BT.601, `0..=255`) of every pixel.
    pub(super) luma: Vec<f32>,
    /// Mesh points in chip pixels.
    pub(super) points: Vec<Point>,
    pub(super) to_stored: Affine2,
    pub(super) stored_size: (f32, f32),
}

impl Default for Chip {
    fn default() -> Self {
        Self {
            rgb: RgbImage::default(),
            luma: Vec::new(),
            points: Vec::new(),
            to_stored: Affine2::IDENTITY,
            stored_size: (0.0, 0.0),
        }
    }
}

impl Chip {
    /// Cuts the head out. `points` are mesh points in stored pixels. `None` when the place is
    /// no usable number.
    pub(super) fn cut(
        &mut self,
        frame: &Frame<'_>,
        points: &[Point],
        head: &HeadPlace,
    ) -> Option<()> {
        let scale = head.eye_distance_px / EYE_DISTANCE;
        if !scale.is_normal() || scale < 0.0 || !head.between_eyes.is_finite() {
            return None;
        }
        // Counter-clockwise on the screen is negative where y points down.
        let radians = -head.roll.to_radians();
        let moved = Similarity2::new(scale, radians, Point::default()).apply(BETWEEN_EYES);
        let shift = Point::new(head.between_eyes.x - moved.x, head.between_eyes.y - moved.y);
        let to_upright = Similarity2::new(scale, radians, shift).to_affine();
        self.to_stored = frame.upright_to_stored().after(&to_upright);
        let back = self.to_stored.inverse()?;
        frame.warp(&self.to_stored, SIDE as u32, &mut self.rgb);
        self.luma.clear();
        let pixels = self.rgb.pixels().as_chunks::<3>().0;
        self.luma.extend(pixels.iter().map(|&p| luma(p)));
        self.points.clear();
        self.points.extend(points.iter().map(|p| back.apply(*p)));
        let (width, height) = frame.size();
        self.stored_size = (width as f32, height as f32);
        Some(())
    }

    /// Whether the chip's point lies in the frame.
    pub(super) fn in_frame(&self, p: Point) -> bool {
        let p = self.to_stored.apply(p);
        (0.0..self.stored_size.0).contains(&p.x) && (0.0..self.stored_size.1).contains(&p.y)
    }
}

/// BT.601 luma.
pub(super) fn luma([r, g, b]: [u8; 3]) -> f32 {
    0.299 * f32::from(r) + 0.587 * f32::from(g) + 0.114 * f32::from(b)
}
