//! One consistent gallery in memory. Copies share everything that they do not change, so a reader
//! keeps the one it began with while a writer prepares the next.

use super::choices::Gender;
use super::features::Features;
use super::ids::{FaceId, GroupId, PersonId};
use super::model_id::ModelId;
use crate::matching::index::{Row, RowSet};
use std::collections::BTreeMap;
use std::sync::Arc;

pub(super) type Map<K, V> = rpds::RedBlackTreeMapSync<K, V>;
pub(super) type Set<K> = rpds::RedBlackTreeSetSync<K>;

#[derive(Clone)]
pub(super) struct Contents {
    pub(super) groups: Map<GroupId, Arc<GroupEntry>>,
    pub(super) group_names: Map<Arc<str>, GroupId>,
    pub(super) persons: Map<PersonId, Arc<PersonEntry>>,
    /// The searchable features of each model in use: few.
    pub(super) features: BTreeMap<ModelId, Features>,
    /// Faces of all persons.
    pub(super) faces: usize,
    /// The number of the next face.
    pub(super) next_face: u64,
}

/// The models of a group: the one that answers, the one that an upgrade fills, and the one that a
/// rollback returns to. Never both of the latter.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(super) struct Versions {
    pub(super) serving: ModelId,
    pub(super) next: Option<ModelId>,
    pub(super) previous: Option<ModelId>,
}

impl Versions {
    pub(super) fn new(serving: ModelId) -> Self {
        Self {
            serving,
            next: None,
            previous: None,
        }
    }

    pub(super) fn all(&self) -> impl Iterator<Item = &ModelId> {
        [
            Some(&self.serving),
            self.next.as_ref(),
            self.previous.as_ref(),
        ]
        .into_iter()
        .flatten()
    }
}

/// A custom field of a group. Values are kept under its slot, so that renaming it changes no person.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(super) struct Field {
    pub(super) slot: u8,
    pub(super) name: String,
}

#[derive(Clone)]
pub(super) struct GroupEntry {
    pub(super) name: Arc<str>,
    pub(super) tag: String,
    pub(super) fields: Vec<Field>,
    pub(super) versions: Versions,
    pub(super) members: Set<PersonId>,
    /// Faces of its members, searchable or not.
    pub(super) faces: usize,
    /// Rows of its members' faces in the features of the serving model.
    pub(super) face_rows: RowSet,
    /// The one row of each member that stands for the person.
    pub(super) person_rows: RowSet,
}

impl GroupEntry {
    pub(super) fn new(name: Arc<str>, tag: String, fields: Vec<Field>, versions: Versions) -> Self {
        Self {
            name,
            tag,
            fields,
            versions,
            members: Set::new_sync(),
            faces: 0,
            face_rows: RowSet::default(),
            person_rows: RowSet::default(),
        }
    }

    pub(super) fn field(&self, name: &str) -> Option<&Field> {
        self.fields.iter().find(|field| field.name == name)
    }
}

/// A person in a group, with the values of its custom fields by slot.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(super) struct Membership {
    pub(super) group: GroupId,
    pub(super) values: Vec<(u8, String)>,
}

#[derive(Clone)]
pub(super) struct PersonEntry {
    pub(super) name: String,
    pub(super) gender: Gender,
    /// In the order of the groups' ids.
    pub(super) memberships: Vec<Membership>,
    /// In the order in which they came.
    pub(super) faces: Vec<FaceEntry>,
    /// Fused features of two or more faces.
    pub(super) fused: Vec<(ModelId, Row)>,
}

impl PersonEntry {
    pub(super) fn is_in(&self, group: &GroupId) -> bool {
        self.memberships.iter().any(|one| one.group == *group)
    }

    /// Faces with a feature of the model, each with its row.
    pub(super) fn rows<'a>(
        &'a self,
        model: &'a str,
    ) -> impl Iterator<Item = (&'a FaceEntry, Row)> + 'a {
        self.faces
            .iter()
            .filter_map(move |face| Some((face, face.row(model)?)))
    }

    /// The row that stands for the person: the fused feature, or that of the only face.
    pub(super) fn row(&self, model: &str) -> Option<Row> {
        row_of(&self.fused, model).or_else(|| self.rows(model).map(|(_, row)| row).next())
    }
}

