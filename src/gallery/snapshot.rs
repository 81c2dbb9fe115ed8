//! Reading: lists, counts and what is known of each group and person.

use super::choices::{Gender, Page};
use super::contents::{Contents, FaceEntry, GroupEntry, PersonEntry};
use super::error::LibraryError;
use super::ids::{FaceId, GroupId, PersonId};
use std::fmt;
use std::sync::Arc;

/// A gallery at one moment.
#[derive(Clone)]
pub struct Snapshot {
    pub(super) contents: Arc<Contents>,
}

/// What is known of a group.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct GroupInfo {
    /// Its id.
    pub id: GroupId,
    /// Its name.
    pub name: String,
    /// Its tag, or nothing.
    pub tag: String,
    /// Names of its custom fields.
    pub fields: Vec<String>,
    /// `id@version` of the pack that it answers from.
    pub model_id: String,
    /// The pack that an upgrade is filling.
    pub upgrade: Option<String>,
    /// The pack that it can return to, once.
    pub rollback: Option<String>,
    /// Persons in it.
    pub persons: usize,
    /// Faces of those persons.
    pub faces: usize,
    /// Those faces that can be found in it.
    pub searchable: usize,
}

/// What is known of a person.
#[derive(Clone, PartialEq)]
pub struct PersonInfo {
    /// Their id.
    pub id: PersonId,
    /// Their name.
    pub name: String,
    /// Their gender, where it was given.
    pub gender: Gender,
    /// Their groups, by id, each with the custom fields that have a value, as name and value.
    pub groups: Vec<(GroupId, Vec<(String, String)>)>,
    /// Their faces, in the order in which they came.
    pub faces: Vec<FaceInfo>,
}

/// What is known of a face.
#[derive(Clone, Debug, PartialEq)]
pub struct FaceInfo {
    /// Its number.
    pub id: FaceId,
    /// Its quality in points, `0..=100`.
    pub quality: f32,
    /// Whether a crop is kept.
    pub has_crop: bool,
    /// The packs that it has a feature of.
    pub models: Vec<String>,
}

impl fmt::Debug for Snapshot {
    /// How much there is, never what: ids, names and embeddings are personal data.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Snapshot")
            .field("groups", &self.group_count())
            .field("persons", &self.person_count())
            .field("faces", &self.face_count())
            .finish_non_exhaustive()
    }
}

impl fmt::Debug for PersonInfo {
    /// Never shows the name and the values of custom fields: they are personal data.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let groups: Vec<&GroupId> = self.groups.iter().map(|(id, _)| id).collect();
        f.debug_struct("PersonInfo")
            .field("id", &self.id)
            .field("groups", &groups)
            .field("faces", &self.faces)
            .finish_non_exhaustive()
    }
}

impl Snapshot {
    pub(super) fn new(contents: Arc<Contents>) -> Self {
        Self { contents }
    }

    /// Number of groups.
    #[must_use]
    pub fn group_count(&self) -> usize {
        self.contents.groups.size()
    }

    /// Number of persons in all groups; one in several groups counts once.
    #[must_use]
    pub fn person_count(&self) -> usize {
        self.contents.persons.size()
    }

    /// Number of faces in all groups; one in several groups counts once.
    #[must_use]
    pub fn face_count(&self) -> usize {
        self.contents.faces
    }

    /// Groups in the order of their ids.
    ///
    /// # Errors
    /// [`LibraryError::OffsetExceed`].
    pub fn groups(&self, page: Page) -> Result<Vec<GroupInfo>, LibraryError> {
        let groups = self.contents.groups.iter();
        page.of(
            self.contents.groups.size(),
            groups.map(|(id, group)| group_info(id, group)),
        )
    }

    /// One group.
    ///
    /// # Errors
    /// [`LibraryError::NoGroup`].
    pub fn group(&self, id: &GroupId) -> Result<GroupInfo, LibraryError> {
        Ok(group_info(id, self.group_entry(id)?))
    }

    /// Persons of a group in the order of their ids.
    ///
    /// # Errors
    /// [`LibraryError::NoGroup`], [`LibraryError::OffsetExceed`].
    pub fn persons(&self, group: &GroupId, page: Page) -> Result<Vec<PersonInfo>, LibraryError> {
        let members = &self.group_entry(group)?.members;
        let ids = page.of(members.size(), members.iter())?;
        ids.into_iter().map(|id| self.person(id)).collect()
    }

    /// One person.
    ///
    /// # Errors
    /// [`LibraryError::NoPerson`].
    pub fn person(&self, id: &PersonId) -> Result<PersonInfo, LibraryError> {
        let person = self.person_entry(id)?;
        let groups = person.memberships.iter().map(|membership| {
            let group = self.contents.groups.get(&membership.group);
            let fields = group.map_or(&[][..], |group| &group.fields);
            let of = |slot: u8| membership.values.iter().find(|(other, _)| *other == slot);
            let values = fields.iter().filter_map(|field| {
                let (_, value) = of(field.slot)?;
                Some((field.name.clone(), value.clone()))
            });
            (membership.group.clone(), values.collect())
        });
        Ok(PersonInfo {
            id: id.clone(),
            name: person.name.clone(),
            gender: person.gender,
            groups: groups.collect(),
            faces: person.faces.iter().map(face_info).collect(),
        })
    }

    pub(super) fn group_entry(&self, id: &GroupId) -> Result<&GroupEntry, LibraryError> {
        let group = self.contents.groups.get(id);
        group
            .map(|group| &**group)
            .ok_or_else(|| LibraryError::NoGroup(id.clone()))
    }

    pub(super) fn person_entry(&self, id: &PersonId) -> Result<&PersonEntry, LibraryError> {
        let person = self.contents.persons.get(id);
        person.map(|person| &**person).ok_or(LibraryError::NoPerson)
    }
}

fn group_info(id: &GroupId, group: &GroupEntry) -> GroupInfo {
    let versions = &group.versions;
    GroupInfo {
        id: id.clone(),
        name: group.name.as_ref().to_owned(),
        tag: group.tag.clone(),
        fields: group
            .fields
            .iter()
            .map(|field| field.name.clone())
            .collect(),
        model_id: versions.serving.as_ref().to_owned(),
        upgrade: versions.next.as_deref().map(str::to_owned),
        rollback: versions.previous.as_deref().map(str::to_owned),
        persons: group.members.size(),
        faces: group.faces,
        searchable: group.face_rows.len(),
    }
}

fn face_info(face: &FaceEntry) -> FaceInfo {
    FaceInfo {
        id: face.id,
        quality: face.quality,
        has_crop: face.crop,
        models: face
            .rows
            .iter()
            .map(|(model, _)| model.as_ref().to_owned())
            .collect(),
    }
}
