//! The parts of a face as outlines of mesh points.

use crate::geom::Point;

/// Mesh indices around each part: first the one on the left of the picture.
pub(super) const EYEBROWS: [&[usize]; 2] = [
    &[70, 63, 105, 66, 107, 55, 65, 52, 53, 46],
    &[300, 293, 334, 296, 336, 285, 295, 282, 283, 276],
];
pub(super) const EYES: [&[usize]; 2] = [
    &[
        33, 246, 161, 160, 159, 158, 157, 173, 133, 155, 154, 153, 145, 144, 163, 7,
    ],
    &[
        263, 466, 388, 387, 386, 385, 384, 398, 362, 382, 381, 380, 374, 373, 390, 249,
    ],
];
pub(super) const NOSE: &[usize] = &[6, 129, 358, 98, 327, 2, 64, 294, 48, 278, 197];
pub(super) const CHEEKS: [&[usize]; 2] = [
    &[116, 117, 118, 119, 100, 142, 203, 206, 207, 187, 147, 123],
    &[345, 346, 347, 348, 329, 371, 423, 426, 427, 411, 376, 352],
];
pub(super) const UNDER_EYES: [&[usize]; 2] = [
    &[228, 229, 230, 231, 232, 117, 118, 119, 120],
    &[448, 449, 450, 451, 452, 346, 347, 348, 349],
];
pub(super) const LIPS: &[usize] = &[
    61, 185, 40, 39, 37, 0, 267, 269, 270, 409, 291, 375, 321, 405, 314, 17, 84, 181, 91, 146,
];
pub(super) const CHIN: &[usize] = &[
    18, 83, 313, 182, 406, 32, 262, 140, 369, 171, 396, 175, 152, 148, 377, 200, 208, 428, 199,
];
pub(super) const FOREHEAD: &[usize] = &[151, 108, 337, 69, 299, 107, 336, 9, 66, 296];
pub(super) const BRIDGE: &[usize] = &[168, 6, 193, 417, 122, 351, 197, 9, 55, 285];
pub(super) const OVAL: &[usize] = &[
    10, 338, 297, 332, 284, 251, 389, 356, 454, 323, 361, 288, 397, 365, 379, 378, 400, 377, 152,
    148, 176, 149, 150, 136, 172, 58, 132, 93, 234, 127, 162, 21, 54, 103, 67, 109,
];

/// A convex outline.
#[derive(Clone, Debug)]
pub(super) struct Outline {
    /// Corners, counter-clockwise where y points up.
    corners: Vec<Point>,
}

impl Outline {
    /// The convex hull of some mesh points (Andrew's monotone chain), stretched about its middle.
    /// A hull has no holes and no folds, however much the head is turned.
    pub(super) fn of(points: &[Point], indices: &[usize], stretch: (f32, f32)) -> Self {
        let mut sorted: Vec<Point> = indices.iter().map(|&i| points[i]).collect();
        sorted.sort_by(|a, b| a.x.total_cmp(&b.x).then(a.y.total_cmp(&b.y)));
        let mut hull: Vec<Point> = Vec::new();
        for pass in 0..2 {
            let start = hull.len();
            let mut add = |p: Point| {
                while hull.len() >= start + 2
                    && cross(hull[hull.len() - 2], hull[hull.len() - 1], p) <= 0.0
                {
                    hull.pop();
                }
                hull.push(p);
            };
            if pass == 0 {
                sorted.iter().for_each(|&p| add(p));
            } else {
                sorted.iter().rev().for_each(|&p| add(p));
            }
            hull.pop();
        }
        let n = hull.len().max(1) as f32;
        let middle = Point::new(
            hull.iter().map(|p| p.x).sum::<f32>() / n,
            hull.iter().map(|p| p.y).sum::<f32>() / n,
        );
        let corners = hull.iter().map(|p| {
            Point::new(
                middle.x + (p.x - middle.x) * stretch.0,
                middle.y + (p.y - middle.y) * stretch.1,
            )
        });
        Self {
            corners: corners.collect(),
        }
    }

