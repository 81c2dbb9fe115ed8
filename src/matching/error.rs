//! Embeddings that cannot be compared as asked, and why.

use crate::error::{Coded, Status};
use crate::model::Score;
use std::fmt;

/// Embeddings that cannot be compared as asked.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
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

/// Refuses to compare across packs.
pub(super) fn same_model(left: &str, right: &str) -> Result<(), MatchError> {
    if left == right {
        Ok(())
    } else {
        Err(MatchError::AcrossVersions {
            left: left.to_owned(),
            right: right.to_owned(),
        })
    }
}
