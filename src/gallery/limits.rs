//! How much a gallery may hold.

use crate::config::OutOfRange;

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
