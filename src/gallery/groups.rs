//! Groups: making, changing and deleting them.

use super::contents::{Field, GroupEntry, Versions};
use super::edit::Edit;
use super::error::{LibraryError, at_most};
use super::ids::{GroupId, PersonId};
use super::kinds::{Counted, Text};
use super::limits::FIELDS_PER_GROUP;
use super::model_id::{ModelId, check_model_id};
use super::text::{check_name, check_new_id, check_tag};
use crate::error::Result;
use std::sync::Arc;

/// A group to be made.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct NewGroup {
    /// Its id, which stays.
    pub id: GroupId,
    /// Its name, unique in the gallery: 1 to 60 characters.
    pub name: String,
    /// A tag of up to 40 characters; empty for none.
    pub tag: String,
    /// Names of up to 5 custom fields that its members have: 1 to 30 characters each.
    pub fields: Vec<String>,
    /// `id@version` of the pack whose embeddings it takes.
    pub model_id: String,
}

impl NewGroup {
    /// A group without a tag and custom fields.
    #[must_use]
    pub fn new(id: GroupId, name: &str, model_id: &str) -> Self {
        Self {
            id,
            name: name.to_owned(),
            tag: String::new(),
            fields: Vec::new(),
            model_id: model_id.to_owned(),
        }
    }
}

impl Edit {
    /// Makes an empty group.
    ///
    /// # Errors
    /// [`LibraryError`]: the id or name is taken, a text or number breaks its limit, or the
    /// gallery has as many groups as it may.
    pub fn create_group(&mut self, new: &NewGroup) -> Result<()> {
        let NewGroup {
            id,
            name,
            tag,
            fields,
            model_id,
        } = new;
        check_new_id(Text::GroupId, id.as_str())?;
        check_model_id(model_id)?;
        check_tag(tag)?;
        let fields = check_fields(fields)?;
        if self.contents.groups.contains_key(id) {
            return Err(LibraryError::GroupExists(id.clone()).into());
        }
        self.check_group_name(name)?;
        let groups = self.contents.groups.size() + 1;
        at_most(Counted::Groups, groups, self.limits.groups())?;
        let name: Arc<str> = name.as_str().into();
        let versions = Versions::new(ModelId::from(model_id.as_str()));
        let group = GroupEntry::new(Arc::clone(&name), tag.clone(), fields, versions);
        self.contents.group_names.insert_mut(name, id.clone());
        self.contents.groups.insert_mut(id.clone(), Arc::new(group));
        self.touch_group(id);
        Ok(())
    }

    /// Renames a group. Its own name again is fine.
    ///
    /// # Errors
    /// [`LibraryError`]: no such group, or the name is taken or breaks its limit.
    pub fn rename_group(&mut self, id: &GroupId, name: &str) -> Result<()> {
        let old = Arc::clone(&self.group(id)?.name);
        if *old == *name {
            return Ok(());
        }
        self.check_group_name(name)?;
        let name: Arc<str> = name.into();
        self.contents.group_names.remove_mut(&old);
        self.contents
            .group_names
            .insert_mut(Arc::clone(&name), id.clone());
        self.group_mut(id)?.name = name;
        Ok(())
    }

    /// Replaces a group's tag; an empty one removes it.
    ///
    /// # Errors
    /// [`LibraryError`]: no such group, or the tag breaks its limit.
    pub fn set_group_tag(&mut self, id: &GroupId, tag: &str) -> Result<()> {
        check_tag(tag)?;
        tag.clone_into(&mut self.group_mut(id)?.tag);
        Ok(())
    }

