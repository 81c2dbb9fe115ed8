//! Shares of few trials, with the exact bound that they allow.

/// Hits among a number of trials that count as independent.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct Share {
    /// Trials that count.
    pub hits: u64,
    /// All trials.
    pub total: u64,
}

impl Share {
    /// The rate; `None` of nothing.
    #[must_use]
    pub fn rate(self) -> Option<f64> {
        (self.total > 0).then(|| self.hits as f64 / self.total as f64)
    }

    /// The exact one-sided 95 % upper bound (Clopper and Pearson, Biometrika 26, 1934): the rate at which so
    /// few hits have a probability of 5 %. `None` of nothing.
    #[must_use]
    pub fn upper95(self) -> Option<f64> {
        let Self { hits, total } = self;
        if total == 0 {
            return None;
        }
        if hits >= total {
            return Some(1.0);
        }
        let (mut low, mut high) = (hits as f64 / total as f64, 1.0);
        for _ in 0..60 {
            let middle = (low + high) / 2.0;
            if at_most(hits, total, middle) > 0.05 {
                low = middle;
            } else {
                high = middle;
            }
        }
        Some(high)
    }

    /// The rate and its bound in percent, for people to read; "none" of nothing.
    #[must_use]
    pub fn percent(self) -> String {
        match self.rate().zip(self.upper95()) {
            Some((rate, upper)) => format!("{:.2} % (to {:.2} %)", rate * 100.0, upper * 100.0),
            None => "none".to_owned(),
        }
    }
}

/// Probability of at most `hits` of `total` at a rate of `p`, by the ratio of neighbouring terms; as logarithms,
/// because the first may be too small for a number.
fn at_most(hits: u64, total: u64, p: f64) -> f64 {
    let mut term = total as f64 * (1.0 - p).ln();
    let mut sum = term.exp();
    for k in 1..=hits {
        term += ((total - k + 1) as f64 / k as f64 * p / (1.0 - p)).ln();
        sum += term.exp();
    }
    sum
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn upper(hits: u64, total: u64) -> f64 {
        Share { hits, total }.upper95().expect("some")
    }

    #[test]
    fn bounds_match_the_tables() {
        // No hit: 1 - 0.05^(1/n); the others are quantiles of the beta distribution.
        for (total, bound) in [(50, 0.0582), (150, 0.0198), (300, 0.00994), (1000, 0.00299)] {
            assert!((upper(0, total) - bound).abs() < 1e-4, "{total}");
        }
        assert!((upper(1, 300) - 0.0157).abs() < 1e-4);
        assert!((upper(8, 10) - 0.9632).abs() < 1e-4);
        assert!((upper(293, 300) - 0.9890).abs() < 1e-4);
        assert_eq!(upper(7, 7), 1.0);
        assert_eq!(Share::default().upper95(), None);
        assert_eq!(Share::default().rate(), None);
    }

    proptest! {
        #[test]
        fn a_bound_lies_above_its_rate_and_rises_with_hits(total in 1_u64..2000, part in 0.0_f64..1.0) {
            let hits = ((total as f64 * part) as u64).min(total - 1);
            let bound = upper(hits, total);
            prop_assert!(bound > hits as f64 / total as f64 && bound <= 1.0);
            prop_assert!(upper(hits + 1, total) > bound);
            // What the bound means, counted the other way round.
            prop_assert!((at_most(hits, total, bound) - 0.05).abs() < 1e-6);
        }
    }
}
