//! A gallery of what is left of a damaged one: the store saves records, this makes them fit.

use super::ids::FaceId;
use super::library::Gallery;
use super::limits::Limits;
use super::load::{LoadFailure, Loader};
use super::record::{
    COUNTER_KEY, CounterRecord, FaceRecord, GroupRecord, PersonRecord, crop_key, parse_feature_key,
};
use super::store::{Batch, Salvage, Secret, Storage, Store, StoreError, Table, decode, encode};
use crate::error::Result;
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// What was saved and what could not be.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Salvaged {
    /// What the store saved.
    pub records: Salvage,
    /// Persons left out, because no face or group of theirs was saved.
    pub persons_lost: usize,
    /// Faces left out, because no feature of theirs was saved.
    pub faces_lost: usize,
    /// Groups whose own record was lost. They are made again for their members, under their id as
    /// their name and without custom fields.
    pub groups_remade: usize,
}

impl Gallery {
    /// Saves what is intact of a damaged gallery, which is not changed, into a new one at `to`
    /// with the same secret.
    ///
    /// # Errors
    /// As [`Store::salvage`].
    pub fn salvage(
        from: &dyn Storage,
        to: Box<dyn Storage>,
        secret: &Secret,
        limits: Limits,
    ) -> Result<(Self, Salvaged)> {
        let (store, records) = Store::salvage(from, to, secret)?;
        let mut found = Found::default();
        store.for_each(|table, key, record| found.visit(table, key, record))?;
        let mut salvaged = Salvaged {
            records,
            persons_lost: 0,
            faces_lost: 0,
            groups_remade: 0,
        };
        store.commit(&found.mend(&mut salvaged)?)?;
        let mut loader = Loader::default();
        let visited = store.for_each(|table, key, record| {
            loader.visit(table, key, record).map_err(LoadFailure::from)
        });
        visited.map_err(|LoadFailure(error)| error)?;
        Ok((Self::new(store, limits, loader.finish()?), salvaged))
    }
}

/// The records that were saved.
#[derive(Default)]
struct Found {
    next_face: u64,
    groups: BTreeMap<String, GroupRecord>,
    persons: Vec<(Vec<u8>, PersonRecord)>,
    /// Number of the face, model, and the record's key.
    features: BTreeMap<(u64, String), Vec<u8>>,
}

impl Found {
    fn visit(&mut self, table: Table, key: &[u8], record: &[u8]) -> Result<(), StoreError> {
        match table {
            Table::Meta if key == COUNTER_KEY => {
                self.next_face = decode::<CounterRecord>(record)?.next_face;
            }
            Table::Group => {
                let id = String::from_utf8_lossy(key).into_owned();
                self.groups.insert(id, decode(record)?);
            }
            Table::Person => self.persons.push((key.to_vec(), decode(record)?)),
            Table::Face => {
                if let Some((face, model)) = parse_feature_key(key) {
                    let feature = (face.get(), model.to_owned());
                    self.features.insert(feature, key.to_vec());
                }
            }
            Table::Meta | Table::Crop => {}
        }
        Ok(())
    }

    /// The changes after which the records fit together.
    fn mend(mut self, salvaged: &mut Salvaged) -> Result<Batch, StoreError> {
        let mut batch = Batch::new();
        self.remake_groups(&mut batch, salvaged)?;
        let mut next_face = self.next_face.max(1);
        let mut unused = std::mem::take(&mut self.features);
        for (key, mut person) in std::mem::take(&mut self.persons) {
            let before = encode(&person)?;
            let gone = self.mend_faces(&mut person, &mut unused);
            salvaged.faces_lost += gone.len();
            for face in gone {
                batch.remove(Table::Crop, &crop_key(FaceId(face)))?;
            }
            if person.faces.is_empty() {
                salvaged.persons_lost += 1;
                batch.remove(Table::Person, &key)?;
                continue;
            }
            next_face = person
                .faces
                .iter()
                .map(|face| face.id + 1)
                .fold(next_face, u64::max);
            let after = encode(&person)?;
            if after != before {
                batch.put(Table::Person, &key, after)?;
            }
        }
        for ((face, _), key) in unused {
            next_face = next_face.max(face + 1);
            batch.remove(Table::Face, &key)?;
        }
        if next_face != self.next_face {
            batch.put(
                Table::Meta,
                COUNTER_KEY,
                encode(&CounterRecord { next_face })?,
            )?;
        }
        Ok(batch)
    }

    /// Groups that only their members still know.
    fn remake_groups(
        &mut self,
        batch: &mut Batch,
        salvaged: &mut Salvaged,
    ) -> Result<(), StoreError> {
        let mut lost: BTreeMap<String, HashMap<String, usize>> = BTreeMap::new();
        for (_, person) in &self.persons {
            for membership in &person.memberships {
                if !self.groups.contains_key(&membership.group) {
                    let models = lost.entry(membership.group.clone()).or_default();
                    for model in person.faces.iter().flat_map(|face| &face.models) {
                        *models.entry(model.clone()).or_default() += 1;
                    }
                }
            }
        }
        let mut names: BTreeSet<String> = self
            .groups
            .values()
            .map(|group| group.name.clone())
            .collect();
        for (id, models) in lost {
            // The model that most of its members' faces have; of equal ones the first.
            let most = models
                .into_iter()
                .max_by(|a, b| a.1.cmp(&b.1).then(b.0.cmp(&a.0)));
            let Some((serving, _)) = most else { continue };
            let mut name = id.clone();
            while !names.insert(name.clone()) {
                name.push('_');
            }
            let group = GroupRecord {
                name,
                tag: String::new(),
                fields: Vec::new(),
                serving,
                next: None,
                previous: None,
            };
            batch.put(Table::Group, id.as_bytes(), encode(&group)?)?;
            self.groups.insert(id, group);
            salvaged.groups_remade += 1;
        }
        Ok(())
    }

    /// Takes out what has no group or feature any more; returns the faces that went. Features that
    /// stay are no longer `unused`.
    fn mend_faces(
        &self,
        person: &mut PersonRecord,
        unused: &mut BTreeMap<(u64, String), Vec<u8>>,
    ) -> Vec<u64> {
        person.memberships.retain_mut(|membership| {
            let group = self.groups.get(&membership.group);
            let known = |slot: u8| {
                group.is_some_and(|group| group.fields.iter().any(|(other, _)| *other == slot))
            };
            membership.values.retain(|(slot, _)| known(*slot));
            group.is_some()
        });
        let groups = person.memberships.iter();
        let needed: BTreeSet<&String> = groups
            .filter_map(|one| self.groups.get(&one.group))
            .flat_map(|group| {
                [
                    Some(&group.serving),
                    group.next.as_ref(),
                    group.previous.as_ref(),
                ]
            })
            .flatten()
            .collect();
        let mut gone = Vec::new();
        person.faces.retain_mut(|face: &mut FaceRecord| {
            let had = !face.models.is_empty();
            let id = face.id;
            face.models.retain(|model| {
                needed.contains(model) && unused.remove(&(id, model.clone())).is_some()
            });
            // A face that had no feature before is one that an upgrade left behind.
            let stays = !needed.is_empty() && (!had || !face.models.is_empty());
            if !stays {
                gone.push(id);
            }
            stays
        });
        gone
    }
}
