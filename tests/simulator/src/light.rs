//! Light: what an infrared and a colour camera see of a scene.

use crate::camera::{Camera, Picture};
use crate::mesh::{Material, Paint};
use crate::raster::{Seen, normals};
use crate::rng::Rng;
use crate::scene::Scene;
use crate::space::{V3, add, dot, length, sub, times, unit};

/// Whether the camera's own light is on.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Emitter {
    /// On.
    On,
    /// Off: the room's light alone.
    Off,
}

/// A near-infrared camera with a lamp beside its lens.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct NirCamera {
    /// The camera.
    pub camera: Camera,
    /// Distance of the lamp from the lens in millimetres: 10 to 30.
    pub lamp_mm: f32,
    /// The room's light on a white surface, over the lamp's at 500 mm: 0 in the dark, 1 beside a window.
    pub ambient: f32,
    /// Distance in millimetres at which skin is exposed to half of full scale; a lagging exposure
    /// stands for another one than the face's.
    pub exposed_for_mm: f32,
}

impl Default for NirCamera {
    fn default() -> Self {
        Self {
            camera: Camera::VGA,
            lamp_mm: 20.0,
            ambient: 0.1,
            exposed_for_mm: 450.0,
        }
    }
}

/// A near-infrared picture of 10 bits.
#[derive(Clone, Debug, PartialEq)]
pub struct NirPicture {
    /// The camera that took it.
    pub camera: Camera,
    /// Samples, `0..=1023`.
    pub samples: Vec<u16>,
    /// Where the eyes, the tip of the nose and the corners of the mouth are, in pixels.
    pub landmarks: [[f32; 2]; 5],
}

impl NirPicture {
    /// Two bytes a sample, little endian, row by row.
    #[must_use]
    pub fn bytes(&self) -> Vec<u8> {
        self.samples.iter().flat_map(|s| s.to_le_bytes()).collect()
    }
}

/// Electrons of a full pixel, and of the noise of reading one.
const FULL_WELL: f32 = 6000.0;
const READ_NOISE: f32 = 14.0;

/// What a camera sees of a scene before any light falls on it: worked out once for all pictures of one moment and place.
pub struct View<'a> {
    camera: Camera,
    scene: &'a Scene,
    /// Pixels that show no wall, row by row.
    surfaces: Vec<(u32, Surface<'a>)>,
}

/// A point of a surface in a pixel.
struct Surface<'a> {
    point: V3,
    /// Of length 1, towards the camera.
    normal: V3,
    /// Red, green, blue, near-infrared.
    albedo: [f32; 4],
    material: &'a Material,
}

impl<'a> View<'a> {
    /// What a camera sees of a scene.
    #[must_use]
    pub fn of(scene: &'a Scene, camera: Camera) -> Self {
        let seen = Seen::draw(camera, &scene.parts, scene.wall);
        let normals: Vec<Vec<V3>> = scene.parts.iter().map(|(mesh, _)| normals(mesh)).collect();
        let mut surfaces = Vec::with_capacity(seen.z.len() / 2);
        surfaces.extend((0..seen.z.len()).filter_map(|at| {
            let hit = seen.hit(at, &normals)?;
            let albedo = match &hit.material.paint {
                Paint::Even([r, g, b], nir) => [*r, *g, *b, *nir],
                Paint::Texture(texture) => texture.sample(hit.uv),
            };
            let surface = Surface {
                point: hit.point,
                normal: hit.normal,
                albedo,
                material: hit.material,
            };
            Some((at as u32, surface))
        }));
        Self {
            camera,
            scene,
            surfaces,
        }
    }

    /// What a rule makes of each pixel, and the light of the wall.
    fn shaded<T: Copy>(&self, wall: T, rule: impl Fn(&Surface<'_>) -> T) -> Vec<T> {
        let mut light = vec![wall; self.camera.width * self.camera.height];
        for (at, surface) in &self.surfaces {
            light[*at as usize] = rule(surface);
        }
        light
    }
}

impl NirCamera {
    /// A lamp, and an exposure that lags behind who comes nearer or goes away. `ambient` is the room's light on a white surface
    /// at the face's distance over the lamp's.
    #[must_use]
    pub fn draw(camera: Camera, distance_mm: f32, ambient: f32, rng: &mut Rng) -> Self {
        Self {
            camera,
            lamp_mm: rng.uniform(10.0, 30.0),
            ambient: ambient * (500.0 / distance_mm) * (500.0 / distance_mm),
            exposed_for_mm: distance_mm * rng.uniform(0.75, 1.1),
        }
    }

