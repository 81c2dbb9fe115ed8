//! Whom the rows of an index belong to.

use super::ids::{FaceId, PersonId};
use crate::matching::index::Row;

/// Whom a row shows: a face of a person, or, without a face, the person's fused feature.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(super) struct Owner {
    pub(super) person: PersonId,
    pub(super) face: Option<FaceId>,
}

/// Owners by row, in a vector: an index fills its lowest rows first, so few positions are empty, and
/// a large gallery opens faster than with a tree. Copies share what they do not change.
#[derive(Clone)]
pub(super) struct Owners {
    rows: rpds::VectorSync<Option<Owner>>,
    /// Rows with an owner.
    len: usize,
}

impl Owners {
    pub(super) fn new() -> Self {
        Self {
            rows: rpds::VectorSync::new_sync(),
            len: 0,
        }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.len == 0
    }

    pub(super) fn get(&self, row: Row) -> Option<&Owner> {
        self.rows.get(position(row))?.as_ref()
    }

    pub(super) fn insert(&mut self, row: Row, owner: Owner) {
        let position = position(row);
        while self.rows.len() < position {
            self.rows.push_back_mut(None);
        }
        if self.get(row).is_none() {
            self.len += 1;
        }
        if position == self.rows.len() {
            self.rows.push_back_mut(Some(owner));
        } else {
            self.rows.set_mut(position, Some(owner));
        }
    }

    /// False when the row had no owner.
    pub(super) fn remove(&mut self, row: Row) -> bool {
        if self.get(row).is_none() {
            return false;
        }
        self.rows.set_mut(position(row), None);
        self.len -= 1;
        while let Some(None) = self.rows.last() {
            self.rows.drop_last_mut();
        }
        true
    }
}

fn position(row: Row) -> usize {
    row.number() as usize
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::collections::BTreeMap;

    fn owner(number: u64) -> Owner {
        Owner {
            person: format!("p{number}").parse().expect("an id"),
            face: Some(FaceId(number)),
        }
    }

    proptest! {
        /// Beside a map, with copies that must not see later changes.
        #[test]
        fn they_are_a_map_of_rows(steps in proptest::collection::vec((0..90_u32, any::<bool>()), 0..200)) {
            let mut owners = Owners::new();
            let mut map: BTreeMap<u32, Owner> = BTreeMap::new();
            let mut before = None;
            for (step, (row, put)) in steps.into_iter().enumerate() {
                before = Some((owners.clone(), map.clone()));
                if put {
                    owners.insert(Row::new(row), owner(step as u64));
                    map.insert(row, owner(step as u64));
                } else {
                    let removed = map.remove(&row).is_some();
                    prop_assert_eq!(owners.remove(Row::new(row)), removed);
                }
            }
            for (owners, map) in before.into_iter().chain([(owners, map)]) {
                prop_assert_eq!(owners.is_empty(), map.is_empty());
                for row in 0..100 {
                    prop_assert_eq!(owners.get(Row::new(row)), map.get(&row));
                }
                let end = map.keys().last().map_or(0, |last| *last as usize + 1);
                prop_assert_eq!(owners.rows.len(), end);
            }
        }
    }
}
