//! Fits a frame, upright and in proportion, into the fixed input of a network.

use super::{Frame, RgbImage};
use crate::geom::{Affine2, Orientation, Point};
use fast_image_resize as fir;
use fast_image_resize::images::{TypedImage, TypedImageRef};
use fast_image_resize::pixels::U8x3;
use std::fmt;

/// Where a frame lies inside the canvas of [`LetterboxScratch::fit`].
#[derive(Clone, Copy, Debug)]
pub struct Letterbox {
    to_stored: Affine2,
    scale: f32,
}

impl Letterbox {
    /// Brings a point of the canvas to stored pixels of the frame.
    #[must_use]
    pub fn to_stored(&self, canvas: Point) -> Point {
        self.to_stored.apply(canvas)
    }

    /// Frame pixels per canvas pixel.
    #[must_use]
    pub fn scale(&self) -> f32 {
        self.scale
    }
}

/// Buffers of letterboxing, kept from frame to frame.
#[derive(Default)]
pub struct LetterboxScratch {
    resizer: fir::Resizer,
    converted: RgbImage,
    small: RgbImage,
    canvas: RgbImage,
}

impl fmt::Debug for LetterboxScratch {
    /// Never shows the pixels.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("LetterboxScratch").finish_non_exhaustive()
    }
}

impl LetterboxScratch {
    /// Scales the upright picture to fit `width × height`, centred on black, and returns the
    /// canvas and the way back. Shrinking averages over all source pixels (a triangle filter).
    ///
    /// # Panics
    /// When `width` or `height` is 0; a network's input never is.
    pub fn fit(&mut self, frame: &Frame<'_>, width: u32, height: u32) -> (&RgbImage, Letterbox) {
        let (upright_width, upright_height) = frame.upright_size();
        let scale = f64::min(
            f64::from(width) / f64::from(upright_width),
            f64::from(height) / f64::from(upright_height),
        );
        let fitted =
            |side: u32, limit: u32| ((f64::from(side) * scale).round() as u32).clamp(1, limit);
        let content = (fitted(upright_width, width), fitted(upright_height, height));
        let offset = ((width - content.0) / 2, (height - content.1) / 2);

        // A turn maps a size to the stored size and back alike: both only swap the sides.
        let stored_content = frame.orientation().upright_size(content);
        self.shrink(frame, stored_content);
        self.place_upright(frame.orientation(), content, offset, (width, height));

        let stretch = (
            upright_width as f32 / content.0 as f32,
            upright_height as f32 / content.1 as f32,
        );
        let to_upright = Affine2::from_rows(
            [stretch.0, 0.0, -(offset.0 as f32) * stretch.0],
            [0.0, stretch.1, -(offset.1 as f32) * stretch.1],
        );
        let to_stored = frame.upright_to_stored().after(&to_upright);
        let letterbox = Letterbox {
            to_stored,
            scale: to_upright.scale(),
        };
        (&self.canvas, letterbox)
    }

    fn shrink(&mut self, frame: &Frame<'_>, (width, height): (u32, u32)) {
        let (stored_width, stored_height) = frame.size();
        let source = match frame.packed_rgb() {
            Some(bytes) => bytes,
            None => {
                frame.write_rgb(&mut self.converted);
                self.converted.pixels()
            }
        };
        // The typed calls: one that looks at the pixels' type while running would bring the code of all of them.
        let source = TypedImageRef::<U8x3>::from_buffer(stored_width, stored_height, source)
            .expect("a checked frame has exactly width × height × 3 bytes of RGB");
        let mut target =
            TypedImage::<U8x3>::from_buffer(width, height, self.small.reset(width, height))
                .expect("the buffer was just sized for this picture");
        let options = fir::ResizeOptions::new()
            .resize_alg(fir::ResizeAlg::Convolution(fir::FilterType::Bilinear));
        self.resizer
            .resize_typed(&source, &mut target, &options)
            .expect("source and target have the same pixel type and no crop");
    }

    /// Turns the small picture upright into the middle of a black canvas.
    fn place_upright(
        &mut self,
        orientation: Orientation,
        content: (u32, u32),
        offset: (u32, u32),
        canvas: (u32, u32),
    ) {
        let (small_width, small_height) = self.small.size();
        let to_small = orientation.upright_to_stored((small_width, small_height));
        let small = self.small.pixels().as_chunks::<3>().0;
        let pixels = self.canvas.reset(canvas.0, canvas.1).as_chunks_mut::<3>().0;
        for y in 0..content.1 {
            let row = ((y + offset.1) * canvas.0 + offset.0) as usize;
            for (x, pixel) in pixels[row..row + content.0 as usize].iter_mut().enumerate() {
                let from = to_small.apply(Point::new(x as f32 + 0.5, y as f32 + 0.5));
                *pixel = small[from.y as usize * small_width as usize + from.x as usize];
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::frame::{FrameLayout, PixelFormat};
    use crate::geom::Rotation;

    /// 8×4 with a red top left pixel block of 2×2.
    fn marked() -> Vec<u8> {
        let mut bytes = vec![0_u8; 8 * 4 * 3];
        for (x, y) in [(0, 0), (1, 0), (0, 1), (1, 1)] {
            bytes[(y * 8 + x) * 3] = 255;
        }
        bytes
    }

    fn red_at(image: &RgbImage, x: usize, y: usize) -> u8 {
        image.pixels()[(y * image.size().0 as usize + x) * 3]
    }

    #[test]
    fn centres_the_picture_and_maps_points_back() {
        let bytes = marked();
        let frame =
            Frame::new(FrameLayout::packed(PixelFormat::Rgb8, 8, 4), &bytes).expect("frame");
        let mut scratch = LetterboxScratch::default();
        let (canvas, letterbox) = scratch.fit(&frame, 8, 8);
        assert_eq!(canvas.size(), (8, 8));
        assert_eq!(red_at(canvas, 0, 2), 255);
        assert_eq!(red_at(canvas, 0, 1), 0);
        assert_eq!(
            letterbox.to_stored(Point::new(0.0, 2.0)),
            Point::new(0.0, 0.0)
        );
        assert_eq!(
            letterbox.to_stored(Point::new(8.0, 6.0)),
            Point::new(8.0, 4.0)
        );
        assert_eq!(letterbox.scale(), 1.0);
    }

    #[test]
    fn every_orientation_shows_the_mark_where_the_map_says() {
        let bytes = marked();
        for rotation in Rotation::ALL {
            for mirror in [false, true] {
                let layout = FrameLayout::packed(PixelFormat::Rgb8, 8, 4)
                    .with_rotation(rotation)
                    .with_mirror(mirror);
                let frame = Frame::new(layout, &bytes).expect("frame");
                let mut scratch = LetterboxScratch::default();
                let (canvas, letterbox) = scratch.fit(&frame, 16, 16);
                let brightest = (0..256)
                    .max_by_key(|i| (canvas.pixels()[i * 3], std::cmp::Reverse(*i)))
                    .expect("not empty");
                let centre =
                    Point::new((brightest % 16) as f32 + 0.5, (brightest / 16) as f32 + 0.5);
                let stored = letterbox.to_stored(centre);
                assert!(
                    stored.x < 2.0 && stored.y < 2.0 && stored.x > 0.0 && stored.y > 0.0,
                    "{rotation:?} {mirror}: {stored:?}"
                );
            }
        }
    }
}
