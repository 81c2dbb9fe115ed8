//! The search of `vultus gallery search` and of `vultus identify --gallery`.

use super::args::FileArgs;
use super::opening;
use crate::failure::Result;
use vultus::gallery::store::Access;
use vultus::gallery::{Against, GroupId, Matcher, PersonId, SearchOptions, SearchResult, Snapshot};
use vultus::{Embedding, MaskState, Sdk};

/// Where and how faces are searched for.
pub(crate) struct Searcher {
    pub(crate) snapshot: Snapshot,
    matcher: Matcher,
    groups: Vec<GroupId>,
    against: Against,
    options: SearchOptions,
}

impl Searcher {
    /// Opens a gallery to search in.
    pub(crate) fn open(
        file: &FileArgs,
        sdk: &Sdk,
        groups: Vec<GroupId>,
        against: Against,
        options: SearchOptions,
    ) -> Result<Self> {
        Ok(Self {
            snapshot: opening::open(file, Access::Read)?.snapshot(),
            matcher: sdk.matcher(MaskState::BARE)?,
            groups,
            against,
            options,
        })
    }

    /// What a person is called.
    pub(crate) fn name(&self, id: &PersonId) -> String {
        let person = self.snapshot.person(id);
        person.map_or_else(|_| id.to_string(), |person| person.name)
    }

    /// One answer for all groups.
    pub(crate) fn all(&self, probe: &Embedding) -> Result<SearchResult> {
        let Self {
            matcher,
            groups,
            options,
            ..
        } = self;
        Ok(self
            .snapshot
            .search(matcher, probe, groups, self.against, options)?)
    }

    /// One answer for each group.
    pub(super) fn by_group(
        &self,
        probe: &Embedding,
    ) -> Result<Vec<(Option<GroupId>, SearchResult)>> {
        let Self {
            matcher,
            groups,
            options,
            ..
        } = self;
        let found = self
            .snapshot
            .search_by_group(matcher, probe, groups, self.against, options)?;
        Ok(found
            .into_iter()
            .map(|(group, found)| (Some(group), found))
            .collect())
    }
}
