//! Accuracy of scored pairs. A pair without a usable face counts as "different": an
//! error when it is mated, as a door would stay shut.

use crate::datasets::ScoredPair;
use crate::statistics::{Rate, student_quantile};
use std::collections::BTreeSet;

/// Accuracy with the threshold chosen on the other folds, for each fold.
#[derive(Clone, Debug, PartialEq)]
pub struct FoldedAccuracy {
    /// Mean over folds; its interval is Student's t.
    pub rate: Rate,
    /// Accuracy of each fold, by their numbers.
    pub folds: Vec<f64>,
    /// The cosine that separates all pairs best.
    pub threshold: f64,
}

/// The share of pairs that are told apart rightly, each fold at the threshold of the others; `None` with fewer than two
/// folds.
#[must_use]
pub fn folded_accuracy(pairs: &[ScoredPair]) -> Option<FoldedAccuracy> {
    let numbers: BTreeSet<u32> = pairs.iter().map(|pair| pair.fold).collect();
    if numbers.len() < 2 {
        return None;
    }
    let folds: Vec<f64> = numbers
        .iter()
        .map(|&fold| {
            let (test, train): (Vec<ScoredPair>, Vec<ScoredPair>) =
                pairs.iter().partition(|pair| pair.fold == fold);
            accuracy(&test, best_threshold(&train))
        })
        .collect();
    let n = folds.len() as f64;
    let mean = folds.iter().sum::<f64>() / n;
    let deviation = (folds.iter().map(|a| (a - mean).powi(2)).sum::<f64>() / (n - 1.0)).sqrt();
    let half = student_quantile(folds.len() - 1) * deviation / n.sqrt();
    let rate = Rate {
        value: mean,
        low: (mean - half).max(0.0),
        high: (mean + half).min(1.0),
    };
    Some(FoldedAccuracy {
        rate,
        folds,
        threshold: best_threshold(pairs),
    })
}

fn accuracy(pairs: &[ScoredPair], threshold: f64) -> f64 {
    let right =
        |pair: &&ScoredPair| pair.same == pair.cosine.is_some_and(|c| f64::from(c) >= threshold);
    pairs.iter().filter(right).count() as f64 / pairs.len() as f64
}

/// The cosine with the fewest errors, half way to the next lower comparison.
fn best_threshold(pairs: &[ScoredPair]) -> f64 {
    let mut scored: Vec<(f64, bool)> = pairs
        .iter()
        .filter_map(|pair| Some((f64::from(pair.cosine?), pair.same)))
        .collect();
    scored.sort_by(|a, b| b.0.total_cmp(&a.0));
    // Walking down, each mated pair that is let in mends an error and each impostor makes one.
    let (mut gain, mut best) = (0_i64, (0_i64, 2.0));
    for (i, &(cosine, same)) in scored.iter().enumerate() {
        gain += if same { 1 } else { -1 };
        let next = scored.get(i + 1).map_or(cosine - 1e-6, |next| next.0);
        if gain > best.0 && next < cosine {
            best = (gain, (cosine + next) / 2.0);
        }
    }
    best.1
}

/// One point of the trade-off.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct OperatingPoint {
    /// Share of mated pairs accepted.
    pub tar: Rate,
    /// Impostor pairs accepted at this threshold.
    pub false_matches: usize,
    /// Impostor pairs in all.
    pub impostors: usize,
    /// The cosine above which pairs are accepted.
    pub threshold: f64,
    /// False matches that the target allows among these impostors.
    pub expected: f64,
}

impl OperatingPoint {
    /// What a reader must know about a target that the pairs are too few for.
    #[must_use]
    pub fn caveat(&self) -> &'static str {
        if self.expected < 1.0 {
            " (too few pairs for this rate: the threshold lies above every impostor)"
        } else if self.expected < 30.0 {
            " (fewer than 30 false matches allowed: a rough figure)"
        } else {
            ""
        }
    }
}

