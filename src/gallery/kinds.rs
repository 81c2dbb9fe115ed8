//! What the rules of a gallery speak of: texts that callers set, and things that are counted.

/// A text that a caller sets.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Text {
    /// Id of a group.
    GroupId,
    /// Name of a group.
    GroupName,
    /// Tag of a group.
    GroupTag,
    /// Name of a custom field.
    FieldName,
    /// Value of a custom field.
    FieldValue,
    /// Id of a person.
    PersonId,
    /// Name of a person.
    PersonName,
}

impl Text {
    /// What it is called in messages.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::GroupId => "the group's id",
            Self::GroupName => "the group's name",
            Self::GroupTag => "the group's tag",
            Self::FieldName => "the custom field's name",
            Self::FieldValue => "the custom field's value",
            Self::PersonId => "the person's id",
            Self::PersonName => "the person's name",
        }
    }
}

/// What is wrong with a text.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum TextProblem {
    /// More than it may have.
    TooLong {
        /// Bytes of an id, characters of anything else.
        length: usize,
        /// How many it may have.
        most: usize,
    },
    /// A character that it may not have.
    Illegal {
        /// Number of the character, from 0.
        at: usize,
    },
}

/// Something of which there may be so many.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Counted {
    /// Groups of a gallery.
    Groups,
    /// Faces of a gallery, by its limit or the licence.
    Faces,
    /// Faces of a group.
    FacesInGroup,
    /// Custom fields of a group.
    Fields,
    /// Values of custom fields.
    FieldValues,
    /// Groups of a person.
    GroupsOfPerson,
    /// Faces of a person.
    FacesOfPerson,
    /// Faces added by one call.
    Upload,
    /// Groups of a search.
    GroupsSearched,
    /// Persons that a search returns.
    Candidates,
    /// Faces of a photograph that are searched.
    Probes,
    /// Entries of a page.
    PageEntries,
}

impl Counted {
    /// What they are called in messages.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Groups => "groups in the gallery",
            Self::Faces => "faces in the gallery",
            Self::FacesInGroup => "faces in the group",
            Self::Fields => "custom fields of the group",
            Self::FieldValues => "values of custom fields",
            Self::GroupsOfPerson => "groups of the person",
            Self::FacesOfPerson => "faces of the person",
            Self::Upload => "faces in one call",
            Self::GroupsSearched => "groups to search",
            Self::Candidates => "persons to return",
            Self::Probes => "faces of the photograph",
            Self::PageEntries => "entries of the page",
        }
    }
}
