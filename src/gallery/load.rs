//! From records to a gallery in memory: every rule is checked again, nothing is repaired.

use super::choices::Gender;
use super::contents::{Contents, FaceEntry, Field, GroupEntry, Membership, PersonEntry, Versions};
use super::error::LibraryError;
use super::features::Features;
use super::ids::{FaceId, GroupId, PersonId};
use super::limits::{FACES_PER_PERSON, GROUPS_PER_PERSON};
use super::model_id::ModelId;
use super::record::{self, CounterRecord, FeatureRecord, GroupRecord, PersonRecord};
use super::store::{StoreError, Table, decode};
use crate::error::{Error, Result};
use crate::matching::index::{Row, RowSet};
use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

/// Features wait here until there are so many values, so that the index takes them in bulk. Few
/// enough that the thread that reads ahead never waits long for the index.
const WAITING_VALUES: usize = 1 << 16;

/// Gathers records in any order.
#[derive(Default)]
pub(super) struct Loader {
    next_face: u64,
    groups: BTreeMap<GroupId, GroupRecord>,
    persons: Vec<(PersonId, PersonRecord)>,
    models: BTreeMap<String, Waiting>,
}

/// The features of one model on their way into its index.
#[derive(Default)]
struct Waiting {
    features: Option<Features>,
    faces: Vec<FaceId>,
    values: Vec<f32>,
    rows: HashMap<FaceId, Row>,
}

impl Loader {
    pub(super) fn visit(&mut self, table: Table, key: &[u8], record: &[u8]) -> Result<()> {
        match table {
            Table::Meta if key == record::COUNTER_KEY => {
                self.next_face = decode::<CounterRecord>(record)?.next_face;
            }
            Table::Group => {
                self.groups.insert(text(key)?.parse()?, decode(record)?);
            }
            Table::Person => self.persons.push((text(key)?.parse()?, decode(record)?)),
            Table::Face => self.feature(key, record)?,
            Table::Meta | Table::Crop => {}
        }
        Ok(())
    }

    fn feature(&mut self, key: &[u8], record: &[u8]) -> Result<()> {
        let (face, model) = record::parse_feature_key(key).ok_or(damaged("a face's key"))?;
        let FeatureRecord { mut values } = decode(record)?;
        let waiting = match self.models.get_mut(model) {
            Some(waiting) => waiting,
            None => self.models.entry(model.to_owned()).or_default(),
        };
        waiting.faces.push(face);
        waiting.values.append(&mut values);
        if waiting.values.len() >= WAITING_VALUES {
            waiting.flush(model)?;
        }
        Ok(())
    }

    /// The gallery of everything that was visited.
    pub(super) fn finish(mut self) -> Result<Contents> {
        let mut contents = Contents::new();
        contents.next_face = self.next_face.max(1);
        let mut rows = BTreeMap::new();
        for (model, mut waiting) in std::mem::take(&mut self.models) {
            waiting.flush(&model)?;
            let id = ModelId::from(model);
            if let Some(features) = waiting.features {
                contents.features.insert(ModelId::clone(&id), features);
            }
            rows.insert(id, waiting.rows);
        }
        for (id, group) in std::mem::take(&mut self.groups) {
            add_group(&mut contents, id, group)?;
        }
        // Rising ids go into the maps side by side.
        let mut persons = std::mem::take(&mut self.persons);
        persons.sort_unstable_by(|a, b| a.0.cmp(&b.0));
        for (id, person) in persons {
            add_person(&mut contents, id, person, &mut rows)?;
        }
        if rows.values().any(|rows| !rows.is_empty()) {
            return Err(damaged("a feature belongs to no face").into());
        }
        fill_groups(&mut contents)?;
        Ok(contents)
    }
}

impl Waiting {
    fn flush(&mut self, model: &str) -> Result<()> {
        let faces = std::mem::take(&mut self.faces);
        if faces.is_empty() {
            return Ok(());
        }
        let dimension = self.values.len() / faces.len();
        let features = match &mut self.features {
            Some(features) => features,
            none => none.insert(Features::new(model, dimension)?),
        };
        let first = features.extend(&self.values, faces.len())?;
        self.values.clear();
        for (number, face) in (first.number()..).zip(faces) {
            if self.rows.insert(face, Row::new(number)).is_some() {
                return Err(damaged("a face has two features of one model").into());
            }
        }
        Ok(())
    }
}

fn add_group(contents: &mut Contents, id: GroupId, record: GroupRecord) -> Result<()> {
    let name: Arc<str> = record.name.into();
    if contents.group_names.contains_key(&name) {
        return Err(damaged("two groups have one name").into());
    }
    let fields = record.fields.into_iter();
    let fields = fields.map(|(slot, name)| Field { slot, name }).collect();
    let versions = Versions {
        serving: record.serving.into(),
        next: record.next.map(ModelId::from),
        previous: record.previous.map(ModelId::from),
    };
    let group = GroupEntry::new(Arc::clone(&name), record.tag, fields, versions);
    contents.group_names.insert_mut(name, id.clone());
    contents.groups.insert_mut(id, Arc::new(group));
    Ok(())
}

