//! Least squares over a relief.

/// A point of a relief: across, down, height, in millimetres.
pub(super) type Sample = [f32; 3];

/// The quadric `a + b·u + c·v + d·u² + e·u·v + f·v²` over scaled coordinates, or its plane.
pub(super) struct Surface {
    coefficients: [f64; 6],
}

/// Coordinates are divided by this, so that their powers stay near 1.
const SCALE: f64 = 50.0;

fn terms([u, v, _]: &Sample) -> [f64; 6] {
    let (u, v) = (f64::from(*u) / SCALE, f64::from(*v) / SCALE);
    [1.0, u, v, u * u, u * v, v * v]
}

impl Surface {
    /// The least-squares plane; `None` when the points do not span one.
    pub(super) fn plane(samples: &[Sample]) -> Option<Self> {
        Self::fit::<3>(samples)
    }

    /// The least-squares quadric; `None` when the points do not determine one.
    pub(super) fn quadric(samples: &[Sample]) -> Option<Self> {
        Self::fit::<6>(samples)
    }

    fn fit<const N: usize>(samples: &[Sample]) -> Option<Self> {
        let mut rows = [[0.0; 7]; N];
        for sample in samples {
            let terms = terms(sample);
            for (row, a) in rows.iter_mut().zip(terms) {
                for (cell, b) in row.iter_mut().zip(&terms[..N]) {
                    *cell += a * b;
                }
                row[6] += a * f64::from(sample[2]);
            }
        }
        let mut coefficients = [0.0; 6];
        coefficients[..N].copy_from_slice(&solve(rows)?);
        Some(Self { coefficients })
    }

    fn height(&self, sample: &Sample) -> f64 {
        let terms = terms(sample);
        terms
            .iter()
            .zip(self.coefficients)
            .map(|(t, c)| t * c)
            .sum()
    }

    /// How far a sample lies over the surface, along the height.
    pub(super) fn over(&self, sample: &Sample) -> f32 {
        (f64::from(sample[2]) - self.height(sample)) as f32
    }

    /// Root mean square distance of the samples from the surface, along the height.
    pub(super) fn residual(&self, samples: &[Sample]) -> f32 {
        let squares = samples
            .iter()
            .map(|s| (f64::from(s[2]) - self.height(s)).powi(2));
        (squares.sum::<f64>() / samples.len().max(1) as f64).sqrt() as f32
    }
}

/// Gauss's elimination with pivots; the right side is in column 6.
fn solve<const N: usize>(mut rows: [[f64; 7]; N]) -> Option<[f64; N]> {
    let size = rows
        .iter()
        .flatten()
        .fold(0.0_f64, |most, v| most.max(v.abs()));
    for i in 0..N {
        let pivot = (i..N).max_by(|a, b| rows[*a][i].abs().total_cmp(&rows[*b][i].abs()))?;
        rows.swap(i, pivot);
        let (done, rest) = rows.split_at_mut(i + 1);
        let pivot = &done[i];
        if !pivot[i].is_finite() || pivot[i].abs() <= size * 1e-12 {
            return None;
        }
        for row in rest {
            let factor = row[i] / pivot[i];
            for (cell, above) in row[i..].iter_mut().zip(&pivot[i..]) {
                *cell -= factor * above;
            }
        }
    }
    let mut solution = [0.0; N];
    for i in (0..N).rev() {
        let known: f64 = (i + 1..N).map(|k| rows[i][k] * solution[k]).sum();
        solution[i] = (rows[i][6] - known) / rows[i][i];
    }
    Some(solution)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn grid(height: impl Fn(f32, f32) -> f32) -> Vec<Sample> {
        let at = |i: i32, j: i32| (i as f32 * 4.0 - 40.0, j as f32 * 5.0 - 50.0);
        (0..21)
            .flat_map(|i| (0..21).map(move |j| at(i, j)))
            .map(|(u, v)| [u, v, height(u, v)])
            .collect()
    }

    #[test]
    fn planes_and_quadrics_are_found_exactly() {
        let plane = grid(|u, v| 3.0 + 0.2 * u - 0.1 * v);
        assert!(Surface::plane(&plane).expect("spanned").residual(&plane) < 1e-4);
        let quadric = grid(|u, v| 1.0 - 0.1 * v + 0.004 * u * u - 0.002 * u * v + 0.003 * v * v);
        assert!(
            Surface::quadric(&quadric)
                .expect("determined")
                .residual(&quadric)
                < 1e-4
        );
        assert!(
            Surface::plane(&quadric)
                .expect("spanned")
                .residual(&quadric)
                > 1.0
        );
    }

    #[test]
    fn a_wave_of_known_size_remains() {
        let wave = grid(|u, _| if (u / 4.0) as i32 % 2 == 0 { 1.0 } else { -1.0 });
        let left = Surface::plane(&wave).expect("spanned").residual(&wave);
        assert!((left - 1.0).abs() < 0.02, "{left}");
    }

    #[test]
    fn too_few_points_and_broken_ones_have_no_surface() {
        assert!(Surface::plane(&[[0.0; 3]; 9]).is_none());
        assert!(Surface::plane(&[]).is_none());
        let line: Vec<Sample> = (0..9).map(|i| [i as f32, i as f32, 0.0]).collect();
        assert!(Surface::plane(&line).is_none());
        assert!(Surface::quadric(&grid(|_, _| 0.0)[..21]).is_none());
        let mut broken = grid(|_, _| 0.0);
        broken[3][0] = f32::NAN;
        assert!(Surface::plane(&broken).is_none());
    }
}
