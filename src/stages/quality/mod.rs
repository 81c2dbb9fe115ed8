//! How good a face is for recognition, and which faces are good enough.
//!
//! [`measure`] looks at the pixels; the networks and the pose come from other stages, and
//! `pipeline` puts them together into a [`QualityReport`]. [`QualityRules`] decide.

mod chip;
mod detail;
mod exposure;
mod regions;
mod report;
mod rules;
mod skin;
mod total;

pub use chip::HeadPlace;
pub use report::{Completeness, Component, EyesOpen, MaskSeen, Measured, QualityReport};
pub use rules::{Flaw, QualityRefused, QualityRules, RulesError};

use crate::frame::{Frame, RgbImage};
use crate::geom::{Point, Rect};
use chip::{Chip, EYE_DISTANCE};
use std::fmt;

/// Buffers of the measurements, kept from face to face.
#[derive(Default)]
pub struct QualityScratch {
    chip: Chip,
    window: RgbImage,
}

impl fmt::Debug for QualityScratch {
    /// Never shows the pixels.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("QualityScratch").finish_non_exhaustive()
    }
}

/// Measures a face in the pixels of its frame. `points` are the points of its mesh and `rect` its
/// detection, in stored pixels; `head` is in pixels of the upright picture.
///
/// `None` when the points are fewer than a mesh has or the head has no usable size.
#[must_use]
pub fn measure(
    scratch: &mut QualityScratch,
    frame: &Frame<'_>,
    points: &[Point],
    rect: &Rect,
    head: &HeadPlace,
) -> Option<Measured> {
    if points.len() != crate::model::MESH_POINTS || !rect.is_valid() {
        return None;
    }
    scratch.chip.cut(frame, points, head)?;
    let chip = &scratch.chip;
    let seen = skin::look(chip);
    let edges = detail::coarse_gradients(chip);
    let blur = detail::blur(chip, &edges, &seen.face);
    let exposure = exposure::of(chip, &seen.skin, &seen.face);
    let percent = |share: f32| share * 100.0;
    Some(Measured {
        sharpness: detail::sharpness(blur),
        blur: blur / EYE_DISTANCE * 100.0,
        brightness: exposure.brightness,
        over_exposed: exposure.over,
        under_exposed: exposure.under,
        noise: detail::noise(chip, &edges, &seen.skin),
        block_steps: detail::block_steps(frame, rect, &mut scratch.window),
        in_frame: seen.in_frame,
        completeness: Completeness {
            eyebrows: percent(seen.visible.eyebrows),
            eyes: percent(seen.visible.eyes),
            nose: percent(seen.visible.nose),
            cheeks: percent(seen.visible.cheeks),
            mouth: percent(seen.visible.mouth),
            chin: percent(seen.visible.chin),
        },
    })
}

/// Corners (outer, inner) of the eye on the left of the picture and of the other in the mesh.
pub const EYE_CORNERS: [[usize; 2]; 2] = [[33, 133], [263, 362]];

/// Points of the lids of both eyes in the mesh, upper and lower.
const LIDS: [[[usize; 2]; 3]; 2] = [
    [[160, 144], [159, 145], [158, 153]],
    [[387, 373], [386, 374], [385, 380]],
];

/// Apertures of both eyes in a mesh, first the one on the left of the upright picture: mean
/// distance of three pairs of lid points over the distance of the corners. `None` where the
/// mesh is incomplete or the corners coincide.
#[must_use]
pub fn mesh_apertures(points: &[Point]) -> Option<[f32; 2]> {
    let distance = |[a, b]: [usize; 2]| Some(points.get(a)?.distance(*points.get(b)?));
    let aperture = |eye: usize| {
        let mut sum = 0.0;
        for pair in LIDS[eye] {
            sum += distance(pair)?;
        }
        let aperture = sum / 3.0 / distance(EYE_CORNERS[eye])?;
        aperture.is_finite().then_some(aperture)
    };
    Some([aperture(0)?, aperture(1)?])
}

/// Outlines of the parts of a face in a mesh, each with its component, in the mesh's coordinates:
/// for drawing.
#[must_use]
pub fn outlines(points: &[Point]) -> Vec<(Component, Vec<Point>)> {
    if points.len() != crate::model::MESH_POINTS {
        return Vec::new();
    }
    let parts = [
        (Component::Eyebrows, regions::EYEBROWS[0]),
        (Component::Eyebrows, regions::EYEBROWS[1]),
        (Component::Eyes, regions::EYES[0]),
        (Component::Eyes, regions::EYES[1]),
        (Component::Nose, regions::NOSE),
        (Component::Cheeks, regions::CHEEKS[0]),
        (Component::Cheeks, regions::CHEEKS[1]),
        (Component::Mouth, regions::LIPS),
        (Component::Chin, regions::CHIN),
    ];
    let outline = |indices: &[usize]| regions::Outline::of(points, indices, (1.0, 1.0)).corners();
    parts
        .into_iter()
        .map(|(component, indices)| (component, outline(indices)))
        .collect()
}
