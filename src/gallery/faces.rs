//! Faces of enrolled persons.

use super::choices::FaceMatchThreshold;
use super::contents::{FaceEntry, PersonEntry};
use super::edit::Edit;
use super::enrol_face::EnrolFace;
use super::error::{LibraryError, at_most, between};
use super::ids::{FaceId, GroupId, PersonId};
use super::kinds::Counted;
use super::limits::{FACES_PER_CALL, FACES_PER_PERSON};
use super::matcher::Matcher;
use super::model_id::{ModelId, expect_model, no_feature};
use crate::error::Result;
use crate::matching;
use crate::model::Score;
use crate::stages::embed::Embedding;

/// What became of one of several faces that should join a person.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum FaceOutcome {
    /// It is the person's now.
    Joined(FaceId),
    /// It is not like any face that the person had; this is the score of the nearest.
    NotSimilar(Score),
}

impl Edit {
    /// Adds up to 4 faces to a person. One joins when its score with some face that the person had
    /// before the call reaches `threshold`.
    ///
    /// # Errors
    /// [`LibraryError`]: no such person, none or more than 4 faces, more than 5 altogether, a face
    /// of a model that none of the person's groups answers from, or no room. An expired licence; a
    /// threshold that the curve cannot support. Then no face joins.
    pub fn add_faces(
        &mut self,
        matcher: &Matcher,
        id: &PersonId,
        faces: Vec<EnrolFace>,
        threshold: FaceMatchThreshold,
    ) -> Result<Vec<FaceOutcome>> {
        matcher.check()?;
        between(Counted::Upload, faces.len(), FACES_PER_CALL)?;
        let person = self.person(id)?;
        let together = person.faces.len() + faces.len();
        at_most(Counted::FacesOfPerson, together, FACES_PER_PERSON)?;
        let groups: Vec<GroupId> = person
            .memberships
            .iter()
            .map(|one| one.group.clone())
            .collect();
        self.check_room(faces.len(), matcher.gallery_max(), groups.iter())?;
        let mut scores = Vec::new();
        let faces: Vec<EnrolFace> = faces
            .into_iter()
            .map(|face| matcher.admit(face))
            .collect::<Result<_>>()?;
        for face in &faces {
            self.expect_served(&groups, face.embedding.model_id())?;
            let nearest = self.nearest_of(person, &face.embedding)?;
            scores.push(matcher.reaches(face.embedding.model_id(), nearest, threshold.score())?);
        }
        let mut person = self.detach(id)?;
        let mut outcomes = Vec::new();
        for (face, (score, joins)) in faces.into_iter().zip(scores) {
            if joins {
                let face = self.add_face(id, face)?;
                outcomes.push(FaceOutcome::Joined(face.id));
                person.faces.push(face);
            } else {
                outcomes.push(FaceOutcome::NotSimilar(score));
            }
        }
        self.attach(id, person);
        Ok(outcomes)
    }

    /// Removes faces of a person, who keeps at least one.
    ///
    /// # Errors
    /// [`LibraryError`]: no such person or face, a face named twice, or none would be left. Then
    /// all stay.
    pub fn delete_faces(&mut self, id: &PersonId, faces: &[FaceId]) -> Result<()> {
        let person = self.person(id)?;
        between(Counted::FacesOfPerson, faces.len(), FACES_PER_PERSON)?;
        for (n, face) in faces.iter().enumerate() {
            let there = person.faces.iter().any(|one| one.id == *face);
            if !there || faces[..n].contains(face) {
                return Err(LibraryError::NoFace { face: face.get() }.into());
            }
        }
        if faces.len() == person.faces.len() {
            return Err(LibraryError::LastFace.into());
        }
        let mut person = self.detach(id)?;
        let (gone, left) = person
            .faces
            .into_iter()
            .partition(|face| faces.contains(&face.id));
        person.faces = left;
        let gone: Vec<FaceEntry> = gone;
        for face in gone {
            self.erase_face(face);
        }
        self.attach(id, person);
        Ok(())
    }

    /// A new face of a person who is detached, with its feature.
    pub(super) fn add_face(&mut self, person: &PersonId, face: EnrolFace) -> Result<FaceEntry> {
        let EnrolFace {
            embedding,
            quality,
            crop,
        } = face;
        let id = self.next_face();
        let row = self.add_feature(person, id, embedding)?;
        let has_crop = crop.is_some();
        if let Some(crop) = crop {
            self.keep_crop(id, crop);
        }
        Ok(FaceEntry {
            id,
            quality,
            crop: has_crop,
            rows: vec![row],
        })
    }

    /// Refuses a model that none of the groups answers from.
    fn expect_served(&self, groups: &[GroupId], model: &str) -> Result<(), LibraryError> {
        let mut other: Option<&ModelId> = None;
        for group in groups {
            let serving = &self.group(group)?.versions.serving;
            if **serving == *model {
                return Ok(());
            }
            other = Some(serving);
        }
        expect_model(other.map_or("", |serving| serving), model)
    }

    /// The largest cosine with a face of a person.
    pub(super) fn nearest_of(&self, person: &PersonEntry, probe: &Embedding) -> Result<f32> {
        let model = probe.model_id();
        let features = self.contents.features.get(model);
        let mut nearest: Option<f32> = None;
        for (_, row) in person.rows(model) {
            if let Some(embedding) = features.and_then(|features| features.embedding(row)) {
                let cosine = matching::cosine(probe, &embedding)?;
                nearest = Some(nearest.map_or(cosine, |other| other.max(cosine)));
            }
        }
        Ok(nearest.ok_or_else(|| no_feature(model))?)
    }
}
