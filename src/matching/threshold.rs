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
