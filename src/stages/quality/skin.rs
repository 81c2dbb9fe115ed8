//! Which parts of the face can be seen: a model of this face's own skin, and the share of each
//! part that the skin or the part's own features explain. Long because the model and its use by
//! every part share tolerances that only make sense side by side.
//!
//! Nothing is learned from photographs of people. The skin's colour and lighting come from the face
//! itself, so that complexion, exposure and the colour of the light do not matter; what fits neither
//! skin nor the features of a part is taken to lie in front of it.

use super::chip::{Chip, SIDE};
use super::regions::{self, Outline};
use crate::geom::Point;

/// Cells of two by two chip pixels: noise is averaged, a part still has a hundred cells or so.
const CELL: usize = 2;
pub(super) const GRID: usize = SIDE / CELL;

/// Added to every channel before logarithms, so that noise in the dark does not become colour.
const DARK: f32 = 12.0;

/// What one cell shows.
#[derive(Clone, Copy, Debug, Default)]
struct Cell {
    /// Logarithm of luma.
    light: f32,
    /// `ln(R/G)` and `ln(B/G)`: the same in light and shade.
    colour: [f32; 2],
    in_frame: bool,
}

/// Shares of each part that can be seen, `0..=1`.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Visible {
    pub(super) eyebrows: f32,
    pub(super) eyes: f32,
    pub(super) nose: f32,
    pub(super) cheeks: f32,
    pub(super) mouth: f32,
    pub(super) chin: f32,
}

/// What was found out about one face.
pub(super) struct Seen {
    pub(super) visible: Visible,
    /// Chip pixels that are skin.
    pub(super) skin: Vec<usize>,
    /// Chip pixels inside the outline of the face and the frame.
    pub(super) face: Vec<usize>,
    /// Share of the outline of the face that lies in the frame, `0..=1`.
    pub(super) in_frame: f32,
}

/// Looks at all parts.
pub(super) fn look(chip: &Chip) -> Seen {
    let cells = cells(chip);
    let outline = |indices: &[usize], x: f32, y: f32| {
        Outline::of(&chip.points, indices, (x, y)).cells(GRID, CELL as f32)
    };
    let plain = |indices: &[usize]| outline(indices, 1.0, 1.0);
    let skin = Skin::of(
        &cells,
        &SkinAreas {
            upper: vec![
                plain(regions::FOREHEAD),
                plain(regions::BRIDGE),
                plain(regions::UNDER_EYES[0]),
                plain(regions::UNDER_EYES[1]),
            ],
            lower: vec![
                plain(regions::NOSE),
                plain(regions::CHEEKS[0]),
                plain(regions::CHEEKS[1]),
                plain(regions::CHIN),
            ],
        },
    );
    let view = View {
        cells: &cells,
        skin,
    };
    let ring = |indices: &[usize], inner: (f32, f32), outer: (f32, f32)| {
        let inside = outline(indices, inner.0, inner.1);
        let mut around = outline(indices, outer.0, outer.1);
        around.retain(|cell| inside.binary_search(cell).is_err());
        (inside, around)
    };
    let both = |part: &dyn Fn(&[usize]) -> f32, sides: [&[usize]; 2]| {
        // Two of a kind: one that is hidden may not hide behind one that is not, so the worse one
        // counts three times as much.
        let [a, b] = sides.map(part);
        a.min(b) / 2.0 + (a + b) / 4.0
    };
    let brow = |indices: &[usize]| {
        let (inside, around) = ring(indices, (1.0, 1.0), (1.1, 2.2));
        view.feature(&inside, &around, Feature::Hair)
    };
    let eye = |indices: &[usize]| {
        let (inside, around) = ring(indices, (1.05, 1.2), (1.25, 2.6));
        view.feature(&inside, &around, Feature::Eye)
    };
    let (lips, around_lips) = ring(regions::LIPS, (1.0, 1.0), (1.2, 1.7));
    // What is never explained in full: stray hair, spectacles, shadows. From these shares on a part
    // counts as whole.
    let full = |seen: f32, share: f32| (seen / share).min(1.0);
    let visible = Visible {
        eyebrows: full(both(&brow, regions::EYEBROWS), 0.70),
        eyes: full(both(&eye, regions::EYES), 0.70),
        nose: full(view.mean(&plain(regions::NOSE), Feature::Shade), 0.90),
        cheeks: full(
            both(
                &|indices| view.mean(&plain(indices), Feature::Skin),
                regions::CHEEKS,
            ),
            0.90,
        ),
        mouth: full(view.feature(&lips, &around_lips, Feature::Lips), 0.90),
        chin: full(view.mean(&plain(regions::CHIN), Feature::Beard), 0.90),
    };
    let oval = plain(regions::OVAL);
    let face: Vec<usize> = oval
        .iter()
        .copied()
        .filter(|&i| cells[i].in_frame)
        .collect();
    let skin: Vec<usize> = face
        .iter()
        .copied()
        .filter(|&i| view.accept(i, Feature::Skin) > 0.5)
        .collect();
    Seen {
        visible,
        in_frame: inside_frame(chip),
        skin: pixels(&skin),
        face: pixels(&face),
    }
}

