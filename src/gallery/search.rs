//! Searching groups and verifying persons.

use super::contents::GroupEntry;
use super::error::{LibraryError, between};
use super::features::{Features, Near};
use super::ids::{FaceId, GroupId, PersonId};
use super::kinds::Counted;
use super::limits::{GROUPS_PER_SEARCH, GROUPS_PER_SEARCH_BY_GROUP, TOP, TOP_BY_GROUP};
use super::matcher::Matcher;
use super::model_id::{expect_model, no_feature};
use super::snapshot::Snapshot;
use crate::config::{TargetFmr, TargetFpir};
use crate::error::Result;
use crate::matching::index::RowSet;
use crate::matching::{self, Comparison, Margin};
use crate::model::Score;
use crate::stages::embed::Embedding;
use std::collections::HashSet;

/// What a search looks at.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Against {
    /// Every face on its own; a person counts with the closest.
    Faces,
    /// One feature a person: that of their only face, or all of them fused.
    Persons,
}

/// How to search.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct SearchOptions {
    /// Persons to return: 1 to 100, for each group 1 to 10 where results are returned by group.
    pub top: usize,
    /// Share of strangers that may be given a name.
    pub fpir: TargetFpir,
    /// Leaves out candidates below this score, also one who would be named. The threshold stays, and so
    /// does the margin.
    pub min_score: Option<Score>,
}

impl Default for SearchOptions {
    /// 5 persons at FPIR 1e-3, of any score.
    fn default() -> Self {
        Self {
            top: 5,
            fpir: TargetFpir::default(),
            min_score: None,
        }
    }
}

/// A person who resembles the probe.
#[derive(Clone, Debug, PartialEq)]
pub struct Candidate {
    /// The person.
    pub person: PersonId,
    /// Their closest face; `None` where several were fused.
    pub face: Option<FaceId>,
    /// Cosine of the probe and that feature, `-1..=1`.
    pub cosine: f32,
    /// Calibrated 1:1 score of that cosine.
    pub score: Score,
}

/// The outcome of a search.
#[derive(Clone, Debug, PartialEq)]
pub struct SearchResult {
    /// The most similar persons, best first; equal ones in the order of their ids.
    pub candidates: Vec<Candidate>,
    /// The score that a candidate has to reach to be named.
    pub threshold: Score,
    /// Upper bound of the share of strangers whom such a search names, `0..=1`.
    pub expected_fpir: f64,
    /// Features that were compared.
    pub searched: usize,
    /// Who it is.
    pub decision: SearchDecision,
    /// What separates the best person from the next one of those searched, whether or not both are among
    /// the candidates; `None` where there is no other person.
    pub margin: Option<Margin>,
}

/// The decision of a search.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum SearchDecision {
    /// It is the first candidate.
    Named,
    /// The first candidate reaches the threshold, and so near to it stands another person that it may be
    /// either: twins, or one person enrolled twice. Nobody is named.
    Ambiguous,
    /// Nobody reaches the threshold: an unknown person, however similar the first candidate is.
    Unknown,
}

impl SearchResult {
    /// The first candidate where it is [named](SearchDecision::Named).
    #[must_use]
    pub fn accepted(&self) -> Option<&Candidate> {
        let named = self.decision == SearchDecision::Named;
        self.candidates.first().filter(|_| named)
    }
}

/// The outcome of a 1:1 verification.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Verified {
    /// How the probe compares. Its rate is that of one comparison; with `k` faces on their own a
    /// stranger has up to `k` chances.
    pub comparison: Comparison,
    /// The closest face; `None` where several were fused.
    pub face: Option<FaceId>,
}

