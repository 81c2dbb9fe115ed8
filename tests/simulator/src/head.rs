//! The head: superelliptic sections along a profile, and features as bells upon them.

use crate::mesh::Mesh;
use crate::person::{Expression, Person};
use crate::space::{V3, bell, curve, mix, smooth};

/// Height and depth of the mean profile in the middle of the face without its nose. The eyes are at height 0.
const PROFILE: [[f32; 2]; 17] = [
    [121.0, -92.0],
    [118.0, -66.0],
    [108.0, -40.0],
    [90.0, -14.0],
    [68.0, 1.0],
    [45.0, 6.0],
    [22.0, 7.0],
    [0.0, 1.5],
    [-25.0, 4.0],
    [-48.0, 6.0],
    [-66.0, 6.5],
    [-84.0, 2.0],
    [-100.0, 3.5],
    [-112.0, -3.0],
    [-119.0, -22.0],
    [-126.0, -48.0],
    [-200.0, -52.0],
];

/// Height and half width of the mean head.
const WIDTHS: [[f32; 2]; 15] = [
    [121.0, 4.0],
    [118.0, 26.0],
    [108.0, 46.0],
    [90.0, 61.0],
    [68.0, 70.0],
    [40.0, 73.5],
    [10.0, 73.5],
    [-15.0, 72.5],
    [-40.0, 69.0],
    [-65.0, 63.0],
    [-88.0, 54.0],
    [-105.0, 44.0],
    [-116.0, 39.0],
    [-128.0, 46.0],
    [-200.0, 60.0],
];

/// Depth of the axis through the ears, and of the back of the head behind it.
const AXIS: f32 = -92.0;
const BACK: f32 = 92.0;

/// Sections are a little squarer than ellipses.
const EXPONENT: f32 = 2.3;

/// Heights of the mesh's rows end here.
const CROWN: f32 = 120.8;
const NECK: f32 = -190.0;

/// Columns of the half that can be seen, and of the other.
const FRONT: usize = 96;
const REAR: usize = 20;

/// The eyes, the tip of the nose and the corners of the mouth, as they lie in the picture.
pub(crate) type Landmarks = [V3; 5];

/// The surface of a person's head, as a function.
pub(crate) struct Head<'a> {
    pub(crate) person: &'a Person,
    expression: Expression,
    /// Height of the nose over the face, found so that its tip is as high over the plane of eyes and
    /// mouth as the person's is.
    nose_scale: f32,
    /// How much of the nose and of all features there is: 1 for skin, less under cloth.
    relief: f32,
}

impl<'a> Head<'a> {
    pub(crate) fn new(person: &'a Person, expression: Expression) -> Self {
        Self::with_relief(person, expression, 1.0)
    }

    /// A head whose features stand out less.
    pub(crate) fn with_relief(person: &'a Person, expression: Expression, relief: f32) -> Self {
        let mut head = Self {
            person,
            expression,
            nose_scale: 1.0,
            relief,
        };
        // The tip's height is linear in the scale: one step of Newton's method is exact but for the place
        // of the tip, so a second one settles it.
        for _ in 0..3 {
            let landmarks = head.landmarks();
            let missing = person.nose * relief - over_plane(&landmarks);
            head.nose_scale += missing / NOSE;
        }
        head
    }

    /// Where a landmark of the mean face lies on this one.
    fn eye_x(&self) -> f32 {
        self.person.eye_distance / 2.0
    }

    pub(crate) fn mouth(&self) -> [f32; 2] {
        let smile = self.expression.smile;
        let half = 25.0 * mix(1.0, self.person.eye_distance / 65.0, 0.6) + 5.0 * smile;
        let up = 4.0 * smile - 5.0 * self.expression.open;
        [half, -66.0 * self.person.length + up]
    }

    /// Height of the nose's tip.
    fn tip(&self) -> f32 {
        -38.0 * self.person.length
    }

    pub(crate) fn landmarks(&self) -> Landmarks {
        let (eye, [mouth, mouth_y]) = (self.eye_x(), self.mouth());
        [
            self.front(-eye, 0.0),
            self.front(eye, 0.0),
            self.front(0.0, self.tip()),
            self.front(-mouth, mouth_y),
            self.front(mouth, mouth_y),
        ]
    }

    pub(crate) fn half_width(&self, y: f32) -> f32 {
        let own = self.person.width / 147.0;
        curve(&WIDTHS, self.to_mean(y)) * own
    }

    /// Height on the mean face: below the eyes faces differ in length, and a dropped jaw moves the chin.
    pub(crate) fn to_mean(&self, y: f32) -> f32 {
        if y >= 0.0 {
            return y;
        }
        let y = y / self.person.length;
        let drop = 11.0 * self.expression.open;
        // From the upper lip down the jaw has moved by the whole drop.
        y + drop * smooth(-62.0, -78.0, y) * smooth(-200.0, -125.0, y)
    }

