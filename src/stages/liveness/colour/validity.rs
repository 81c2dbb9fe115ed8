//! What is measured of a picture before a network is asked.

use super::crop::{scale_within, upright};
use crate::frame::Frame;
use crate::geom::{Affine2, Rect};
use crate::stages::liveness::scratch::FaceChip;

/// Side of the chip that is looked at, in pixels: no larger than the smallest face that is judged.
const SIDE: usize = 64;

/// What a picture of a face is like, as far as the networks depend on it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ColourMeasures {
    /// Shorter side of the face's rectangle in pixels.
    pub face_px: f32,
    /// How many times its rectangle the picture shows of the face's surroundings, at most as often as the widest
    /// crop asks for.
    pub surroundings: f32,
    /// Share of the face's rectangle that lies inside the picture, `0..=1`.
    pub in_frame: f32,
    /// Mean luma of the face, `0..=255`.
    pub brightness: f32,
    /// Standard deviation of the face's luma, `0..=128`.
    pub contrast: f32,
    /// Mean difference of the largest and the smallest of red, green and blue in the face, `0..=255`.
    pub colour: f32,
    /// Mean absolute Laplacian over the contrast, in a face 64 px wide: falls with blur, whatever the light.
    pub sharpness: f32,
}

impl FaceChip {
    /// Measures the face in a rectangle (stored pixels); `None` of one that holds nothing.
    pub(super) fn measure(
        &mut self,
        frame: &Frame<'_>,
        rect: &Rect,
        widest: f64,
    ) -> Option<ColourMeasures> {
        let face = upright(frame, rect)?;
        let step = [face.width, face.height].map(|side| side / SIDE as f32);
        let to_upright = Affine2::from_rows([step[0], 0.0, face.x], [0.0, step[1], face.y]);
        let to_stored = frame.upright_to_stored().after(&to_upright);
        frame.warp(&to_stored, SIDE as u32, &mut self.image);
        let (mut colour, mut count) = (0.0, 0.0);
        let (mut sum, mut squares) = (0.0, 0.0);
        self.luma.clear();
        for (at, pixel) in self.image.pixels().as_chunks::<3>().0.iter().enumerate() {
            let [r, g, b] = pixel.map(f32::from);
            // ITU-R BT.601.
            let luma = 0.299 * r + 0.587 * g + 0.114 * b;
            self.luma.push(luma);
            if inside(at % SIDE, at / SIDE) {
                colour += r.max(g).max(b) - r.min(g).min(b);
                sum += luma;
                squares += luma * luma;
                count += 1.0;
            }
        }
        let brightness = sum / count;
        let contrast = (squares / count - brightness * brightness).max(0.0).sqrt();
        Some(ColourMeasures {
            face_px: face.short_side(),
            surroundings: scale_within(frame.upright_size(), &face, widest) as f32,
            in_frame: share_inside(frame.upright_size(), &face),
            brightness,
            contrast,
            colour: colour / count,
            // An even face has no edges to be sharp.
            sharpness: if contrast > 0.0 {
                self.laplacian() / contrast
            } else {
                0.0
            },
        })
    }

    /// Mean absolute Laplacian (four neighbours) within the ellipse.
    fn laplacian(&self) -> f32 {
        let (mut sum, mut count) = (0.0, 0.0);
        for y in 1..SIDE - 1 {
            for x in (1..SIDE - 1).filter(|x| inside(*x, y)) {
                let at = y * SIDE + x;
                let around = self.luma[at - 1]
                    + self.luma[at + 1]
                    + self.luma[at - SIDE]
                    + self.luma[at + SIDE];
                sum += (4.0 * self.luma[at] - around).abs();
                count += 1.0;
            }
        }
        sum / count
    }
}

/// Whether a pixel of the chip lies in its inscribed ellipse: rectangles have corners, faces have none.
fn inside(x: usize, y: usize) -> bool {
    let [u, v] = [x, y].map(|i| (i as f32 + 0.5) / SIDE as f32 * 2.0 - 1.0);
    u * u + v * v <= 1.0
}

fn share_inside((width, height): (u32, u32), face: &Rect) -> f32 {
    let along = |start: f32, length: f32, side: u32| {
        let (low, high) = (start.max(0.0), (start + length).min(side as f32));
        ((high - low) / length).max(0.0)
    };
    along(face.x, face.width, width) * along(face.y, face.height, height)
}