impl Snapshot {
    /// The persons of up to 100 groups who look most like the probe.
    ///
    /// The threshold follows from the number of features compared, so it rises as groups grow. A
    /// person in several groups counts once.
    ///
    /// # Errors
    /// An expired licence; [`LibraryError`]: no group, too many, a group that does not exist, is
    /// named twice or takes other embeddings, no face to search, or a number out of its range;
    /// [`MatchError::SearchTooWide`](crate::matching::MatchError::SearchTooWide) when the curve
    /// cannot support the threshold.
    pub fn search(
        &self,
        matcher: &Matcher,
        probe: &Embedding,
        groups: &[GroupId],
        against: Against,
        options: &SearchOptions,
    ) -> Result<SearchResult> {
        let probe = &matcher.template(probe)?;
        between(Counted::GroupsSearched, groups.len(), GROUPS_PER_SEARCH)?;
        between(Counted::Candidates, options.top, TOP)?;
        let sets = self.sets(probe, groups, against)?;
        let mut all = RowSet::new();
        sets.iter().for_each(|set| all.unite(set));
        let threshold = Threshold::new(matcher, probe, all.len(), options)?;
        self.search_set(matcher, probe, &all, &threshold, options)
    }

    /// As [`search`](Self::search), answering for each of up to 60 groups on its own.
    ///
    /// The threshold follows from the number of features of all the groups together, so that the
    /// rate holds for the whole call; each answer's `expected_fpir` is its own share of it.
    ///
    /// # Errors
    /// As [`search`](Self::search).
    pub fn search_by_group(
        &self,
        matcher: &Matcher,
        probe: &Embedding,
        groups: &[GroupId],
        against: Against,
        options: &SearchOptions,
    ) -> Result<Vec<(GroupId, SearchResult)>> {
        matcher.check()?;
        between(
            Counted::GroupsSearched,
            groups.len(),
            GROUPS_PER_SEARCH_BY_GROUP,
        )?;
        between(Counted::Candidates, options.top, TOP_BY_GROUP)?;
        let sets = self.sets(probe, groups, against)?;
        let searched = sets.iter().map(|set| set.len()).sum();
        let threshold = Threshold::new(matcher, probe, searched, options)?;
        let mut answers = Vec::new();
        for (group, set) in groups.iter().zip(sets) {
            let found = self.search_set(matcher, probe, set, &threshold, options)?;
            answers.push((group.clone(), found));
        }
        Ok(answers)
    }

    /// Compares the probe with each face of a person; the closest counts.
    ///
    /// # Errors
    /// An expired licence; [`LibraryError`]: no such person, or none of their faces is of the
    /// probe's pack; a rate that the curve cannot support.
    pub fn verify_face(
        &self,
        matcher: &Matcher,
        person: &PersonId,
        probe: &Embedding,
        target: TargetFmr,
    ) -> Result<Verified> {
        let probe = &matcher.template(probe)?;
        let model = probe.model_id();
        let person = self.person_entry(person)?;
        let features = self.features(model)?;
        let mut best: Option<(f32, FaceId)> = None;
        for (face, row) in person.rows(model) {
            if let Some(embedding) = features.embedding(row) {
                let cosine = matching::cosine(probe, &embedding)?;
                if best.is_none_or(|(other, _)| cosine > other) {
                    best = Some((cosine, face.id));
                }
            }
        }
        let (cosine, face) = best.ok_or_else(|| no_feature(model))?;
        Ok(Verified {
            comparison: matcher.compare_cosine(model, cosine, target)?,
            face: Some(face),
        })
    }

    /// Compares the probe with the one feature that stands for a person.
    ///
    /// # Errors
    /// As [`verify_face`](Self::verify_face).
    pub fn verify_person(
        &self,
        matcher: &Matcher,
        person: &PersonId,
        probe: &Embedding,
        target: TargetFmr,
    ) -> Result<Verified> {
        let probe = &matcher.template(probe)?;
        let model = probe.model_id();
        let row = self.person_entry(person)?.row(model);
        let features = self.features(model)?;
        let row = row.ok_or_else(|| no_feature(model))?;
        let embedding = features.embedding(row).ok_or_else(|| no_feature(model))?;
        let cosine = matching::cosine(probe, &embedding)?;
        Ok(Verified {
            comparison: matcher.compare_cosine(model, cosine, target)?,
            face: features.owner(row).and_then(|owner| owner.face),
        })
    }

