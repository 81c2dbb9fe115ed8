//! What a face is painted with: skin, eyes, brows, lips and beard.

use crate::head::Head;
use crate::person::{Expression, Person};
use crate::rng::Rng;
use crate::space::{bell, mix, smooth};
use crate::texture::Texture;

/// Colour of skin by its melanin, linear light: between type I and type VI of Fitzpatrick's scale.
pub(crate) fn colour(tone: f32) -> [f32; 3] {
    let (light, dark) = ([0.62, 0.41, 0.32], [0.12, 0.065, 0.042]);
    [0, 1, 2].map(|i| light[i] * libm::powf(dark[i] / light[i], tone))
}

/// Smooth noise of variance about 1: values at the corners of a grid, smoothly between. Of a face nearly every value is
/// asked for many times, so all of them are drawn before.
struct Cloud {
    scale: f32,
    /// First column and row.
    first: [u64; 2],
    columns: usize,
    values: Vec<f32>,
}

/// Corners of all clouds are counted from far outside.
const ORIGIN: f32 = 1000.0;

impl Cloud {
    /// Over a rectangle of millimetres.
    fn over(rng: &Rng, scale: f32, x: [f32; 2], y: [f32; 2]) -> Self {
        let corner = |v: f32| libm::floorf(v / scale + ORIGIN) as u64;
        let first = [corner(x[0]), corner(y[0])];
        let count = |i: usize, v: f32| (corner(v) - first[i] + 2) as usize;
        let (columns, rows) = (count(0, x[1]), count(1, y[1]));
        let mut values = Vec::with_capacity(columns * rows);
        for row in 0..rows as u64 {
            for column in 0..columns as u64 {
                values.push(rng.pixel_noise((first[1] + row) << 32 | (first[0] + column)));
            }
        }
        Self {
            scale,
            first,
            columns,
            values,
        }
    }

    fn at(&self, x: f32, y: f32) -> f32 {
        let (x, y) = (x / self.scale + ORIGIN, y / self.scale + ORIGIN);
        let (column, row) = (libm::floorf(x), libm::floorf(y));
        let (tx, ty) = (smooth(0.0, 1.0, x - column), smooth(0.0, 1.0, y - row));
        let at = (row as u64 - self.first[1]) as usize * self.columns
            + (column as u64 - self.first[0]) as usize;
        let corner = |i: usize| self.values[at + i];
        mix(
            mix(corner(0), corner(1), tx),
            mix(corner(self.columns), corner(self.columns + 1), tx),
            ty,
        )
    }
}

/// Skin, eyes, brows, lips and beard of a person.
pub(crate) fn face(head: &Head<'_>, expression: Expression) -> Texture {
    let painter = Painter::new(head, expression);
    Texture::paint(CORNER, SIZE, 2.0, |x, y| painter.at(x, y))
}

/// The part of a head that is painted, in millimetres: its top left corner, and how far it reaches.
const CORNER: [f32; 2] = [-95.0, 130.0];
const SIZE: [f32; 2] = [190.0, 300.0];

/// Where the broad cloud is cut out of its plane, so that it does not repeat the others.
const ASIDE: f32 = 300.0;

struct Painter<'a> {
    head: &'a Head<'a>,
    person: &'a Person,
    expression: Expression,
    skin: [f32; 3],
    /// Pores, mottling, and what is broader than a cheek.
    clouds: [Cloud; 3],
    stubble: Cloud,
    brows: Cloud,
    eyes: [[f32; 2]; 2],
    mouth: [f32; 2],
    tip: f32,
}

impl<'a> Painter<'a> {
    fn new(head: &'a Head<'a>, expression: Expression) -> Self {
        let [left, right, tip, ..] = head.landmarks();
        let rng = Rng::new(head.person.seed, "skin");
        let (across, down) = (
            [CORNER[0], CORNER[0] + SIZE[0]],
            [CORNER[1] - SIZE[1], CORNER[1]],
        );
        Self {
            head,
            person: head.person,
            expression,
            skin: colour(head.person.tone),
            clouds: [
                Cloud::over(&rng, 1.1, across, down),
                Cloud::over(&rng, 4.0, across, down),
                Cloud::over(&rng, 22.0, across.map(|x| x + ASIDE), down),
            ],
            stubble: Cloud::over(&rng, 0.9, across, down.map(|y| y * 0.6)),
            brows: Cloud::over(&rng, 1.0, across, down),
            eyes: [[left[0], left[1]], [right[0], right[1]]],
            mouth: head.mouth(),
            tip: tip[1],
        }
    }

    fn at(&self, x: f32, y: f32) -> [f32; 4] {
        let mut texel = self.bare(x, y);
        let m = self.head.to_mean(y);
        self.lips(&mut texel, x, y);
        self.beard(&mut texel, x, y, m);
        for (eye, side) in self.eyes.iter().zip([-1.0, 1.0]) {
            let (dx, dy) = ((x - eye[0]) * side, y - eye[1]);
            self.brow(&mut texel, dx, dy, x, y);
            self.eye(&mut texel, dx, dy);
        }
        // Nostrils are dark for every light.
        let wide = self.person.nose_width;
        let nostril = bell(
            (x.abs() - 6.5 * wide) / (2.6 * wide),
            (y - self.tip + 9.5) / 1.9,
        );
        texel.map(|v| v * (1.0 - 0.85 * nostril))
    }