    /// Takes a picture; `seed` is of its noise. Where the room's light comes from is the scene's.
    #[must_use]
    pub fn take(&self, scene: &Scene, emitter: Emitter, seed: u64) -> NirPicture {
        self.expose(&View::of(scene, self.camera), emitter, seed)
    }

    /// Takes a picture with the lamp on and one with it off, of the same moment, with noise of their own.
    #[must_use]
    pub fn take_pair(&self, view: &View<'_>, seed: u64) -> [NirPicture; 2] {
        let lit = self.expose(view, Emitter::On, seed);
        let unlit = self.expose(view, Emitter::Off, !seed);
        [lit, unlit]
    }

    fn expose(&self, view: &View<'_>, emitter: Emitter, seed: u64) -> NirPicture {
        debug_assert_eq!(view.camera, self.camera);
        let scene = view.scene;
        // The room is the same with the emitter on and off.
        let mut room = Rng::new(scene.seed, "room");
        let window = unit([room.uniform(-1.0, 1.0), -1.0, room.uniform(-0.9, -0.2)]);
        let lamp = [self.lamp_mm, 0.0, 0.0];
        let on = f32::from(u8::from(emitter == Emitter::On));
        // Skin of 0.55 that faces the lamp at the distance exposed for gives 0.45.
        let gain = 0.45 / (0.55 * square(500.0 / self.exposed_for_mm));
        let wall = 0.4 * (on * square(500.0 / scene.wall) + self.ambient);
        let light = view.shaded(wall, |surface| {
            let albedo = surface.albedo[3];
            let reflected =
                |towards: V3, strength: f32| Returned::of(surface, towards).from(albedo) * strength;
            let to_lamp = sub(lamp, surface.point);
            let distance = length(to_lamp);
            let own = match emitter {
                Emitter::On => {
                    let strength = square(500.0 / distance) * beam(surface.point);
                    reflected(unit(to_lamp), strength)
                }
                Emitter::Off => 0.0,
            };
            if surface.material.emits {
                return own;
            }
            own + (reflected(window, self.ambient * 0.75) + albedo * self.ambient * 0.35)
        });
        let noise = Rng::new(seed, "nir noise");
        let [cx, cy] = self.camera.centre();
        let corner = cx * cx + cy * cy;
        let mut samples = Vec::with_capacity(light.len());
        for (row, light) in light.chunks_exact(self.camera.width).enumerate() {
            let (y, from) = (row as f32 - cy, row * self.camera.width);
            for (column, light) in light.iter().enumerate() {
                let x = column as f32 - cx;
                let vignette = 1.0 - 0.25 * (x * x + y * y) / corner;
                let electrons = light * gain * vignette * FULL_WELL;
                let deviation = libm::sqrtf(electrons.max(0.0) + READ_NOISE * READ_NOISE);
                let noise = deviation * noise.pixel_noise((from + column) as u64);
                let value = (electrons + noise) / FULL_WELL;
                samples.push((value * 1023.0 + 8.0).clamp(0.0, 1023.0) as u16);
            }
        }
        NirPicture {
            camera: self.camera,
            samples,
            landmarks: scene.seen_landmarks(&self.camera),
        }
    }
}

/// A colour camera in a lit room.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ColourCamera {
    /// The camera.
    pub camera: Camera,
    /// Light of the room over that for which it is exposed.
    pub light: f32,
}

impl Default for ColourCamera {
    fn default() -> Self {
        Self {
            camera: Camera::VGA,
            light: 1.0,
        }
    }
}

impl ColourCamera {
    /// In a room that is exposed for too short or too long.
    #[must_use]
    pub fn draw(camera: Camera, rng: &mut Rng) -> Self {
        Self {
            camera,
            light: rng.uniform(0.5, 1.3),
        }
    }

    /// Takes a picture, with the gamma of sRGB.
    #[must_use]
    pub fn take(&self, scene: &Scene, seed: u64) -> Picture {
        self.expose(&View::of(scene, self.camera), seed)
    }

    /// Takes a picture of what is seen already.
    #[must_use]
    pub fn expose(&self, view: &View<'_>, seed: u64) -> Picture {
        let linear = self.linear(view);
        let noise = Rng::new(seed, "colour noise");
        let steps = byte_steps();
        let mut rgb = Vec::with_capacity(linear.len() * 3);
        for (at, light) in linear.iter().enumerate() {
            for (channel, value) in light.iter().enumerate() {
                let deviation = libm::sqrtf(value.max(0.0) * 2e-4 + 1e-5);
                let noisy = value + deviation * noise.pixel_noise((at * 3 + channel) as u64);
                rgb.push(to_byte(&steps, noisy));
            }
        }
        Picture {
            width: self.camera.width,
            height: self.camera.height,
            rgb,
        }
    }

