//! 1:1: two embeddings to a cosine, a calibrated score and a decision at a target rate.

use super::error::{MatchError, same_model};
use super::kernels::native;
use crate::config::TargetFmr;
use crate::model::{Curve, Score};
use crate::stages::embed::Embedding;

/// The outcome of a 1:1 comparison.
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub struct Comparison {
    /// Cosine of the two embeddings, `-1..=1`.
    pub cosine: f32,
    /// Calibrated score.
    pub score: Score,
    /// False match rate of that score: the share of strangers who come at least as close.
    pub fmr: f64,
    /// The calibration set could not tell this score from a higher one.
    pub at_limit: bool,
    /// Whether the score reaches the target.
    pub is_match: bool,
}

/// Compares two embeddings of the curve's pack at a target FMR.
///
/// # Errors
/// [`MatchError::AcrossVersions`] when any of the three belongs to another pack,
/// [`MatchError::CalibrationInsufficient`] when the curve ends below the target.
pub fn compare(
    a: &Embedding,
    b: &Embedding,
    curve: &Curve,
    target: TargetFmr,
) -> Result<Comparison, MatchError> {
    let cosine = cosine(a, b)?;
    same_model(a.model_id(), curve.model_id())?;
    decide(cosine, curve, target)
}

/// The comparison of a cosine that is known, by the curve of its pack.
///
/// # Errors
/// [`MatchError::CalibrationInsufficient`] when the curve ends below the target.
pub(crate) fn decide(
    cosine: f32,
    curve: &Curve,
    target: TargetFmr,
) -> Result<Comparison, MatchError> {
    let needed = reachable(curve, Score::from_fmr(target.get()))?;
    let calibrated = curve.score(cosine);
    Ok(Comparison {
        cosine,
        score: calibrated.score,
        fmr: calibrated.score.fmr(),
        at_limit: calibrated.at_limit,
        is_match: calibrated.score >= needed,
    })
}

/// Cosine of two embeddings of one pack, `-1..=1`.
///
/// # Errors
/// [`MatchError::AcrossVersions`] when they come from different packs.
pub fn cosine(a: &Embedding, b: &Embedding) -> Result<f32, MatchError> {
    same_model(a.model_id(), b.model_id())?;
    if a.values().len() != b.values().len() {
        return Err(MatchError::Dimension {
            left: a.values().len(),
            right: b.values().len(),
        });
    }
    let dot = native::exact(a.values(), b.values());
    Ok(rounded(dot))
}

/// The cosine that a dot product of two unit vectors stands for.
pub(super) fn rounded(dot: f64) -> f32 {
    (dot as f32).clamp(-1.0, 1.0)
}

/// The score itself, if the curve reaches that far.
pub(crate) fn reachable(curve: &Curve, needed: Score) -> Result<Score, MatchError> {
    if needed <= curve.limit() {
        Ok(needed)
    } else {
        Err(MatchError::CalibrationInsufficient {
            needed,
            limit: curve.limit(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::{Coded, Status};
    use crate::matching::samples::{uniform_curve, unit};

    #[test]
    fn match_follows_the_target() {
        let curve = uniform_curve(1_000_000);
        let (a, b) = (unit("p@1", 1.0), unit("p@1", 0.9995));
        let at =
            |fmr| compare(&a, &b, &curve, TargetFmr::new(fmr).expect("rate")).expect("compared");
        assert!(at(1e-3).is_match);
        assert!(!at(1e-4).is_match);
        let comparison = at(1e-3);
        assert!((comparison.fmr / 5e-4 - 1.0).abs() < 0.1, "{comparison:?}");
        assert!(!comparison.at_limit);
    }

    #[test]
    fn a_score_that_is_the_target_matches_and_the_next_lower_one_does_not() {
        let curve = uniform_curve(10_000);
        let cosine = 0.95_f32;
        let score = curve.score(cosine).score;
        let target = |fmr: f64| decide(cosine, &curve, TargetFmr::new(fmr).expect("rate"));
        let exact = target(score.fmr()).expect("supported");
        assert_eq!(Score::from_fmr(score.fmr()), exact.score);
        assert!(exact.is_match);
        assert!(!target(score.fmr() * 0.999).expect("supported").is_match);
    }

    #[test]
    fn a_target_at_the_curves_limit_is_reachable_and_the_next_one_is_not() {
        let curve = uniform_curve(10_000);
        assert_eq!(reachable(&curve, curve.limit()), Ok(curve.limit()));
        let above = Score::from_fmr(curve.limit().fmr() * 0.999);
        assert!(reachable(&curve, above).is_err());
    }

    #[test]
    fn other_models_and_unsupported_targets_are_refused() {
        let curve = uniform_curve(10_000);
        let (a, other) = (unit("p@1", 1.0), unit("q@1", 1.0));
        let target = TargetFmr::new(1e-2).expect("rate");
        for (x, y) in [(&a, &other), (&other, &a), (&other, &other)] {
            let error = compare(x, y, &curve, target).expect_err("refused");
            assert_eq!(error.status(), Status::AcrossVersions);
        }
        let error = compare(&a, &a, &curve, TargetFmr::default()).expect_err("refused");
        assert_eq!(error.status(), Status::CalibrationInsufficient);
        assert!(error.to_string().contains("60.0"));
    }
}
