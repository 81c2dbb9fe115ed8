use super::Point;

/// A map of the plane: `x' = xx·x + xy·y + x0`, `y' = yx·x + yy·y + y0`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Affine2 {
    rows: [[f32; 3]; 2],
}

impl Affine2 {
    /// Leaves every point where it is.
    pub const IDENTITY: Self = Self::from_rows([1.0, 0.0, 0.0], [0.0, 1.0, 0.0]);

    /// From the two rows of its matrix.
    #[must_use]
    pub const fn from_rows(x: [f32; 3], y: [f32; 3]) -> Self {
        Self { rows: [x, y] }
    }

    /// The two rows of its matrix.
    #[must_use]
    pub const fn rows(&self) -> [[f32; 3]; 2] {
        self.rows
    }

    /// The image of a point.
    #[must_use]
    pub fn apply(&self, p: Point) -> Point {
        let [x, y] = self.rows;
        Point::new(
            x[0] * p.x + x[1] * p.y + x[2],
            y[0] * p.x + y[1] * p.y + y[2],
        )
    }

    /// The map that does `first` and then `self`.
    #[must_use]
    pub fn after(&self, first: &Self) -> Self {
        let row = |r: [f32; 3]| {
            let [a, b] = first.rows;
            [
                r[0] * a[0] + r[1] * b[0],
                r[0] * a[1] + r[1] * b[1],
                r[0] * a[2] + r[1] * b[2] + r[2],
            ]
        };
        Self::from_rows(row(self.rows[0]), row(self.rows[1]))
    }

    /// The map that undoes this one; `None` when it flattens the plane.
    #[must_use]
    pub fn inverse(&self) -> Option<Self> {
        let [[a, b, c], [d, e, f]] = self.rows;
        let det = a * e - b * d;
        if !det.is_normal() {
            return None;
        }
        let (ia, ib, id, ie) = (e / det, -b / det, -d / det, a / det);
        Some(Self::from_rows(
            [ia, ib, -(ia * c + ib * f)],
            [id, ie, -(id * c + ie * f)],
        ))
    }

    /// How many times longer the map makes a length, as the root of the area factor.
    #[must_use]
    pub fn scale(&self) -> f32 {
        let [[a, b, _], [d, e, _]] = self.rows;
        (a * e - b * d).abs().sqrt()
    }
}

/// A turn, an even scaling and a shift; never a reflection.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Similarity2 {
    cos: f32,
    sin: f32,
    shift: Point,
}

impl Similarity2 {
    /// Turns by `radians` (clockwise on the screen, as y points down), scales, then shifts.
    #[must_use]
    pub fn new(scale: f32, radians: f32, shift: Point) -> Self {
        Self {
            cos: scale * radians.cos(),
            sin: scale * radians.sin(),
            shift,
        }
    }

    /// The least-squares similarity that brings `from` onto `to`.
    ///
    /// The closed form of Umeyama (IEEE PAMI 13(4), 1991) for the plane without reflection; sums
    /// are taken in f64. `None` when the points coincide, are fewer than two, or are not finite.
    #[must_use]
    pub fn estimate(from: &[Point], to: &[Point]) -> Option<Self> {
        if from.len() != to.len() || from.len() < 2 {
            return None;
        }
        let (from_mean, to_mean) = (mean(from), mean(to));
        let (mut dot, mut cross, mut spread) = (0.0_f64, 0.0_f64, 0.0_f64);
        for (f, t) in from.iter().zip(to) {
            let (fx, fy) = (f64::from(f.x) - from_mean.0, f64::from(f.y) - from_mean.1);
            let (tx, ty) = (f64::from(t.x) - to_mean.0, f64::from(t.y) - to_mean.1);
            dot += fx * tx + fy * ty;
            cross += fx * ty - fy * tx;
            spread += fx * fx + fy * fy;
        }
        let (cos, sin) = (dot / spread, cross / spread);
        if !(cos.hypot(sin).is_normal() && spread.is_normal()) {
            return None;
        }
        let shift = Point::new(
            (to_mean.0 - cos * from_mean.0 + sin * from_mean.1) as f32,
            (to_mean.1 - sin * from_mean.0 - cos * from_mean.1) as f32,
        );
        Some(Self {
            cos: cos as f32,
            sin: sin as f32,
            shift,
        })
    }