    /// Linear light before noise and gamma.
    pub(crate) fn linear(&self, view: &View<'_>) -> Vec<[f32; 3]> {
        debug_assert_eq!(view.camera, self.camera);
        let mut room = Rng::new(view.scene.seed, "room");
        let key = unit([room.uniform(-0.9, 0.9), -0.9, room.uniform(-1.2, -0.6)]);
        let strength = self.light;
        let wall = [0.34, 0.34, 0.32].map(|v| v * strength);
        view.shaded(wall, |surface| {
            let [r, g, b, _] = surface.albedo;
            if surface.material.emits {
                return [r, g, b].map(|albedo| albedo * 0.8 + 0.01 * strength);
            }
            // A lamp, and the walls, of which the ceiling is the brightest.
            let lamp = Returned::of(surface, key);
            let sky = 0.42 - 0.16 * surface.normal[1];
            [r, g, b].map(|albedo| (lamp.from(albedo) * 0.75 + albedo * sky) * strength)
        })
    }
}

/// Light that comes back from a surface: a share of what it reflects, and a highlight.
#[derive(Clone, Copy)]
struct Returned {
    diffuse: f32,
    highlight: f32,
}

impl Returned {
    /// Lambert's law, softened where light travels under the surface, and a highlight (Blinn, SIGGRAPH 1977).
    fn of(surface: &Surface<'_>, towards: V3) -> Self {
        let cosine = dot(surface.normal, towards);
        let scatter = surface.material.scatter;
        let diffuse = ((cosine + scatter) / (1.0 + scatter)).max(0.0);
        if cosine <= 0.0 {
            return Self {
                diffuse,
                highlight: 0.0,
            };
        }
        let to_camera = unit(times(surface.point, -1.0));
        let half = unit(add(towards, to_camera));
        let mirror = power(
            dot(surface.normal, half).max(0.0),
            surface.material.shininess,
        );
        Self {
            diffuse,
            highlight: surface.material.gloss * mirror,
        }
    }

    fn from(self, albedo: f32) -> f32 {
        albedo * self.diffuse + self.highlight
    }
}

/// By squaring: highlights of whole exponents cost a tenth of those of any, and are the same on every machine.
fn power(base: f32, mut exponent: u32) -> f32 {
    let (mut square, mut product) = (base, 1.0);
    while exponent > 0 {
        if exponent & 1 == 1 {
            product *= square;
        }
        square *= square;
        exponent >>= 1;
    }
    product
}

/// Light of the lamp off its axis.
fn beam(p: V3) -> f32 {
    let aside = (p[0] * p[0] + p[1] * p[1]) / (p[2] * p[2]);
    1.0 / (1.0 + 1.2 * aside)
}

fn square(v: f32) -> f32 {
    v * v
}

/// The least linear light of each byte from 1 on: a power a pixel costs more than all else that a picture does.
fn byte_steps() -> [f32; 255] {
    let byte = |linear: f32| (encode(linear) * 255.0 + 0.5) as u8;
    std::array::from_fn(|i| {
        let (mut below, mut from) = (0.0_f32.to_bits(), 1.0_f32.to_bits());
        while from - below > 1 {
            let middle = below + (from - below) / 2;
            if usize::from(byte(f32::from_bits(middle))) > i {
                from = middle;
            } else {
                below = middle;
            }
        }
        f32::from_bits(from)
    })
}

/// Linear light as a byte of sRGB.
fn to_byte(steps: &[f32; 255], linear: f32) -> u8 {
    steps.partition_point(|step| *step <= linear) as u8
}

/// The transfer function of sRGB (IEC 61966-2-1).
pub(crate) fn encode(linear: f32) -> f32 {
    let v = linear.clamp(0.0, 1.0);
    if v <= 0.003_130_8 {
        12.92 * v
    } else {
        1.055 * libm::powf(v, 1.0 / 2.4) - 0.055
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn powers_are_those_of_the_library() {
        for exponent in [0, 1, 2, 3, 8, 15, 60, 2500] {
            for i in 0..=200 {
                let base = i as f32 / 200.0;
                let expected = libm::powf(base, exponent as f32);
                assert!(
                    (power(base, exponent) - expected).abs() < 2e-4,
                    "{base}^{exponent}"
                );
            }
        }
    }

    #[test]
    fn bytes_by_their_steps_are_those_of_the_transfer_function() {
        let steps = byte_steps();
        for i in -100..=40_000 {
            let linear = i as f32 / 30_000.0;
            let expected = (encode(linear) * 255.0 + 0.5) as u8;
            assert_eq!(to_byte(&steps, linear), expected, "{linear}");
        }
    }
}
