//! The far end of the impostor distribution, for the threshold of a search alone.
//!
//! A search among N faces needs a score N times rarer than a comparison, and the last thirty
//! impostors of a set end a curve before that. Above a high enough cosine the excess of any
//! well-behaved distribution follows a generalised Pareto law (Pickands, Annals of Statistics 3,
//! 1975); with shape 0 that is an exponential one: each further step in cosine divides the rate
//! by the same factor, so score rises linearly. Impostor cosines show a shape of 0 or a little
//! less; less falls faster, so that the exponential errs to the safe side.
//! `docs/adr/0002-search-threshold.md` has the measurements.

use super::score::Score;
use serde::{Deserialize, Serialize};

/// Largest impostors that the mean excess is taken from: enough to know it within 10 % and few
/// enough to be the end, as the excess still shrinks a little towards it.
const EXCEEDANCES: usize = 100;

/// Photographs of one person err together: so many impostor pairs count as one.
const PAIRS_THAT_COUNT_AS_ONE: f64 = 3.0;

/// The one-sided 95 % quantile of a normal distribution.
const QUANTILE: f64 = 1.645;

/// The exponential tail of a set's impostor cosines.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Serialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Tail {
    /// Cosine by which an impostor beyond the threshold exceeds it on average.
    mean_excess: f64,
    /// Impostors that it was taken from.
    exceedances: u64,
}

impl Tail {
    /// From cosines in falling order; `None` where they are too few to have a tail.
    pub(super) fn measure(falling: &[f32]) -> Option<Self> {
        // A tail is at most the last hundredth of the set.
        if falling.len() < EXCEEDANCES * 100 {
            return None;
        }
        let threshold = f64::from(falling[EXCEEDANCES]);
        let above = falling[..EXCEEDANCES].iter();
        let excess: f64 = above.map(|&cosine| f64::from(cosine) - threshold).sum();
        let tail = Self {
            mean_excess: excess / EXCEEDANCES as f64,
            exceedances: EXCEEDANCES as u64,
        };
        tail.is_sound(falling.len() as u64).then_some(tail)
    }

    /// Whether a file's values can come from so many pairs.
    pub(super) fn is_sound(&self, pairs: u64) -> bool {
        let counts = EXCEEDANCES as u64..=pairs / 100;
        counts.contains(&self.exceedances) && self.mean_excess > 0.0 && self.mean_excess < 1.0
    }

    /// How many decibels a cosine lies beyond another.
    pub(super) fn decibels(&self, excess: f64) -> f64 {
        excess / self.mean_excess * 10.0 * std::f64::consts::LOG10_E
    }

    /// By what factor the true rate may exceed the estimate so far beyond the last supported
    /// score, at 95 %: the errors of the rate there, which `supporting` impostors gave, and of
    /// the mean excess add up.
    pub(super) fn uncertainty(&self, decibels: f64, supporting: f64) -> f64 {
        let steps = decibels / (10.0 * std::f64::consts::LOG10_E);
        let variance = 1.0 / supporting + steps * steps / self.exceedances as f64;
        (QUANTILE * (PAIRS_THAT_COUNT_AS_ONE * variance).sqrt()).exp()
    }
}

/// The score that one impostor of the set reaches. Beyond it there is no data at all, so the tail
/// ends there: it replaces the scattered last thirty, it does not go on where nobody has been.
pub(super) fn reach(impostor_pairs: u64) -> Score {
    Score::from_fmr(1.0 / impostor_pairs.max(1) as f64)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Quantiles of an exponential distribution, falling.
    fn exponential(count: usize, mean: f64) -> Vec<f32> {
        let quantile = |i: usize| -mean * ((i as f64 + 0.5) / count as f64).ln();
        (0..count).map(|i| (quantile(i) - 0.2) as f32).collect()
    }

    #[test]
    fn the_mean_of_an_exponential_tail_is_found() {
        let tail = Tail::measure(&exponential(100_000, 0.025)).expect("enough");
        assert!((tail.mean_excess / 0.025 - 1.0).abs() < 0.01, "{tail:?}");
        // Ten times rarer every 0.025 · ln 10.
        assert!((tail.decibels(0.0576) - 10.0).abs() < 0.1);
        assert_eq!(Tail::measure(&exponential(9_999, 0.025)), None);
        assert_eq!(Tail::measure(&[0.5; 40_000]), None);
    }

    #[test]
    fn the_uncertainty_grows_with_the_distance() {
        let tail = Tail::measure(&exponential(100_000, 0.025)).expect("enough");
        let at = [0.0, 5.0, 10.0, 14.8].map(|decibels| tail.uncertainty(decibels, 30.0));
        assert!(at.is_sorted() && at[0] > 1.6 && at[3] < 3.2, "{at:?}");
    }

    #[test]
    fn a_forged_tail_is_seen() {
        let sound = Tail {
            mean_excess: 0.03,
            exceedances: 100,
        };
        assert!(sound.is_sound(10_000) && !sound.is_sound(9_999));
        for mean_excess in [0.0, -0.1, 1.0, f64::NAN, f64::INFINITY] {
            assert!(
                !Tail {
                    mean_excess,
                    ..sound
                }
                .is_sound(1_000_000)
            );
        }
        let few = Tail {
            exceedances: 99,
            ..sound
        };
        assert!(!few.is_sound(1_000_000));
    }
}
