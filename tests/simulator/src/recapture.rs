//! Pictures of pictures: a photograph that is printed or shown, and photographed again.
//!
//! What a second capture adds, and nothing of depth: the raster of a print or of a screen's pixels and its moiré with the
//! camera's, the gamut and contrast of ink and glass, the edge of the paper or the frame of the screen, reflections, and the
//! blur and noise of two lenses and sensors.

use crate::camera::Picture;
use crate::light::encode;
use crate::rng::Rng;
use crate::space::{mix, smooth};

/// How a photograph comes before the camera again.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub enum Recapture {
    /// A halftone print, whose paper ends within the picture.
    Print,
    /// A halftone print that fills the picture.
    PrintClose,
    /// A print of continuous tones on photographic paper, whose edge is in the picture.
    PhotoPrint,
    /// The same, filling the picture.
    PhotoPrintClose,
    /// A screen with its frame.
    Screen,
    /// A screen that fills the picture.
    ScreenClose,
}

impl Recapture {
    /// All.
    pub const ALL: [Self; 6] = [
        Self::Print,
        Self::PrintClose,
        Self::PhotoPrint,
        Self::PhotoPrintClose,
        Self::Screen,
        Self::ScreenClose,
    ];

    /// Its name in reports.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Print => "recaptured-print",
            Self::PrintClose => "recaptured-print-close",
            Self::PhotoPrint => "recaptured-photo-print",
            Self::PhotoPrintClose => "recaptured-photo-print-close",
            Self::Screen => "recaptured-screen",
            Self::ScreenClose => "recaptured-screen-close",
        }
    }

    const fn medium(self) -> Medium {
        match self {
            Self::Print | Self::PrintClose => Medium::Halftone,
            Self::PhotoPrint | Self::PhotoPrintClose => Medium::Photo,
            Self::Screen | Self::ScreenClose => Medium::Screen,
        }
    }

    const fn shows_edge(self) -> bool {
        matches!(self, Self::Print | Self::PhotoPrint | Self::Screen)
    }

    /// Takes a picture of the photograph, of the same size; everything that varies is drawn from the seed.
    ///
    /// # Panics
    /// When the photograph does not have the bytes of its size.
    #[must_use]
    pub fn take(self, photo: &Picture, seed: u64) -> Picture {
        assert_eq!(photo.rgb.len(), photo.width * photo.height * 3);
        let shot = Shot::draw(self, photo, seed);
        let light = blurred(shot.light(), photo.width, shot.blur);
        let noise = Rng::new(seed, "recapture noise");
        let values = light.iter().enumerate().flat_map(|(at, light)| {
            let noise = &noise;
            (0..3).map(move |c| {
                let deviation = libm::sqrtf(light[c].max(0.0) * 3e-4 + 2e-5);
                let value = light[c] + deviation * noise.pixel_noise((at * 3 + c) as u64);
                (encode(value) * 255.0 + 0.5) as u8
            })
        });
        Picture {
            width: photo.width,
            height: photo.height,
            rgb: values.collect(),
        }
    }
}

#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Medium {
    Halftone,
    Photo,
    Screen,
}

/// Samples of a pixel along each axis: structures finer than a pixel have to alias, not vanish.
const SAMPLES: usize = 3;

/// Angles of the rasters of red, green and blue absorbing inks (cyan, magenta, yellow), in degrees.
const ANGLES: [f32; 3] = [15.0, 75.0, 0.0];

/// Everything that was drawn for one capture.
struct Shot<'a> {
    photo: &'a Picture,
    /// The photograph in linear light.
    linear: Vec<[f32; 3]>,
    medium: Medium,
    /// From the picture to the photograph: turn and scale around the middle, a shift, and a slant.
    turn: [f32; 2],
    shift: [f32; 2],
    slant: [f32; 2],
    /// Period of raster or screen in the picture's pixels, and of its frame over the photograph's size.
    period: f32,
    border: f32,
    /// Light across the medium, its white, and the wall behind.
    gradient: [f32; 2],
    white: [f32; 3],
    wall: [f32; 3],
    gloss: [f32; 3],
    blur: f32,
}