    pub(super) fn features(&self, model: &str) -> Result<&Features, LibraryError> {
        self.contents
            .features
            .get(model)
            .ok_or_else(|| no_feature(model))
    }

    /// What each group offers to a search.
    pub(super) fn sets(
        &self,
        probe: &Embedding,
        groups: &[GroupId],
        against: Against,
    ) -> Result<Vec<&RowSet>, LibraryError> {
        let mut seen = HashSet::new();
        let mut sets = Vec::new();
        for id in groups {
            if !seen.insert(id) {
                return Err(LibraryError::GroupTwice(id.clone()));
            }
            let group = self.group_entry(id)?;
            expect_model(&group.versions.serving, probe.model_id())?;
            sets.push(rows_of(group, against));
        }
        if sets.iter().all(|set| set.is_empty()) {
            return Err(LibraryError::NoFaceInGroups);
        }
        Ok(sets)
    }

    fn search_set(
        &self,
        matcher: &Matcher,
        probe: &Embedding,
        set: &RowSet,
        threshold: &Threshold,
        options: &SearchOptions,
    ) -> Result<SearchResult> {
        let features = self.features(probe.model_id())?;
        // The margin needs a second person, too.
        let wanted = options.top.max(2);
        let near = features.nearest(probe, set, wanted, |near| {
            let mut persons: HashSet<&PersonId> = HashSet::new();
            persons.extend(near.iter().map(|near| &near.owner.person));
            persons.len() >= wanted
        })?;
        let mut candidates = first_of_each(matcher, &near, wanted);
        let margin = margin(matcher, &candidates);
        candidates.truncate(options.top);
        if let Some(least) = options.min_score {
            candidates.retain(|candidate| candidate.score >= least);
        }
        let searched = set.len();
        let named = |best: &Candidate| matcher.names(best.cosine, threshold.score);
        let decision = match candidates.first().is_some_and(named) {
            false => SearchDecision::Unknown,
            true if margin.is_none_or(|margin| margin.is_distinguishable()) => {
                SearchDecision::Named
            }
            true => SearchDecision::Ambiguous,
        };
        Ok(SearchResult {
            decision,
            margin,
            candidates,
            threshold: threshold.score,
            expected_fpir: threshold.fpir_of(searched),
            searched,
        })
    }
}

/// The decision of one call.
struct Threshold {
    score: Score,
    fpir: f64,
    searched: usize,
}

impl Threshold {
    /// The share of the call's rate that falls to so many of the features searched.
    fn fpir_of(&self, searched: usize) -> f64 {
        if searched == self.searched {
            return self.fpir;
        }
        self.fpir * searched as f64 / self.searched.max(1) as f64
    }

    fn new(
        matcher: &Matcher,
        probe: &Embedding,
        searched: usize,
        options: &SearchOptions,
    ) -> Result<Self> {
        let (score, fpir) = matcher.search_threshold(probe.model_id(), searched, options.fpir)?;
        Ok(Self {
            score,
            fpir,
            searched,
        })
    }
}

pub(super) fn rows_of(group: &GroupEntry, against: Against) -> &RowSet {
    match against {
        Against::Faces => &group.face_rows,
        Against::Persons => &group.person_rows,
    }
}

/// What separates the first person from the second.
fn margin(matcher: &Matcher, persons: &[Candidate]) -> Option<Margin> {
    match persons {
        [best, other, ..] => Some(matcher.margin(best.cosine, other.cosine)),
        _ => None,
    }
}

/// Each person with their closest face.
fn first_of_each(matcher: &Matcher, near: &[Near<'_>], top: usize) -> Vec<Candidate> {
    let mut seen = HashSet::new();
    let firsts = near.iter().filter(|near| seen.insert(&near.owner.person));
    firsts
        .take(top)
        .map(|near| Candidate {
            person: near.owner.person.clone(),
            face: near.owner.face,
            cosine: near.cosine,
            score: matcher.score(near.cosine),
        })
        .collect()
}
