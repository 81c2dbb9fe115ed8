//! A folder of people, enrolled into a gallery in memory, so that searching it is searching a gallery.

use crate::failure::{CliResult, Failure};
use std::collections::BTreeMap;
use vultus::gallery::store::{MemoryStorage, Secret};
use vultus::gallery::{
    Against, Candidate, Edit, EnrolFace, FACES_PER_CALL, FACES_PER_PERSON, FaceMatchThreshold,
    GROUPS_PER_SEARCH, Limits, NewGroup, NewPerson, SearchOptions, SearchResult, Snapshot,
    UniquePersonControl,
};
use vultus::{Embedding, Gallery, GroupId, Matcher, PersonId};

/// People of a folder, ready to be searched.
///
/// A person of a gallery has five faces at most. The sixth photograph and those behind it are
/// enrolled as a person of their own in the next group, and count for the one they show.
pub(crate) struct Folder {
    names: Vec<String>,
    photographs: usize,
    snapshot: Snapshot,
    matcher: Matcher,
    groups: Vec<GroupId>,
    options: SearchOptions,
}

/// One of the people and the face of theirs that is closest to the probe.
pub(crate) struct Known<'a> {
    pub(crate) name: &'a str,
    pub(crate) candidate: Candidate,
}

impl Folder {
    /// Enrols people, each with the embeddings of their photographs.
    pub(crate) fn enrol(
        names: Vec<String>,
        faces: &[Vec<Embedding>],
        matcher: Matcher,
        options: SearchOptions,
    ) -> CliResult<Self> {
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
            names,
            photographs: faces.iter().map(Vec::len).sum(),
            snapshot: gallery.snapshot(),
            matcher,
            groups,
            options,
        })
    }

    /// The people most similar to a face, best first, equal ones in the order of their names; and
    /// what the search over all photographs decides.
    pub(crate) fn search(&self, probe: &Embedding) -> CliResult<(Vec<Known<'_>>, SearchResult)> {
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
    fn candidates(&self, found: &SearchResult, probe: &Embedding) -> CliResult<Vec<Candidate>> {
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

    fn search_in(&self, groups: &[GroupId], probe: &Embedding) -> CliResult<SearchResult> {
        Ok(self
            .snapshot
            .search(&self.matcher, probe, groups, Against::Faces, &self.options)?)
    }

    /// How many are enrolled, in words.
    pub(crate) fn size(&self) -> String {
        format!(
            "{} people with {} photographs",
            self.names.len(),
            self.photographs
        )
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