/// Share of the face's outline in the frame, from a coarse grid over its whole extent, which may
/// reach beyond the chip.
fn inside_frame(chip: &Chip) -> f32 {
    const STEPS: usize = 24;
    let outline = Outline::of(&chip.points, regions::OVAL, (1.0, 1.0));
    let (mut inside, mut all) = (0_usize, 0_usize);
    for p in outline.grid(STEPS) {
        all += 1;
        inside += usize::from(chip.in_frame(p));
    }
    inside as f32 / all.max(1) as f32
}

fn cells(chip: &Chip) -> Vec<Cell> {
    let rgb = chip.rgb.pixels().as_chunks::<3>().0;
    let cell = |index: usize| {
        let (x, y) = (index % GRID * CELL, index / GRID * CELL);
        let mut sum = [0.0_f32; 3];
        for j in 0..CELL {
            for i in 0..CELL {
                for (s, v) in sum.iter_mut().zip(rgb[(y + j) * SIDE + x + i]) {
                    *s += f32::from(v);
                }
            }
        }
        let [r, g, b] = sum.map(|s| s / (CELL * CELL) as f32 + DARK);
        Cell {
            light: (0.299 * r + 0.587 * g + 0.114 * b).ln(),
            colour: [(r / g).ln(), (b / g).ln()],
            in_frame: chip.in_frame(Point::new((x + 1) as f32, (y + 1) as f32)),
        }
    };
    (0..GRID * GRID).map(cell).collect()
}

/// Chip pixels of grid cells.
fn pixels(cells: &[usize]) -> Vec<usize> {
    let corner = |cell: &usize| (cell / GRID * CELL) * SIDE + cell % GRID * CELL;
    let mut pixels = Vec::with_capacity(cells.len() * CELL * CELL);
    for at in cells.iter().map(corner) {
        pixels.extend((0..CELL * CELL).map(|i| at + i / CELL * SIDE + i % CELL));
    }
    pixels
}

/// Cells of the areas that are skin in a bare face. Masks, hands and scarves come from below, so
/// only the upper ones say what skin looks like; the lower ones help where they agree.
struct SkinAreas {
    upper: Vec<Vec<usize>>,
    lower: Vec<Vec<usize>>,
}

/// The colour and lighting of one face's skin.
struct Skin {
    colour: [f32; 2],
    /// How far a colour may lie from it.
    spread: f32,
    /// Light over the grid: `light[0] + light[1]·x + light[2]·y`, x and y in `-1..=1`.
    light: [f32; 3],
}

/// Least and largest tolerance of colour.
const COLOUR: (f32, f32) = (0.07, 0.13);

/// How much brighter or darker than the fitted light skin may be, as logarithms: full and no
/// credit. A highlight is up to 1.5 times as bright; folds and cast shadows fall to 0.5.
const BRIGHTER: (f32, f32) = (0.40, 0.70);
const DARKER: (f32, f32) = (0.65, 1.05);

impl Skin {
    fn of(cells: &[Cell], areas: &SkinAreas) -> Self {
        let medians: Vec<[f32; 3]> = areas
            .upper
            .iter()
            .filter_map(|area| median(cells, area))
            .collect();
        // The area that most others agree with. Distances are capped, so that however far an
        // occluder lies from skin, it counts once.
        let distance = |a: &[f32; 3], b: &[f32; 3]| {
            let colour = (a[1] - b[1]).hypot(a[2] - b[2]) / COLOUR.1;
            colour.hypot((a[0] - b[0]) / DARKER.0).min(2.0)
        };
        let cost = |a: &[f32; 3]| {
            let others: f32 = medians.iter().map(|b| distance(a, b)).sum();
            others + implausible([a[1], a[2]])
        };
        let reference = medians
            .iter()
            .min_by(|a, b| cost(a).total_cmp(&cost(b)))
            .copied()
            .unwrap_or_default();
        let mut skin = Self {
            colour: [reference[1], reference[2]],
            spread: COLOUR.1,
            light: [reference[0], 0.0, 0.0],
        };
        let all: Vec<usize> = areas
            .upper
            .iter()
            .chain(&areas.lower)
            .flatten()
            .copied()
            .filter(|&i| cells[i].in_frame)
            .collect();
        for _ in 0..3 {
            skin.refit(cells, &all);
        }
        skin
    }

