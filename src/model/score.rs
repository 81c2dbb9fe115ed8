//! The score scale: decibels of rarity among strangers.

use crate::config::OutOfRange;
use std::fmt;

/// A comparison score, `0..=100` where it comes from a curve: `10 + 10·log10(1/FMR)`.
///
/// Score 40 is reached by one impostor comparison in 1 000, 50 by one in 10 000, 60 by one in
/// 100 000. Adding 10 makes a false match ten times rarer.
#[derive(Clone, Copy, Debug, PartialEq, PartialOrd)]
pub struct Score(f64);

impl Score {
    /// Checks `0 <= value <= 100`.
    ///
    /// # Errors
    /// [`OutOfRange`] with the value.
    pub fn new(value: f64) -> Result<Self, OutOfRange> {
        if (0.0..=100.0).contains(&value) {
            return Ok(Self(value));
        }
        Err(OutOfRange {
            name: "score",
            value,
            range: "0 to 100",
        })
    }

    /// The score of a false match rate above 0. A rate that needs more than 100 is not clamped:
    /// no curve reaches it, so a decision at that rate is refused.
    #[must_use]
    pub fn from_fmr(fmr: f64) -> Self {
        Self(10.0 - 10.0 * fmr.log10())
    }

    /// The score that keeps the FPIR of a search among `enrolled` faces at `fpir`.
    ///
    /// The union bound `FPIR ≤ N·FMR`: `10 + 10·log10(N/FPIR)`.
    #[must_use]
    pub fn for_search(enrolled: usize, fpir: f64) -> Self {
        Self::from_fmr(fpir / enrolled.max(1) as f64)
    }

    /// A score read from a calibration curve.
    pub(super) fn from_curve(value: f64) -> Self {
        Self(value.clamp(0.0, 100.0))
    }

    /// The false match rate that belongs to the score.
    #[must_use]
    pub fn fmr(self) -> f64 {
        10_f64.powf((10.0 - self.0) / 10.0)
    }

    /// The number.
    #[must_use]
    pub fn get(self) -> f64 {
        self.0
    }
}

impl fmt::Display for Score {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:.1}", self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_documents_tables_follow_from_the_formula() {
        for (fmr, score) in [(1e-3, 40.0), (1e-4, 50.0), (1e-5, 60.0)] {
            assert!((Score::from_fmr(fmr).get() - score).abs() < 1e-9);
            assert!((Score::from_fmr(fmr).fmr() / fmr - 1.0).abs() < 1e-9);
        }
        // Search thresholds by gallery size, rounded to 5 as the documents print them.
        for (faces, fpir, printed) in [
            (10_000, 1e-2, 70.0),
            (10_000, 1e-3, 80.0),
            (10_000, 1e-4, 90.0),
            (100_000, 1e-2, 80.0),
            (100_000, 1e-3, 90.0),
            (100_000, 1e-4, 100.0),
            (300_000, 1e-2, 85.0),
            (300_000, 1e-3, 95.0),
        ] {
            let score = Score::for_search(faces, fpir).get();
            assert!((score - printed).abs() < 0.5, "{faces} {fpir}: {score}");
        }
    }
}
