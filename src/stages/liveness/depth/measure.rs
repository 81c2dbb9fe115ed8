//! Measuring a face in a depth frame.

use super::fit::Surface;
use super::measures::DepthMeasures;
use super::relief::{FaceAxes, Grid, Relief};
use super::rules::Limits;
use crate::frame::{DepthFormat, DepthFrame};
use crate::geom::{Landmarks5, Point, Point3};
use crate::stages::liveness::face::{FaceEllipse, check_landmarks};
use crate::stages::liveness::verdict::Reason;

/// From this distance on a sample may be one of DEPTH16 with its confidence left in: 8192 units of a
/// millimetre, and half as many for sensors of half-millimetre units.
const DEPTH16_MM: f32 = 4000.0;

/// Share of such samples that is no accident.
const DEPTH16_SHARE: f32 = 0.05;

/// Radius around a landmark in which its depth is taken, in distances of the eyes; the second is for
/// holes, as eyes have.
const WINDOWS: [f32; 2] = [0.06, 0.12];

/// How far the tip may lie from its landmark, in millimetres.
const TIP_REACH: [f32; 5] = [-8.0, -4.0, 0.0, 4.0, 8.0];

/// How far from the tip its surroundings are, in millimetres.
const AROUND_MM: f32 = 24.0;

/// Directions through the tip in half a turn.
const DIRECTIONS: usize = 8;

/// Heights over the plane of eyes and mouth beyond this belong to something else.
pub(super) const REACH_MM: f32 = 70.0;

/// Measures a face, or says why it cannot be.
pub(super) fn measure(
    frame: &DepthFrame<'_>,
    landmarks: &Landmarks5,
    limits: &Limits,
) -> Result<DepthMeasures, Reason> {
    check_landmarks(landmarks, limits.eye_distance_px)?;
    let ellipse = FaceEllipse::new(landmarks);
    let seen = survey(frame, &ellipse)?;
    let distance_mm = seen.median_mm;
    let [near, far] = limits.distance_mm;
    if distance_mm < near {
        return Err(Reason::TooNear);
    }
    if distance_mm > far {
        return Err(Reason::TooFar);
    }
    if seen.valid < limits.valid {
        return Err(Reason::FewValidPixels);
    }
    let corners = corners(frame, landmarks)?;
    let nose = point_at(frame, landmarks.nose, landmarks.eye_distance())?;
    let axes = FaceAxes::new(corners).ok_or(Reason::LandmarksImplausible)?;
    let relief = Relief::new(frame, &ellipse, &axes, REACH_MM, Grid::MEASURES);
    let (tip, nose_mm) = highest(&relief, axes.of(nose)).ok_or(Reason::LandmarksUnmeasured)?;
    let samples = relief.samples();
    let (plane, quadric) = (Surface::plane(&samples), Surface::quadric(&samples));
    let (plane, quadric) = plane.zip(quadric).ok_or(Reason::FewValidPixels)?;
    let heights = corners.map(|p| axes.of(p)[2]);
    Ok(DepthMeasures {
        distance_mm,
        valid: seen.valid,
        eye_distance_mm: corners[0].distance(corners[1]),
        nose_mm,
        prominence_mm: prominence(&relief, tip, nose_mm),
        plane_rms_mm: plane.residual(&samples),
        quadric_rms_mm: quadric.residual(&samples),
        // The diagonals join the first with the last and the two between.
        skew_mm: ((heights[0] + heights[3]) - (heights[1] + heights[2])).abs() / 2.0,
    })
}

/// The eyes and the corners of the mouth in space.
pub(super) fn corners(
    frame: &DepthFrame<'_>,
    landmarks: &Landmarks5,
) -> Result<[Point3; 4], Reason> {
    let at = |p: Point| point_at(frame, p, landmarks.eye_distance());
    Ok([
        at(landmarks.left_eye)?,
        at(landmarks.right_eye)?,
        at(landmarks.mouth_left)?,
        at(landmarks.mouth_right)?,
    ])
}

/// What every pixel of the ellipse gives.
struct Survey {
    valid: f32,
    median_mm: f32,
}

