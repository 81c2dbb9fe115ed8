//! Counts of verdicts, and how sure a rate is.

use vultus::liveness::{Liveness, Reason};
use vultus_tool::statistics::Share;

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

/// The exact one-sided 95 % upper bound of a rate, as `vultus pad report` gives it; 1 of nothing.
pub(crate) fn upper95(hits: u64, total: u64) -> f64 {
    Share { hits, total }.upper95().unwrap_or(1.0)
}
