//! What an index refuses.

use super::limits::{MAX_DIMENSION, MAX_ROWS};
use super::rows::Row;
use crate::error::{Coded, Status};
use crate::matching::error::MatchError;
use std::fmt;
use vultus_nn::cpu::CpuPathRefused;

/// Embeddings that an index cannot take or search.
#[derive(Clone, Debug, PartialEq)]
pub enum IndexError {
    /// `VULTUS_CPU` asks for kernels that this processor lacks.
    Cpu(CpuPathRefused),
    /// The embedding belongs to another model or has another number of values.
    Match(MatchError),
    /// An index of embeddings with so many values does not exist.
    Dimension {
        /// Values asked for.
        dimension: usize,
    },
    /// Values that are not a whole number of embeddings.
    Ragged {
        /// Values given.
        values: usize,
        /// Values of one embedding.
        dimension: usize,
    },
    /// An embedding is not finite or not of length 1.
    NotUnit {
        /// Its position among those given.
        position: usize,
        /// Its length.
        norm: f64,
    },
    /// All rows are in use.
    Full {
        /// Rows of an index.
        most: usize,
    },
    /// The row is not in use.
    Vacant {
        /// Its number.
        row: Row,
    },
}

impl From<CpuPathRefused> for IndexError {
    fn from(error: CpuPathRefused) -> Self {
        Self::Cpu(error)
    }
}

impl From<MatchError> for IndexError {
    fn from(error: MatchError) -> Self {
        Self::Match(error)
    }
}

impl fmt::Display for IndexError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Cpu(error) => error.fmt(f),
            Self::Match(error) => error.fmt(f),
            Self::Dimension { dimension } => write!(
                f,
                "an index of embeddings with {dimension} values was asked for, allowed are 1 to {MAX_DIMENSION}"
            ),
            Self::Ragged { values, dimension } => write!(
                f,
                "{values} values are not a whole number of embeddings of {dimension}"
            ),
            Self::NotUnit { position, norm } => write!(
                f,
                "embedding {position} has length {norm}, allowed is 1 within a thousandth"
            ),
            Self::Full { most } => write!(
                f,
                "the index would exceed {most} rows; {MAX_ROWS} are the most"
            ),
            Self::Vacant { row } => write!(f, "row {} is not in use", row.number()),
        }
    }
}

impl std::error::Error for IndexError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Cpu(error) => Some(error),
            Self::Match(error) => Some(error),
            _ => None,
        }
    }
}

impl Coded for IndexError {
    fn status(&self) -> Status {
        match self {
            Self::Cpu(error) => error.status(),
            Self::Match(error) => error.status(),
            Self::Dimension { .. }
            | Self::Ragged { .. }
            | Self::NotUnit { .. }
            | Self::Full { .. }
            | Self::Vacant { .. } => Status::InvalidParameter,
        }
    }
}
