//! What callers choose by number, refused outside its range: a gender, a level, a threshold, a page.

use super::error::{LibraryError, between};
use super::kinds::Counted;
use super::limits::PAGE;
use crate::config::TargetFmr;
use crate::model::Score;

/// 0 not given, 1 male, 2 female.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub enum Gender {
    /// 0.
    #[default]
    NotGiven,
    /// 1.
    Male,
    /// 2.
    Female,
}

impl Gender {
    /// From the number of the product documents.
    ///
    /// # Errors
    /// [`LibraryError::GenderIllegal`] with the number.
    pub fn new(number: u8) -> Result<Self, LibraryError> {
        match number {
            0 => Ok(Self::NotGiven),
            1 => Ok(Self::Male),
            2 => Ok(Self::Female),
            number => Err(LibraryError::GenderIllegal { number }),
        }
    }

    /// The number.
    #[must_use]
    pub fn number(self) -> u8 {
        self as u8
    }
}

/// How sure a new person must differ from those already in the group: 0, the default, asks
/// nothing; level 1 holds back who scores as one stranger in 100 does, 2 one in 1,000, 3 one in
/// 10,000, 4 one in 100,000.
///
/// The rate is that of one comparison. In a group of `N` faces the share of new persons who are
/// held back though they are strangers is up to `N` times that, so the level must fit the group.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct UniquePersonControl(u8);

impl UniquePersonControl {
    /// Checks `0 <= level <= 4`.
    ///
    /// # Errors
    /// [`LibraryError::UniquePersonControlIllegal`] with the level.
    pub fn new(level: u8) -> Result<Self, LibraryError> {
        if level <= 4 {
            Ok(Self(level))
        } else {
            Err(LibraryError::UniquePersonControlIllegal { level })
        }
    }

    /// The level.
    #[must_use]
    pub fn level(self) -> u8 {
        self.0
    }

    /// The rate of one comparison; `None` at level 0.
    #[must_use]
    pub fn target(self) -> Option<TargetFmr> {
        let rate = [1e-2, 1e-3, 1e-4, 1e-5][usize::from(self.0).checked_sub(1)?];
        Some(TargetFmr::new(rate).expect("the four rates lie between 0 and 1"))
    }
}

/// The score that a new face has to reach with one of the person's own to join them.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct FaceMatchThreshold(Score);

impl FaceMatchThreshold {
    /// Checks `0 <= score <= 100`.
    ///
    /// # Errors
    /// [`LibraryError::FaceMatchThresholdIllegal`] with the score.
    pub fn new(score: f64) -> Result<Self, LibraryError> {
        match Score::new(score) {
            Ok(score) => Ok(Self(score)),
            Err(_) => Err(LibraryError::FaceMatchThresholdIllegal { score }),
        }
    }

    /// The score.
    #[must_use]
    pub fn score(self) -> Score {
        self.0
    }
}

impl Default for FaceMatchThreshold {
    /// 60: one stranger in 100,000.
    fn default() -> Self {
        Self::new(60.0).expect("60 is a score")
    }
}

/// Which part of a list to return.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Page {
    offset: usize,
    limit: usize,
}

impl Page {
    /// `limit` entries from `offset` on.
    ///
    /// # Errors
    /// [`LibraryError::TooMany`] unless `1 <= limit <= 1000`.
    pub fn new(offset: usize, limit: usize) -> Result<Self, LibraryError> {
        between(Counted::PageEntries, limit, PAGE)?;
        Ok(Self { offset, limit })
    }

    /// The page's part of a list of `length` entries.
    ///
    /// # Errors
    /// [`LibraryError::OffsetExceed`] where the page begins beyond the end; at the end it is empty.
    pub(super) fn of<T>(
        self,
        length: usize,
        list: impl Iterator<Item = T>,
    ) -> Result<Vec<T>, LibraryError> {
        let Self { offset, limit } = self;
        if offset > length {
            return Err(LibraryError::OffsetExceed { offset, length });
        }
        Ok(list.skip(offset).take(limit).collect())
    }
}

impl Default for Page {
    /// The first 10.
    fn default() -> Self {
        Self {
            offset: 0,
            limit: 10,
        }
    }
}
