//! A gallery that is too simple to be wrong.

use super::world::*;
use crate::gallery::fuse;
use crate::matching::cosine;
use std::collections::BTreeMap;

pub(super) const GROUPS: usize = 3;
pub(super) const FACES_IN_GROUP: usize = 6;
pub(super) const FACES: usize = 10;

/// Groups, fields and persons are named by numbers: a few, so that they meet.
#[derive(Clone, Debug)]
pub(super) enum Op {
    CreateGroup(u8, Vec<u8>),
    RenameGroup(u8, u8),
    DeleteGroup(u8),
    AddField(u8, u8),
    RenameField(u8, u8, u8),
    RemoveField(u8, u8),
    Create(u8, u8, u8),
    AddFaces(u8, Vec<bool>),
    DeleteFaces(u8, Vec<u8>),
    Copy(u8, Vec<u8>),
    SetField(u8, u8, u8, u8),
    Leave(u8, u8),
    DeletePerson(u8),
    Reopen,
}

#[derive(Clone, Default)]
pub(super) struct Model {
    pub(super) groups: BTreeMap<String, ModelGroup>,
    persons: BTreeMap<String, ModelPerson>,
    faces_given: u64,
}

#[derive(Clone)]
pub(super) struct ModelGroup {
    name: String,
    fields: Vec<String>,
}

#[derive(Clone)]
struct ModelPerson {
    groups: BTreeMap<String, BTreeMap<String, String>>,
    faces: Vec<(u64, Embedding, f32)>,
}

pub(super) type Answer = Result<String, Status>;

fn refuse(unless: bool, status: Status) -> Result<(), Status> {
    if unless { Ok(()) } else { Err(status) }
}

pub(super) fn g(n: u8) -> String {
    format!("g{n}")
}

pub(super) fn p(n: u8) -> String {
    format!("p{n}")
}

pub(super) fn f(n: u8) -> String {
    format!("f{n}")
}

/// A face that looks like the person of this number.
pub(super) fn look(n: u8) -> Embedding {
    somebody(&format!("look{n}"))
}

impl Model {
    pub(super) fn apply(&mut self, op: &Op) -> Answer {
        let mut after = self.clone();
        let answer = after.change(op);
        if answer.is_ok() {
            *self = after;
        }
        answer
    }

    fn change(&mut self, op: &Op) -> Answer {
        match op {
            Op::CreateGroup(id, fields) => self.create_group(*id, fields),
            Op::RenameGroup(id, name) => {
                self.group(*id)?;
                let taken = |(other, group): (&String, &ModelGroup)| {
                    group.name == g(*name) && *other != g(*id)
                };
                refuse(
                    !self.groups.iter().any(taken),
                    Status::GroupNameAlreadyExist,
                )?;
                self.group(*id)?.name = g(*name);
                Ok(String::new())
            }
            Op::DeleteGroup(id) => {
                self.group(*id)?;
                self.groups.remove(&g(*id));
                let before = self.persons.len();
                for person in self.persons.values_mut() {
                    person.groups.remove(&g(*id));
                }
                self.persons.retain(|_, person| !person.groups.is_empty());
                Ok((before - self.persons.len()).to_string())
            }
            Op::AddField(id, field) => {
                let fields = &mut self.group(*id)?.fields;
                refuse(
                    !fields.contains(&f(*field)),
                    Status::GroupExDescriptionsNameIdentical,
                )?;
                fields.push(f(*field));
                Ok(String::new())
            }
            Op::RenameField(id, field, new) => self.rename_field(*id, &f(*field), f(*new)),
            Op::RemoveField(id, field) => {
                let fields = &mut self.group(*id)?.fields;
                refuse(
                    fields.contains(&f(*field)),
                    Status::GroupExDescriptionsNameIllegal,
                )?;
                fields.retain(|other| *other != f(*field));
                for person in self.persons.values_mut() {
                    if let Some(values) = person.groups.get_mut(&g(*id)) {
                        values.remove(&f(*field));
                    }
                }
                Ok(String::new())
            }
            Op::Create(id, into, looks) => self.create_person(*id, *into, *looks),
            Op::AddFaces(id, alike) => self.add_faces(*id, alike),
            Op::DeleteFaces(id, places) => self.delete_faces(*id, places),
            Op::Copy(id, groups) => self.copy(*id, groups),
            Op::SetField(id, group, field, value) => {
                let known = self.group(*group)?.fields.contains(&f(*field));
                refuse(known, Status::PersonExDescriptionsNameIllegal)?;
                let groups = &mut self.person(*id)?.groups;
                let values = groups
                    .get_mut(&g(*group))
                    .ok_or(Status::GroupPersonMapNotExist)?;
                match value {
                    0 => values.remove(&f(*field)),
                    value => values.insert(f(*field), value.to_string()),
                };
                Ok(String::new())
            }
            Op::Leave(id, group) => {
                self.group(*group)?;
                let groups = &mut self.person(*id)?.groups;
                groups
                    .remove(&g(*group))
                    .ok_or(Status::GroupPersonMapNotExist)?;
                let gone = groups.is_empty();
                self.persons.retain(|_, person| !person.groups.is_empty());
                Ok(gone.to_string())
            }
            Op::DeletePerson(id) => {
                self.person(*id)?;
                self.persons.remove(&p(*id));
                Ok(String::new())
            }
            Op::Reopen => Ok(String::new()),
        }
    }