    /// Adds a custom field, empty for every member.
    ///
    /// # Errors
    /// [`LibraryError`]: no such group, the name is taken or breaks its limit, or there are 5.
    pub fn add_field(&mut self, id: &GroupId, name: &str) -> Result<()> {
        let group = self.group(id)?;
        check_new_field(group, name)?;
        at_most(Counted::Fields, group.fields.len() + 1, FIELDS_PER_GROUP)?;
        let slot = (0..)
            .find(|slot| group.fields.iter().all(|field| field.slot != *slot))
            .expect("5 fields leave a slot free");
        let field = Field {
            slot,
            name: name.to_owned(),
        };
        self.group_mut(id)?.fields.push(field);
        Ok(())
    }

    /// Renames a custom field; every member keeps their value.
    ///
    /// # Errors
    /// [`LibraryError`]: no such group or field, or the new name is taken or breaks its limit.
    pub fn rename_field(&mut self, id: &GroupId, name: &str, new: &str) -> Result<()> {
        let slot = self.field_slot(id, name)?;
        if name == new {
            return Ok(());
        }
        check_new_field(self.group(id)?, new)?;
        let mut fields = self.group_mut(id)?.fields.iter_mut();
        if let Some(field) = fields.find(|field| field.slot == slot) {
            new.clone_into(&mut field.name);
        }
        Ok(())
    }

    /// Removes a custom field and every member's value of it.
    ///
    /// # Errors
    /// [`LibraryError`]: no such group or field.
    pub fn remove_field(&mut self, id: &GroupId, name: &str) -> Result<()> {
        let slot = self.field_slot(id, name)?;
        let group = self.group_mut(id)?;
        group.fields.retain(|field| field.slot != slot);
        for person in self.members(id)? {
            let person = self.person_mut(&person)?;
            let memberships = person.memberships.iter_mut();
            for membership in memberships.filter(|one| one.group == *id) {
                membership.values.retain(|(other, _)| *other != slot);
            }
        }
        Ok(())
    }

    /// Deletes a group with the values of its custom fields. Members who are in another group stay
    /// there; those who are in no other go with all their faces. Returns how many persons went.
    ///
    /// # Errors
    /// [`LibraryError::NoGroup`].
    pub fn delete_group(&mut self, id: &GroupId) -> Result<usize> {
        let members = self.members(id)?;
        let mut gone = 0;
        for person in members {
            gone += usize::from(self.leave(&person, id)?);
        }
        let name = Arc::clone(&self.group(id)?.name);
        self.contents.group_names.remove_mut(&name);
        self.contents.groups.remove_mut(id);
        self.touch_group(id);
        Ok(gone)
    }

    pub(super) fn members(&self, id: &GroupId) -> Result<Vec<PersonId>, LibraryError> {
        Ok(self.group(id)?.members.iter().cloned().collect())
    }

    fn field_slot(&self, id: &GroupId, name: &str) -> Result<u8, LibraryError> {
        let field = self.group(id)?.field(name);
        let field = field.ok_or(LibraryError::NoField { values: false })?;
        Ok(field.slot)
    }

    fn check_group_name(&self, name: &str) -> Result<(), LibraryError> {
        check_name(Text::GroupName, name)?;
        match self.contents.group_names.get(name) {
            Some(_) => Err(LibraryError::GroupNameExists),
            None => Ok(()),
        }
    }
}

fn check_new_field(group: &GroupEntry, name: &str) -> Result<(), LibraryError> {
    check_name(Text::FieldName, name)?;
    match group.field(name) {
        Some(_) => Err(LibraryError::FieldTwice { values: false }),
        None => Ok(()),
    }
}

fn check_fields(names: &[String]) -> Result<Vec<Field>, LibraryError> {
    at_most(Counted::Fields, names.len(), FIELDS_PER_GROUP)?;
    let mut fields: Vec<Field> = Vec::new();
    for (slot, name) in (0..).zip(names) {
        check_name(Text::FieldName, name)?;
        if fields.iter().any(|field| field.name == *name) {
            return Err(LibraryError::FieldTwice { values: false });
        }
        let name = name.clone();
        fields.push(Field { slot, name });
    }
    Ok(fields)
}
