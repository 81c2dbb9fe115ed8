//! From mesh points to the pose of the head.

mod head;

use crate::geom::{Point, Pose};
use head::HEAD;

/// Rounds of reweighting; the weights of a face settle in three.
const ROUNDS: usize = 4;

/// Distances up to this, in eye distances, count in full; beyond it, linearly less (Huber).
const INLIER: f64 = 0.06;

/// Least distance of the eyes in pixels; points closer together coincide but for rounding.
const LEAST_SCALE: f64 = 1e-2;

/// A head fitted to a mesh.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct FittedHead {
    /// How it is turned.
    pub pose: Pose,
    /// Distance of its eye centres in pixels, as if it looked straight into the camera.
    pub eye_distance_px: f32,
    /// Where the middle between its eyes lies, in pixels of the picture.
    pub between_eyes: Point,
    /// Root mean square distance of the points from the fitted head, in eye distances: large for
    /// a wrong mesh.
    pub residual: f32,
}

/// Fits the mean head to the points of a 468-point mesh in pixels of the upright picture (y down)
/// with their depths (smaller is nearer).
///
/// A similarity in space by Horn's unit quaternions (J. Opt. Soc. Am. A 4(4), 1987), repeated with
/// Huber weights so that a few wrong points do not turn the head. `None` when the points are too
/// few, not finite, or coincide.
#[must_use]
pub fn fit(points: &[Point], depth: &[f32]) -> Option<FittedHead> {
    let seen: Option<Vec<[f64; 3]>> = HEAD
        .iter()
        .map(|&(index, _)| {
            let (p, z) = (points.get(index)?, depth.get(index)?);
            let seen = [f64::from(p.x), -f64::from(p.y), -f64::from(*z)];
            seen.iter().all(|v| v.is_finite()).then_some(seen)
        })
        .collect();
    let seen = seen?;
    let mut weights = [1.0; HEAD.len()];
    let mut fitted = Similarity3::estimate(&seen, &weights)?;
    for _ in 1..ROUNDS {
        for ((weight, seen), (_, model)) in weights.iter_mut().zip(&seen).zip(&HEAD) {
            let distance = fitted.distance(model, seen) / fitted.scale;
            *weight = if distance > INLIER {
                INLIER / distance
            } else {
                1.0
            };
        }
        fitted = Similarity3::estimate(&seen, &weights)?;
    }
    let squares: f64 = seen
        .iter()
        .zip(&HEAD)
        .map(|(seen, (_, model))| (fitted.distance(model, seen) / fitted.scale).powi(2))
        .sum();
    Some(FittedHead {
        pose: Pose::from_matrix(&fitted.rotation),
        eye_distance_px: fitted.scale as f32,
        between_eyes: Point::new(fitted.shift[0] as f32, -fitted.shift[1] as f32),
        residual: (squares / HEAD.len() as f64).sqrt() as f32,
    })
}

/// `seen = scale · rotation · model + shift`.
struct Similarity3 {
    rotation: [[f64; 3]; 3],
    scale: f64,
    shift: [f64; 3],
}

impl Similarity3 {
    fn estimate(seen: &[[f64; 3]], weights: &[f64; HEAD.len()]) -> Option<Self> {
        let total: f64 = weights.iter().sum();
        let mean = |of: &dyn Fn(usize) -> [f64; 3]| {
            let mut sum = [0.0; 3];
            for (i, weight) in weights.iter().enumerate() {
                for (s, v) in sum.iter_mut().zip(of(i)) {
                    *s += weight * v / total;
                }
            }
            sum
        };
        let (model_mean, seen_mean) = (mean(&|i| HEAD[i].1), mean(&|i| seen[i]));
        let mut m = [[0.0; 3]; 3];
        let mut spread = 0.0;
        for (i, weight) in weights.iter().enumerate() {
            let a = minus(HEAD[i].1, model_mean);
            let b = minus(seen[i], seen_mean);
            for (row, a) in m.iter_mut().zip(a) {
                for (cell, b) in row.iter_mut().zip(b) {
                    *cell += weight * a * b;
                }
            }
            spread += weight * dot(a, a);
        }
        let rotation = rotation_of(quaternion(&m)?);
        let along: f64 = weights
            .iter()
            .enumerate()
            .map(|(i, weight)| {
                let turned = times(&rotation, minus(HEAD[i].1, model_mean));
                weight * dot(turned, minus(seen[i], seen_mean))
            })
            .sum();
        let scale = along / spread;
        if !scale.is_finite() || scale < LEAST_SCALE {
            return None;
        }
        let moved = times(&rotation, model_mean).map(|v| v * scale);
        Some(Self {
            rotation,
            scale,
            shift: minus(seen_mean, moved),
        })
    }

    fn distance(&self, model: &[f64; 3], seen: &[f64; 3]) -> f64 {
        let moved = times(&self.rotation, *model).map(|v| v * self.scale);
        let off = minus(minus(*seen, self.shift), moved);
        dot(off, off).sqrt()
    }
}