    /// Colour, spread and lighting from the cells that fit the present ones.
    fn refit(&mut self, cells: &[Cell], all: &[usize]) {
        let fitting: Vec<usize> = all
            .iter()
            .copied()
            .filter(|&i| self.accept(&cells[i], i) > 0.3)
            .collect();
        if fitting.len() < 40 {
            return;
        }
        let Some([_, u, w]) = median(cells, &fitting) else {
            return;
        };
        self.colour = [u, w];
        let mut off: Vec<f32> = fitting
            .iter()
            .map(|&i| self.off_colour(&cells[i]))
            .collect();
        off.sort_by(f32::total_cmp);
        // Nine tenths of skin within full credit.
        self.spread = off[off.len() * 9 / 10].clamp(COLOUR.0, COLOUR.1);
        if let Some(light) = plane(cells, &fitting) {
            self.light = light;
        }
    }

    fn off_colour(&self, cell: &Cell) -> f32 {
        (cell.colour[0] - self.colour[0]).hypot(cell.colour[1] - self.colour[1])
    }

    /// How much brighter than expected, as a logarithm.
    fn brighter(&self, cell: &Cell, index: usize) -> f32 {
        let (x, y) = place(index);
        cell.light - (self.light[0] + self.light[1] * x + self.light[2] * y)
    }

    fn accept(&self, cell: &Cell, index: usize) -> f32 {
        let brighter = self.brighter(cell, index);
        fall(self.off_colour(cell), self.spread, 1.8 * self.spread)
            * fall(brighter, BRIGHTER.0, BRIGHTER.1)
            * fall(-brighter, DARKER.0, DARKER.1)
    }
}

/// What a cell may be beside skin.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Feature {
    /// Nothing.
    Skin,
    /// The dark of an eyebrow.
    Hair,
    /// White, iris, lashes.
    Eye,
    /// Redder than skin; teeth and the dark between the lips.
    Lips,
    /// Stubble and beard.
    Beard,
    /// Deep shade, as around the eyes.
    Shade,
}

struct View<'a> {
    cells: &'a [Cell],
    skin: Skin,
}

impl View<'_> {
    fn accept(&self, index: usize, feature: Feature) -> f32 {
        let cell = &self.cells[index];
        if !cell.in_frame {
            return 0.0;
        }
        let skin = self.skin.accept(cell, index);
        let brighter = self.skin.brighter(cell, index);
        // Hair, whites and teeth lie between skin and grey.
        let greyish = {
            let [u, w] = self.skin.colour;
            let along = (cell.colour[0] * u + cell.colour[1] * w) / (u * u + w * w).max(1e-3);
            let share = along.clamp(0.0, 1.2);
            let off = (cell.colour[0] - share * u).hypot(cell.colour[1] - share * w);
            fall(off, self.skin.spread, 2.0 * self.skin.spread)
        };
        // Skin in the shade of brow, lashes or frames.
        let dark = fall(
            self.skin.off_colour(cell),
            1.3 * self.skin.spread,
            2.2 * self.skin.spread,
        ) * fall(brighter, BRIGHTER.0, BRIGHTER.1)
            * fall(-brighter, 1.1, 1.5);
        match feature {
            Feature::Skin => skin,
            Feature::Hair => skin.max(dark).max(greyish * fall(brighter, -0.4, -0.15)),
            Feature::Shade => skin.max(dark),
            Feature::Eye => skin.max(greyish * fall(brighter, 0.5, 0.8)),
            Feature::Lips => {
                let redder = cell.colour[0] - self.skin.colour[0];
                let red = fall(-redder, 0.05, 0.15)
                    * fall(redder, 0.5, 0.7)
                    * fall(brighter, 0.3, 0.6)
                    * fall(-brighter, 1.2, 1.6);
                let bluer = (cell.colour[1] - self.skin.colour[1]).abs();
                let red = red * fall(bluer, 0.3, 0.5);
                skin.max(red).max(greyish * fall(brighter, 0.5, 0.8))
            }
            Feature::Beard => {
                let stubble = greyish * fall(brighter, -0.1, 0.1) * fall(-brighter, 1.2, 1.5);
                skin.max(stubble * self.texture(index))
            }
        }
    }

    /// Whether light changes from cell to cell, as hair does and cloth or a hand does less; `0..=1`.
    fn texture(&self, index: usize) -> f32 {
        let neighbours = [
            index.saturating_sub(1),
            (index + 1).min(GRID * GRID - 1),
            index.saturating_sub(GRID),
            (index + GRID).min(GRID * GRID - 1),
        ];
        let here = self.cells[index].light;
        let change: f32 = neighbours
            .iter()
            .map(|&i| (self.cells[i].light - here).abs())
            .sum();
        1.0 - fall(change / 4.0, 0.01, 0.04)
    }

    /// Mean credit of the cells of a part; a part without cells cannot be seen.
    fn mean(&self, cells: &[usize], feature: Feature) -> f32 {
        let sum: f32 = cells.iter().map(|&i| self.accept(i, feature)).sum();
        sum / cells.len().max(1) as f32
    }

    /// A feature and the skin around it. The feature itself may have many looks, so it counts
    /// only as far as the skin around it can be seen.
    fn feature(&self, inside: &[usize], around: &[usize], feature: Feature) -> f32 {
        let ring_feature = match feature {
            Feature::Lips => Feature::Beard,
            _ => Feature::Shade,
        };
        let around = self.mean(around, ring_feature);
        let inside = self.mean(inside, feature);
        around * (0.5 + 0.5 * inside)
    }
}

