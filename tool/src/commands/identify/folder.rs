//! A folder of people, enrolled into a gallery in memory, so that searching it is searching a gallery.

use crate::datasets::{People, embed_all};
use crate::failure::{Failure, Result};
use crate::inputs::FaceChoice;
use crate::observer::Observer;
use crate::shown::shown_path;
use std::collections::BTreeMap;
use vultus::gallery::store::{MemoryStorage, Secret};
use vultus::gallery::{
    Against, Candidate, Edit, EnrolFace, FACES_PER_CALL, FACES_PER_PERSON, FaceMatchThreshold,
    GROUPS_PER_SEARCH, Limits, NewGroup, NewPerson, SearchOptions, SearchResult, Snapshot,
    UniquePersonControl,
};
use vultus::{Embedding, Gallery, GroupId, Matcher, PersonId, Sdk};

/// People of a folder, ready to be searched.
///
/// A person of a gallery has five faces at most. The sixth photograph and those behind it are
/// enrolled as a person of their own in the next group, and count for the one they show.
pub(super) struct Folder {
    names: Vec<String>,
    photographs: usize,
    snapshot: Snapshot,
    matcher: Matcher,
    groups: Vec<GroupId>,
    options: SearchOptions,
}

/// One of the people and the face of theirs that is closest to the probe.
pub(super) struct Known<'a> {
    pub(super) name: &'a str,
    pub(super) candidate: Candidate,
}

impl Folder {
    /// Embeds the largest face of every photograph, one without a face is named and left out; and
    /// enrols them.
    pub(super) fn enrol(
        people: People,
        matcher: Matcher,
        options: SearchOptions,
        sdk: &Sdk,
        choice: &FaceChoice,
        observer: &dyn Observer,
    ) -> Result<Self> {
        let faces = faces(sdk, &people, choice, observer)?;
        let most = faces.iter().map(Vec::len).max().unwrap_or(0);
        let parts = most.div_ceil(FACES_PER_PERSON);
        if parts > GROUPS_PER_SEARCH {
            let most = GROUPS_PER_SEARCH * FACES_PER_PERSON;
            return Err(Failure::text(format!(
                "a person has more than {most} photographs"
            )));
        }
        let groups: Vec<GroupId> = (0..parts)
            .map(|part| GroupId::new(&format!("part-{part}")))
            .collect::<Result<_, _>>()?;
        let storage = Box::new(MemoryStorage::default());
        let gallery = Gallery::create(storage, &Secret::random()?, Limits::default())?;
        gallery.edit(|edit| {
            for group in &groups {
                edit.create_group(&NewGroup::new(
                    group.clone(),
                    group.as_str(),
                    matcher.model_id(),
                ))?;
            }
            for (person, faces) in faces.iter().enumerate() {
                for (group, faces) in groups.iter().zip(faces.chunks(FACES_PER_PERSON)) {
                    create(edit, &matcher, group, &id_of(person, group)?, faces)?;
                }
            }
            Ok(())
        })?;
        Ok(Self {
            names: people.names,
            photographs: faces.iter().map(Vec::len).sum(),
            snapshot: gallery.snapshot(),
            matcher,
            groups,
            options,
        })
    }

    /// The people most similar to a face, best first, equal ones in the order of their names; and
    /// what the search over all photographs decides.
    pub(super) fn search(&self, probe: &Embedding) -> Result<(Vec<Known<'_>>, SearchResult)> {
        let found = self.search_in(&self.groups, probe)?;
        let mut closest: BTreeMap<usize, Candidate> = BTreeMap::new();
        for candidate in self.candidates(&found, probe)? {
            let person = person_of(&candidate.person);
            let best = closest.entry(person).or_insert_with(|| candidate.clone());
            if candidate.cosine > best.cosine {
                *best = candidate;
            }
        }
        let mut known: Vec<Known<'_>> = closest
            .into_iter()
            .map(|(person, candidate)| Known {
                name: &self.names[person],
                candidate,
            })
            .collect();
        // The map was in the order of names and the sort is stable.
        known.sort_by(|a, b| b.candidate.cosine.total_cmp(&a.candidate.cosine));
        known.truncate(self.options.top);
        Ok((known, found))
    }

    /// Candidates among whom are the `top` people. Those of all groups together may hold one of them
    /// several times and leave out another, those of each group may not.
    fn candidates(&self, found: &SearchResult, probe: &Embedding) -> Result<Vec<Candidate>> {
        if self.groups.len() == 1 {
            return Ok(found.candidates.clone());
        }
        let mut candidates = Vec::new();
        for group in &self.groups {
            let part = self.search_in(std::slice::from_ref(group), probe)?;
            candidates.extend(part.candidates);
        }
        Ok(candidates)
    }

    fn search_in(&self, groups: &[GroupId], probe: &Embedding) -> Result<SearchResult> {
        Ok(self
            .snapshot
            .search(&self.matcher, probe, groups, Against::Faces, &self.options)?)
    }

    /// How many are enrolled, in words.
    pub(super) fn size(&self) -> String {
        format!(
            "{} people with {} photographs",
            self.names.len(),
            self.photographs
        )
    }
}

/// The embeddings of each person, who has one at least.
fn faces(
    sdk: &Sdk,
    people: &People,
    choice: &FaceChoice,
    observer: &dyn Observer,
) -> Result<Vec<Vec<Embedding>>> {
    let embedded = embed_all(sdk, &people.paths(), choice, observer, "enrolling")?;
    let mut faces = vec![Vec::new(); people.names.len()];
    for (image, embedding) in people.images.iter().zip(embedded) {
        match embedding {
            Some(embedding) => faces[image.person].push(embedding),
            None => observer.warning(&format!(
                "{}: no usable face, left out",
                shown_path(&image.path)
            )),
        }
    }
    match faces.iter().position(Vec::is_empty) {
        Some(person) => Err(Failure::text(format!(
            "{} has no photograph with a usable face",
            people.names[person]
        ))),
        None => Ok(faces),
    }
}

/// Enrols up to five faces of one person.
fn create(
    edit: &mut Edit,
    matcher: &Matcher,
    group: &GroupId,
    id: &PersonId,
    faces: &[Embedding],
) -> vultus::Result<()> {
    // Of no influence where each face is searched on its own.
    const QUALITY: f32 = 100.0;
    let face = |embedding: &Embedding| EnrolFace::new(embedding.clone(), QUALITY);
    let Some((first, others)) = faces.split_first() else {
        return Ok(());
    };
    let new = NewPerson::new(id.clone(), "known");
    edit.create_person(
        matcher,
        group,
        &new,
        face(first),
        UniquePersonControl::default(),
    )?;
    // The folder says whom they show: score 0 admits every face.
    let any = FaceMatchThreshold::new(0.0)?;
    for others in others.chunks(FACES_PER_CALL) {
        edit.add_faces(matcher, id, others.iter().map(face).collect(), any)?;
    }
    Ok(())
}

/// Ids are in the order of the people's numbers.
fn id_of(person: usize, group: &GroupId) -> vultus::Result<PersonId> {
    Ok(PersonId::new(&format!("{person:08}@{group}"))?)
}

/// The reverse of [`id_of`].
fn person_of(id: &PersonId) -> usize {
    let number = id.as_str().split('@').next().and_then(|n| n.parse().ok());
    number.expect("ids are made by `id_of`")
}