/// The loosest threshold whose observed FMR is not above `fmr`: only pairs strictly above the
/// first impostor too many are accepted.
#[must_use]
pub fn tar_at_fmr(pairs: &[ScoredPair], fmr: f64) -> OperatingPoint {
    let mut impostors: Vec<f64> = cosines(pairs, false);
    impostors.sort_by(|a, b| b.total_cmp(a));
    let (mated, total) = totals(pairs);
    let allowed = (fmr * total as f64 + 1e-9).floor() as usize;
    let threshold = impostors.get(allowed).copied().unwrap_or(-2.0);
    let accepted = |cosines: &[f64]| cosines.iter().filter(|&&c| c > threshold).count();
    OperatingPoint {
        tar: Rate::wilson(accepted(&cosines(pairs, true)), mated),
        false_matches: accepted(&impostors),
        impostors: total,
        threshold,
        expected: fmr * total as f64,
    }
}

/// Numbers of mated and of impostor pairs, with or without a cosine.
#[must_use]
pub fn totals(pairs: &[ScoredPair]) -> (usize, usize) {
    let mated = pairs.iter().filter(|pair| pair.same).count();
    (mated, pairs.len() - mated)
}

/// Cosines of the mated pairs or of the others.
#[must_use]
pub fn cosines(pairs: &[ScoredPair], same: bool) -> Vec<f64> {
    pairs
        .iter()
        .filter(|pair| pair.same == same)
        .filter_map(|pair| pair.cosine.map(f64::from))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn pair(fold: u32, same: bool, cosine: f32) -> ScoredPair {
        ScoredPair {
            fold,
            same,
            cosine: Some(cosine),
        }
    }

    #[test]
    fn threshold_never_sees_the_fold_it_is_tested_on() {
        // Fold 1 alone would want a threshold of 0.75; fold 0 asks for 0.5 and gets fold 1 wrong.
        let pairs = [
            pair(0, true, 0.6),
            pair(0, false, 0.4),
            pair(1, true, 0.8),
            pair(1, false, 0.7),
        ];
        let result = folded_accuracy(&pairs).expect("two folds");
        assert_eq!(result.folds, [0.5, 0.5]);
        assert_eq!(folded_accuracy(&pairs[..2]), None);
    }

    #[test]
    fn a_pair_without_a_face_is_an_error_only_when_mated() {
        let missing = |same| ScoredPair {
            fold: 0,
            same,
            cosine: None,
        };
        let pairs = [
            missing(true),
            missing(false),
            pair(0, true, 0.9),
            pair(0, false, 0.1),
        ];
        assert_eq!(accuracy(&pairs, 0.5), 0.75);
        let point = tar_at_fmr(&pairs, 0.5);
        assert_eq!((point.tar.value, point.impostors), (0.5, 2));
    }

    #[test]
    fn tar_counts_by_hand() {
        let mut pairs: Vec<ScoredPair> =
            (0..100).map(|i| pair(0, false, i as f32 / 100.0)).collect();
        pairs.extend((0..10).map(|i| pair(0, true, 0.905 + i as f32 / 100.0)));
        let strict = tar_at_fmr(&pairs, 0.001);
        assert_eq!((strict.false_matches, strict.tar.value), (0, 0.1));
        let loose = tar_at_fmr(&pairs, 0.05);
        assert_eq!((loose.false_matches, loose.tar.value), (5, 0.6));
    }

    proptest! {
        #[test]
        fn best_threshold_beats_every_other(scores in prop::collection::vec((any::<bool>(), -1.0_f32..1.0), 1..60)) {
            let pairs: Vec<ScoredPair> = scores.iter().map(|&(same, c)| pair(0, same, c)).collect();
            let best = accuracy(&pairs, best_threshold(&pairs));
            for &(_, c) in &scores {
                for nudge in [-1e-5, 0.0, 1e-5] {
                    prop_assert!(accuracy(&pairs, f64::from(c) + nudge) <= best + 1e-9);
                }
            }
        }

        #[test]
        fn observed_fmr_never_exceeds_the_target(cosines in prop::collection::vec(-1.0_f32..1.0, 1..200), fmr in 0.001_f64..0.5) {
            let pairs: Vec<ScoredPair> = cosines.iter().map(|&c| pair(0, false, c)).chain([pair(0, true, 0.5)]).collect();
            let point = tar_at_fmr(&pairs, fmr);
            prop_assert!(point.false_matches as f64 <= fmr * cosines.len() as f64 + 1e-6);
        }
    }
}
