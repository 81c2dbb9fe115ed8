//! A change in preparation: rules are checked against it, and no reader sees it before it is on disk.

use super::contents::{Contents, FaceEntry, GroupEntry, PersonEntry};
use super::error::{LibraryError, at_most};
use super::features::Features;
use super::ids::{FaceId, GroupId, PersonId};
use super::kinds::Counted;
use super::limits::Limits;
use super::model_id::ModelId;
use super::owners::Owner;
use super::record::{self, FeatureKey};
use super::store::Batch;
use crate::error::Result;
use crate::matching::index::Row;
use crate::stages::embed::Embedding;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::sync::Arc;

/// Changes to a gallery that are made together or not at all, by
/// [`Gallery::edit`](super::Gallery::edit).
///
/// Each method either does all that it says or refuses and does nothing.
pub struct Edit {
    pub(super) contents: Contents,
    pub(super) limits: Limits,
    changes: Changes,
}

/// What has to be written.
#[derive(Default)]
struct Changes {
    groups: BTreeSet<GroupId>,
    persons: BTreeSet<PersonId>,
    features: BTreeMap<FeatureKey, Option<Embedding>>,
    crops: BTreeMap<FaceId, Option<Vec<u8>>>,
    counter: bool,
}

impl fmt::Debug for Edit {
    /// How much changes, never what: ids, names and embeddings are personal data.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Edit")
            .field("groups", &self.changes.groups.len())
            .field("persons", &self.changes.persons.len())
            .field("features", &self.changes.features.len())
            .field("crops", &self.changes.crops.len())
            .finish_non_exhaustive()
    }
}

impl Edit {
    pub(super) fn new(contents: Contents, limits: Limits) -> Self {
        Self {
            contents,
            limits,
            changes: Changes::default(),
        }
    }

    /// The changed gallery and what has to be written for it.
    pub(super) fn finish(self) -> Result<(Contents, Batch)> {
        let Self {
            contents, changes, ..
        } = self;
        let mut batch = Batch::new();
        for id in changes.groups {
            record::write_group(&mut batch, &id, contents.groups.get(&id))?;
        }
        for id in changes.persons {
            record::write_person(&mut batch, &id, contents.persons.get(&id))?;
        }
        for (key, embedding) in changes.features {
            record::write_feature(&mut batch, &key, embedding.as_ref())?;
        }
        for (face, crop) in changes.crops {
            record::write_crop(&mut batch, face, crop)?;
        }
        if changes.counter {
            record::write_counter(&mut batch, contents.next_face)?;
        }
        Ok((contents, batch))
    }

    pub(super) fn group(&self, id: &GroupId) -> Result<&GroupEntry, LibraryError> {
        let group = self.contents.groups.get(id);
        group
            .map(|group| &**group)
            .ok_or_else(|| LibraryError::NoGroup(id.clone()))
    }

    /// A group that will be written.
    pub(super) fn group_mut(&mut self, id: &GroupId) -> Result<&mut GroupEntry, LibraryError> {
        let group = self.contents.groups.get_mut(id);
        let group = group.ok_or_else(|| LibraryError::NoGroup(id.clone()))?;
        self.changes.groups.insert(id.clone());
        Ok(Arc::make_mut(group))
    }

    /// Marks a group's record to be written, or removed where the group is gone.
    pub(super) fn touch_group(&mut self, id: &GroupId) {
        self.changes.groups.insert(id.clone());
    }

    pub(super) fn person(&self, id: &PersonId) -> Result<&PersonEntry, LibraryError> {
        let person = self.contents.persons.get(id);
        person.map(|person| &**person).ok_or(LibraryError::NoPerson)
    }

    /// A person whose name, gender or field values change: groups and features do not depend on them.
    pub(super) fn person_mut(&mut self, id: &PersonId) -> Result<&mut PersonEntry, LibraryError> {
        let person = self.contents.persons.get_mut(id);
        let person = person.ok_or(LibraryError::NoPerson)?;
        self.changes.persons.insert(id.clone());
        Ok(Arc::make_mut(person))
    }

    /// Takes a person out to change their groups or faces. They must be put back or erased.
    pub(super) fn detach(&mut self, id: &PersonId) -> Result<PersonEntry, LibraryError> {
        self.contents.detach(id).ok_or(LibraryError::NoPerson)
    }

    /// Puts a person back: features that no group of theirs needs go, the others are fused anew.
    pub(super) fn attach(&mut self, id: &PersonId, mut person: PersonEntry) {
        for key in self.contents.settle(id, &mut person) {
            self.changes.features.insert(key, None);
        }
        self.changes.persons.insert(id.clone());
        self.contents.attach(id.clone(), person);
    }

    /// Removes everything of a person who was taken out.
    pub(super) fn erase(&mut self, id: &PersonId, mut person: PersonEntry) {
        self.changes.persons.insert(id.clone());
        person.memberships.clear();
        for key in self.contents.settle(id, &mut person) {
            self.changes.features.insert(key, None);
        }
        for face in &person.faces {
            self.erase_crop(face.id, face.crop);
        }
    }

    /// Removes the rows, features and crop of a face that is no longer its person's.
    pub(super) fn erase_face(&mut self, face: FaceEntry) {
        for (model, row) in face.rows {
            self.contents.remove_row(&model, row);
            self.changes.features.insert((face.id, model), None);
        }
        self.erase_crop(face.id, face.crop);
    }

    fn erase_crop(&mut self, face: FaceId, kept: bool) {
        if kept {
            self.changes.crops.insert(face, None);
        }
    }

    /// Makes a feature searchable and writes it.
    pub(super) fn add_feature(
        &mut self,
        person: &PersonId,
        face: FaceId,
        embedding: Embedding,
    ) -> Result<(ModelId, Row)> {
        let owner = Owner {
            person: person.clone(),
            face: Some(face),
        };
        let known = self.contents.features.get_key_value(embedding.model_id());
        let model = known.map_or_else(|| embedding.model_id().into(), |(id, _)| ModelId::clone(id));
        let features = match self.contents.features.get_mut(&model) {
            Some(features) => features,
            None => {
                let empty = Features::new(&model, embedding.values().len())?;
                self.contents
                    .features
                    .entry(ModelId::clone(&model))
                    .or_insert(empty)
            }
        };
        let row = features.insert(owner, &embedding)?;
        let key = (face, ModelId::clone(&model));
        self.changes.features.insert(key, Some(embedding));
        Ok((model, row))
    }

    pub(super) fn keep_crop(&mut self, face: FaceId, crop: Vec<u8>) {
        self.changes.crops.insert(face, Some(crop));
    }

    /// A number that no face ever had.
    pub(super) fn next_face(&mut self) -> FaceId {
        let face = FaceId(self.contents.next_face);
        self.contents.next_face += 1;
        self.changes.counter = true;
        face
    }

    /// Refuses `more` faces that the gallery or one of these groups has no room for.
    pub(super) fn check_room<'a>(
        &self,
        more: usize,
        gallery_max: Option<usize>,
        groups: impl Iterator<Item = &'a GroupId>,
    ) -> Result<(), LibraryError> {
        let most = self.limits.faces().min(gallery_max.unwrap_or(usize::MAX));
        at_most(Counted::Faces, self.contents.faces + more, most)?;
        for group in groups {
            self.check_room_in(more, group)?;
        }
        Ok(())
    }

    pub(super) fn check_room_in(&self, more: usize, group: &GroupId) -> Result<(), LibraryError> {
        let faces = self.group(group)?.faces + more;
        at_most(Counted::FacesInGroup, faces, self.limits.faces_per_group())
    }
}
