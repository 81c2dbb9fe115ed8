//! Counts of verdicts, and how sure a rate is.

use vultus::liveness::{Liveness, Reason};

/// Counts of verdicts.
#[derive(Default)]
#[allow(dead_code)]
pub(crate) struct Tally {
    pub(crate) live: u64,
    pub(crate) spoof: u64,
    pub(crate) inconclusive: u64,
    reasons: Vec<(Reason, u64)>,
}

#[allow(dead_code)]
impl Tally {
    pub(crate) fn of(verdicts: impl IntoIterator<Item = Liveness>) -> Self {
        let mut tally = Self::default();
        for verdict in verdicts {
            let reasons = match verdict {
                Liveness::Live => {
                    tally.live += 1;
                    continue;
                }
                Liveness::Spoof(reasons) => {
                    tally.spoof += 1;
                    reasons
                }
                Liveness::Inconclusive(reasons) => {
                    tally.inconclusive += 1;
                    reasons
                }
            };
            for reason in reasons.iter() {
                match tally.reasons.iter_mut().find(|(known, _)| *known == reason) {
                    Some((_, count)) => *count += 1,
                    None => tally.reasons.push((reason, 1)),
                }
            }
        }
        tally
    }

    pub(crate) fn total(&self) -> u64 {
        self.live + self.spoof + self.inconclusive
    }

    pub(crate) fn why(&self) -> String {
        let words: Vec<String> = self
            .reasons
            .iter()
            .map(|(r, n)| format!("{} {n}", r.name()))
            .collect();
        words.join(", ")
    }
}

/// The exact one-sided 95 % upper bound of a rate (Clopper and Pearson, Biometrika 26, 1934).
pub(crate) fn upper95(hits: u64, total: u64) -> f64 {
    if hits >= total {
        return 1.0;
    }
    let at_most = |p: f64| {
        // P(X <= hits), by the ratio of neighbouring terms; as logarithms, because the first may be
        // too small for a number.
        let mut term = total as f64 * (1.0 - p).ln();
        let mut sum = term.exp();
        for k in 1..=hits {
            term += ((total - k + 1) as f64 / k as f64 * p / (1.0 - p)).ln();
            sum += term.exp();
        }
        sum
    };
    let (mut low, mut high) = (hits as f64 / total as f64, 1.0);
    for _ in 0..60 {
        let middle = (low + high) / 2.0;
        if at_most(middle) > 0.05 {
            low = middle;
        } else {
            high = middle;
        }
    }
    high
}
