//! A structured-light sensor: a projector beside a camera, whose pattern is found again in blocks.

use crate::camera::Camera;
use crate::raster::Seen;
use crate::rng::Rng;
use crate::scene::Scene;

/// How good a structured-light sensor is.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub enum SensorClass {
    /// Baseline 75 mm, disparity noise 0.05 px.
    A,
    /// Baseline 55 mm, disparity noise 0.1 px.
    B,
    /// Baseline 40 mm, disparity noise 0.2 px.
    C,
}

impl SensorClass {
    /// All, from the best on.
    pub const ALL: [Self; 3] = [Self::A, Self::B, Self::C];
}

/// A sensor: its class gives baseline and noise.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct DepthSensor {
    /// Its camera.
    pub camera: Camera,
    /// Distance of projector and camera in millimetres.
    pub baseline_mm: f32,
    /// Standard deviation of a disparity in pixels.
    pub noise_px: f32,
}

/// A depth picture: millimetres along the optical axis, 0 where nothing was measured.
#[derive(Clone, Debug, PartialEq)]
pub struct DepthPicture {
    /// The camera that took it.
    pub camera: Camera,
    /// Distances in millimetres.
    pub mm: Vec<u16>,
    /// Where the eyes, the tip of the nose and the corners of the mouth are, in pixels.
    pub landmarks: [[f32; 2]; 5],
}

/// Half the side of the block that is matched, in pixels.
const BLOCK: usize = 3;

/// Steps of a disparity.
const STEPS: f32 = 8.0;

/// Range of disparities over a block, in pixels, across which no block matches.
const EDGE: f32 = 4.0;

/// Share of the pattern that comes back from the wall.
const WALL_PATTERN: f32 = 0.99;

/// Below the first cosine nothing of the pattern comes back, from the second on all.
const GRAZING: [f32; 2] = [0.12, 0.38];

impl DepthSensor {
    /// A sensor of a class.
    #[must_use]
    pub fn of(class: SensorClass) -> Self {
        let (baseline_mm, noise_px) = match class {
            SensorClass::A => (75.0, 0.05),
            SensorClass::B => (55.0, 0.1),
            SensorClass::C => (40.0, 0.2),
        };
        Self {
            camera: Camera::VGA,
            baseline_mm,
            noise_px,
        }
    }

    /// Takes a picture; `seed` is of its noise and holes.
    #[must_use]
    pub fn take(&self, scene: &Scene, seed: u64) -> DepthPicture {
        let seen = Seen::draw(self.camera, &scene.parts, scene.wall);
        let scale = self.camera.focal * self.baseline_mm;
        let disparity: Vec<f32> = seen.z.iter().map(|z| scale / z).collect();
        let returned = self.returned(&seen, &disparity, scene, seed);
        let mm = self.matched(&disparity, &returned, seed);
        DepthPicture {
            camera: self.camera,
            mm,
            landmarks: scene.seen_landmarks(&self.camera),
        }
    }

    /// Which pixels throw the pattern back.
    fn returned(&self, seen: &Seen<'_>, disparity: &[f32], scene: &Scene, seed: u64) -> Vec<bool> {
        let width = self.camera.width;
        let chance = Rng::new(seed, "pattern");
        // A pattern is lost in blobs, not pixel by pixel: neighbours share their luck.
        let luck = |x: usize, y: usize, cell: usize| {
            chance.uniform_at(((y / cell) << 20 | (x / cell)) as u64 + ((cell as u64) << 44))
        };
        let shares = seen.per_triangle(|material, cosine| {
            let grazing = (cosine - GRAZING[0]) / (GRAZING[1] - GRAZING[0]);
            material.pattern * grazing.clamp(0.0, 1.0)
        });
        let mut returned = vec![false; disparity.len()];
        for (y, row) in disparity.chunks_exact(width).enumerate() {
            // The projector stands to the right: what lies further left in its picture than something nearer
            // to the right of it is in its shadow.
            let mut leftmost = f32::MAX;
            for x in (0..width).rev() {
                let place = x as f32 - row[x];
                let lit = place < leftmost + 1.0;
                leftmost = leftmost.min(place);
                let at = y * width + x;
                let share = seen
                    .triangle(at)
                    .map_or(WALL_PATTERN, |number| shares[number]);
                let worst = luck(x, y, 1).max(luck(x, y, 3) * 0.98);
                returned[at] = lit && worst < share * 1.02;
            }
        }
        self.blind(&mut returned, scene, seed);
        returned
    }

