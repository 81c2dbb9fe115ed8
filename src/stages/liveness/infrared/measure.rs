//! How much light of the lamp and of the room a face returns.

use super::input::InfraredFrames;
use super::rules::InfraredRules;
use crate::frame::{Emitter, InfraredFrame};
use crate::geom::Landmarks5;
use crate::stages::liveness::face::{FaceEllipse, check_landmarks};
use crate::stages::liveness::verdict::Reason;

/// Every fourth pixel of every fourth row says enough of a whole frame.
const STRIDE: usize = 4;

/// Light in the ellipse of a face, as shares of the format's full scale.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct InfraredMeasures {
    /// Mean light of the lamp: the frame with it on less the one with it off, or the lit frame alone where there is no other.
    pub light: f32,
    /// Median of the same.
    pub median: f32,
    /// Mean light of the room over the lamp's; `None` without a frame of the room's light.
    pub ambient: Option<f32>,
    /// Share of pixels at the end of the scale.
    pub saturated: f32,
    /// Mean of the lit frame.
    pub lit: f32,
    /// Share of pixels that are brighter without the lamp than with it.
    pub reversed: f32,
}

/// Whether a face could be seen in the lit frame at all.
pub(super) fn check_exposure(
    frames: &InfraredFrames<'_>,
    rules: &InfraredRules,
) -> Result<(), Reason> {
    let lit = frames.lit();
    if lit.layout().emitter != Emitter::On {
        return Err(Reason::EmitterNotOn);
    }
    let limits = &rules.file().exposure;
    let (mean, saturated) = whole(lit, limits.saturated_from);
    if mean < limits.least_frame_mean {
        return Err(Reason::Underexposed);
    }
    if saturated > limits.most_saturated_frame {
        return Err(Reason::Overexposed);
    }
    Ok(())
}

/// Mean of a frame and its share of saturated pixels.
fn whole(frame: &InfraredFrame<'_>, saturated_from: f32) -> (f32, f32) {
    let (width, height) = frame.size();
    let most = f32::from(frame.layout().format.most());
    let (mut sum, mut saturated, mut count) = (0.0_f64, 0_u32, 0_u32);
    for y in (0..height).step_by(STRIDE) {
        for x in (0..width).step_by(STRIDE) {
            let value = f32::from(frame.sample(x, y).unwrap_or(0)) / most;
            sum += f64::from(value);
            saturated += u32::from(value >= saturated_from);
            count += 1;
        }
    }
    let count = count.max(1) as f32;
    (sum as f32 / count, saturated as f32 / count)
}

/// Measures a face by its landmarks in stored pixels of the infrared frames.
///
/// # Errors
/// [`Reason::FaceCutOff`] where a tenth of it is outside the frame.
pub fn measure(
    frames: &InfraredFrames<'_>,
    landmarks: &Landmarks5,
    rules: &InfraredRules,
) -> Result<InfraredMeasures, Reason> {
    check_landmarks(landmarks, rules.file().face.least_eye_distance_px)?;
    let lit = frames.lit();
    let most = f32::from(lit.layout().format.most());
    let ellipse = FaceEllipse::new(landmarks);
    let mut sums = Sums::default();
    for (x, y) in inside(&ellipse, lit.size())? {
        let value = |frame: &InfraredFrame<'_>| f32::from(frame.sample(x, y).unwrap_or(0)) / most;
        sums.add(value(lit), frames.unlit().map(value), rules);
    }
    sums.measures().ok_or(Reason::FaceCutOff)
}

/// Whether the face's light can be judged.
///
/// # Errors
/// The [`Reason`] why not.
pub fn check_light(measures: &InfraredMeasures, rules: &InfraredRules) -> Result<(), Reason> {
    let (exposure, difference) = (&rules.file().exposure, &rules.file().difference);
    if measures.lit > exposure.most_face_mean || measures.saturated > exposure.most_saturated_face {
        return Err(Reason::Overexposed);
    }
    if measures.reversed > difference.most_reversed {
        return Err(Reason::UnlitBrighter);
    }
    let least = difference.least_light();
    if measures.light < least || measures.median < least {
        // What is bright without the lamp is lit by the room.
        let room = measures.lit >= 2.0 * least;
        return Err(if room {
            Reason::AmbientTooStrong
        } else {
            Reason::Underexposed
        });
    }
    if measures
        .ambient
        .is_some_and(|a| a > difference.most_ambient)
    {
        return Err(Reason::AmbientTooStrong);
    }
    Ok(())
}

/// The ellipse's pixels, of which nine in ten have to be in the frame.
fn inside(
    ellipse: &FaceEllipse,
    (width, height): (u32, u32),
) -> Result<impl Iterator<Item = (u32, u32)>, Reason> {
    let [columns, rows] = ellipse.bounds();
    let kept = |range: &std::ops::Range<i64>, side: u32| {
        let side = i64::from(side);
        range.start.clamp(0, side)..range.end.clamp(0, side)
    };
    let (across, down) = (kept(&columns, width), kept(&rows, height));
    let length = |range: &std::ops::Range<i64>| (range.end - range.start) as f32;
    // A face is cut off where a tenth of its square is: that can be said before any pixel is visited.
    if length(&across) < 0.9 * length(&columns) || length(&down) < 0.9 * length(&rows) {
        return Err(Reason::FaceCutOff);
    }
    let ellipse = *ellipse;
    let all = down.flat_map(move |y| across.clone().map(move |x| (x, y)));
    let seen = all.filter(move |(x, y)| ellipse.contains(*x, *y));
    Ok(seen.map(|(x, y)| (x as u32, y as u32)))
}

#[derive(Default)]
struct Sums {
    differences: Vec<f32>,
    lit: f64,
    unlit: Option<f64>,
    saturated: u32,
    reversed: u32,
}

impl Sums {
    fn add(&mut self, lit: f32, unlit: Option<f32>, rules: &InfraredRules) {
        let difference = lit - unlit.unwrap_or(0.0);
        self.differences.push(difference);
        self.lit += f64::from(lit);
        if let Some(unlit) = unlit {
            *self.unlit.get_or_insert(0.0) += f64::from(unlit);
        }
        self.saturated += u32::from(lit >= rules.file().exposure.saturated_from);
        self.reversed += u32::from(difference < -rules.file().difference.reversed_by);
    }

    /// `None` of no pixels.
    fn measures(mut self) -> Option<InfraredMeasures> {
        let count = self.differences.len();
        let sum: f64 = self.differences.iter().copied().map(f64::from).sum();
        let middle = count / 2;
        let (_, median, _) = (count > 0).then(|| {
            self.differences
                .select_nth_unstable_by(middle, f32::total_cmp)
        })?;
        let of_all = |sum: f64| (sum / count as f64) as f32;
        Some(InfraredMeasures {
            light: of_all(sum),
            median: *median,
            // Of a face that returns nothing the room's share is without bounds.
            ambient: self.unlit.map(|unlit| (unlit / sum.max(1e-9)) as f32),
            saturated: self.saturated as f32 / count as f32,
            lit: of_all(self.lit),
            reversed: self.reversed as f32 / count as f32,
        })
    }
}