impl<'a> Shot<'a> {
    fn draw(kind: Recapture, photo: &'a Picture, seed: u64) -> Self {
        let mut rng = Rng::new(seed, kind.name());
        // Smaller than the picture, or larger.
        let size = if kind.shows_edge() {
            rng.uniform(0.68, 0.84)
        } else {
            rng.uniform(1.36, 1.5)
        };
        let angle = rng.uniform(-0.09, 0.09);
        let medium = kind.medium();
        let period = match medium {
            // 133 to 200 lines an inch, at 4 to 7 pixels a millimetre.
            Medium::Halftone => rng.uniform(0.55, 1.3),
            Medium::Photo => 1.0,
            // 0.05 to 0.27 mm, from telephone to monitor.
            Medium::Screen => rng.uniform(0.4, 1.5),
        };
        let warm = rng.uniform(-0.08, 0.08);
        let white = match medium {
            Medium::Screen => [0.9, 0.97, 1.08],
            _ => [1.0 + warm, 1.0, 1.0 - warm],
        };
        let grey = rng.uniform(0.1, 0.5);
        let linear = photo.rgb.as_chunks::<3>().0.iter();
        Self {
            photo,
            linear: linear.map(|p| p.map(decode)).collect(),
            medium,
            turn: [libm::cosf(angle) / size, libm::sinf(angle) / size],
            shift: [rng.uniform(-0.03, 0.03), rng.uniform(-0.03, 0.03)],
            slant: [rng.uniform(-0.06, 0.06), rng.uniform(-0.06, 0.06)],
            period,
            border: rng.uniform(0.03, 0.08),
            gradient: [rng.uniform(-0.25, 0.25), rng.uniform(-0.25, 0.25)],
            white,
            wall: [grey * 1.05, grey, grey * 0.92],
            gloss: [
                rng.uniform(-0.6, 0.6),
                rng.uniform(-0.6, 0.6),
                rng.uniform(0.0, 0.25),
            ],
            blur: rng.uniform(0.5, 0.9),
        }
    }

    /// Linear light of every pixel before the lens blurs it.
    fn light(&self) -> Vec<[f32; 3]> {
        let share = 1.0 / (SAMPLES * SAMPLES) as f32;
        let pixel = |at: usize| {
            let mut sum = [0.0; 3];
            for k in 0..SAMPLES * SAMPLES {
                let offset = |i: usize| (i as f32 + 0.5) / SAMPLES as f32;
                let x = (at % self.photo.width) as f32 + offset(k % SAMPLES);
                let y = (at / self.photo.width) as f32 + offset(k / SAMPLES);
                let seen = self.seen(x, y);
                for c in 0..3 {
                    sum[c] += seen[c] * share;
                }
            }
            sum
        };
        (0..self.linear.len()).map(pixel).collect()
    }

    /// What is seen at a place of the picture.
    fn seen(&self, x: f32, y: f32) -> [f32; 3] {
        let (width, height) = (self.photo.width as f32, self.photo.height as f32);
        // -1 to 1 along the longer side.
        let half = width.max(height) / 2.0;
        let (u, v) = ((x - width / 2.0) / half, (y - height / 2.0) / half);
        let depth = 1.0 + self.slant[0] * u + self.slant[1] * v;
        let (u, v) = (u / depth + self.shift[0], v / depth + self.shift[1]);
        let [cos, sin] = self.turn;
        let (u, v) = (cos * u + sin * v, cos * v - sin * u);
        let ends = [width / (2.0 * half), height / (2.0 * half)];
        let over = (u.abs() - ends[0]).max(v.abs() - ends[1]);
        let lit = 1.0 + self.gradient[0] * u + self.gradient[1] * v;
        if over > self.border {
            return self.wall.map(|w| w * lit);
        }
        let gloss = {
            let (dx, dy) = (u - self.gloss[0], v - self.gloss[1]);
            self.gloss[2] * smooth(0.5, 0.0, libm::sqrtf(dx * dx + dy * dy))
        };
        let ink = if over > 0.0 {
            self.edge()
        } else {
            let (px, py) = (u * half + width / 2.0, v * half + height / 2.0);
            self.raster(self.sample(px, py), x, y)
        };
        // A screen makes its own light; the room adds its own to both.
        [0, 1, 2].map(|c| match self.medium {
            Medium::Screen => ink[c] * self.white[c] + 0.012 * lit + 0.4 * gloss,
            Medium::Photo => ink[c] * self.white[c] * lit + gloss,
            Medium::Halftone => ink[c] * self.white[c] * lit,
        })
    }

    /// What surrounds the photograph: unprinted paper, or a black frame.
    fn edge(&self) -> [f32; 3] {
        match self.medium {
            Medium::Screen => [0.01; 3],
            _ => [0.82; 3],
        }
    }