/// 1 up to `full`, 0 from `none` on, linear between.
fn fall(x: f32, full: f32, none: f32) -> f32 {
    ((none - x) / (none - full)).clamp(0.0, 1.0)
}

/// How unlike any skin a colour is: a cost in units of disagreeing areas. Skin of every complexion
/// is redder than green and less blue (Störring, Computer vision and human skin colour, 2004); grey
/// pictures have no colour at all and pay a little, all alike.
fn implausible([u, w]: [f32; 2]) -> f32 {
    let outside = |x: f32, low: f32, high: f32| (low - x).max(x - high).max(0.0);
    let off = outside(u, 0.06, 0.75).hypot(outside(w, -0.9, -0.03));
    (off / 0.025).min(4.0)
}

/// Medians of light and both colours; `None` with too few cells in the frame.
fn median(cells: &[Cell], area: &[usize]) -> Option<[f32; 3]> {
    let seen: Vec<&Cell> = area
        .iter()
        .map(|&i| &cells[i])
        .filter(|c| c.in_frame)
        .collect();
    if seen.len() < 8 {
        return None;
    }
    let of = |value: &dyn Fn(&Cell) -> f32| {
        let mut values: Vec<f32> = seen.iter().map(|cell| value(cell)).collect();
        let middle = values.len() / 2;
        *values.select_nth_unstable_by(middle, f32::total_cmp).1
    };
    Some([of(&|c| c.light), of(&|c| c.colour[0]), of(&|c| c.colour[1])])
}

/// A cell's place in `-1..=1`.
fn place(index: usize) -> (f32, f32) {
    let at = |i: usize| (i as f32 + 0.5) / GRID as f32 * 2.0 - 1.0;
    (at(index % GRID), at(index / GRID))
}

/// Least-squares plane through the light of cells, by Cramer's rule; `None` where they lie in a line.
fn plane(cells: &[Cell], fitting: &[usize]) -> Option<[f32; 3]> {
    let (mut a, mut b) = ([[0.0_f64; 3]; 3], [0.0_f64; 3]);
    for &i in fitting {
        let (x, y) = place(i);
        let row = [1.0, f64::from(x), f64::from(y)];
        for (j, v) in row.iter().enumerate() {
            for (k, w) in row.iter().enumerate() {
                a[j][k] += v * w;
            }
            b[j] += v * f64::from(cells[i].light);
        }
    }
    let det = |m: &[[f64; 3]; 3]| {
        m[0][0] * (m[1][1] * m[2][2] - m[1][2] * m[2][1])
            - m[0][1] * (m[1][0] * m[2][2] - m[1][2] * m[2][0])
            + m[0][2] * (m[1][0] * m[2][1] - m[1][1] * m[2][0])
    };
    let whole = det(&a);
    let scale = (a[0][0] * a[1][1] * a[2][2]).abs();
    if whole.is_nan() || whole.abs() < 1e-6 * scale {
        return None;
    }
    Some([0, 1, 2].map(|column| {
        let mut replaced = a;
        for (row, b) in replaced.iter_mut().zip(b) {
            row[column] = b;
        }
        (det(&replaced) / whole) as f32
    }))
}
