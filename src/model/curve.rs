//! The calibration curve: from a cosine to the share of strangers who reach it.

use super::score::Score;
use super::tail::{self, Tail};
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
    pub(super) fn parse(text: &str) -> Result<Self, String> {
        let curve: Self = toml::from_str(text).map_err(|error| error.to_string())?;
        if !(1..=CURVE_FORMAT).contains(&curve.format) {
            return Err(format!(
                "format is {}, this SDK reads 1 to {CURVE_FORMAT}",
                curve.format
            ));
        }
        let pairs = curve.source.impostor_pairs;
        if curve
            .tail
            .is_some_and(|tail| curve.format < 2 || !tail.is_sound(pairs))
        {
            return Err(format!(
                "the tail is none that format {} has or {pairs} pairs can give",
                curve.format
            ));
        }
        let rising = curve.scores.windows(2).all(|w| w[0] < w[1])
            && curve.cosines.windows(2).all(|w| w[0] <= w[1]);
        let in_range = curve.scores.iter().all(|s| (0.0..=100.0).contains(s))
            && curve.cosines.iter().all(|c| (-1.01..=1.01).contains(c));
        let paired = curve.scores.len() == curve.cosines.len() && curve.scores.len() >= 2;
        if !(rising && in_range && paired && curve.scores.last() == Some(&curve.score_limit)) {
            return Err("scores and cosines must rise together and end at score_limit".to_owned());
        }
        let supported = supported_by(curve.source.impostor_pairs as f64);
        if curve.scores[0] != 10.0 || curve.score_limit > supported + 1e-9 {
            return Err(format!(
                "scores must run from 10 to at most {supported:.2}, which is what {} pairs support",
                curve.source.impostor_pairs
            ));
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
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn source() -> CurveSource {
        CurveSource {
            set: "test".into(),
            images: 0,
            people: 0,
            failed_to_detect: 0,
            impostor_pairs: 0,
        }
    }

    /// Cosines spread evenly over `0..1`: the FMR at cosine `c` is `1 - c`.
    fn uniform(n: usize) -> Curve {
        let impostors = (0..n).map(|i| (i as f32 + 0.5) / n as f32).collect();
        Curve::measure("test@1", source(), impostors).expect("enough pairs")
    }

    #[test]
    fn score_is_the_rarity_among_impostors() {
        let curve = uniform(1_000_000);
        for (cosine, score) in [(0.9, 20.0), (0.99, 30.0), (0.999, 40.0)] {
            let found = curve.score(cosine).score.get();
            assert!((found - score).abs() < 0.06, "{cosine}: {found}");
            let back = curve
                .cosine_at(Score::from_curve(score))
                .expect("supported");
            assert!((back - f64::from(cosine)).abs() < 2e-3);
        }
    }

    #[test]
    fn thirty_errors_are_the_limit() {
        let curve = uniform(300_000);
        assert!((curve.limit().get() - 50.0).abs() < 0.011);
        let top = curve.score(1.0);
        assert_eq!((top.score, top.at_limit), (curve.limit(), true));
        assert_eq!(curve.cosine_at(Score::from_curve(50.1)), None);
        let least = Curve::measure("t@1", source(), vec![0.0; 299]);
        assert!(least.expect_err("too few").contains("at least 300"));
    }

    #[test]
    fn survives_a_round_trip_and_refuses_a_falling_curve() {
        let curve = uniform(5_000);
        let text = toml_text(&curve);
        assert_eq!(Curve::parse(&text), Ok(curve));
        assert!(Curve::parse(&text.replacen("format = 2", "format = 1", 1)).is_ok());
        let broken = text
            .replacen("cosines = [", "cosines = [0.99, ", 1)
            .replacen("scores = [", "scores = [9.0, ", 1);
        assert!(Curve::parse(&broken).is_err());
        assert!(Curve::parse(&text.replacen("format = 2", "format = 3", 1)).is_err());
    }

    /// An exponential tail of mean 0.03 above 0.2.
    fn exponential(n: usize) -> Curve {
        let quantile = |i: usize| 0.2 - 0.03 * ((i as f64 + 0.5) / n as f64).ln();
        let impostors = (0..n).map(|i| quantile(i) as f32).collect();
        Curve::measure("test@1", source(), impostors).expect("enough pairs")
    }

    #[test]
    fn a_search_goes_on_along_the_tail_to_the_last_impostor() {
        let curve = exponential(300_000);
        let (limit, reach) = (curve.limit().get(), curve.search_limit().get());
        assert!((reach - limit - 14.77).abs() < 0.02, "{limit} {reach}");
        let at = |fmr: f64| (0.2 - 0.03 * fmr.ln()) as f32;
        for score in [45.0, 52.0, 58.0, 64.0] {
            let cosine = at(Score::from_curve(score).fmr());
            let found = curve.search_score(cosine).get();
            assert!((found - score).abs() < 0.3, "{score}: {found}");
            assert!(curve.score(cosine).score <= curve.limit());
        }
        assert_eq!(curve.search_score(1.0).get(), reach);
        let far = Score::from_curve(60.0);
        let bound = curve.search_fmr(far) / far.fmr();
        assert!(bound > 1.6 && bound < 2.4, "{bound}");
        assert_eq!(curve.search_fmr(curve.limit()), curve.limit().fmr());
    }

    #[test]
    fn a_curve_without_a_tail_ends_a_search_where_it_ends_itself() {
        let curve = uniform(5_000);
        assert_eq!((curve.tail, curve.search_limit()), (None, curve.limit()));
        assert_eq!(curve.search_score(1.0), curve.limit());
    }

    #[test]
    fn a_tail_survives_a_round_trip_and_a_forged_one_is_refused() {
        let curve = exponential(300_000);
        let text = toml::to_string(&curve).expect("text");
        assert_eq!(Curve::parse(&text), Ok(curve));
        for (from, to) in [
            ("exceedances = 100", "exceedances = 3001"),
            ("mean_excess = 0.0", "mean_excess = -0.0"),
            ("format = 2", "format = 1"),
        ] {
            let forged = text.replacen(from, to, 1);
            assert_ne!(text, forged);
            assert!(Curve::parse(&forged).expect_err("refused").contains("tail"));
        }
    }

    /// Enough of a TOML writer for the test; the tool writes real files with toml_edit.
    fn toml_text(curve: &Curve) -> String {
        let s = &curve.source;
        format!(
            "format = 2\nmodel_id = \"{}\"\nscore_limit = {:?}\nscores = {:?}\ncosines = {:?}\n[source]\nset = \"{}\"\nimages = {}\npeople = {}\nfailed_to_detect = {}\nimpostor_pairs = {}\n",
            curve.model_id,
            curve.score_limit,
            curve.scores,
            curve.cosines,
            s.set,
            s.images,
            s.people,
            s.failed_to_detect,
            s.impostor_pairs
        )
    }

    #[test]
    fn equal_impostors_never_flatter_a_score() {
        let same = Curve::measure("t@1", source(), vec![0.5; 3_000]).expect("enough");
        assert!((same.score(0.5).score.fmr() - 1.0).abs() < 1e-9);
        let impostors: Vec<f32> = (0..3_000).map(|i| (i / 300) as f32 / 10.0).collect();
        let curve = Curve::measure("t@1", source(), impostors.clone()).expect("enough");
        for &cosine in &impostors {
            let reached = impostors.iter().filter(|&&other| other >= cosine).count();
            let fmr = curve.score(cosine).score.fmr();
            assert!(fmr >= reached as f64 / 3_000.0 - 1e-3, "{cosine}: {fmr}");
        }
    }

    #[test]
    fn a_forged_curve_cannot_promise_more_than_its_counts() {
        let text = toml_text(&uniform(5_000));
        let forged = text.replacen("impostor_pairs = 5000", "impostor_pairs = 100", 1);
        assert_ne!(text, forged);
        assert!(
            Curve::parse(&forged)
                .expect_err("refused")
                .contains("support")
        );
    }

    proptest! {
        #[test]
        fn a_higher_cosine_never_scores_lower(mut a in -1.0_f32..1.0, mut b in -1.0_f32..1.0, ties in 1_usize..50) {
            if a > b { std::mem::swap(&mut a, &mut b); }
            let impostors = (0..3_000).map(|i| ((i / ties) as f32 / 1_500.0 * 0.7).sin()).collect();
            let curve = Curve::measure("t@1", source(), impostors).expect("enough");
            prop_assert!(curve.score(a).score <= curve.score(b).score);
        }
    }
}
