//! Rates with two-sided intervals.

/// The 97.5 % quantile of the normal distribution: between it and its negative lie 95 %.
const NORMAL_95: f64 = 1.959_964;

/// A rate with its 95 % confidence interval; all three are shares from 0 to 1.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Rate {
    /// The rate itself.
    pub value: f64,
    /// The lower end of the interval.
    pub low: f64,
    /// The upper end of the interval.
    pub high: f64,
}

impl Rate {
    /// Wilson's score interval for `hits` of `total`.
    ///
    /// # Panics
    /// With a `total` of 0.
    #[must_use]
    pub fn wilson(hits: usize, total: usize) -> Self {
        let (n, z) = (total as f64, NORMAL_95);
        let p = hits as f64 / n;
        let centre = (p + z * z / (2.0 * n)) / (1.0 + z * z / n);
        let half = z / (1.0 + z * z / n) * (p * (1.0 - p) / n + z * z / (4.0 * n * n)).sqrt();
        // Rounding must not push the interval past its own estimate or the unit interval.
        Self {
            value: p,
            low: (centre - half).clamp(0.0, p),
            high: (centre + half).clamp(p, 1.0),
        }
    }

    /// The rate and its interval in percent, for people to read.
    #[must_use]
    pub fn percent(&self) -> String {
        format!(
            "{:.2} % ({:.2} to {:.2})",
            self.value * 100.0,
            self.low * 100.0,
            self.high * 100.0
        )
    }
}

/// The 97.5 % quantile of Student's t: exact to three decimals for up to 9 degrees of freedom, then
/// the expansion of Cornish and Fisher around the normal quantile.
///
/// # Panics
/// With no degree of freedom.
#[must_use]
pub fn student_quantile(degrees: usize) -> f64 {
    const T: [f64; 9] = [
        12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262,
    ];
    let (z, n) = (NORMAL_95, degrees as f64);
    let expansion = z
        + (z.powi(3) + z) / (4.0 * n)
        + (5.0 * z.powi(5) + 16.0 * z.powi(3) + 3.0 * z) / (96.0 * n * n);
    T.get(degrees - 1).copied().unwrap_or(expansion)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wilson_matches_published_values() {
        // 8 of 10: 0.4902 to 0.9433 (Brown, Cai, DasGupta 2001); 0 of 150 is not 0 %.
        let rate = Rate::wilson(8, 10);
        assert!(
            (rate.low - 0.4902).abs() < 1e-3 && (rate.high - 0.9433).abs() < 1e-3,
            "{rate:?}"
        );
        let none = Rate::wilson(0, 150);
        assert!(
            none.low == 0.0 && (none.high - 0.025).abs() < 1e-3,
            "{none:?}"
        );
    }

    #[test]
    fn student_matches_the_tables() {
        for (degrees, quantile) in [
            (1, 12.706),
            (9, 2.262),
            (10, 2.228),
            (30, 2.042),
            (99, 1.984),
        ] {
            assert!(
                (student_quantile(degrees) - quantile).abs() < 0.004,
                "{degrees}"
            );
        }
    }
}