fn add_person(
    contents: &mut Contents,
    id: PersonId,
    record: PersonRecord,
    rows: &mut BTreeMap<ModelId, HashMap<FaceId, Row>>,
) -> Result<()> {
    let counts = (record.faces.len(), record.memberships.len());
    if !(1..=FACES_PER_PERSON).contains(&counts.0) || !(1..=GROUPS_PER_PERSON).contains(&counts.1) {
        return Err(damaged("a person has too many faces or groups, or none").into());
    }
    let mut person = PersonEntry {
        name: record.name,
        gender: Gender::new(record.gender)?,
        memberships: Vec::new(),
        faces: Vec::new(),
        fused: Vec::new(),
    };
    for membership in record.memberships {
        let group: GroupId = membership.group.parse()?;
        if !contents.groups.contains_key(&group) {
            return Err(LibraryError::NoGroup(group).into());
        }
        let values = membership.values;
        person.memberships.push(Membership { group, values });
    }
    for face in record.faces {
        let mut found = Vec::new();
        for model in &face.models {
            let (model, rows) = rows_of(rows, model)?;
            let row = rows
                .remove(&FaceId(face.id))
                .ok_or(damaged("a face has lost its feature"))?;
            if let Some(features) = contents.features.get_mut(&model) {
                features.own(row, &id, FaceId(face.id));
            }
            found.push((model, row));
        }
        if face.id >= contents.next_face {
            return Err(damaged("a face has a number that was not given yet").into());
        }
        person.faces.push(FaceEntry {
            id: FaceId(face.id),
            quality: face.quality,
            crop: face.crop,
            rows: found,
        });
    }
    let dropped = contents.settle(&id, &mut person);
    if !dropped.is_empty() {
        return Err(damaged("a feature is of a model that no group uses").into());
    }
    contents.faces += person.faces.len();
    contents.persons.insert_mut(id, Arc::new(person));
    Ok(())
}

fn rows_of<'a>(
    rows: &'a mut BTreeMap<ModelId, HashMap<FaceId, Row>>,
    model: &str,
) -> Result<(ModelId, &'a mut HashMap<FaceId, Row>)> {
    let (id, _) = rows
        .get_key_value(model)
        .ok_or(damaged("a face has lost its feature"))?;
    let id = ModelId::clone(id);
    let rows = rows
        .get_mut(model)
        .ok_or(damaged("a face has lost its feature"))?;
    Ok((id, rows))
}

/// What one group collects before its sets are made, because sets like rising rows.
#[derive(Default)]
struct Members {
    ids: Vec<PersonId>,
    faces: usize,
    face_rows: Vec<Row>,
    person_rows: Vec<Row>,
}

fn fill_groups(contents: &mut Contents) -> Result<()> {
    let mut all: HashMap<GroupId, Members> = HashMap::new();
    for (id, person) in contents.persons.iter() {
        for membership in &person.memberships {
            let group = contents.groups.get(&membership.group);
            let group = group.ok_or_else(|| LibraryError::NoGroup(membership.group.clone()))?;
            let serving = &*group.versions.serving;
            let members = all.entry(membership.group.clone()).or_default();
            members.ids.push(id.clone());
            members.faces += person.faces.len();
            members
                .face_rows
                .extend(person.rows(serving).map(|(_, row)| row));
            members.person_rows.extend(person.row(serving));
        }
    }
    for (id, members) in all {
        if let Some(group) = contents.groups.get_mut(&id) {
            let group = Arc::make_mut(group);
            members
                .ids
                .into_iter()
                .for_each(|id| group.members.insert_mut(id));
            group.faces = members.faces;
            group.face_rows = rising(members.face_rows);
            group.person_rows = rising(members.person_rows);
        }
    }
    Ok(())
}

fn rising(mut rows: Vec<Row>) -> RowSet {
    rows.sort_unstable();
    let mut set = RowSet::new();
    for row in rows {
        set.insert(row);
    }
    set
}

fn text(key: &[u8]) -> Result<&str> {
    Ok(std::str::from_utf8(key).map_err(|_| damaged("an id is no text"))?)
}

/// The records were written by something other than this library.
fn damaged(what: &'static str) -> StoreError {
    StoreError::Record(what)
}

impl From<StoreError> for LoadFailure {
    fn from(error: StoreError) -> Self {
        Self(error.into())
    }
}

/// Why loading failed: an error of any module.
pub(super) struct LoadFailure(pub(super) Error);

impl From<Error> for LoadFailure {
    fn from(error: Error) -> Self {
        Self(error)
    }
}
