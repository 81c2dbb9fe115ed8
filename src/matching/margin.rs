//! How far the best candidate of a search stands before the next person.

use crate::model::Curve;

/// The least margin at which two persons can be told apart, in decibels: the best candidate is as
/// close as ten times fewer strangers come than to the second. Somebody whom both resemble by
/// chance is that rare at most; who has no such margin may as well be the other one.
pub const DISTINGUISHABLE_DB: f64 = 10.0;

/// What separates the best candidate from the best face of another person.
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub struct Margin {
    /// Difference of their cosines, `0..=2`.
    pub cosine: f32,
    /// The same in decibels of false match rate, by the pack's curve: 10 is ten times rarer. Scores
    /// end where the calibration set does; this goes on.
    pub decibels: f64,
}

impl Margin {
    /// Of the best cosine and that of another person.
    pub(crate) fn between(curve: &Curve, best: f32, other: f32) -> Self {
        Self {
            cosine: best - other,
            decibels: curve.decibels_between(best, other),
        }
    }

    /// Whether the two can be told apart: at least [`DISTINGUISHABLE_DB`].
    #[must_use]
    pub fn is_distinguishable(&self) -> bool {
        self.decibels >= DISTINGUISHABLE_DB
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn exactly_ten_decibels_can_be_told_apart_and_less_cannot() {
        let of = |decibels| Margin {
            cosine: 0.1,
            decibels,
        };
        assert!(of(10.0).is_distinguishable());
        assert!(!of(10.0_f64.next_down()).is_distinguishable());
        assert!(!of(f64::NAN).is_distinguishable());
    }
}