    /// Skin: mottled, redder on cheeks and nose, darker in the sockets.
    fn bare(&self, x: f32, y: f32) -> [f32; 4] {
        let [pores, mottling, patches] = &self.clouds;
        let fine = 0.02 * pores.at(x, y) + 0.025 * mottling.at(x, y);
        let broad = 0.03 * patches.at(x + ASIDE, y);
        let blush = 0.12 * bell((x.abs() - 40.0) / 16.0, (y + 30.0) / 14.0)
            + 0.1 * bell(x / 10.0, (y - self.tip) / 9.0);
        let socket = self
            .eyes
            .iter()
            .map(|e| bell((x - e[0]) / 15.0, (y - e[1] + 3.0) / 10.0));
        let socket: f32 = socket.sum();
        let light = 1.0 + fine + broad - 0.14 * socket;
        let [r, g, b] = self.skin;
        [
            r * light * (1.0 + 0.3 * blush),
            g * light * (1.0 - blush),
            b * light * (1.0 - blush),
            self.person.nir_skin * (1.0 + 0.5 * fine + 0.5 * broad - 0.06 * socket),
        ]
    }

    fn lips(&self, texel: &mut [f32; 4], x: f32, y: f32) {
        let [half, line] = self.mouth;
        let across = (x / half).abs();
        // Far above and below nothing of the mouth is left.
        if across > 1.15 || (y - line).abs() > 30.0 {
            return;
        }
        let arch = (1.0 - across * across).max(0.0);
        // A bow above, a curve below.
        let upper = line + (5.5 - 1.4 * bell(x / 3.5, 0.0)) * libm::sqrtf(arch) + 0.3;
        let open = 9.0 * self.expression.open;
        let lower = line - (7.5 * libm::sqrtf(arch) + open * arch);
        let red = smooth(lower - 0.8, lower + 0.8, y) * smooth(upper + 0.8, upper - 0.8, y);
        let own = [0.78, 0.5, 0.5, 1.02];
        for (value, factor) in texel.iter_mut().zip(own) {
            *value *= mix(1.0, factor, red * 0.8);
        }
        let gap =
            bell((y - line + open * 0.5) / (0.7 + open * 0.4), 0.0) * smooth(1.05, 0.9, across);
        let dark = gap * if open > 1.0 { 0.9 } else { 0.55 };
        for value in texel.iter_mut() {
            *value *= 1.0 - dark;
        }
    }

    fn beard(&self, texel: &mut [f32; 4], x: f32, y: f32, m: f32) {
        if self.person.beard == 0.0 {
            return;
        }
        let jaw = smooth(-50.0, -62.0, m).max(bell(x / 24.0, (m + 54.0) / 5.0));
        let sides = smooth(48.0, 56.0, x.abs()) * smooth(0.0, -20.0, m);
        let [half, line] = self.mouth;
        let spared = bell(x / half, (y - line) / 7.0);
        let cover = self.person.beard * jaw.max(sides) * (1.0 - spared);
        let stubble = cover * (0.75 + 0.25 * self.stubble.at(x, y * 0.6)).clamp(0.0, 1.0);
        self.towards_hair(texel, stubble * 0.8);
    }

    fn brow(&self, texel: &mut [f32; 4], dx: f32, dy: f32, x: f32, y: f32) {
        let along = (dx + 18.0) / 36.0;
        let centre = 18.0 + 4.5 * along - 7.0 * along * along + 3.0 * (1.0 - along);
        let thick = mix(4.2, 1.9, along.clamp(0.0, 1.0));
        let cover =
            smooth(-0.05, 0.1, along) * smooth(1.1, 0.8, along) * bell((dy - centre) / thick, 0.0);
        if cover == 0.0 {
            return;
        }
        let hairs = 0.75 + 0.25 * self.brows.at(x, y);
        self.towards_hair(texel, (cover * hairs * 0.95).clamp(0.0, 1.0));
    }

    fn towards_hair(&self, texel: &mut [f32; 4], share: f32) {
        let [r, g, b] = self.person.hair;
        for (value, hair) in texel.iter_mut().zip([r, g, b, 0.16]) {
            *value = mix(*value, hair, share);
        }
    }

    /// The eye between its lids: white, iris, pupil, lashes. `dx` runs outwards.
    fn eye(&self, texel: &mut [f32; 4], dx: f32, dy: f32) {
        let across = dx / 14.5;
        if across.abs() > 1.3 || dy.abs() > 14.0 {
            return;
        }
        let arch = (1.0 - across * across).max(0.0);
        let upper = 5.6 * (1.0 - self.expression.blink * 1.6) * libm::sqrtf(arch) - 0.04 * dx;
        let lower = -4.4 * arch;
        let inside = smooth(lower - 0.4, lower + 0.4, dy) * smooth(upper + 0.4, upper - 0.4, dy);
        let inside = inside * smooth(1.0, 0.94, across.abs());
        let radius = libm::sqrtf(dx * dx + dy * dy);
        let [r, g, b] = self.person.iris;
        let iris = smooth(6.2, 5.6, radius);
        let pupil = smooth(2.3, 1.9, radius);
        let white = [0.62, 0.57, 0.54, 0.5].map(|v| v * (1.0 - 0.25 * across * across));
        let coloured = [r, g, b, 0.32];
        for i in 0..4 {
            let ball = mix(mix(white[i], coloured[i], iris), 0.02, pupil);
            texel[i] = mix(texel[i], ball, inside);
        }
        let lashes = bell((dy - upper) / 0.9, 0.0) * smooth(1.08, 0.95, across.abs());
        let crease = bell((dy - upper - 4.0) / 0.9, 0.0) * smooth(1.1, 0.8, across.abs());
        let shade = 1.0 - (0.75 * lashes).max(0.25 * crease);
        for value in texel.iter_mut() {
            *value *= shade;
        }
    }
}
