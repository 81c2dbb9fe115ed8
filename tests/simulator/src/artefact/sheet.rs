//! Sheets: flat, bent, folded, crumpled; and screens.

use super::print::Print;
use crate::mesh::{Material, Mesh, Part};
use crate::rng::Rng;
use crate::skin;
use crate::space::{V3, smooth};
use crate::subject::Subject;

/// Distance of a sheet's points in millimetres.
const STEP: f32 = 4.0;

/// How a sheet is bent. Angles are in radians, lengths in millimetres; all but crumpling keep lengths.
#[derive(Clone, Debug)]
pub(crate) enum Bend {
    Flat,
    /// Around an upright axis at a radius, outwards or inwards.
    Upright(f32),
    /// Around an axis across.
    Across(f32),
    /// Along a line through a place at an angle from upright; each side by half the angle given.
    Fold {
        place: f32,
        turn: f32,
        half: f32,
    },
    /// Ridges: direction, length, height and phase of each.
    Crumple(Vec<[f32; 4]>),
    /// Crumpled, then bent upright.
    Both(f32, Vec<[f32; 4]>),
    /// Any of these in hands that bend it further around an upright axis: one over the radius.
    Flexed(Box<Bend>, f32),
}

impl Bend {
    /// Radii of curved sheets are 75 to 300 mm, now and then inwards.
    pub(crate) fn radius(rng: &mut Rng) -> f32 {
        let radius = rng.uniform(75.0, 300.0);
        if rng.chance(0.15) { -radius } else { radius }
    }

    pub(crate) fn fold(rng: &mut Rng) -> Self {
        let half = rng.uniform(8.0, 40.0) * (std::f32::consts::PI / 180.0);
        // Along the nose is what an attacker would do; other lines come too.
        let along = rng.chance(0.7);
        Self::Fold {
            place: rng.uniform(-6.0, 6.0),
            turn: if along {
                rng.uniform(-0.15, 0.15)
            } else {
                rng.uniform(-1.6, 1.6)
            },
            half: if rng.chance(0.85) { half } else { -half },
        }
    }

    pub(crate) fn ridges(rng: &mut Rng) -> Vec<[f32; 4]> {
        let strength = rng.uniform(0.5, 1.6);
        (0..6 + rng.below(7))
            .map(|_| {
                let length = rng.uniform(35.0, 160.0);
                let height = length * rng.uniform(0.01, 0.035) * strength;
                [rng.uniform(0.0, 6.3), length, height, rng.uniform(0.0, 1.0)]
            })
            .collect()
    }

    /// Bent further by hands.
    pub(crate) fn flexed(self, per_mm: f32) -> Self {
        if per_mm == 0.0 {
            self
        } else {
            Self::Flexed(Box::new(self), per_mm)
        }
    }

    /// Where a place of the flat sheet comes to lie.
    pub(crate) fn apply(&self, [u, v]: [f32; 2]) -> V3 {
        match self {
            Self::Flat => [u, v, 0.0],
            Self::Upright(radius) => {
                let angle = u / radius;
                [
                    radius * libm::sinf(angle),
                    v,
                    radius * (libm::cosf(angle) - 1.0),
                ]
            }
            Self::Across(radius) => {
                let angle = v / radius;
                [
                    u,
                    radius * libm::sinf(angle),
                    radius * (libm::cosf(angle) - 1.0),
                ]
            }
            Self::Fold { place, turn, half } => {
                let (sin, cos) = (libm::sinf(*turn), libm::cosf(*turn));
                // Across and along the line; the crease is 3 mm wide.
                let (across, along) = (u * cos + v * sin - place, -u * sin + v * cos);
                let soft = libm::sqrtf(across * across + 2.0) - std::f32::consts::SQRT_2;
                let across = across * libm::cosf(*half) + place;
                let z = -soft * libm::sinf(*half);
                [across * cos - along * sin, across * sin + along * cos, z]
            }
            Self::Crumple(ridges) => [u, v, crumpled(ridges, u, v)],
            Self::Both(radius, ridges) => {
                let [x, y, z] = Self::Upright(*radius).apply([u, v]);
                [x, y, z + crumpled(ridges, u, v)]
            }
            Self::Flexed(shape, per_mm) => {
                // The space that the sheet lies in is rolled: lengths change where it stands out of its plane, by as many
                // per cent as it is high over a hundredth of the radius.
                let [x, y, z] = shape.apply([u, v]);
                let (angle, radius) = (x * per_mm, 1.0 / per_mm);
                let out = radius + z;
                [out * libm::sinf(angle), y, out * libm::cosf(angle) - radius]
            }
        }
    }
}

