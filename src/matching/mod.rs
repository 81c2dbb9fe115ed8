//! Compares embeddings: 1:1 with a calibrated score, 1:N with a threshold that follows from the
//! number of faces searched.

mod identify;
pub mod index;
mod kernels;

pub use identify::{
    Candidate, Identification, Template, expected_fpir, identify, search_threshold,
};

use crate::config::TargetFmr;
use crate::error::{Coded, Status};
use crate::model::{Curve, Score};
use crate::stages::embed::Embedding;
use std::fmt;

/// The outcome of a 1:1 comparison.
#[derive(Clone, Copy, Debug, PartialEq)]
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
    let dot = kernels::native::exact(a.values(), b.values());
    Ok(rounded(dot))
}

/// The cosine that a dot product of two unit vectors stands for.
fn rounded(dot: f64) -> f32 {
    (dot as f32).clamp(-1.0, 1.0)
}

fn same_model(left: &str, right: &str) -> Result<(), MatchError> {
    if left == right {
        Ok(())
    } else {
        Err(MatchError::AcrossVersions {
            left: left.to_owned(),
            right: right.to_owned(),
        })
    }
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

/// Embeddings that cannot be compared as asked.
#[derive(Clone, Debug, PartialEq)]
pub enum MatchError {
    /// Two embeddings, or an embedding and a curve, belong to different packs.
    AcrossVersions {
        /// Model id of the first.
        left: String,
        /// Model id of the second.
        right: String,
    },
    /// The same model id with different lengths: one of them was altered.
    Dimension {
        /// Values of the first.
        left: usize,
        /// Values of the second.
        right: usize,
    },
    /// The decision needs a score that the calibration set cannot support.
    CalibrationInsufficient {
        /// The score needed.
        needed: Score,
        /// The largest supported.
        limit: Score,
    },
    /// A search among so many faces at this FPIR needs a score that the calibration set cannot
    /// support.
    SearchTooWide {
        /// Faces to be searched.
        enrolled: usize,
        /// Faces that can be searched at this FPIR.
        most: usize,
        /// The target FPIR.
        fpir: f64,
        /// The largest score supported.
        limit: Score,
    },
}

impl fmt::Display for MatchError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::AcrossVersions { left, right } => {
                write!(
                    f,
                    "{left} and {right} are different models; embed both with one pack"
                )
            }
            Self::Dimension { left, right } => {
                write!(
                    f,
                    "the embeddings have {left} and {right} values under one model id"
                )
            }
            Self::CalibrationInsufficient { needed, limit } => write!(
                f,
                "the target needs score {:.2}, the calibration set supports up to {:.2}; \
                 choose a higher error rate",
                needed.get(),
                limit.get()
            ),
            Self::SearchTooWide {
                enrolled,
                most,
                fpir,
                limit,
            } => write!(
                f,
                "{enrolled} faces at FPIR {fpir} need a score above {:.2}, the largest that the \
                 calibration set supports; at most {most} faces can be searched at this rate, so \
                 choose a higher one or calibrate on more people",
                limit.get()
            ),
        }
    }
}

impl std::error::Error for MatchError {}

impl Coded for MatchError {
    fn status(&self) -> Status {
        match self {
            Self::AcrossVersions { .. } => Status::AcrossVersions,
            Self::Dimension { .. } => Status::InvalidParameter,
            Self::CalibrationInsufficient { .. } | Self::SearchTooWide { .. } => {
                Status::CalibrationInsufficient
            }
        }
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use crate::model::CurveSource;

    /// FMR at cosine `c` is `1 - c`, from `n` pairs.
    pub(crate) fn uniform_curve(n: usize) -> Curve {
        let source = CurveSource {
            set: "test".into(),
            images: 0,
            people: 0,
            failed_to_detect: 0,
            impostor_pairs: 0,
        };
        let impostors = (0..n).map(|i| (i as f32 + 0.5) / n as f32).collect();
        Curve::measure("p@1", source, impostors).expect("enough pairs")
    }

    /// A unit vector in the plane.
    pub(crate) fn unit(model_id: &str, cosine: f32) -> Embedding {
        Embedding::from_parts(model_id, vec![cosine, (1.0 - cosine * cosine).sqrt()]).expect("unit")
    }

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
