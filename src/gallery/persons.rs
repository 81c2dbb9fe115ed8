//! Persons: enrolling, copying between groups, changing and deleting them.

use super::choices::{Gender, UniquePersonControl};
use super::contents::{GroupEntry, Membership, PersonEntry};
use super::edit::Edit;
use super::enrol_face::EnrolFace;
use super::error::{LibraryError, at_most, between};
use super::ids::{FaceId, GroupId, PersonId};
use super::kinds::{Counted, Text};
use super::limits::{FIELDS_PER_GROUP, GROUPS_PER_PERSON};
use super::matcher::Matcher;
use super::model_id::{expect_model, no_feature};
use super::text::{check_name, check_new_id, check_value};
use crate::error::Result;
use crate::matching::Comparison;
use std::fmt;

/// A person to be enrolled.
#[derive(Clone, Eq, PartialEq)]
pub struct NewPerson {
    /// Their id, unique in the gallery, which stays.
    pub id: PersonId,
    /// Their name: 1 to 60 characters, which need not be unique.
    pub name: String,
    /// 0, 1 or 2.
    pub gender: Gender,
    /// Values of the group's custom fields, as name and value; those not named are empty.
    pub fields: Vec<(String, String)>,
}

impl NewPerson {
    /// A person of whom no more is known.
    #[must_use]
    pub fn new(id: PersonId, name: &str) -> Self {
        Self {
            id,
            name: name.to_owned(),
            gender: Gender::NotGiven,
            fields: Vec::new(),
        }
    }
}

impl fmt::Debug for NewPerson {
    /// Never shows the name and the values of custom fields: they are personal data.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("NewPerson")
            .field("id", &self.id)
            .field("fields", &self.fields.len())
            .finish_non_exhaustive()
    }
}

/// What became of a new person.
#[derive(Clone, Debug, PartialEq)]
pub enum Enrolment {
    /// They are in the group now, with this face.
    Created(FaceId),
    /// A person in the group looks like them. Nothing was changed.
    Similar(Similar),
}

/// The person in the group who looks most like a new one.
#[derive(Clone, Debug, PartialEq)]
pub struct Similar {
    /// The person.
    pub person: PersonId,
    /// Their face.
    pub face: FaceId,
    /// How it compares, at the rate of the level.
    pub comparison: Comparison,
}

impl Edit {
    /// Enrols a person in a group with their first face.
    ///
    /// Above level 0 of `unique` the face is compared with every face of the group first.
    ///
    /// # Errors
    /// [`LibraryError`]: no such group, the id is taken, a text breaks its limit, the group takes
    /// other embeddings, or there is no room for a face. An expired licence; a level whose rate
    /// the curve cannot support.
    pub fn create_person(
        &mut self,
        matcher: &Matcher,
        group: &GroupId,
        new: &NewPerson,
        face: EnrolFace,
        unique: UniquePersonControl,
    ) -> Result<Enrolment> {
        matcher.check()?;
        check_new_id(Text::PersonId, new.id.as_str())?;
        check_name(Text::PersonName, &new.name)?;
        let values = field_values(self.group(group)?, &new.fields)?;
        if self.contents.persons.contains_key(&new.id) {
            return Err(LibraryError::PersonExists.into());
        }
        let face = matcher.admit(face)?;
        expect_model(
            &self.group(group)?.versions.serving,
            face.embedding.model_id(),
        )?;
        self.check_room(1, matcher.gallery_max(), [group].into_iter())?;
        if let Some(similar) = self.similar(matcher, group, &face, unique)? {
            return Ok(Enrolment::Similar(similar));
        }
        let face = self.add_face(&new.id, face)?;
        let id = face.id;
        let membership = Membership {
            group: group.clone(),
            values,
        };
        let person = PersonEntry {
            name: new.name.clone(),
            gender: new.gender,
            memberships: vec![membership],
            faces: vec![face],
            fused: Vec::new(),
        };
        self.attach(&new.id, person);
        Ok(Enrolment::Created(id))
    }

    fn similar(
        &self,
        matcher: &Matcher,
        group: &GroupId,
        face: &EnrolFace,
        unique: UniquePersonControl,
    ) -> Result<Option<Similar>> {
        let Some(target) = unique.target() else {
            return Ok(None);
        };
        let rows = &self.group(group)?.face_rows;
        let Some(features) = self.contents.features.get(face.embedding.model_id()) else {
            return Ok(None);
        };
        let near = features.nearest(&face.embedding, rows, 1, |near| !near.is_empty())?;
        let Some(best) = near.first() else {
            return Ok(None);
        };
        let comparison = matcher.compare_cosine(face.embedding.model_id(), best.cosine, target)?;
        let similar = best.owner.face.map(|face| Similar {
            person: best.owner.person.clone(),
            face,
            comparison,
        });
        Ok(similar.filter(|similar| similar.comparison.is_match))
    }