    /// The image of a point.
    #[must_use]
    pub fn apply(&self, p: Point) -> Point {
        self.to_affine().apply(p)
    }

    /// The same map as a matrix.
    #[must_use]
    pub fn to_affine(&self) -> Affine2 {
        Affine2::from_rows(
            [self.cos, -self.sin, self.shift.x],
            [self.sin, self.cos, self.shift.y],
        )
    }

    /// Root mean square distance between the images of `from` and `to`, in the unit of `to`.
    #[must_use]
    pub fn residual(&self, from: &[Point], to: &[Point]) -> f32 {
        let sum: f32 = from
            .iter()
            .zip(to)
            .map(|(f, t)| self.apply(*f).distance(*t).powi(2))
            .sum();
        (sum / from.len().max(1) as f32).sqrt()
    }
}

fn mean(points: &[Point]) -> (f64, f64) {
    let n = points.len() as f64;
    let (x, y) = points.iter().fold((0.0, 0.0), |(x, y), p| {
        (x + f64::from(p.x), y + f64::from(p.y))
    });
    (x / n, y / n)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const FACE: [Point; 5] = [
        Point::new(38.0, 52.0),
        Point::new(74.0, 51.0),
        Point::new(56.0, 72.0),
        Point::new(42.0, 92.0),
        Point::new(71.0, 92.0),
    ];

    proptest! {
        #[test]
        fn estimate_recovers_the_similarity(
            scale in 0.05_f32..20.0, angle in -3.1_f32..3.1, x in -500.0_f32..500.0, y in -500.0_f32..500.0,
        ) {
            let truth = Similarity2::new(scale, angle, Point::new(x, y));
            let to = FACE.map(|p| truth.apply(p));
            let found = Similarity2::estimate(&FACE, &to).expect("a face spans the plane");
            prop_assert!(found.residual(&FACE, &to) < 1e-3 * (1.0 + scale));
        }

        #[test]
        fn inverse_undoes(scale in 0.05_f32..20.0, angle in -3.1_f32..3.1, x in -500.0_f32..500.0) {
            let map = Similarity2::new(scale, angle, Point::new(x, -x)).to_affine();
            let back = map.inverse().expect("a similarity is invertible").after(&map);
            for p in FACE {
                prop_assert!(back.apply(p).distance(p) < 2e-2);
            }
            prop_assert!((map.scale() - scale).abs() < 1e-3 * scale);
        }
    }

    #[test]
    fn estimate_is_least_squares() {
        // Moving any parameter away from the estimate must not lower the residual.
        let to = [(0.0, 1.0), (2.0, 0.3), (1.0, 1.5), (0.2, 2.5), (2.1, 2.0)]
            .map(|(x, y)| Point::new(x, y));
        let best = Similarity2::estimate(&FACE, &to).expect("estimate");
        let floor = best.residual(&FACE, &to);
        for (cos, sin, x, y) in [
            (1e-3, 0.0, 0.0, 0.0),
            (0.0, 1e-3, 0.0, 0.0),
            (0.0, 0.0, 0.05, 0.0),
            (0.0, 0.0, 0.0, 0.05),
        ] {
            for sign in [-1.0, 1.0] {
                let moved = Similarity2 {
                    cos: best.cos + sign * cos,
                    sin: best.sin + sign * sin,
                    shift: Point::new(best.shift.x + sign * x, best.shift.y + sign * y),
                };
                assert!(moved.residual(&FACE, &to) >= floor);
            }
        }
    }

    #[test]
    fn degenerate_points_have_no_similarity() {
        let same = [Point::new(1.0, 1.0); 5];
        assert_eq!(Similarity2::estimate(&same, &FACE), None);
        assert_eq!(Similarity2::estimate(&FACE[..1], &FACE[..1]), None);
        let broken = [Point::new(f32::NAN, 0.0); 5];
        assert_eq!(Similarity2::estimate(&broken, &FACE), None);
        assert_eq!(
            Affine2::from_rows([1.0, 1.0, 0.0], [1.0, 1.0, 0.0]).inverse(),
            None
        );
    }
}