    pub(super) fn corners(self) -> Vec<Point> {
        self.corners
    }

    pub(super) fn contains(&self, p: Point) -> bool {
        let n = self.corners.len();
        n >= 3 && (0..n).all(|i| cross(self.corners[i], self.corners[(i + 1) % n], p) >= 0.0)
    }

    /// Points of a grid of `steps × steps` over its extent that it holds.
    pub(super) fn grid(&self, steps: usize) -> Vec<Point> {
        let (left, top, right, bottom) = self.bounds();
        let at =
            |low: f32, high: f32, i: usize| low + (high - low) * (i as f32 + 0.5) / steps as f32;
        (0..steps * steps)
            .map(|i| Point::new(at(left, right, i % steps), at(top, bottom, i / steps)))
            .filter(|&p| self.contains(p))
            .collect()
    }

    /// Left, top, right, bottom.
    fn bounds(&self) -> (f32, f32, f32, f32) {
        self.corners.iter().fold(
            (f32::MAX, f32::MAX, f32::MIN, f32::MIN),
            |(l, t, r, b), p| (l.min(p.x), t.min(p.y), r.max(p.x), b.max(p.y)),
        )
    }

    /// Cells of a square grid of `side` cells, each `cell` pixels wide, whose centre it holds.
    pub(super) fn cells(&self, side: usize, cell: f32) -> Vec<usize> {
        let (left, top, right, bottom) = self.bounds();
        let range = |low: f32, high: f32| {
            // What is no number or far outside saturates to an empty or a whole range.
            let first = (low / cell).floor().max(0.0) as usize;
            first.min(side)..((high / cell).ceil().max(0.0) as usize).min(side)
        };
        let mut cells = Vec::new();
        for y in range(top, bottom) {
            for x in range(left, right) {
                let centre = Point::new((x as f32 + 0.5) * cell, (y as f32 + 0.5) * cell);
                if self.contains(centre) {
                    cells.push(y * side + x);
                }
            }
        }
        cells
    }
}

/// Positive when `c` lies to the left of the way from `a` to `b`, y pointing up.
fn cross(a: Point, b: Point, c: Point) -> f32 {
    (b.x - a.x) * (c.y - a.y) - (b.y - a.y) * (c.x - a.x)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hull_holds_what_lies_in_it() {
        let points: Vec<Point> = [(0.0, 0.0), (8.0, 0.0), (8.0, 8.0), (0.0, 8.0), (4.0, 4.0)]
            .map(|(x, y)| Point::new(x, y))
            .to_vec();
        let square = Outline::of(&points, &[4, 2, 0, 3, 1], (1.0, 1.0));
        assert_eq!(square.corners.len(), 4);
        assert!(square.contains(Point::new(1.0, 7.0)) && !square.contains(Point::new(9.0, 1.0)));
        assert_eq!(square.cells(10, 1.0).len(), 64);
        let flat = Outline::of(&points, &[0, 1, 2, 3], (1.0, 0.5));
        assert_eq!(flat.cells(10, 1.0).len(), 32);
    }

    #[test]
    fn nonsense_holds_nothing() {
        for bad in [f32::NAN, f32::INFINITY, 1e30] {
            let points = [
                Point::new(bad, 0.0),
                Point::new(1.0, bad),
                Point::new(0.0, 0.0),
            ];
            let outline = Outline::of(&points, &[0, 1, 2], (1.0, 1.0));
            assert!(outline.cells(10, 1.0).len() <= 100);
        }
        let line = [
            Point::new(0.0, 0.0),
            Point::new(5.0, 5.0),
            Point::new(9.0, 9.0),
        ];
        assert!(
            Outline::of(&line, &[0, 1, 2], (1.0, 1.0))
                .cells(10, 1.0)
                .is_empty()
        );
    }
}