    /// Adds a person to further groups, each with empty custom fields.
    ///
    /// # Errors
    /// [`LibraryError`]: no such person or group, they are in one of the groups, would be in more
    /// than 100, have no face of a group's model, or a group has no room. Then none is joined.
    pub fn copy_person(&mut self, id: &PersonId, groups: &[GroupId]) -> Result<()> {
        let person = self.person(id)?;
        between(Counted::GroupsOfPerson, groups.len(), GROUPS_PER_PERSON)?;
        let together = person.memberships.len() + groups.len();
        at_most(Counted::GroupsOfPerson, together, GROUPS_PER_PERSON)?;
        for (n, group) in groups.iter().enumerate() {
            if groups[..n].contains(group) {
                return Err(LibraryError::GroupTwice(group.clone()).into());
            }
            let serving = &self.group(group)?.versions.serving;
            if person.is_in(group) {
                return Err(LibraryError::InGroup(group.clone()).into());
            }
            if person.row(serving).is_none() {
                return Err(no_feature(serving).into());
            }
            self.check_room_in(person.faces.len(), group)?;
        }
        let mut person = self.detach(id)?;
        let joined = groups.iter().map(|group| Membership {
            group: group.clone(),
            values: Vec::new(),
        });
        person.memberships.extend(joined);
        person.memberships.sort_by(|a, b| a.group.cmp(&b.group));
        self.attach(id, person);
        Ok(())
    }

    /// Renames a person.
    ///
    /// # Errors
    /// [`LibraryError`]: no such person, or the name breaks its limit.
    pub fn rename_person(&mut self, id: &PersonId, name: &str) -> Result<()> {
        check_name(Text::PersonName, name)?;
        name.clone_into(&mut self.person_mut(id)?.name);
        Ok(())
    }

    /// Sets a person's gender.
    ///
    /// # Errors
    /// [`LibraryError::NoPerson`].
    pub fn set_gender(&mut self, id: &PersonId, gender: Gender) -> Result<()> {
        self.person_mut(id)?.gender = gender;
        Ok(())
    }

    /// Sets some of a person's custom fields in one of their groups; an empty value removes one.
    ///
    /// # Errors
    /// [`LibraryError`]: no such person or group, the person is not in it, or as for
    /// [`create_person`](Self::create_person).
    pub fn set_fields(
        &mut self,
        id: &PersonId,
        group: &GroupId,
        fields: &[(String, String)],
    ) -> Result<()> {
        let values = field_values(self.group(group)?, fields)?;
        let named: Vec<u8> = fields
            .iter()
            .filter_map(|(name, _)| Some(self.group(group).ok()?.field(name)?.slot))
            .collect();
        if !self.person(id)?.is_in(group) {
            return Err(LibraryError::NotInGroup(group.clone()).into());
        }
        let memberships = self.person_mut(id)?.memberships.iter_mut();
        for membership in memberships.filter(|one| one.group == *group) {
            membership.values.retain(|(slot, _)| !named.contains(slot));
            membership.values.extend(values.iter().cloned());
            membership.values.sort_unstable();
        }
        Ok(())
    }

    /// Removes a person from one group. From their last group they go altogether, with all their
    /// faces; then the answer is `true`.
    ///
    /// # Errors
    /// [`LibraryError`]: no such person or group, or the person is not in it.
    pub fn remove_from_group(&mut self, id: &PersonId, group: &GroupId) -> Result<bool> {
        self.group(group)?;
        if !self.person(id)?.is_in(group) {
            return Err(LibraryError::NotInGroup(group.clone()).into());
        }
        self.leave(id, group)
    }

    /// Deletes a person from every group, with all their faces.
    ///
    /// # Errors
    /// [`LibraryError::NoPerson`].
    pub fn delete_person(&mut self, id: &PersonId) -> Result<()> {
        let person = self.detach(id)?;
        self.erase(id, person);
        Ok(())
    }

    /// Whether a member who leaves a group is gone altogether.
    pub(super) fn leave(&mut self, id: &PersonId, group: &GroupId) -> Result<bool> {
        let mut person = self.detach(id)?;
        person.memberships.retain(|one| one.group != *group);
        let gone = person.memberships.is_empty();
        if gone {
            self.erase(id, person);
        } else {
            self.attach(id, person);
        }
        Ok(gone)
    }
}

/// Values by slot, without the empty ones.
fn field_values(
    group: &GroupEntry,
    fields: &[(String, String)],
) -> Result<Vec<(u8, String)>, LibraryError> {
    at_most(Counted::FieldValues, fields.len(), FIELDS_PER_GROUP)?;
    let mut values: Vec<(u8, String)> = Vec::new();
    for (name, value) in fields {
        let field = group.field(name);
        let slot = field.ok_or(LibraryError::NoField { values: true })?.slot;
        if values.iter().any(|(other, _)| *other == slot) {
            return Err(LibraryError::FieldTwice { values: true });
        }
        check_value(value)?;
        values.push((slot, value.clone()));
    }
    values.retain(|(_, value)| !value.is_empty());
    values.sort_unstable();
    Ok(values)
}