    /// The photograph between its pixels, in the gamut of the medium.
    fn sample(&self, x: f32, y: f32) -> [f32; 3] {
        let (width, height) = (self.photo.width, self.photo.height);
        let split = |value: f32, count: usize| {
            let at = (value - 0.5).clamp(0.0, count as f32 - 1.001);
            (at as usize, at - libm::floorf(at))
        };
        let ((left, fx), (top, fy)) = (split(x, width), split(y, height));
        let at = |column: usize, row: usize| self.linear[row * width + column];
        let (a, b) = (at(left, top), at(left + 1, top));
        let (c, d) = (at(left, top + 1), at(left + 1, top + 1));
        let value = [0, 1, 2].map(|i| mix(mix(a[i], b[i], fx), mix(c[i], d[i], fx), fy));
        let luma = 0.2126 * value[0] + 0.7152 * value[1] + 0.0722 * value[2];
        // Black, white and purity of what the medium can show.
        let (black, white, purity) = match self.medium {
            Medium::Halftone => (0.05, 0.8, 0.72),
            Medium::Photo => (0.02, 0.88, 0.9),
            Medium::Screen => (0.006, 0.95, 0.95),
        };
        value.map(|v| mix(black, white, mix(luma, v, purity)))
    }

    /// The structure of the medium at a place of the picture, for a tone.
    fn raster(&self, tone: [f32; 3], x: f32, y: f32) -> [f32; 3] {
        match self.medium {
            Medium::Photo => tone,
            Medium::Halftone => [0, 1, 2].map(|c| {
                let angle = ANGLES[c] * (std::f32::consts::PI / 180.0);
                let (cos, sin) = (libm::cosf(angle), libm::sinf(angle));
                let turn = std::f32::consts::TAU / (self.period * 2.0);
                let (u, v) = ((cos * x + sin * y) * turn, (cos * y - sin * x) * turn);
                // Round dots that grow into each other; ink takes what paper of 0.82 would throw back.
                let wave = 0.5 + 0.25 * (libm::cosf(u) + libm::cosf(v));
                let cover = 1.0 - (tone[c] / 0.82).clamp(0.0, 1.0);
                mix(0.82, 0.03, smooth(wave - 0.08, wave + 0.08, cover))
            }),
            Medium::Screen => {
                let period = self.period * 2.0;
                let phase = |value: f32| value / period - libm::floorf(value / period);
                let (column, row) = (phase(x), phase(y));
                // Three stripes a pixel, and a dark line between rows.
                let dark = 1.0 - 0.55 * smooth(0.8, 0.86, row) * smooth(1.0, 0.96, row);
                [0, 1, 2].map(|c| {
                    let from = c as f32 / 3.0;
                    let inside = smooth(from - 0.04, from + 0.04, column)
                        * smooth(from + 0.37, from + 0.29, column);
                    tone[c] * (0.25 + 2.2 * inside) * dark
                })
            }
        }
    }
}

/// The inverse of the transfer function of sRGB (IEC 61966-2-1).
fn decode(byte: u8) -> f32 {
    let v = f32::from(byte) / 255.0;
    if v <= 0.040_45 {
        v / 12.92
    } else {
        libm::powf((v + 0.055) / 1.055, 2.4)
    }
}

/// A Gaussian along rows, then along columns; beyond the border the border goes on.
fn blurred(light: Vec<[f32; 3]>, width: usize, sigma: f32) -> Vec<[f32; 3]> {
    const REACH: i64 = 3;
    let weights: Vec<f32> = (-REACH..=REACH)
        .map(|i| libm::expf(-0.5 * (i as f32 / sigma) * (i as f32 / sigma)))
        .collect();
    let sum: f32 = weights.iter().sum();
    let height = light.len() / width;
    let pass = |light: &[[f32; 3]], across: bool| -> Vec<[f32; 3]> {
        let pixel = |at: usize| {
            let (x, y) = ((at % width) as i64, (at / width) as i64);
            let mut out = [0.0; 3];
            for (weight, step) in weights.iter().zip(-REACH..=REACH) {
                let (dx, dy) = if across { (step, 0) } else { (0, step) };
                let column = (x + dx).clamp(0, width as i64 - 1) as usize;
                let row = (y + dy).clamp(0, height as i64 - 1) as usize;
                let from = light[row * width + column];
                for c in 0..3 {
                    out[c] += from[c] * weight / sum;
                }
            }
            out
        };
        (0..light.len()).map(pixel).collect()
    };
    pass(&pass(&light, true), false)
}

#[cfg(test)]
mod tests;
