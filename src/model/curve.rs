//! The calibration curve: from a cosine to the share of strangers who reach it.

use super::score::Score;
use super::tail::{self, Tail};
use crate::error::Cause;
use serde::{Deserialize, Serialize};

/// Newest format of a calibration file. Format 1 has no tail.
pub const CURVE_FORMAT: u32 = 2;

/// Impostor comparisons at or above a threshold that make its FMR believable: with 30 errors the
/// true rate lies within ±30 % of the measured one at 90 % confidence (Doddington's rule of 30,
/// Speech Communication 31, 2000).
const SUPPORTING_ERRORS: f64 = 30.0;

/// Distance of two knots in score.
const STEP: f64 = 0.5;

/// What a curve was measured on.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
#[serde(deny_unknown_fields)]
pub struct CurveSource {
    /// Name of the image set.
    pub set: String,
    /// Images with a usable face.
    pub images: u64,
    /// People in them; 0 where only pairs were labelled.
    pub people: u64,
    /// Images without a usable face.
    pub failed_to_detect: u64,
    /// Comparisons of different people.
    pub impostor_pairs: u64,
}

/// A measured curve from cosine to score.
///
/// Between its knots score is linear in cosine. Above the last knot the set has too few errors to
/// say anything: such a cosine gets the last score and is marked as being at the limit. The
/// threshold of a search, and nothing else, may lie further out, on the tail of the distribution.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Curve {
    format: u32,
    model_id: String,
    source: CurveSource,
    score_limit: f64,
    scores: Vec<f64>,
    cosines: Vec<f64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    tail: Option<Tail>,
}

/// A score and whether the calibration set could not tell it from a higher one.
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub struct CalibratedScore {
    /// The score.
    pub score: Score,
    /// The true score may be higher: the curve ends here.
    pub at_limit: bool,
}

impl Curve {
    /// Measures a curve from the cosines of impostor pairs, in any order.
    ///
    /// # Errors
    /// In words, when there are too few pairs to support any score or a cosine is no number.
    pub fn measure(
        model_id: &str,
        source: CurveSource,
        mut impostors: Vec<f32>,
    ) -> Result<Self, String> {
        let total = impostors.len() as f64;
        if total < SUPPORTING_ERRORS * 10.0 {
            return Err(format!(
                "{total} impostor pairs support no score; at least {} are needed",
                SUPPORTING_ERRORS * 10.0
            ));
        }
        if !impostors.iter().all(|cosine| cosine.is_finite()) {
            return Err("a cosine is not a finite number".to_owned());
        }
        impostors.sort_unstable_by(|a, b| b.total_cmp(a));
        let score_limit = supported_by(total);
        // The last knot lies exactly on the limit.
        let steps = ((score_limit - 10.0) / STEP).floor() as usize;
        let mut scores: Vec<f64> = (0..=steps).map(|i| 10.0 + i as f64 * STEP).collect();
        if score_limit - scores[steps] > STEP * 0.1 {
            scores.push(score_limit);
        } else {
            scores[steps] = score_limit;
        }
        let cosines = scores.iter().map(|&score| {
            let errors = Score::from_curve(score).fmr() * total;
            let threshold = reached_by_at_most(&impostors, errors.round() as usize);
            // Rounded up, so that no more impostors reach the threshold. The sixth decimal is
            // already far below the error of any curve.
            (threshold * 1e6).ceil() / 1e6
        });
        Ok(Self {
            format: CURVE_FORMAT,
            model_id: model_id.to_owned(),
            source: CurveSource {
                impostor_pairs: total as u64,
                ..source
            },
            score_limit,
            cosines: cosines.collect(),
            scores,
            tail: Tail::measure(&impostors),
        })
    }

    /// Reads a calibration file; the error says what is wrong in words.
    pub(super) fn parse(text: &str) -> Result<Self, Cause> {
        let curve: Self = toml::from_str(text)?;
        if !(1..=CURVE_FORMAT).contains(&curve.format) {
            return Err(format!(
                "format is {}, this SDK reads 1 to {CURVE_FORMAT}",
                curve.format
            )
            .into());
        }
        let pairs = curve.source.impostor_pairs;
        if curve
            .tail
            .is_some_and(|tail| curve.format < 2 || !tail.is_sound(pairs))
        {
            return Err(format!(
                "the tail is none that format {} has or {pairs} pairs can give",
                curve.format
            )
            .into());
        }
        let rising = curve.scores.windows(2).all(|w| w[0] < w[1])
            && curve.cosines.windows(2).all(|w| w[0] <= w[1]);
        let in_range = curve.scores.iter().all(|s| (0.0..=100.0).contains(s))
            && curve.cosines.iter().all(|c| (-1.01..=1.01).contains(c));
        let paired = curve.scores.len() == curve.cosines.len() && curve.scores.len() >= 2;
        if !(rising && in_range && paired && curve.scores.last() == Some(&curve.score_limit)) {
            return Err("scores and cosines must rise together and end at score_limit".into());
        }
        let supported = supported_by(curve.source.impostor_pairs as f64);
        if curve.scores[0] != 10.0 || curve.score_limit > supported + 1e-9 {
            return Err(format!(
                "scores must run from 10 to at most {supported:.2}, which is what {} pairs support",
                curve.source.impostor_pairs
            )
            .into());
        }
        Ok(curve)
    }

    /// The pack id and version it belongs to.
    #[must_use]
    pub fn model_id(&self) -> &str {
        &self.model_id
    }