#[derive(Clone)]
pub(super) struct FaceEntry {
    pub(super) id: FaceId,
    /// `0..=100`.
    pub(super) quality: f32,
    /// Whether its crop is kept.
    pub(super) crop: bool,
    /// Its features: one a model.
    pub(super) rows: Vec<(ModelId, Row)>,
}

impl FaceEntry {
    pub(super) fn row(&self, model: &str) -> Option<Row> {
        row_of(&self.rows, model)
    }
}

fn row_of(rows: &[(ModelId, Row)], model: &str) -> Option<Row> {
    rows.iter()
        .find(|(id, _)| **id == *model)
        .map(|&(_, row)| row)
}

impl Contents {
    pub(super) fn new() -> Self {
        Self {
            groups: Map::new_sync(),
            group_names: Map::new_sync(),
            persons: Map::new_sync(),
            features: BTreeMap::new(),
            faces: 0,
            next_face: 1,
        }
    }

    /// Takes a person out of the gallery and its groups; the features stay.
    pub(super) fn detach(&mut self, id: &PersonId) -> Option<PersonEntry> {
        let person = Arc::unwrap_or_clone(Arc::clone(self.persons.get(id)?));
        self.persons.remove_mut(id);
        self.faces -= person.faces.len();
        for membership in &person.memberships {
            let Some(group) = self.groups.get_mut(&membership.group) else {
                continue;
            };
            let group = Arc::make_mut(group);
            group.members.remove_mut(id);
            group.faces -= person.faces.len();
            let serving = ModelId::clone(&group.versions.serving);
            for (_, row) in person.rows(&serving) {
                group.face_rows.remove(row);
            }
            if let Some(row) = person.row(&serving) {
                group.person_rows.remove(row);
            }
        }
        Some(person)
    }

    /// Puts a person into the gallery and its groups.
    pub(super) fn attach(&mut self, id: PersonId, person: PersonEntry) {
        self.faces += person.faces.len();
        for membership in &person.memberships {
            let Some(group) = self.groups.get_mut(&membership.group) else {
                continue;
            };
            let group = Arc::make_mut(group);
            group.members.insert_mut(id.clone());
            group.faces += person.faces.len();
            let serving = ModelId::clone(&group.versions.serving);
            for (_, row) in person.rows(&serving) {
                group.face_rows.insert(row);
            }
            if let Some(row) = person.row(&serving) {
                group.person_rows.insert(row);
            }
        }
        self.persons.insert_mut(id, Arc::new(person));
    }

    /// Models that the person's groups answer from, are upgraded to or may return to.
    fn models_of(&self, person: &PersonEntry) -> Vec<ModelId> {
        let mut models: Vec<ModelId> = person
            .memberships
            .iter()
            .filter_map(|one| self.groups.get(&one.group))
            .flat_map(|group| group.versions.all().cloned())
            .collect();
        models.sort_unstable();
        models.dedup();
        models
    }

    /// Drops features that no group of a detached person needs any more and fuses the rest anew.
    /// Returns what was dropped.
    pub(super) fn settle(
        &mut self,
        id: &PersonId,
        person: &mut PersonEntry,
    ) -> Vec<(FaceId, ModelId)> {
        let needed = self.models_of(person);
        let mut dropped = Vec::new();
        for face in &mut person.faces {
            let id = face.id;
            face.rows.retain(|(model, row)| {
                let keep = needed.contains(model);
                if !keep {
                    self.remove_row(model, *row);
                    dropped.push((id, ModelId::clone(model)));
                }
                keep
            });
        }
        for (model, row) in std::mem::take(&mut person.fused) {
            self.remove_row(&model, row);
        }
        for model in needed {
            let rows: Vec<(Row, f32)> = person
                .rows(&model)
                .map(|(face, row)| (row, face.quality))
                .collect();
            if let Some(features) = self.features.get_mut(&model)
                && let Some(row) = features.fuse(id, &rows)
            {
                person.fused.push((model, row));
            }
        }
        dropped
    }

    pub(super) fn remove_row(&mut self, model: &str, row: Row) {
        if let Some(features) = self.features.get_mut(model) {
            features.remove(row);
            if features.is_empty() {
                self.features.remove(model);
            }
        }
    }
}