    /// The point of the face that a viewer in front sees at `x`, `y`.
    pub(crate) fn front(&self, x: f32, y: f32) -> V3 {
        let share = (x / self.half_width(y)).clamp(-1.0, 1.0);
        self.surface(share, y, true)
    }

    /// A point by the share of the half width and the height.
    fn surface(&self, share: f32, y: f32, front: bool) -> V3 {
        let half = self.half_width(y);
        let x = share * half;
        let inner = (1.0 - libm::powf(share.abs(), EXPONENT)).max(0.0);
        let round = libm::powf(inner, 1.0 / EXPONENT);
        if !front {
            let crown = libm::sqrtf((1.0 - bell_cap(y)).max(0.0));
            return [x, y, AXIS - BACK * crown * round];
        }
        let profile = curve(&PROFILE, self.to_mean(y));
        let z = AXIS + (profile - AXIS) * round;
        [x, y, z + self.features(x, y) * self.relief]
    }

    /// Height of the features over the section, in millimetres.
    fn features(&self, x: f32, y: f32) -> f32 {
        let [brow, cheek, lips, chin, socket] = self.person.features;
        let (eye, [mouth, mouth_y]) = (self.eye_x(), self.mouth());
        let m = self.to_mean(y);
        let a = x.abs();
        if !(-125.0..=60.0).contains(&m) || a > 72.0 {
            return 0.0;
        }
        let blink = self.expression.blink;
        let smile = self.expression.smile;
        let open = self.expression.open;
        let mut z = self.nose(x, y);
        // The sockets, the eyeballs in them, and the crease over the lid.
        z -= 7.0 * socket * bell((a - eye + 4.0) / 13.0, (m - 1.0) / 8.5);
        z += 4.6 * bell((a - eye) / 9.0, m / 7.5);
        z -= 1.2 * (1.0 - blink) * bell((a - eye) / 11.0, (m - 8.0) / 1.8);
        z += 4.5 * brow * bell((a - 27.0) / 17.0, (m - 19.0) / 7.0);
        z += 5.5 * cheek * bell((a - 45.0) / 15.0, (m + 24.0) / 13.0);
        z += 3.5 * smile * bell((a - 38.0) / 12.0, (m + 38.0) / 10.0);
        z -= 2.0 * bell((a - 31.0 - 0.25 * (m + 45.0)) / 5.0, (m + 45.0) / 14.0);
        // Upper lip with its philtrum, lower lip, the line between them, its corners.
        z += 4.6 * lips * bell(x / (mouth * 0.62), (m + 60.0) / 4.4);
        z -= 1.4 * bell(x / 3.0, (m + 54.0) / 5.0);
        z += 5.2 * lips * bell(x / (mouth * 0.56), (m + 72.0) / 5.0);
        let between = (y - mouth_y) / (1.6 + 6.0 * open);
        z -= (2.6 + 9.0 * open) * bell(x / (mouth * 0.7), between);
        z -= 2.2 * bell((a - mouth) / 4.0, (y - mouth_y) / 4.0);
        z -= 3.0 * bell(x / 15.0, (m + 84.0) / 5.0);
        z += 5.0 * chin * bell(x / 14.0, (m + 101.0) / 9.0);
        z - 2.5 * bell((a - 48.0) / 12.0, (m + 68.0) / 16.0)
    }

    /// The nose alone: a ridge that rises to the tip, wings, nostrils, and the fall to the lip.
    fn nose(&self, x: f32, y: f32) -> f32 {
        let wide = self.person.nose_width;
        let tip = self.tip();
        let a = x.abs();
        // 0 at the root between the eyes, 1 at the tip.
        let t = (3.0 - y) / (3.0 - tip);
        if !(-0.35..=1.6).contains(&t) || a > 40.0 {
            return 0.0;
        }
        let rise = mix(0.13, 1.0, libm::powf(t.clamp(0.0, 1.0), 1.15));
        let fall = smooth(1.42, 1.02, t) * smooth(-0.35, 0.05, t);
        let sigma = wide * mix(5.6, 9.0, smooth(0.2, 1.0, t));
        let ridge = (NOSE * rise * fall + self.person.bridge * bell((t - 0.45) / 0.2, 0.0) * 1.5)
            * bell(x / sigma, 0.0);
        let wing = 8.5 * bell((a - 13.0 * wide) / (4.6 * wide), (y - tip + 1.5) / 5.2);
        let nostril = 5.0 * bell((a - 6.5 * wide) / 2.8, (y - tip + 9.0) / 2.6);
        // The whole nose grows and shrinks.
        self.nose_scale * (ridge + wing) - nostril
    }

