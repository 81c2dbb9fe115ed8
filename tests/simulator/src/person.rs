//! Who stands before the camera.

use crate::rng::Rng;

/// Measures of a head in millimetres and what its skin is like, drawn after the statistics in `docs/liveness.md`:
/// means and deviations of 1,000 heads of a face model made of scans.
#[derive(Clone, Debug)]
pub struct Person {
    /// Distance of the eye centres: 65 ± 3.6.
    pub eye_distance: f32,
    /// Height of the nose's tip over the plane of eyes and mouth corners: 33.7 ± 4.7.
    pub nose: f32,
    /// Width of the head at the ears: 147 ± 7.4.
    pub width: f32,
    /// Length of the face below the eyes over that of the mean.
    pub(crate) length: f32,
    /// Width of the nose, strength of brows, cheekbones, lips and chin, over the mean's.
    pub(crate) nose_width: f32,
    pub(crate) features: [f32; 5],
    /// Bend of the nose's ridge in millimetres, outwards positive.
    pub(crate) bridge: f32,
    /// Melanin of the skin: 0 very light, 1 very dark.
    pub(crate) tone: f32,
    /// Reflectance of the skin in near-infrared: 0.45 to 0.65.
    pub(crate) nir_skin: f32,
    /// Colour of hair and brows, and the share of a beard.
    pub(crate) hair: [f32; 3],
    pub(crate) beard: f32,
    /// Length of the hair in millimetres at the sides; `None` for a bald head.
    pub(crate) hair_length: Option<f32>,
    pub(crate) iris: [f32; 3],
    /// Seed of everything small: mottling, locks.
    pub(crate) seed: u64,
}

impl Person {
    /// An adult.
    #[must_use]
    pub fn adult(seed: u64) -> Self {
        let mut rng = Rng::new(seed, "person");
        let eye_distance = rng.normal(65.0, 3.6);
        let nose = rng.normal(33.7, 4.7).max(20.0);
        let width = rng.normal(147.0, 7.4);
        let mut about_one = |deviation| rng.normal(1.0, deviation);
        let length = about_one(0.05);
        let nose_width = about_one(0.1);
        let features = [0.25, 0.25, 0.25, 0.2, 0.25].map(about_one);
        let dark = rng.chance(0.7);
        let hair_colour = if dark {
            [0.035, 0.028, 0.024]
        } else {
            [0.22, 0.14, 0.08]
        };
        let hair = hair_colour.map(|c| c * rng.uniform(0.7, 1.4));
        let irises = [[0.12, 0.07, 0.04], [0.2, 0.14, 0.08], [0.2, 0.3, 0.4]];
        Self {
            eye_distance,
            nose,
            width,
            length,
            nose_width,
            features,
            bridge: rng.normal(0.0, 1.2),
            tone: rng.uniform(0.0, 1.0),
            nir_skin: rng.uniform(0.45, 0.65),
            hair,
            beard: if rng.chance(0.3) {
                rng.uniform(0.2, 0.9)
            } else {
                0.0
            },
            hair_length: (!rng.chance(0.12)).then(|| rng.uniform(-10.0, 100.0)),
            iris: irises[if dark { 0 } else { 1 + rng.below(2) }],
            seed,
        }
    }

    /// A child of about seven: eyes 54 ± 2.5 mm apart, nose 20 ± 2.5 mm high.
    #[must_use]
    pub fn child(seed: u64) -> Self {
        let mut rng = Rng::new(seed, "child");
        let mut child = Self::adult(seed);
        child.eye_distance = rng.normal(54.0, 2.5);
        child.nose = rng.normal(20.0, 2.5);
        child.width = rng.normal(132.0, 5.0);
        child.length *= 0.88;
        child.beard = 0.0;
        child
    }
}

/// What the face does.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Expression {
    /// Corners of the mouth drawn out and up, `0..=1`.
    pub smile: f32,
    /// Jaw dropped, `0..=1`.
    pub open: f32,
    /// Lids closed, `0..=1`.
    pub blink: f32,
}

impl Expression {
    /// Neutral in most cases; sometimes smiling, speaking or blinking.
    #[must_use]
    pub fn draw(rng: &mut Rng) -> Self {
        let mut now_and_then = |probability: f32| {
            let strength = rng.uniform(0.2, 1.0);
            if rng.chance(probability) {
                strength
            } else {
                0.0
            }
        };
        Self {
            smile: now_and_then(0.3),
            open: now_and_then(0.15),
            blink: now_and_then(0.05),
        }
    }
}

/// What a person wears on the face.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct Wear {
    /// Glasses.
    pub glasses: bool,
    /// A surgical mask.
    pub mask: bool,
}
