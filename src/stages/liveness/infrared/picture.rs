//! What the network sees of a face.

use super::input::{InfraredFace, InfraredFrames};
use super::measure::InfraredMeasures;
use crate::frame::{Frame, InfraredFrame, RgbImage, View};
use crate::geom::{Affine2, Landmarks5, Point, Similarity2};
use crate::stages::liveness::verdict::Reason;

/// Byte of the median light of the lamp: 2.65 times that is the end of the scale.
const MEDIAN: f32 = 96.0;

/// The room's light is shown stronger than the lamp's, of which it may be half at most.
const ROOM: f32 = 2.0;

/// Samples a pixel along each axis; more say nothing more.
const MAX_SAMPLES: u32 = 3;

/// How a face is cut out: the side of the square, and where the landmarks come to lie in it, in pixels.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Cut {
    /// Pixels along each side.
    pub side: u32,
    /// Left eye, right eye, nose, mouth left, mouth right.
    pub template: [Point; 5],
}

/// A straightened face of three planes, one byte each: red is the light of the lamp, 96 at the face's median; green
/// the luminance of the colour frame (BT.601); blue the room's infrared light, twice as bright on red's scale, 0 without a
/// frame of it.
///
/// This is what the network is trained on and asked about.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct FacePicture(RgbImage);

impl FacePicture {
    /// Cuts a face out of the colour and infrared frames by its landmarks in each.
    ///
    /// # Errors
    /// [`Reason::LandmarksImplausible`] for landmarks that are no face, [`Reason::Underexposed`] for one without light.
    pub fn cut(
        cut: &Cut,
        colour: &Frame<'_>,
        frames: &InfraredFrames<'_>,
        face: &InfraredFace,
        measures: &InfraredMeasures,
    ) -> Result<Self, Reason> {
        if measures.median.is_nan() || measures.median <= 0.0 {
            return Err(Reason::Underexposed);
        }
        let mut image = RgbImage::default();
        let to_colour = place(cut, colour.view(), &face.in_colour)?;
        colour.warp(&to_colour, cut.side, &mut image);
        let mut bytes = image.into_pixels();
        let lit = frames.lit();
        let to_infrared = place(cut, lit.view(), &face.in_infrared)?;
        let lit = sampled(lit, &to_infrared, cut.side);
        let unlit = frames.unlit();
        let unlit = unlit.map(|frame| sampled(frame, &to_infrared, cut.side));
        let scale = MEDIAN / measures.median;
        for (i, pixel) in bytes.as_chunks_mut::<3>().0.iter_mut().enumerate() {
            let room = unlit.as_ref().map_or(0.0, |unlit| unlit[i]);
            let [r, g, b] = pixel.map(f32::from);
            // Casts end at the scale's ends.
            *pixel = [
                ((lit[i] - room) * scale + 0.5) as u8,
                (0.299 * r + 0.587 * g + 0.114 * b + 0.5) as u8,
                (room * scale * ROOM + 0.5) as u8,
            ];
        }
        let image = RgbImage::new(cut.side, cut.side, bytes);
        Ok(Self(image.expect("the warp fills a square of this side")))
    }

    /// The planes as the colours of a picture.
    #[must_use]
    pub fn image(&self) -> &RgbImage {
        &self.0
    }
}

/// From the square to stored pixels.
fn place(cut: &Cut, view: View, landmarks: &Landmarks5) -> Result<Affine2, Reason> {
    let to_upright = view.stored_to_upright();
    let points = landmarks.to_array().map(|p| to_upright.apply(p));
    let to_square = Similarity2::estimate(&points, &cut.template);
    let to_upright = to_square.and_then(|s| s.to_affine().inverse());
    let to_upright = to_upright.ok_or(Reason::LandmarksImplausible)?;
    Ok(view.upright_to_stored().after(&to_upright))
}

/// Means over the square's pixels, as shares of full scale; outside the frame is dark.
fn sampled(frame: &InfraredFrame<'_>, to_stored: &Affine2, side: u32) -> Vec<f32> {
    let per_axis = (to_stored.scale().round() as u32).clamp(1, MAX_SAMPLES);
    let most = f32::from(frame.layout().format.most());
    let share = 1.0 / ((per_axis * per_axis) as f32 * most);
    let offset = |i: u32| (i as f32 + 0.5) / per_axis as f32;
    let mut values = Vec::with_capacity((side * side) as usize);
    for y in 0..side {
        for x in 0..side {
            let mut sum = 0.0;
            for j in 0..per_axis {
                for i in 0..per_axis {
                    let at = Point::new(x as f32 + offset(i), y as f32 + offset(j));
                    sum += bilinear(frame, to_stored.apply(at));
                }
            }
            values.push(sum * share);
        }
    }
    values
}

fn bilinear(frame: &InfraredFrame<'_>, p: Point) -> f32 {
    let (x, y) = (p.x - 0.5, p.y - 0.5);
    let (left, top) = (x.floor(), y.floor());
    let (fx, fy) = (x - left, y - top);
    let at = |dx: f32, dy: f32| {
        let (x, y) = (left + dx, top + dy);
        let inside = x >= 0.0 && y >= 0.0;
        let sample = inside.then(|| frame.sample(x as u32, y as u32)).flatten();
        f32::from(sample.unwrap_or(0))
    };
    let upper = at(0.0, 0.0) * (1.0 - fx) + at(1.0, 0.0) * fx;
    let lower = at(0.0, 1.0) * (1.0 - fx) + at(1.0, 1.0) * fx;
    upper * (1.0 - fy) + lower * fy
}
