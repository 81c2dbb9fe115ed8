//! Finding persons who were enrolled twice.

use super::error::{LibraryError, between};
use super::features::Features;
use super::ids::{GroupId, PersonId};
use super::kinds::Counted;
use super::limits::GROUPS_PER_SEARCH;
use super::matcher::Matcher;
use super::model_id::expect_model;
use super::search::{Against, rows_of};
use super::snapshot::Snapshot;
use crate::config::TargetFmr;
use crate::error::Result;
use crate::matching::index::{Row, RowSet};
use crate::model::Score;
use std::collections::{BTreeMap, HashSet};
use std::ops::ControlFlow;

/// How much work it is to compare everybody with everybody.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct DuplicateEstimate {
    /// Persons to look for.
    pub persons: usize,
    /// Features that are compared, each pair once in either direction.
    pub comparisons: u64,
    /// Pairs of different persons who reach the score by chance: comparisons in one direction
    /// times the false match rate.
    pub expected_false_pairs: f64,
}

/// Two persons who may be one.
#[derive(Clone, Debug, PartialEq)]
pub struct Duplicate {
    /// Who comes first by id.
    pub first: PersonId,
    /// The other.
    pub second: PersonId,
    /// Largest cosine of two of their features, `-1..=1`.
    pub cosine: f32,
    /// Its score.
    pub score: Score,
}

impl Snapshot {
    /// What [`find_duplicates`](Self::find_duplicates) would have to do.
    ///
    /// # Errors
    /// As there.
    pub fn estimate_duplicates(
        &self,
        matcher: &Matcher,
        groups: &[GroupId],
        against: Against,
        target: TargetFmr,
    ) -> Result<DuplicateEstimate> {
        let scope = self.scope(matcher, groups, against, target)?;
        let rows = scope.rows.len() as u64;
        let comparisons = rows.saturating_mul(rows);
        Ok(DuplicateEstimate {
            persons: self.members_of(groups)?.len(),
            comparisons,
            expected_false_pairs: comparisons.saturating_sub(rows) as f64 / 2.0 * target.get(),
        })
    }

    /// Pairs of different persons of up to 100 groups whose score reaches the false match rate,
    /// most similar first. `progress` hears how many persons are done and may stop the search;
    /// then the answer holds what was found so far.
    ///
    /// Exact: every pair is compared.
    ///
    /// # Errors
    /// An expired licence; [`LibraryError`]: no group, too many, one that does not exist or is
    /// named twice, groups of another pack than the matcher's, no face; a rate that the curve
    /// cannot support.
    pub fn find_duplicates(
        &self,
        matcher: &Matcher,
        groups: &[GroupId],
        against: Against,
        target: TargetFmr,
        mut progress: impl FnMut(usize) -> ControlFlow<()>,
    ) -> Result<Vec<Duplicate>> {
        let scope = self.scope(matcher, groups, against, target)?;
        let mut pairs: BTreeMap<(PersonId, PersonId), f32> = BTreeMap::new();
        for (done, id) in self.members_of(groups)?.into_iter().enumerate() {
            if progress(done).is_break() {
                break;
            }
            let person = self.person_entry(id)?;
            let fused = person.row(matcher.model_id());
            let single = person.rows(matcher.model_id()).map(|(_, row)| row);
            let rows: Vec<_> = match against {
                Against::Faces => single.collect(),
                Against::Persons => fused.into_iter().collect(),
            };
            for row in rows {
                for (other, cosine) in scope.similar_to(id, row)? {
                    let pair = match *id < other {
                        true => (id.clone(), other),
                        false => (other, id.clone()),
                    };
                    let best = pairs.entry(pair).or_insert(cosine);
                    *best = best.max(cosine);
                }
            }
        }
        let mut found: Vec<Duplicate> = pairs
            .into_iter()
            .map(|((first, second), cosine)| Duplicate {
                first,
                second,
                cosine,
                score: matcher.score(cosine),
            })
            .collect();
        // The map was in the order of ids and the sort is stable.
        found.sort_by(|a, b| b.cosine.total_cmp(&a.cosine));
        Ok(found)
    }

    fn members_of(&self, groups: &[GroupId]) -> Result<Vec<&PersonId>, LibraryError> {
        let mut members = HashSet::new();
        for group in groups {
            members.extend(self.group_entry(group)?.members.iter());
        }
        let mut members: Vec<&PersonId> = members.into_iter().collect();
        members.sort_unstable();
        Ok(members)
    }

    fn scope<'a>(
        &'a self,
        matcher: &'a Matcher,
        groups: &[GroupId],
        against: Against,
        target: TargetFmr,
    ) -> Result<Scope<'a>> {
        matcher.check()?;
        between(Counted::GroupsSearched, groups.len(), GROUPS_PER_SEARCH)?;
        let mut rows = RowSet::new();
        for (n, id) in groups.iter().enumerate() {
            if groups[..n].contains(id) {
                return Err(LibraryError::GroupTwice(id.clone()).into());
            }
            let group = self.group_entry(id)?;
            expect_model(&group.versions.serving, matcher.model_id())?;
            rows.unite(rows_of(group, against));
        }
        if rows.is_empty() {
            return Err(LibraryError::NoFaceInGroups.into());
        }
        Ok(Scope {
            features: self.features(matcher.model_id())?,
            rows,
            matcher,
            needed: matcher.needed(target)?,
        })
    }
}

/// Where duplicates are looked for, and from which score on they are ones.
struct Scope<'a> {
    features: &'a Features,
    rows: RowSet,
    matcher: &'a Matcher,
    needed: Score,
}

impl Scope<'_> {
    /// Other persons whose features reach the cosine with this row.
    fn similar_to(&self, id: &PersonId, row: Row) -> Result<Vec<(PersonId, f32)>> {
        let Some(probe) = self.features.embedding(row) else {
            return Ok(Vec::new());
        };
        let reaches = |cosine: f32| self.matcher.score(cosine) >= self.needed;
        let near = self.features.nearest(&probe, &self.rows, 8, |near| {
            near.last().is_some_and(|last| !reaches(last.cosine))
        })?;
        let others = near
            .iter()
            .filter(|near| near.owner.person != *id && reaches(near.cosine));
        Ok(others
            .map(|near| (near.owner.person.clone(), near.cosine))
            .collect())
    }
}
