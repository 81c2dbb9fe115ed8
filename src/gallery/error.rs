//! What the rules of a gallery refuse. Ids and names of persons are never part of a message.

use super::ids::GroupId;
use super::kinds::{Counted, Text, TextProblem};
use super::limits::CROP_BYTES;
use crate::error::{Coded, Status};
use std::fmt;

/// A rule of the gallery that a call breaks. The gallery is then as it was before the call.
#[derive(Clone, Debug, PartialEq)]
pub enum LibraryError {
    /// Something needed is missing.
    Empty {
        /// What.
        what: &'static str,
    },
    /// A text with a wrong character or too many of them.
    Text {
        /// Which text.
        text: Text,
        /// What is wrong.
        problem: TextProblem,
    },
    /// Too many of something.
    TooMany {
        /// Of what.
        what: Counted,
        /// How many there would be.
        given: usize,
        /// How many there may be.
        most: usize,
    },
    /// A group of this id exists.
    GroupExists(GroupId),
    /// A group of this name exists.
    GroupNameExists,
    /// No group has this id.
    NoGroup(GroupId),
    /// Two custom fields of one name, or one field given twice.
    FieldTwice {
        /// Whether values were given; otherwise the group's own fields.
        values: bool,
    },
    /// The group has no custom field of this name.
    NoField {
        /// Whether values were given; otherwise the group's own fields.
        values: bool,
    },
    /// A person of this id exists.
    PersonExists,
    /// No person has this id.
    NoPerson,
    /// The person is in the group already.
    InGroup(GroupId),
    /// The person is not in the group.
    NotInGroup(GroupId),
    /// One group was named twice.
    GroupTwice(GroupId),
    /// The person has no face of this number.
    NoFace {
        /// The number.
        face: u64,
    },
    /// The person would have no face left.
    LastFace,
    /// 3 or more.
    GenderIllegal {
        /// The number.
        number: u8,
    },
    /// 5 or more.
    UniquePersonControlIllegal {
        /// The level.
        level: u8,
    },
    /// Outside 0 to 100.
    FaceMatchThresholdIllegal {
        /// The score.
        score: f64,
    },
    /// Not `id@version`.
    ModelIdIllegal {
        /// What was given, cut to 64 characters.
        model_id: String,
    },
    /// Quality is 0 to 100.
    QualityIllegal {
        /// What was given.
        quality: f32,
    },
    /// A crop of no bytes or more than 1 MiB.
    CropBytes {
        /// How many bytes.
        bytes: usize,
    },
    /// The page begins beyond the end.
    OffsetExceed {
        /// Where it begins.
        offset: usize,
        /// Entries of the list.
        length: usize,
    },
    /// The groups have no face to search.
    NoFaceInGroups,
    /// The groups, person or embedding belong to different packs.
    AcrossVersions {
        /// Model id that was expected.
        expected: String,
        /// Model id that was found; empty where the person has no feature of the expected one.
        found: String,
    },
    /// An upgrade that cannot be begun, continued or finished.
    CannotUpgrade {
        /// The group.
        group: GroupId,
        /// Why.
        why: &'static str,
    },
    /// No earlier version is left.
    CannotRollBack(GroupId),
}

impl fmt::Display for LibraryError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Empty { what } => write!(f, "{what}: none given"),
            Self::Text { text, problem } => match problem {
                TextProblem::TooLong { length, most } => {
                    let unit = match text {
                        Text::GroupId | Text::PersonId => "bytes",
                        _ => "characters",
                    };
                    write!(f, "{} has {length} {unit}, allowed are {most}", text.name())
                }
                TextProblem::Illegal { at } => {
                    write!(f, "character {at} of {} is not allowed", text.name())
                }
            },
            Self::TooMany { what, given, most } => {
                write!(f, "{given} {}, allowed are {most}", what.name())
            }
            Self::GroupExists(group) => write!(f, "group {group} exists"),
            Self::GroupNameExists => f.write_str("another group has this name"),
            Self::NoGroup(group) => write!(f, "there is no group {group}"),
            Self::FieldTwice { .. } => f.write_str("one custom field is named twice"),
            Self::NoField { .. } => f.write_str("the group has no custom field of this name"),
            Self::PersonExists => f.write_str("a person of this id exists"),
            Self::NoPerson => f.write_str("there is no person of this id"),
            Self::InGroup(group) => write!(f, "the person is in group {group} already"),
            Self::NotInGroup(group) => write!(f, "the person is not in group {group}"),
            Self::GroupTwice(group) => write!(f, "group {group} is named twice"),
            Self::NoFace { face } => write!(f, "the person has no face {face}"),
            Self::LastFace => f.write_str("the person would have no face left"),
            Self::GenderIllegal { number } => write!(f, "gender is {number}, allowed is 0 to 2"),
            Self::UniquePersonControlIllegal { level } => {
                write!(f, "the level is {level}, allowed is 0 to 4")
            }
            Self::FaceMatchThresholdIllegal { score } => {
                write!(f, "the score is {score}, allowed is 0 to 100")
            }
            Self::ModelIdIllegal { model_id } => {
                write!(f, "{model_id:?} is no id@version of at most 64 bytes")
            }
            Self::QualityIllegal { quality } => {
                write!(f, "quality is {quality}, allowed is 0 to 100")
            }
            Self::CropBytes { bytes } => {
                write!(
                    f,
                    "the crop has {bytes} bytes, allowed is 1 to {CROP_BYTES}"
                )
            }
            Self::OffsetExceed { offset, length } => {
                write!(f, "the page begins at {offset} of {length}")
            }
            Self::NoFaceInGroups => f.write_str("the groups have no face to search"),
            Self::AcrossVersions { expected, found } if found.is_empty() => {
                write!(f, "the person has no face of {expected}")
            }
            Self::AcrossVersions { expected, found } => {
                write!(f, "{found} and {expected} are different models")
            }
            Self::CannotUpgrade { group, why } => write!(f, "group {group}: {why}"),
            Self::CannotRollBack(group) => {
                write!(f, "group {group} has no earlier version")
            }
        }
    }
}

