//! Moving a group to another pack: the old version answers until the new one is complete, and
//! can be returned to once.

use super::contents::Versions;
use super::edit::Edit;
use super::error::LibraryError;
use super::ids::{FaceId, GroupId, PersonId};
use super::matcher::Matcher;
use super::model_id::{ModelId, check_model_id, expect_model};
use super::snapshot::Snapshot;
use crate::error::Result;
use crate::stages::embed::Embedding;

/// A face that has no feature of some pack.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Unready {
    /// Whose it is.
    pub person: PersonId,
    /// The face.
    pub face: FaceId,
    /// Whether a crop is kept from which the feature could be made.
    pub has_crop: bool,
}

/// What became of an upgrade or a rollback.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Switched {
    /// The pack that the group answers from now.
    pub model_id: String,
    /// Faces that can be found.
    pub searchable: usize,
    /// Faces that cannot, because they have no feature of this pack.
    pub failed: Vec<Unready>,
}

impl Edit {
    /// Begins to move a group to another pack: that of [`Matcher::model_id`]. It goes on answering from
    /// the present one. The version that an earlier upgrade kept for a rollback is given up.
    ///
    /// # Errors
    /// [`LibraryError`]: no such group, an upgrade is running, or it has that model already.
    pub fn begin_upgrade(&mut self, group: &GroupId, model_id: &str) -> Result<()> {
        check_model_id(model_id)?;
        let versions = &self.group(group)?.versions;
        if versions.next.is_some() {
            return Err(cannot(group, "an upgrade is running").into());
        }
        if *versions.serving == *model_id {
            return Err(cannot(group, "it has this model already").into());
        }
        let versions = Versions {
            next: Some(model_id.into()),
            ..Versions::new(ModelId::clone(&versions.serving))
        };
        self.regroup(group, versions)
    }

    /// Gives a face of a group under upgrade its feature of the new pack: from its crop, or from a
    /// new photograph of the person, for whose identity the caller answers. Replaces one that it
    /// has.
    ///
    /// # Errors
    /// [`LibraryError`]: no such group, person or face, the person is not in the group, no upgrade
    /// is running, or the embedding is of another pack than it moves to. An expired licence.
    pub fn upgrade_face(
        &mut self,
        matcher: &Matcher,
        group: &GroupId,
        person: &PersonId,
        face: FaceId,
        embedding: &Embedding,
    ) -> Result<()> {
        let embedding = matcher.template(embedding)?;
        let next = self.group(group)?.versions.next.clone();
        let next = next.ok_or_else(|| cannot(group, "no upgrade is running"))?;
        expect_model(&next, embedding.model_id())?;
        let entry = self.person(person)?;
        if !entry.is_in(group) {
            return Err(LibraryError::NotInGroup(group.clone()).into());
        }
        let position = entry.faces.iter().position(|one| one.id == face);
        let position = position.ok_or(LibraryError::NoFace { face: face.get() })?;
        let row = self.add_feature(person, face, embedding)?;
        let mut entry = self.detach(person)?;
        let rows = &mut entry.faces[position].rows;
        if let Some(at) = rows.iter().position(|(model, _)| *model == row.0) {
            let (model, old) = rows.remove(at);
            self.contents.remove_row(&model, old);
        }
        rows.push(row);
        self.attach(person, entry);
        Ok(())
    }

    /// Switches a group to the pack that it was upgraded to. Faces without a feature of it cannot
    /// be found from then on and are listed; the old version is kept to return to.
    ///
    /// # Errors
    /// [`LibraryError`]: no such group, no upgrade is running, or no face at all has a feature of
    /// the new pack though there are faces.
    pub fn finish_upgrade(&mut self, group: &GroupId) -> Result<Switched> {
        let entry = self.group(group)?;
        let next = entry.versions.next.clone();
        let next = next.ok_or_else(|| cannot(group, "no upgrade is running"))?;
        let previous = ModelId::clone(&entry.versions.serving);
        let (ready, unready) = self.readiness(group, &next)?;
        if ready == 0 && !unready.is_empty() {
            return Err(cannot(group, "no face has a feature of the new pack").into());
        }
        let versions = Versions {
            previous: Some(previous),
            ..Versions::new(next)
        };
        self.switch(group, versions)
    }