/// The unit quaternion of the best rotation for the correlation matrix `m` (model × seen): the
/// eigenvector of Horn's symmetric 4×4 matrix with the largest eigenvalue. `None` when that is
/// not finite.
fn quaternion(m: &[[f64; 3]; 3]) -> Option<[f64; 4]> {
    let [[xx, xy, xz], [yx, yy, yz], [zx, zy, zz]] = *m;
    let mut n = [
        [xx + yy + zz, yz - zy, zx - xz, xy - yx],
        [yz - zy, xx - yy - zz, xy + yx, zx + xz],
        [zx - xz, xy + yx, yy - xx - zz, yz + zy],
        [xy - yx, zx + xz, yz + zy, zz - xx - yy],
    ];
    let vectors = jacobi(&mut n);
    let best = (0..4).max_by(|&a, &b| n[a][a].total_cmp(&n[b][b]))?;
    let q = [0, 1, 2, 3].map(|row: usize| vectors[row][best]);
    q.iter().all(|v| v.is_finite()).then_some(q)
}

/// Brings a symmetric matrix to diagonal form by Jacobi's rotations and returns its eigenvectors
/// in columns. A 4×4 matrix is done in far fewer sweeps than the bound.
fn jacobi(n: &mut [[f64; 4]; 4]) -> [[f64; 4]; 4] {
    let mut vectors = [[0.0; 4]; 4];
    for (i, row) in vectors.iter_mut().enumerate() {
        row[i] = 1.0;
    }
    for _ in 0..24 {
        for p in 0..3 {
            for q in p + 1..4 {
                let off = n[p][q];
                if off.abs() < f64::MIN_POSITIVE {
                    continue;
                }
                let theta = (n[q][q] - n[p][p]) / (2.0 * off);
                let t = theta.signum() / (theta.abs() + theta.hypot(1.0));
                let c = 1.0 / t.hypot(1.0);
                let s = t * c;
                for row in n.iter_mut() {
                    (row[p], row[q]) = (c * row[p] - s * row[q], s * row[p] + c * row[q]);
                }
                let (row_p, row_q) = (n[p], n[q]);
                n[p] = std::array::from_fn(|k| c * row_p[k] - s * row_q[k]);
                n[q] = std::array::from_fn(|k| s * row_p[k] + c * row_q[k]);
                for row in &mut vectors {
                    (row[p], row[q]) = (c * row[p] - s * row[q], s * row[p] + c * row[q]);
                }
            }
        }
    }
    vectors
}

fn rotation_of([w, x, y, z]: [f64; 4]) -> [[f64; 3]; 3] {
    [
        [
            w * w + x * x - y * y - z * z,
            2.0 * (x * y - w * z),
            2.0 * (x * z + w * y),
        ],
        [
            2.0 * (x * y + w * z),
            w * w - x * x + y * y - z * z,
            2.0 * (y * z - w * x),
        ],
        [
            2.0 * (x * z - w * y),
            2.0 * (y * z + w * x),
            w * w - x * x - y * y + z * z,
        ],
    ]
}

fn times(m: &[[f64; 3]; 3], v: [f64; 3]) -> [f64; 3] {
    m.map(|row| dot(row, v))
}

fn minus(a: [f64; 3], b: [f64; 3]) -> [f64; 3] {
    [a[0] - b[0], a[1] - b[1], a[2] - b[2]]
}

fn dot(a: [f64; 3], b: [f64; 3]) -> f64 {
    a[0] * b[0] + a[1] * b[1] + a[2] * b[2]
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// The mean head itself, turned, scaled and moved, as a mesh network would give it.
    fn mesh(pose: Pose, scale: f64) -> (Vec<Point>, Vec<f32>) {
        let (mut points, mut depth) = (vec![Point::default(); 468], vec![0.0; 468]);
        for (index, model) in &HEAD {
            let p = times(&pose.matrix(), *model).map(|v| v * scale);
            points[*index] = Point::new(300.0 + p[0] as f32, 200.0 - p[1] as f32);
            depth[*index] = -p[2] as f32;
        }
        (points, depth)
    }

    proptest! {
        #[test]
        fn a_turned_head_gives_its_angles(
            yaw in -89.0_f32..89.0, pitch in -80.0_f32..80.0, roll in -179.0_f32..179.0, scale in 10.0_f64..500.0,
        ) {
            let pose = Pose { yaw, pitch, roll };
            let (points, depth) = mesh(pose, scale);
            let found = fit(&points, &depth).expect("a head");
            for (a, b) in [(found.pose.yaw, yaw), (found.pose.pitch, pitch), (found.pose.roll, roll)] {
                prop_assert!((a - b).abs() < 0.1, "{pose:?} {found:?}");
            }
            prop_assert!((f64::from(found.eye_distance_px) / scale - 1.0).abs() < 1e-3);
            prop_assert!(found.between_eyes.distance(Point::new(300.0, 200.0)) < 0.01 * scale as f32);
        }
    }

    #[test]
    fn a_few_wrong_points_hardly_turn_it() {
        let pose = Pose {
            yaw: 20.0,
            pitch: -10.0,
            roll: 5.0,
        };
        let (mut points, depth) = mesh(pose, 100.0);
        for (index, _) in HEAD.iter().take(4) {
            points[*index].x += 40.0;
        }
        let found = fit(&points, &depth).expect("a head").pose;
        assert!((found.yaw - 20.0).abs() < 3.0 && (found.pitch + 10.0).abs() < 3.0);
    }

    #[test]
    fn what_is_no_mesh_has_no_pose() {
        let (points, mut depth) = mesh(Pose::default(), 50.0);
        assert_eq!(fit(&points[..100], &depth), None);
        assert_eq!(fit(&vec![Point::new(3.0, 3.0); 468], &[0.0; 468]), None);
        depth[HEAD[0].0] = f32::NAN;
        assert_eq!(fit(&points, &depth), None);
    }
}