impl std::error::Error for LibraryError {}

impl Coded for LibraryError {
    fn status(&self) -> Status {
        match self {
            Self::Empty { .. } => Status::ErrorParameterEmpty,
            Self::Text { text, problem } => text_status(*text, *problem),
            Self::TooMany { what, .. } => count_status(*what),
            Self::GroupExists(_) => Status::GroupIdAlreadyExist,
            Self::GroupNameExists => Status::GroupNameAlreadyExist,
            Self::NoGroup(_) => Status::GroupIdNotExist,
            Self::FieldTwice { values: false } => Status::GroupExDescriptionsNameIdentical,
            Self::FieldTwice { values: true } => Status::PersonExDescriptionsNameIdentical,
            Self::NoField { values: false } => Status::GroupExDescriptionsNameIllegal,
            Self::NoField { values: true } => Status::PersonExDescriptionsNameIllegal,
            Self::PersonExists => Status::PersonIdAlreadyExist,
            Self::NoPerson => Status::PersonIdNotExist,
            Self::InGroup(_) => Status::PersonExistInGroup,
            Self::NotInGroup(_) => Status::GroupPersonMapNotExist,
            Self::NoFace { .. } => Status::FaceIdNotExist,
            Self::LastFace => Status::DeleteFaceNumExceed,
            Self::GenderIllegal { .. } => Status::PersonGenderIllegal,
            Self::UniquePersonControlIllegal { .. } => Status::UniquePersonControlIllegal,
            Self::FaceMatchThresholdIllegal { .. } => Status::FaceMatchThresholdIllegal,
            Self::ModelIdIllegal { .. } => Status::FaceModelVersionIllegal,
            Self::GroupTwice(_) | Self::QualityIllegal { .. } | Self::CropBytes { .. } => {
                Status::InvalidParameter
            }
            Self::OffsetExceed { .. } => Status::OffsetExceed,
            Self::NoFaceInGroups => Status::NoFaceInGroups,
            Self::AcrossVersions { .. } => Status::AcrossVersions,
            Self::CannotUpgrade { .. } => Status::GroupCannotUpgrade,
            Self::CannotRollBack(_) => Status::UpgradeCannotRollback,
        }
    }
}

fn text_status(text: Text, problem: TextProblem) -> Status {
    let (too_long, illegal) = match text {
        Text::GroupId => (Status::GroupIdTooLong, Status::GroupIdIllegal),
        Text::GroupName => (Status::GroupNameTooLong, Status::GroupNameIllegal),
        Text::GroupTag => (Status::GroupTagTooLong, Status::GroupTagIllegal),
        Text::FieldName => (
            Status::GroupExDescriptionsNameTooLong,
            Status::GroupExDescriptionsNameIllegal,
        ),
        Text::FieldValue => (
            Status::PersonExDescriptionsNameTooLong,
            Status::PersonExDescriptionsNameIllegal,
        ),
        Text::PersonId => (Status::PersonIdTooLong, Status::PersonIdIllegal),
        Text::PersonName => (Status::PersonNameTooLong, Status::PersonNameIllegal),
    };
    match problem {
        TextProblem::TooLong { .. } => too_long,
        TextProblem::Illegal { .. } => illegal,
    }
}

fn count_status(what: Counted) -> Status {
    match what {
        Counted::Groups => Status::GroupNumExceed,
        Counted::Faces => Status::AccountFaceNumExceed,
        Counted::FacesInGroup => Status::GroupFaceNumExceed,
        Counted::Fields => Status::GroupExDescriptionsExceed,
        Counted::FieldValues => Status::PersonExDescriptionInfosExceed,
        Counted::GroupsOfPerson => Status::GroupNumPerPersonExceed,
        Counted::FacesOfPerson => Status::PersonFaceNumExceed,
        Counted::Upload => Status::UploadFaceNumExceed,
        Counted::GroupsSearched => Status::GroupIdsExceed,
        Counted::Candidates => Status::SearchPersonsExceed,
        Counted::Probes => Status::SearchFacesExceed,
        Counted::PageEntries => Status::LimitExceed,
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
