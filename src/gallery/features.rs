//! The searchable features of one model, and whom each row belongs to.

use super::fuse;
use super::ids::{FaceId, PersonId};
use super::owners::{Owner, Owners};
use crate::error::Result;
use crate::matching::index::{Hit, Index, IndexError, Row, RowSet};
use crate::stages::embed::Embedding;

#[derive(Clone)]
pub(super) struct Features {
    index: Index,
    owners: Owners,
}

/// A row that resembles the probe.
pub(super) struct Near<'a> {
    pub(super) owner: &'a Owner,
    pub(super) cosine: f32,
}

impl Features {
    /// For embeddings of one model, of so many values each.
    pub(super) fn new(model: &str, dimension: usize) -> Result<Self> {
        Ok(Self {
            index: Index::new(model, dimension)?,
            owners: Owners::new(),
        })
    }

    /// Adds the values of `count` faces whose owners are named later; returns the first row, which
    /// the others follow.
    pub(super) fn extend(&mut self, values: &[f32], count: usize) -> Result<Row> {
        if values.len() != count * self.index.dimension() {
            return Err(IndexError::Ragged {
                values: values.len(),
                dimension: self.index.dimension(),
            }
            .into());
        }
        Ok(self.index.extend(values)?)
    }

    /// Names the owner of a row.
    pub(super) fn own(&mut self, row: Row, person: &PersonId, face: FaceId) {
        let owner = Owner {
            person: person.clone(),
            face: Some(face),
        };
        self.owners.insert(row, owner);
    }

    pub(super) fn is_empty(&self) -> bool {
        self.owners.is_empty()
    }

    pub(super) fn insert(&mut self, owner: Owner, embedding: &Embedding) -> Result<Row> {
        let row = self.index.insert(embedding)?;
        self.owners.insert(row, owner);
        Ok(row)
    }

    pub(super) fn remove(&mut self, row: Row) {
        if self.owners.remove(row) {
            self.index
                .remove(row)
                .expect("a row with an owner is in use");
        }
    }

    pub(super) fn embedding(&self, row: Row) -> Option<Embedding> {
        let values = self.index.values(row)?.to_vec();
        let embedding = Embedding::from_parts(self.index.model_id(), values);
        Some(embedding.expect("the index holds what once was an embedding"))
    }

    pub(super) fn owner(&self, row: Row) -> Option<&Owner> {
        self.owners.get(row)
    }

    /// Adds the fused feature of a person whose faces have these rows and qualities; `None` for fewer
    /// than two.
    pub(super) fn fuse(&mut self, id: &PersonId, faces: &[(Row, f32)]) -> Option<Row> {
        if faces.len() < 2 {
            return None;
        }
        let faces: Vec<(Embedding, f32)> = faces
            .iter()
            .filter_map(|&(row, quality)| Some((self.embedding(row)?, quality)))
            .collect();
        let owner = Owner {
            person: id.clone(),
            face: None,
        };
        let fused = fuse::fuse(&faces)?;
        Some(
            self.insert(owner, &fused)
                .expect("it has the model and length of its faces"),
        )
    }

    /// The rows most similar to the probe, best first and never cut between equal cosines, until
    /// `enough` says so or all are there. Equal ones are ordered by person, then by face.
    pub(super) fn nearest(
        &self,
        probe: &Embedding,
        within: &RowSet,
        least: usize,
        enough: impl Fn(&[Near<'_>]) -> bool,
    ) -> Result<Vec<Near<'_>>> {
        let all = within.len();
        let mut asked = least.saturating_add(1).min(all);
        loop {
            let hits = self.index.search(probe, asked, Some(within))?;
            let whole = hits.len() >= all || hits.len() < asked;
            let mut near: Vec<Near<'_>> = complete(&hits, whole)
                .iter()
                .filter_map(|hit| {
                    let owner = self.owner(hit.row)?;
                    let cosine = hit.cosine;
                    Some(Near { owner, cosine })
                })
                .collect();
            near.sort_by(|a, b| {
                let key = |near: &Near<'_>| (near.owner.person.clone(), near.owner.face);
                b.cosine
                    .total_cmp(&a.cosine)
                    .then_with(|| key(a).cmp(&key(b)))
            });
            if whole || enough(&near) {
                return Ok(near);
            }
            asked = asked.saturating_mul(2).min(all);
        }
    }
}

/// Without the last of the cosines, which may go on beyond what was asked for.
fn complete(hits: &[Hit], whole: bool) -> &[Hit] {
    match hits.last() {
        Some(last) if !whole => {
            let end = hits.partition_point(|hit| hit.cosine > last.cosine);
            &hits[..end]
        }
        _ => hits,
    }
}
