//! Pictures of a person, and the inks and papers they are printed with.

use crate::camera::Camera;
use crate::conditions::{Conditions, Detail};
use crate::light::{ColourCamera, Emitter, NirCamera, View};
use crate::mesh::{Material, Paint};
use crate::person::Person;
use crate::rng::Rng;
use crate::scene::Scene;
use crate::texture::Texture;
use std::sync::Arc;

/// The camera that the picture was taken with: a little telephoto, as portraits are.
const PORTRAIT: Camera = Camera {
    width: 360,
    height: 480,
    focal: 1000.0,
};

/// Its distance in millimetres.
const PORTRAIT_MM: f32 = 700.0;

/// How a picture was put on its carrier.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Ink {
    /// Dye on plain paper: hardly seen in infrared.
    Inkjet,
    /// Toner: carbon black, seen in infrared.
    Laser,
    /// Pigments on glossy paper.
    Photo,
    /// Pigments on vinyl.
    Vinyl,
    /// A picture taken in infrared, printed with toner: the light of a live face is baked in.
    NirReprint,
}

impl Ink {
    pub(crate) const ALL: [Self; 5] = [
        Self::Inkjet,
        Self::Laser,
        Self::Photo,
        Self::Vinyl,
        Self::NirReprint,
    ];

    /// How much of the picture's contrast is left in infrared, gloss, and its exponent.
    fn look(self, rng: &mut Rng) -> (f32, f32, u32) {
        match self {
            Self::Inkjet => (rng.uniform(0.0, 0.15), 0.02, 8),
            Self::Laser => (rng.uniform(0.5, 1.0), 0.06, 15),
            Self::Photo => (rng.uniform(0.4, 0.9), 0.25, 60),
            Self::Vinyl => (rng.uniform(0.4, 0.9), 0.15, 30),
            Self::NirReprint => (1.0, 0.05, 15),
        }
    }
}

/// A picture in millimetres of its carrier, its middle at the origin.
pub(crate) struct Print {
    /// The eyes, the tip of the nose and the corners of the mouth, y up.
    pub(crate) landmarks: [[f32; 2]; 5],
    pub(crate) material: Material,
}

impl Print {
    /// A picture `scale` times as large as life.
    pub(crate) fn new(
        person: &Person,
        ink: Ink,
        scale: f32,
        detail: Detail,
        rng: &mut Rng,
    ) -> Self {
        let scene = sitting(person, rng.next_u64(), detail);
        let (contrast, gloss, shininess) = ink.look(rng);
        let paper = rng.uniform(0.72, 0.88);
        let paint = match detail {
            Detail::Shape => Paint::Even([0.5; 3], 0.5),
            Detail::Full => {
                let infrared = (ink == Ink::NirReprint).then(|| baked(&scene));
                let colour = ColourCamera {
                    camera: PORTRAIT,
                    light: 1.0,
                };
                let picture = colour.linear(&View::of(&scene, PORTRAIT));
                let texels = picture.iter().enumerate().map(|(at, rgb)| {
                    // A print has less range than the scene.
                    let ink = rgb.map(|v| paper * (0.04 + 0.96 * (v * 1.15).clamp(0.0, 1.0)));
                    let light = (ink[0] * 0.3 + ink[1] * 0.59 + ink[2] * 0.11) / paper;
                    let nir = infrared.as_ref().map_or(
                        paper * (1.0 - contrast * (1.0 - libm::sqrtf(light))),
                        |baked| paper * (0.05 + 0.95 * baked[at]),
                    );
                    [ink[0], ink[1], ink[2], nir]
                });
                Paint::Texture(Arc::new(textured(texels.collect(), scale)))
            }
        };
        let material = Material {
            paint,
            gloss,
            shininess,
            ..Material::matte([0.8; 3], paper, 0.97)
        };
        Self {
            landmarks: places(&scene, scale),
            material,
        }
    }

    /// A picture on a screen: it shines, is black in infrared, and throws hardly any pattern back.
    pub(crate) fn on_screen(person: &Person, scale: f32, detail: Detail, rng: &mut Rng) -> Self {
        let scene = sitting(person, rng.next_u64(), detail);
        // Black glass swallows or mirrors the pattern; some films and dust scatter it.
        let pattern = if rng.chance(0.64) {
            rng.uniform(0.0, 0.3)
        } else {
            rng.uniform(0.75, 0.95)
        };
        let black = rng.uniform(0.02, 0.05);
        let paint = match detail {
            Detail::Shape => Paint::Even([0.4; 3], black),
            Detail::Full => {
                let colour = ColourCamera {
                    camera: PORTRAIT,
                    light: 1.0,
                };
                let texels = colour.linear(&View::of(&scene, PORTRAIT)).into_iter();
                let texels = texels.map(|[r, g, b]| [r, g, b, black]).collect();
                Paint::Texture(Arc::new(textured(texels, scale)))
            }
        };
        let material = Material {
            paint,
            scatter: 0.0,
            gloss: 0.5,
            shininess: 2500,
            pattern,
            emits: true,
        };
        Self {
            landmarks: places(&scene, scale),
            material,
        }
    }
}

/// The person before the portrait camera.
fn sitting(person: &Person, seed: u64, detail: Detail) -> Scene {
    let conditions = Conditions {
        distance_mm: PORTRAIT_MM,
        aside_mm: [0.0, 22.0],
        wall_mm: 1500.0,
        ..Conditions::default()
    };
    Scene::live(person, &conditions, seed, detail)
}

/// The infrared picture of the live face, `0..=1`.
fn baked(scene: &Scene) -> Vec<f32> {
    let camera = NirCamera {
        camera: PORTRAIT,
        ambient: 0.05,
        exposed_for_mm: PORTRAIT_MM,
        ..NirCamera::default()
    };
    let picture = camera.take(scene, Emitter::On, scene.seed);
    let samples = picture.samples.iter();
    samples.map(|s| (f32::from(*s) / 800.0).min(1.0)).collect()
}

/// Texels a millimetre of a life-size picture.
const DENSITY: f32 = PORTRAIT.focal / PORTRAIT_MM;

fn textured(texels: Vec<[f32; 4]>, scale: f32) -> Texture {
    let density = DENSITY / scale;
    let (width, height) = (PORTRAIT.width, PORTRAIT.height);
    Texture {
        width,
        height,
        corner: [
            -(width as f32) / 2.0 / density,
            height as f32 / 2.0 / density,
        ],
        density,
        texels,
    }
}

fn places(scene: &Scene, scale: f32) -> [[f32; 2]; 5] {
    let [cx, cy] = PORTRAIT.centre();
    scene
        .seen_landmarks(&PORTRAIT)
        .map(|[x, y]| [(x - cx) / DENSITY * scale, (cy - y) / DENSITY * scale])
}