/// Rounded triangle waves: sharp ridges between flat facets.
fn crumpled(ridges: &[[f32; 4]], u: f32, v: f32) -> f32 {
    ridges
        .iter()
        .map(|[direction, length, height, phase]| {
            let along = (u * libm::cosf(*direction) + v * libm::sinf(*direction)) / length + phase;
            let wave = (along - libm::floorf(along) - 0.5).abs() * 2.0;
            height * (0.6 * wave + 0.4 * smooth(0.0, 1.0, wave))
        })
        .sum()
}

/// A sheet of paper held by its lower corners.
pub(crate) fn sheet(print: Print, bend: &Bend, size: [f32; 2], rng: &mut Rng) -> Subject {
    let mut parts = vec![(bent(bend, size, STEP), print.material)];
    parts.extend(hands(bend, size, rng));
    Subject {
        parts,
        landmarks: print.landmarks.map(|place| bend.apply(place)),
        wet_eyes: false,
    }
}

/// A screen in its frame.
pub(crate) fn screen(print: Print, size: [f32; 2], border: f32, rng: &mut Rng) -> Subject {
    let flat = Bend::Flat;
    let case = [size[0] + 2.0 * border, size[1] + 2.0 * border];
    let mut frame = bent(&flat, case, STEP);
    for point in &mut frame.points {
        point[2] = -1.0;
    }
    let black = Material {
        gloss: 0.3,
        shininess: 80,
        pattern: print.material.pattern.max(0.15),
        ..Material::matte([0.02; 3], 0.04, 0.3)
    };
    let mut parts = vec![(bent(&flat, size, STEP), print.material), (frame, black)];
    // A monitor stands by itself.
    if size[0] < 300.0 {
        parts.extend(hands(&flat, case, rng));
    }
    Subject {
        parts,
        landmarks: print.landmarks.map(|place| flat.apply(place)),
        wet_eyes: false,
    }
}

/// A sheet with a point every `step` millimetres.
pub(crate) fn bent(bend: &Bend, [width, height]: [f32; 2], step: f32) -> Mesh {
    let count = |length: f32| (length / step) as usize + 2;
    let (columns, rows) = (count(width), count(height));
    Mesh::grid(columns, rows, |column, row| {
        let u = (column as f32 / (columns - 1) as f32 - 0.5) * width;
        let v = (0.5 - row as f32 / (rows - 1) as f32) * height;
        (bend.apply([u, v]), [u, v])
    })
}

/// Thumbs before and fingers behind both edges.
fn hands(bend: &Bend, [width, height]: [f32; 2], rng: &mut Rng) -> Vec<Part> {
    let tone = rng.uniform(0.0, 1.0);
    let skin = Material {
        scatter: 0.18,
        ..Material::matte(skin::colour(tone), 0.55, 1.0)
    };
    let low = rng.uniform(-0.42, -0.15) * height;
    let hand = |side: f32| {
        let [x, y, z] = bend.apply([side * (width / 2.0 - 6.0), low]);
        let thumb = Mesh::ellipsoid([x, y, z + 7.0], [21.0, 10.0, 9.0]);
        let palm = Mesh::ellipsoid([x + side * 32.0, y - 12.0, z - 18.0], [30.0, 42.0, 22.0]);
        [(thumb, skin.clone()), (palm, skin.clone())]
    };
    [hand(-1.0), hand(1.0)].concat()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::space::{length, sub};

    #[test]
    fn hands_bend_a_flat_sheet_as_a_curved_one_is_bent() {
        let (flexed, curved) = (Bend::Flat.flexed(1.0 / 150.0), Bend::Upright(150.0));
        for uv in [[-80.0, 40.0], [0.0, 0.0], [31.0, -90.0]] {
            assert!(length(sub(flexed.apply(uv), curved.apply(uv))) < 1e-3);
        }
        assert!(matches!(Bend::Flat.flexed(0.0), Bend::Flat));
    }

    #[test]
    fn bending_keeps_lengths_along_the_sheet() {
        let fold = Bend::Fold {
            place: 3.0,
            turn: 0.4,
            half: 0.5,
        };
        for bend in [
            Bend::Flat,
            Bend::Upright(90.0),
            Bend::Across(-120.0),
            fold,
            Bend::Flat.flexed(0.003),
            Bend::Flat.flexed(-0.003),
        ] {
            for u in [-60.0, -20.0, 25.0, 70.0] {
                for v in [-80.0, 10.0, 90.0] {
                    let at = bend.apply([u, v]);
                    for step in [[0.1, 0.0], [0.0, 0.1]] {
                        let near = bend.apply([u + step[0], v + step[1]]);
                        let ratio = length(sub(near, at)) / 0.1;
                        assert!((ratio - 1.0).abs() < 0.02, "{bend:?} {u} {v}: {ratio}");
                    }
                }
            }
        }
    }
}