    /// The mesh of the whole head; texture coordinates are those of the face in front.
    pub(crate) fn mesh(&self) -> Mesh {
        let rows = rows();
        let columns = FRONT + REAR + 1;
        Mesh::grid(columns, rows.len(), |column, row| {
            let y = rows[row];
            let point = if column <= FRONT {
                let turn = column as f32 / FRONT as f32 - 0.5;
                self.surface(libm::sinf(turn * std::f32::consts::PI), y, true)
            } else {
                let turn = (column - FRONT) as f32 / REAR as f32;
                self.surface(libm::cosf(turn * std::f32::consts::PI), y, false)
            };
            (point, [point[0], point[1]])
        })
    }
}

/// Height of the mean nose over the face without it.
const NOSE: f32 = 25.0;

/// How near the crown: 1 at the top.
fn bell_cap(y: f32) -> f32 {
    let t = ((y - 20.0) / 102.0).clamp(0.0, 1.0);
    t * t
}

/// Heights of the rows: fine over the face, coarse elsewhere.
fn rows() -> Vec<f32> {
    let mut rows = Vec::new();
    let mut y = CROWN;
    while y > NECK {
        rows.push(y);
        y -= if y > 114.0 {
            1.2
        } else if y > 35.0 {
            4.0
        } else if y > -128.0 {
            1.9
        } else {
            8.0
        };
    }
    rows
}

/// Height of the nose's tip over the plane that best fits eyes and mouth corners (a mirror-symmetric face: the
/// plane through the middles of both).
pub(crate) fn over_plane(landmarks: &Landmarks) -> f32 {
    let middle = |a: V3, b: V3| [0, 1, 2].map(|i| (a[i] + b[i]) / 2.0);
    let (eyes, mouth) = (
        middle(landmarks[0], landmarks[1]),
        middle(landmarks[3], landmarks[4]),
    );
    let (dy, dz) = (mouth[1] - eyes[1], mouth[2] - eyes[2]);
    let long = libm::sqrtf(dy * dy + dz * dz);
    let tip = landmarks[2];
    ((tip[2] - eyes[2]) * -dy + (tip[1] - eyes[1]) * dz) / long
}

#[cfg(test)]
mod tests {
    use super::*;

    fn spread(values: &[f32]) -> (f32, f32) {
        let n = values.len() as f32;
        let mean = values.iter().sum::<f32>() / n;
        let square = values.iter().map(|v| (v - mean) * (v - mean)).sum::<f32>() / n;
        (mean, square.sqrt())
    }

    #[test]
    fn a_thousand_heads_have_the_measured_statistics() {
        let heads: Vec<(f32, f32, f32)> = (0..1000)
            .map(|seed| {
                let person = Person::adult(seed);
                let head = Head::new(&person, Expression::default());
                let [left, right, ..] = head.landmarks();
                let widest = 2.0 * head.half_width(10.0);
                (right[0] - left[0], over_plane(&head.landmarks()), widest)
            })
            .collect();
        let of = |f: fn(&(f32, f32, f32)) -> f32| spread(&heads.iter().map(f).collect::<Vec<_>>());
        for ((mean, deviation), expected, sd) in [
            (of(|h| h.0), 65.0, 3.6),
            (of(|h| h.1), 33.7, 4.7),
            (of(|h| h.2), 147.0, 7.4),
        ] {
            // Three standard errors of 1,000 draws.
            assert!((mean - expected).abs() < 0.1 * sd, "{mean} for {expected}");
            assert!((deviation / sd - 1.0).abs() < 0.08, "{deviation} for {sd}");
        }
        let lowest = heads.iter().map(|h| h.1).fold(f32::MAX, f32::min);
        assert!((18.5..24.0).contains(&lowest), "{lowest}");
    }

    #[test]
    fn the_tip_is_the_highest_point_of_the_nose() {
        for seed in 0..50 {
            let person = Person::adult(seed);
            let head = Head::new(&person, Expression::default());
            let tip = head.landmarks()[2];
            for (x, y) in [(0.0, 6.0), (0.0, -9.0), (5.0, 0.0), (-5.0, 0.0)] {
                let other = head.front(tip[0] + x, tip[1] + y);
                assert!(other[2] < tip[2], "{seed}: {tip:?} {other:?}");
            }
        }
    }

    #[test]
    fn expressions_move_the_mouth_and_not_the_eyes() {
        let person = Person::adult(3);
        let at = |smile, open| {
            let expression = Expression {
                smile,
                open,
                blink: 0.0,
            };
            Head::new(&person, expression).landmarks()
        };
        let (rest, smiling, speaking) = (at(0.0, 0.0), at(1.0, 0.0), at(0.0, 1.0));
        assert!(smiling[4][0] > rest[4][0] + 3.0 && smiling[4][1] > rest[4][1] + 2.0);
        assert!(speaking[4][1] < rest[4][1] - 3.0);
        assert_eq!((rest[0][0], rest[0][1]), (speaking[0][0], speaking[0][1]));
    }
}
