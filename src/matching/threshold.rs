//! 1:N: the score that a search asks for, from the number of faces searched and the target FPIR.

use super::error::MatchError;
use crate::config::TargetFpir;
use crate::model::{Curve, Score};

/// The score that a search among `enrolled` faces asks for. It may lie beyond the curve's limit,
/// on its tail; [`Curve::search_score`] is what a cosine is measured by then.
///
/// # Errors
/// [`MatchError::SearchTooWide`] when the curve cannot support it.
pub fn search_threshold(
    curve: &Curve,
    enrolled: usize,
    target: TargetFpir,
) -> Result<Score, MatchError> {
    let needed = Score::for_search(enrolled, target.get());
    let limit = curve.search_limit();
    if needed <= limit {
        return Ok(needed);
    }
    Err(MatchError::SearchTooWide {
        enrolled,
        most: (target.get() / limit.fmr()).floor() as usize,
        fpir: target.get(),
        limit,
    })
}

/// Upper bound of the share of strangers whom a search among `enrolled` faces names: the union
/// bound `N·FMR`, with the upper bound of the rate where the threshold lies on the curve's tail.
#[must_use]
pub fn expected_fpir(curve: &Curve, enrolled: usize, threshold: Score) -> f64 {
    (enrolled as f64 * curve.search_fmr(threshold)).min(1.0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::matching::samples::uniform_curve;

    #[test]
    fn a_search_is_supported_up_to_the_curves_limit_and_not_beyond() {
        let curve = uniform_curve(10_000);
        let fpir = TargetFpir::new(0.1).expect("rate");
        let Err(MatchError::SearchTooWide { most, .. }) = search_threshold(&curve, 1_000_000, fpir)
        else {
            panic!("10,000 pairs support no such search");
        };
        assert!(most > 1);
        let widest = search_threshold(&curve, most, fpir).expect("supported");
        assert!(widest <= curve.search_limit());
        assert!(search_threshold(&curve, most + 1, fpir).is_err());
    }

    #[test]
    fn the_bound_of_a_search_is_the_sum_of_its_chances_and_never_above_one() {
        let curve = uniform_curve(10_000);
        let threshold = Score::from_fmr(0.01);
        assert!((expected_fpir(&curve, 5, threshold) - 0.05).abs() < 1e-9);
        assert_eq!(expected_fpir(&curve, 1_000, threshold), 1.0);
    }
}