    /// What it was measured on.
    #[must_use]
    pub fn source(&self) -> &CurveSource {
        &self.source
    }

    /// The largest score that the set's counts support.
    #[must_use]
    pub fn limit(&self) -> Score {
        Score::from_curve(self.score_limit)
    }

    /// The largest score that the threshold of a search may have: with a tail that of one impostor
    /// of the set, without one [`limit`](Self::limit).
    #[must_use]
    pub fn search_limit(&self) -> Score {
        match self.tail {
            Some(_) => tail::reach(self.source.impostor_pairs),
            None => self.limit(),
        }
    }

    /// What a cosine counts in a search: its [`score`](Self::score), and beyond the limit that of
    /// the tail. For the decision of a search alone; it is no score to report.
    #[must_use]
    pub fn search_score(&self, cosine: f32) -> Score {
        let calibrated = self.score(cosine);
        let (Some(tail), Some(&last), true) = (self.tail, self.cosines.last(), calibrated.at_limit)
        else {
            return calibrated.score;
        };
        let beyond = Score::from_curve(self.score_limit + tail.decibels(f64::from(cosine) - last));
        let limit = self.search_limit();
        if beyond < limit { beyond } else { limit }
    }

    /// How many decibels rarer an impostor is who reaches the one cosine than one who reaches the other;
    /// negative where `this` is the lower one. Unlike scores it goes on beyond both ends of the curve: above by
    /// its tail, or else by the slope of its last knots, below by that of its first. It tells two candidates
    /// apart; it is no rate.
    #[must_use]
    pub fn decibels_between(&self, this: f32, other: f32) -> f64 {
        self.unbounded(this) - self.unbounded(other)
    }

    fn unbounded(&self, cosine: f32) -> f64 {
        let end = self.cosines.len() - 1;
        let (first, last) = (self.cosines[0], self.cosines[end]);
        let x = f64::from(cosine);
        if x < first {
            let next = self.cosines.partition_point(|&knot| knot <= first).min(end);
            return self.scores[0] - (first - x) * self.slope(0, next);
        }
        if x <= last {
            return self.score(cosine).score.get();
        }
        let beyond = match self.tail {
            Some(tail) => tail.decibels(x - last),
            None => {
                let lower = self.cosines.partition_point(|&knot| knot < last);
                (x - last) * self.slope(lower.saturating_sub(1), end)
            }
        };
        self.score_limit + beyond
    }

    /// Decibels for each unit of cosine between two knots; 0 where they have one cosine.
    fn slope(&self, from: usize, to: usize) -> f64 {
        let run = self.cosines[to] - self.cosines[from];
        if run > 0.0 {
            (self.scores[to] - self.scores[from]) / run
        } else {
            0.0
        }
    }

    /// The false match rate of a search threshold; on the tail its upper bound at 95 %.
    #[must_use]
    pub fn search_fmr(&self, threshold: Score) -> f64 {
        let beyond = threshold.get() - self.score_limit;
        match self.tail {
            Some(tail) if beyond > 0.0 => {
                threshold.fmr() * tail.uncertainty(beyond, SUPPORTING_ERRORS)
            }
            _ => threshold.fmr(),
        }
    }

    /// The score of a cosine.
    #[must_use]
    pub fn score(&self, cosine: f32) -> CalibratedScore {
        let cosine = f64::from(cosine);
        // Of equal knots the first, lowest score counts.
        let above = self.cosines.partition_point(|&knot| knot < cosine);
        let (value, at_limit) = if above == 0 {
            (self.scores[0], false)
        } else if above == self.cosines.len() {
            (self.score_limit, true)
        } else {
            (
                between(
                    cosine,
                    &self.cosines[above - 1..],
                    &self.scores[above - 1..],
                ),
                false,
            )
        };
        CalibratedScore {
            score: Score::from_curve(value),
            at_limit,
        }
    }

    /// The least cosine that reaches a score; `None` beyond [`limit`](Self::limit).
    #[must_use]
    pub fn cosine_at(&self, score: Score) -> Option<f64> {
        let value = score.get();
        if value > self.score_limit {
            return None;
        }
        let above = self.scores.partition_point(|&knot| knot < value);
        Some(if above == 0 {
            self.cosines[0]
        } else {
            between(value, &self.scores[above - 1..], &self.cosines[above - 1..])
        })
    }
}

/// The largest score that so many impostor pairs support, with two decimals rounded down.
fn supported_by(impostor_pairs: f64) -> f64 {
    let score = Score::from_fmr(SUPPORTING_ERRORS / impostor_pairs.max(1.0));
    (score.get() * 100.0).floor() / 100.0
}

/// The least cosine that at most `errors` of the falling `impostors` reach, but the lowest one
/// where that is all of them. Equal cosines count together.
fn reached_by_at_most(impostors: &[f32], errors: usize) -> f64 {
    let last = errors.clamp(1, impostors.len()) - 1;
    let value = impostors[last];
    if impostors.get(last + 1) != Some(&value) {
        return f64::from(value);
    }
    let higher = impostors.partition_point(|&cosine| cosine > value);
    match higher {
        0 => f64::from(value) + 1e-6,
        _ => f64::from(impostors[higher - 1]),
    }
}

/// Linear from the first knot of both slices to the second.
fn between(x: f64, xs: &[f64], ys: &[f64]) -> f64 {
    let span = xs[1] - xs[0];
    let share = if span > 0.0 { (x - xs[0]) / span } else { 1.0 };
    ys[0] + share * (ys[1] - ys[0])
}

#[cfg(test)]
mod tests;