    /// Eyes are wet and lenses shine: holes around the pupils, larger behind glasses; and a few holes anywhere.
    fn blind(&self, returned: &mut [bool], scene: &Scene, seed: u64) {
        let mut rng = Rng::new(seed, "holes");
        let landmarks = scene.seen_landmarks(&self.camera);
        let distance = scene.landmarks[0][2];
        let px = |mm: f32| mm * self.camera.focal / distance;
        for eye in landmarks.iter().take(2) {
            if scene.wet_eyes && rng.chance(0.45) {
                let radius = px(rng.uniform(1.0, 3.5));
                self.hole(returned, *eye, radius);
            }
            if scene.lenses && rng.chance(0.6) {
                let aside = [rng.uniform(-8.0, 8.0), rng.uniform(-6.0, 6.0)].map(px);
                let radius = px(rng.uniform(2.0, 9.0));
                self.hole(returned, [eye[0] + aside[0], eye[1] + aside[1]], radius);
            }
        }
        let middle = landmarks[2];
        for _ in 0..rng.below(5) {
            let place = [0, 1].map(|i| middle[i] + px(rng.uniform(-90.0, 90.0)));
            let radius = rng.uniform(1.0, 4.0);
            self.hole(returned, place, radius);
        }
    }

    fn hole(&self, returned: &mut [bool], [cx, cy]: [f32; 2], radius: f32) {
        let range = |centre: f32, limit: usize| {
            let low = (centre - radius).max(0.0) as usize;
            low..((centre + radius).max(0.0) as usize + 1).min(limit)
        };
        for y in range(cy, self.camera.height) {
            for x in range(cx, self.camera.width) {
                let (dx, dy) = (x as f32 + 0.5 - cx, y as f32 + 0.5 - cy);
                if dx * dx + dy * dy <= radius * radius {
                    returned[y * self.camera.width + x] = false;
                }
            }
        }
    }

    /// Finds blocks again: their mean disparity with noise, in steps; nothing across an edge or where
    /// less than half of a block came back.
    fn matched(&self, disparity: &[f32], returned: &[bool], seed: u64) -> Vec<u16> {
        let (width, height) = (self.camera.width, self.camera.height);
        let noise = Rng::new(seed, "disparity noise");
        // Neighbouring blocks share most of their pixels, and so most of their error.
        let side = 2 * BLOCK + 1;
        let strength = self.noise_px * side as f32;
        let values: Vec<[f32; 2]> = (0..disparity.len())
            .map(|at| {
                if returned[at] {
                    [disparity[at] + strength * noise.pixel_noise(at as u64), 1.0]
                } else {
                    [0.0; 2]
                }
            })
            .collect();
        let sums = box_sums(
            &box_sums(&values, width, height, true),
            width,
            height,
            false,
        );
        let scale = self.camera.focal * self.baseline_mm;
        let mut mm = vec![0; disparity.len()];
        for y in BLOCK..height - BLOCK {
            for x in BLOCK..width - BLOCK {
                let at = y * width + x;
                let [sum, count] = sums[at];
                if !returned[at] || count < (side * side) as f32 * 0.5 {
                    continue;
                }
                let corners = [
                    at - BLOCK * width - BLOCK,
                    at - BLOCK * width + BLOCK,
                    at + BLOCK * width - BLOCK,
                    at + BLOCK * width + BLOCK,
                ]
                .map(|i| disparity[i]);
                let low = corners.iter().fold(f32::MAX, |a, b| a.min(*b));
                let high = corners.iter().fold(0.0_f32, |a, b| a.max(*b));
                if high - low > EDGE {
                    continue;
                }
                let found = libm::roundf(sum / count * STEPS) / STEPS;
                if found > 0.0 {
                    mm[at] = libm::roundf(scale / found).min(f32::from(u16::MAX)) as u16;
                }
            }
        }
        mm
    }
}

/// Sums over `2 · BLOCK + 1` neighbours along rows or columns.
fn box_sums(values: &[[f32; 2]], width: usize, height: usize, rows: bool) -> Vec<[f32; 2]> {
    let mut sums = vec![[0.0; 2]; values.len()];
    if rows {
        for (row, out) in values.chunks_exact(width).zip(sums.chunks_exact_mut(width)) {
            for x in BLOCK..width - BLOCK {
                let window = &row[x - BLOCK..=x + BLOCK];
                out[x] = window
                    .iter()
                    .fold([0.0; 2], |s, v| [s[0] + v[0], s[1] + v[1]]);
            }
        }
    } else {
        for y in BLOCK..height - BLOCK {
            let out = &mut sums[y * width..(y + 1) * width];
            for row in y - BLOCK..=y + BLOCK {
                for (out, v) in out.iter_mut().zip(&values[row * width..(row + 1) * width]) {
                    *out = [out[0] + v[0], out[1] + v[1]];
                }
            }
        }
    }
    sums
}