    fn group(&mut self, id: u8) -> Result<&mut ModelGroup, Status> {
        self.groups.get_mut(&g(id)).ok_or(Status::GroupIdNotExist)
    }

    fn person(&mut self, id: u8) -> Result<&mut ModelPerson, Status> {
        self.persons.get_mut(&p(id)).ok_or(Status::PersonIdNotExist)
    }

    fn faces_in(&self, group: &str) -> usize {
        let members = self
            .persons
            .values()
            .filter(|one| one.groups.contains_key(group));
        members.map(|person| person.faces.len()).sum()
    }

    fn room<'a>(
        &self,
        more: usize,
        groups: impl Iterator<Item = &'a String>,
    ) -> Result<(), Status> {
        let all: usize = self.persons.values().map(|person| person.faces.len()).sum();
        refuse(all + more <= FACES, Status::AccountFaceNumExceed)?;
        for group in groups {
            let faces = self.faces_in(group) + more;
            refuse(faces <= FACES_IN_GROUP, Status::GroupFaceNumExceed)?;
        }
        Ok(())
    }

    fn create_group(&mut self, id: u8, fields: &[u8]) -> Answer {
        let fields: Vec<String> = fields.iter().map(|&field| f(field)).collect();
        for (n, field) in fields.iter().enumerate() {
            let new = !fields[..n].contains(field);
            refuse(new, Status::GroupExDescriptionsNameIdentical)?;
        }
        refuse(
            !self.groups.contains_key(&g(id)),
            Status::GroupIdAlreadyExist,
        )?;
        let name = g(id);
        let free = self.groups.values().all(|group| group.name != name);
        refuse(free, Status::GroupNameAlreadyExist)?;
        refuse(self.groups.len() < GROUPS, Status::GroupNumExceed)?;
        self.groups.insert(g(id), ModelGroup { name, fields });
        Ok(String::new())
    }

    fn rename_field(&mut self, id: u8, field: &str, new: String) -> Answer {
        let fields = &mut self.group(id)?.fields;
        let at = fields.iter().position(|other| other == field);
        let at = at.ok_or(Status::GroupExDescriptionsNameIllegal)?;
        if *field == *new {
            return Ok(String::new());
        }
        refuse(
            !fields.contains(&new),
            Status::GroupExDescriptionsNameIdentical,
        )?;
        fields[at].clone_from(&new);
        for person in self.persons.values_mut() {
            if let Some(values) = person.groups.get_mut(&g(id))
                && let Some(value) = values.remove(field)
            {
                values.insert(new.clone(), value);
            }
        }
        Ok(String::new())
    }

    fn give_face(&mut self, embedding: Embedding, quality: f32) -> (u64, Embedding, f32) {
        self.faces_given += 1;
        (self.faces_given, embedding, quality)
    }

    fn create_person(&mut self, id: u8, into: u8, looks: u8) -> Answer {
        self.group(into)?;
        refuse(
            !self.persons.contains_key(&p(id)),
            Status::PersonIdAlreadyExist,
        )?;
        self.room(1, [g(into)].iter())?;
        let face = self.give_face(look(looks), 80.0);
        let number = face.0;
        let groups = [(g(into), BTreeMap::new())].into();
        let faces = vec![face];
        self.persons.insert(p(id), ModelPerson { groups, faces });
        Ok(number.to_string())
    }

    fn add_faces(&mut self, id: u8, alike: &[bool]) -> Answer {
        refuse(!alike.is_empty(), Status::ErrorParameterEmpty)?;
        let person = self.person(id)?.clone();
        refuse(
            person.faces.len() + alike.len() <= 5,
            Status::PersonFaceNumExceed,
        )?;
        self.room(alike.len(), person.groups.keys())?;
        let mut answer = String::new();
        let mut faces = person.faces.clone();
        for (n, alike) in alike.iter().enumerate() {
            if *alike {
                let embedding = near(&person.faces[0].1, n);
                let face = self.give_face(embedding, quality(n));
                answer += &format!("{} ", face.0);
                faces.push(face);
            } else {
                answer += "not similar ";
            }
        }
        self.person(id)?.faces = faces;
        Ok(answer)
    }

    fn delete_faces(&mut self, id: u8, places: &[u8]) -> Answer {
        let person = self.person(id)?;
        refuse(!places.is_empty(), Status::ErrorParameterEmpty)?;
        for (n, place) in places.iter().enumerate() {
            let there = usize::from(*place) < person.faces.len() && !places[..n].contains(place);
            refuse(there, Status::FaceIdNotExist)?;
        }
        refuse(
            places.len() < person.faces.len(),
            Status::DeleteFaceNumExceed,
        )?;
        let mut place = 0;
        person.faces.retain(|_| {
            place += 1;
            !places.contains(&(place - 1))
        });
        Ok(String::new())
    }

    fn copy(&mut self, id: u8, groups: &[u8]) -> Answer {
        let person = self.person(id)?.clone();
        refuse(!groups.is_empty(), Status::ErrorParameterEmpty)?;
        for (n, group) in groups.iter().enumerate() {
            refuse(!groups[..n].contains(group), Status::InvalidParameter)?;
            self.group(*group)?;
            refuse(
                !person.groups.contains_key(&g(*group)),
                Status::PersonExistInGroup,
            )?;
            let faces = self.faces_in(&g(*group)) + person.faces.len();
            refuse(faces <= FACES_IN_GROUP, Status::GroupFaceNumExceed)?;
        }
        let joined = groups.iter().map(|&group| (g(group), BTreeMap::new()));
        self.person(id)?.groups.extend(joined);
        Ok(String::new())
    }

    /// Everything that lists show.
    pub(super) fn describe(&self) -> String {
        let mut text = String::new();
        for (id, group) in &self.groups {
            let members: Vec<&String> = self
                .persons
                .iter()
                .filter(|(_, person)| person.groups.contains_key(id))
                .map(|(id, _)| id)
                .collect();
            let faces = self.faces_in(id);
            text += &format!(
                "{id} {} {:?} {members:?} {faces}\n",
                group.name, group.fields
            );
        }
        for (id, person) in &self.persons {
            let faces: Vec<u64> = person.faces.iter().map(|(id, _, _)| *id).collect();
            text += &format!("{id} {:?} {faces:?}\n", person.groups);
        }
        text
    }

    /// Persons of two groups by their closest feature, as person, face and cosine.
    pub(super) fn search(
        &self,
        probe: &Embedding,
        groups: &[String],
        against: Against,
    ) -> Vec<String> {
        let members = self
            .persons
            .iter()
            .filter(|(_, person)| groups.iter().any(|group| person.groups.contains_key(group)));
        let mut found: Vec<(f32, &String, Option<u64>)> = members
            .map(|(id, person)| {
                let (cosine, face) = person.closest(probe, against);
                (cosine, id, face)
            })
            .collect();
        found.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(b.1)));
        found.iter().take(2).map(|hit| format!("{hit:?}")).collect()
    }
}

impl ModelPerson {
    fn closest(&self, probe: &Embedding, against: Against) -> (f32, Option<u64>) {
        if against == Against::Persons && self.faces.len() > 1 {
            let faces: Vec<(Embedding, f32)> = self
                .faces
                .iter()
                .map(|(_, one, quality)| (one.clone(), *quality))
                .collect();
            return (cosine(probe, &fuse::fuse(&faces).unwrap()).unwrap(), None);
        }
        let mut closest = (f32::MIN, None);
        for (id, embedding, _) in &self.faces {
            let cosine = cosine(probe, embedding).unwrap();
            if cosine > closest.0 {
                closest = (cosine, Some(*id));
            }
        }
        closest
    }
}

pub(super) fn near(first: &Embedding, n: usize) -> Embedding {
    like(first, n as u64, 0.05)
}

pub(super) fn quality(n: usize) -> f32 {
    30.0 * n as f32
}