    /// Gives an upgrade up; the group stays as it was.
    ///
    /// # Errors
    /// [`LibraryError`]: no such group, or no upgrade is running.
    pub fn cancel_upgrade(&mut self, group: &GroupId) -> Result<()> {
        let versions = &self.group(group)?.versions;
        if versions.next.is_none() {
            return Err(cannot(group, "no upgrade is running").into());
        }
        let versions = Versions::new(ModelId::clone(&versions.serving));
        self.regroup(group, versions)
    }

    /// Returns a group to the pack that it had before its last upgrade, once. Features of the pack
    /// that it leaves are given up; faces that came after the upgrade have none of the old one
    /// and are listed.
    ///
    /// # Errors
    /// [`LibraryError`]: no such group, or no earlier version is left.
    pub fn roll_back(&mut self, group: &GroupId) -> Result<Switched> {
        let previous = self.group(group)?.versions.previous.clone();
        let previous = previous.ok_or_else(|| LibraryError::CannotRollBack(group.clone()))?;
        self.switch(group, Versions::new(previous))
    }

    /// Gives up the version that a group could return to, and its features.
    ///
    /// # Errors
    /// [`LibraryError`]: no such group, or no earlier version is left.
    pub fn forget_previous(&mut self, group: &GroupId) -> Result<()> {
        let versions = &self.group(group)?.versions;
        if versions.previous.is_none() {
            return Err(LibraryError::CannotRollBack(group.clone()).into());
        }
        let versions = Versions::new(ModelId::clone(&versions.serving));
        self.regroup(group, versions)
    }

    fn switch(&mut self, group: &GroupId, versions: Versions) -> Result<Switched> {
        let serving = ModelId::clone(&versions.serving);
        self.regroup(group, versions)?;
        let (searchable, failed) = self.readiness(group, &serving)?;
        Ok(Switched {
            model_id: serving.as_ref().to_owned(),
            searchable,
            failed,
        })
    }

    /// Changes a group's versions and every member's features with them.
    fn regroup(&mut self, group: &GroupId, versions: Versions) -> Result<()> {
        let mut members = Vec::new();
        for id in self.members(group)? {
            let person = self.detach(&id)?;
            members.push((id, person));
        }
        self.group_mut(group)?.versions = versions;
        for (id, person) in members {
            self.attach(&id, person);
        }
        Ok(())
    }

    fn readiness(
        &self,
        group: &GroupId,
        model: &str,
    ) -> Result<(usize, Vec<Unready>), LibraryError> {
        let (mut ready, mut unready) = (0, Vec::new());
        for id in self.group(group)?.members.iter() {
            for face in &self.person(id)?.faces {
                if face.row(model).is_some() {
                    ready += 1;
                } else {
                    unready.push(Unready {
                        person: id.clone(),
                        face: face.id,
                        has_crop: face.crop,
                    });
                }
            }
        }
        Ok((ready, unready))
    }
}

impl Snapshot {
    /// Faces of a group under upgrade that have no feature of the new pack yet.
    ///
    /// # Errors
    /// [`LibraryError`]: no such group, or no upgrade is running.
    pub fn unready(&self, group: &GroupId) -> Result<Vec<Unready>, LibraryError> {
        let entry = self.group_entry(group)?;
        let next = entry.versions.next.as_ref();
        let next = next.ok_or_else(|| cannot(group, "no upgrade is running"))?;
        let mut unready = Vec::new();
        for id in entry.members.iter() {
            let faces = self.person_entry(id)?.faces.iter();
            let waiting = faces.filter(|face| face.row(next).is_none());
            unready.extend(waiting.map(|face| Unready {
                person: id.clone(),
                face: face.id,
                has_crop: face.crop,
            }));
        }
        Ok(unready)
    }
}

fn cannot(group: &GroupId, why: &'static str) -> LibraryError {
    LibraryError::CannotUpgrade {
        group: group.clone(),
        why,
    }
}
