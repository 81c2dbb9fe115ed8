//! The part of a picture that a network sees.

use crate::frame::Frame;
use crate::geom::{Affine2, Rect};

/// Whole pixels of the upright picture, both ends included.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) struct Crop {
    left: u32,
    top: u32,
    right: u32,
    bottom: u32,
}

/// How many times its rectangle a face's crop can be: as asked, or as much as the picture has.
pub(super) fn scale_within((width, height): (u32, u32), face: &Rect, asked: f64) -> f64 {
    let room = |side: u32, of: f32| (f64::from(side) - 1.0) / f64::from(of);
    asked
        .min(room(width, face.width))
        .min(room(height, face.height))
}

impl Crop {
    /// The face's rectangle (stored pixels) enlarged as far as the picture allows and moved into it, as the networks'
    /// authors do: `_get_new_box` in `generate_patches.py` of Silent-Face-Anti-Spoofing. `None` where nothing is
    /// left.
    pub(super) fn around(frame: &Frame<'_>, rect: &Rect, asked: f64) -> Option<Self> {
        Self::within(frame.upright_size(), &upright(frame, rect)?, asked)
    }

    fn within(picture: (u32, u32), face: &Rect, asked: f64) -> Option<Self> {
        let scale = scale_within(picture, face, asked);
        let along = |start: f32, length: f32, side: u32| {
            let (start, length) = (f64::from(start), f64::from(length));
            let (centre, half) = (start + length / 2.0, length * scale / 2.0);
            let (mut low, mut high) = (centre - half, centre + half);
            if low < 0.0 {
                high -= low;
                low = 0.0;
            }
            let last = f64::from(side) - 1.0;
            if high > last {
                low -= high - last;
                high = last;
            }
            // Rounding may leave a little less than nothing before the first pixel.
            (low.max(0.0) as u32, high as u32)
        };
        let (left, right) = along(face.x, face.width, picture.0);
        let (top, bottom) = along(face.y, face.height, picture.1);
        (left < right && top < bottom).then_some(Self {
            left,
            top,
            right,
            bottom,
        })
    }

    /// From a chip of `side × side` pixels to stored pixels: both sides fill the chip, each in its own scale.
    pub(super) fn to_stored(self, frame: &Frame<'_>, side: u32) -> Affine2 {
        let step = |first: u32, last: u32| (last - first + 1) as f32 / side as f32;
        let to_upright = Affine2::from_rows(
            [step(self.left, self.right), 0.0, self.left as f32],
            [0.0, step(self.top, self.bottom), self.top as f32],
        );
        frame.upright_to_stored().after(&to_upright)
    }
}

/// A rectangle of stored pixels in the upright picture; `None` of one that holds nothing.
pub(super) fn upright(frame: &Frame<'_>, rect: &Rect) -> Option<Rect> {
    if !rect.is_valid() {
        return None;
    }
    let to_upright = frame.stored_to_upright();
    let corners = [rect.top_left(), rect.bottom_right()].map(|p| to_upright.apply(p));
    Some(Rect::from_corners(corners[0], corners[1])).filter(Rect::is_valid)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn crop(picture: (u32, u32), [x, y, width, height]: [f32; 4], scale: f64) -> [u32; 4] {
        let face = Rect {
            x,
            y,
            width,
            height,
        };
        let crop = Crop::within(picture, &face, scale).expect("a crop");
        [crop.left, crop.top, crop.right, crop.bottom]
    }

    /// By the authors' program.
    #[test]
    fn crops_are_those_of_the_original() {
        let vga = (640, 480);
        // In the middle: nothing to fit.
        let face = [270.0, 190.0, 100.0, 100.0];
        assert_eq!(crop(vga, face, 2.7), [185, 105, 455, 375]);
        assert_eq!(crop(vga, face, 4.0), [120, 40, 520, 440]);
        // Too large for the picture's height: 479 / 200 of the face.
        let large = [200.0, 100.0, 150.0, 200.0];
        assert_eq!(crop(vga, large, 4.0), [95, 0, 454, 479]);
        // At each border, moved inside.
        assert_eq!(crop(vga, [0.0, 0.0, 80.0, 100.0], 2.7), [0, 0, 216, 270]);
        assert_eq!(
            crop(vga, [560.0, 380.0, 80.0, 100.0], 2.7),
            [423, 209, 639, 479]
        );
    }

    proptest! {
        #[test]
        fn a_crop_lies_inside_and_holds_the_face_that_lies_inside(
            width in 64_u32..2000,
            height in 64_u32..2000,
            place in prop::array::uniform4(0.0_f32..1.0),
            scale in 1.0_f64..8.0,
        ) {
            let size = [width as f32, height as f32];
            let [w, h] = [0, 1].map(|i| 8.0 + place[i] * (size[i] - 10.0));
            let [x, y] = [place[2] * (size[0] - 1.0 - w), place[3] * (size[1] - 1.0 - h)];
            let [left, top, right, bottom] = crop((width, height), [x, y, w, h], scale);
            prop_assert!(right < width && bottom < height && left < right && top < bottom);
            // But for the truncation to whole pixels.
            prop_assert!(left as f32 <= x + 1.0 && (right as f32) >= x + w - 1.5);
            prop_assert!(top as f32 <= y + 1.0 && (bottom as f32) >= y + h - 1.5);
        }
    }
}