fn survey(frame: &DepthFrame<'_>, ellipse: &FaceEllipse) -> Result<Survey, Reason> {
    let (width, height) = frame.size();
    let mut measured = Vec::new();
    let (mut inside, mut outside) = (0_usize, 0_usize);
    let [columns, rows] = ellipse.bounds();
    // Landmarks far outside, or of a huge face, would make this a long way.
    let reach = i64::from(width.max(height));
    if columns.end - columns.start > 2 * reach || columns.end < 0 || rows.end < 0 {
        return Err(Reason::FaceCutOff);
    }
    for y in rows {
        for x in columns.clone() {
            if !ellipse.contains(x, y) {
                continue;
            }
            let (Ok(column), Ok(row)) = (u32::try_from(x), u32::try_from(y)) else {
                outside += 1;
                continue;
            };
            if column >= width || row >= height {
                outside += 1;
                continue;
            }
            inside += 1;
            measured.extend(frame.mm(column, row));
        }
    }
    if outside * 10 > inside {
        return Err(Reason::FaceCutOff);
    }
    if measured.is_empty() {
        return Err(Reason::NoDepth);
    }
    if looks_like_depth16(frame, &measured) {
        return Err(Reason::LooksLikeDepth16);
    }
    let valid = measured.len() as f32 / inside as f32;
    let middle = measured.len() / 2;
    let (_, median_mm, _) = measured.select_nth_unstable_by(middle, f32::total_cmp);
    Ok(Survey {
        valid,
        median_mm: *median_mm,
    })
}

/// Whether samples that are metres away would lie in the face once their top three bits were taken off.
fn looks_like_depth16(frame: &DepthFrame<'_>, measured: &[f32]) -> bool {
    let layout = frame.layout();
    if layout.format != DepthFormat::Z16 {
        return false;
    }
    let raw = |mm: f32| (mm / layout.unit_mm) as u16;
    let without = |mm: f32| f32::from(raw(mm) & 0x1fff) * layout.unit_mm;
    let mut low: Vec<f32> = measured.iter().map(|mm| without(*mm)).collect();
    let middle = low.len() / 2;
    let (_, median, _) = low.select_nth_unstable_by(middle, f32::total_cmp);
    let (least, most) = (*median * 0.8, *median * 1.2);
    let suspicious = measured.iter().filter(|mm| {
        let (raw, mm) = (raw(**mm), **mm);
        raw > 0x1fff && mm >= DEPTH16_MM && (least..=most).contains(&without(mm))
    });
    suspicious.count() as f32 > DEPTH16_SHARE * measured.len() as f32
}

/// The point in space at a landmark.
fn point_at(frame: &DepthFrame<'_>, p: Point, eye_distance: f32) -> Result<Point3, Reason> {
    let mm = WINDOWS.iter().find_map(|share| {
        let radius = (share * eye_distance).round().max(1.0) as u32;
        frame.median_mm(p, radius)
    });
    Ok(frame.point(p, mm.ok_or(Reason::LandmarksUnmeasured)?))
}

/// The highest place near the nose's landmark, and its height.
fn highest(relief: &Relief, [across, down, _]: [f32; 3]) -> Option<([f32; 2], f32)> {
    let mut best: Option<([f32; 2], f32)> = None;
    for dy in TIP_REACH {
        for dx in TIP_REACH {
            let place = [across + dx, down + dy];
            if let Some(height) = relief.height(place[0], place[1])
                && best.is_none_or(|(_, most)| height > most)
            {
                best = Some((place, height));
            }
        }
    }
    best
}

/// Height of the tip over the mean of two places opposite each other around it, in the direction in
/// which that is least. Directions of which an end was not measured do not count; 0 where none was.
fn prominence(relief: &Relief, [across, down]: [f32; 2], height: f32) -> f32 {
    let mut least: Option<f32> = None;
    for i in 0..DIRECTIONS {
        let angle = i as f32 / DIRECTIONS as f32 * std::f32::consts::PI;
        let (dx, dy) = (AROUND_MM * angle.cos(), AROUND_MM * angle.sin());
        let ends = relief
            .height(across + dx, down + dy)
            .zip(relief.height(across - dx, down - dy));
        if let Some((a, b)) = ends {
            let over = height - (a + b) / 2.0;
            least = Some(least.map_or(over, |least| least.min(over)));
        }
    }
    least.unwrap_or(0.0)
}
