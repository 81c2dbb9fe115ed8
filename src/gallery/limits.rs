//! How much a gallery may hold, and the numbers that callers choose within it.

use super::error::{Counted, LibraryError};
use crate::config::{OutOfRange, TargetFmr};
use crate::model::Score;

/// Faces of one person.
pub const FACES_PER_PERSON: usize = 5;
/// Faces added by one call.
pub const FACES_PER_CALL: usize = 4;
/// Groups of one person.
pub const GROUPS_PER_PERSON: usize = 100;
/// Groups of one search.
pub const GROUPS_PER_SEARCH: usize = 100;
/// Groups of one search that answers by group.
pub const GROUPS_PER_SEARCH_BY_GROUP: usize = 60;
/// Persons that a search returns at most.
pub const TOP: usize = 100;
/// Persons that a search returns for each group at most, where it answers by group.
pub const TOP_BY_GROUP: usize = 10;
/// Custom fields of one group.
pub const FIELDS_PER_GROUP: usize = 5;
/// Entries of one page of a list.
pub const PAGE: usize = 1_000;
/// Bytes of a retained crop.
pub const CROP_BYTES: usize = 1024 * 1024;
/// Faces of one photograph that are searched at most.
pub const FACES_PER_PROBE: usize = 10;

/// How much one gallery may hold. A licence may set the number of faces lower still.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Limits {
    groups: usize,
    faces_per_group: usize,
    faces: usize,
}

impl Limits {
    /// Groups of any gallery.
    pub const MOST_GROUPS: usize = 100_000;
    /// Faces of any group.
    pub const MOST_FACES_PER_GROUP: usize = 3_000_000;
    /// Faces of any gallery.
    pub const MOST_FACES: usize = 10_000_000;

    /// Lower limits than [the default](Self::default), or more faces.
    ///
    /// # Errors
    /// [`OutOfRange`] for 0 or more than any gallery may hold.
    pub fn new(groups: usize, faces_per_group: usize, faces: usize) -> Result<Self, OutOfRange> {
        within("groups", groups, Self::MOST_GROUPS, "1 to 100,000")?;
        let most = Self::MOST_FACES_PER_GROUP;
        within("faces per group", faces_per_group, most, "1 to 3,000,000")?;
        within("faces", faces, Self::MOST_FACES, "1 to 10,000,000")?;
        Ok(Self {
            groups,
            faces_per_group,
            faces,
        })
    }

    /// Groups.
    #[must_use]
    pub fn groups(&self) -> usize {
        self.groups
    }

    /// Faces of one group.
    #[must_use]
    pub fn faces_per_group(&self) -> usize {
        self.faces_per_group
    }

    /// Faces of all groups; one in several groups counts once.
    #[must_use]
    pub fn faces(&self) -> usize {
        self.faces
    }
}

impl Default for Limits {
    /// 100,000 groups, 3,000,000 faces a group, 1,000,000 faces.
    fn default() -> Self {
        Self {
            groups: Self::MOST_GROUPS,
            faces_per_group: Self::MOST_FACES_PER_GROUP,
            faces: 1_000_000,
        }
    }
}

fn within(
    name: &'static str,
    value: usize,
    most: usize,
    range: &'static str,
) -> Result<(), OutOfRange> {
    if (1..=most).contains(&value) {
        return Ok(());
    }
    Err(OutOfRange {
        name,
        value: value as f64,
        range,
    })
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

/// Refuses none and more than `most`.
pub(super) fn between(what: Counted, given: usize, most: usize) -> Result<(), LibraryError> {
    if given == 0 {
        return Err(LibraryError::Empty { what: what.name() });
    }
    at_most(what, given, most)
}

/// Refuses more than `most`.
pub(super) fn at_most(what: Counted, given: usize, most: usize) -> Result<(), LibraryError> {
    if given <= most {
        Ok(())
    } else {
        Err(LibraryError::TooMany { what, given, most })
    }
}
