//! Numbers of rows, and sets of them.

use crate::matching::kernels::{BLOCK, ones};

/// The number of a row of an [`Index`](super::Index), from 0. It belongs to the index and its
/// clones and means nothing to another one.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct Row(u32);

impl Row {
    /// The row of a number that [`number`](Self::number) gave.
    #[must_use]
    pub const fn new(number: u32) -> Self {
        Self(number)
    }

    /// The number.
    #[must_use]
    pub const fn number(self) -> u32 {
        self.0
    }
}

/// A set of rows, such as those of a group.
///
/// It keeps a word of 64 bits for each block of 64 rows that it touches and nothing for the
/// others, so it takes at most 12 bytes a row and 1.5 bits where rows are dense, and walking it
/// costs as much as its rows, however large the index is.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct RowSet {
    /// Touched blocks, rising.
    blocks: Vec<u32>,
    /// The rows of each as bits, never 0.
    bits: Vec<u64>,
}

impl RowSet {
    /// The set of no rows.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a row; false when it was there. Fast for rising rows; another takes time in
    /// proportion to the blocks behind it.
    pub fn insert(&mut self, row: Row) -> bool {
        let (block, bit) = split(row);
        let at = match self.find(block) {
            Ok(at) => at,
            Err(at) => {
                self.blocks.insert(at, block);
                self.bits.insert(at, 0);
                at
            }
        };
        let added = self.bits[at] & bit == 0;
        self.bits[at] |= bit;
        added
    }

    /// Takes a row out; false when it was not there.
    pub fn remove(&mut self, row: Row) -> bool {
        let (block, bit) = split(row);
        let Ok(at) = self.find(block) else {
            return false;
        };
        let removed = self.bits[at] & bit != 0;
        self.bits[at] &= !bit;
        if self.bits[at] == 0 {
            self.blocks.remove(at);
            self.bits.remove(at);
        }
        removed
    }

    /// Whether a row is in it.
    #[must_use]
    pub fn contains(&self, row: Row) -> bool {
        let (block, bit) = split(row);
        self.find(block).is_ok_and(|at| self.bits[at] & bit != 0)
    }

    /// Number of rows.
    #[must_use]
    pub fn len(&self) -> usize {
        self.bits
            .iter()
            .map(|bits| bits.count_ones() as usize)
            .sum()
    }

    /// Whether it has no row.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.blocks.is_empty()
    }

    /// Adds every row of another set: a search across groups.
    pub fn unite(&mut self, other: &Self) {
        let mut united = Self::new();
        let (mut mine, mut theirs) = (self.words().peekable(), other.words().peekable());
        loop {
            let block = match (mine.peek(), theirs.peek()) {
                (Some(a), Some(b)) => a.0.min(b.0),
                (Some(a), None) => a.0,
                (None, Some(b)) => b.0,
                (None, None) => break,
            };
            let mut bits = 0;
            for side in [&mut mine, &mut theirs] {
                if let Some((_, word)) = side.next_if(|word| word.0 == block) {
                    bits |= word;
                }
            }
            united.blocks.push(block);
            united.bits.push(bits);
        }
        drop((mine, theirs));
        *self = united;
    }

    /// The rows, rising.
    pub fn iter(&self) -> impl Iterator<Item = Row> {
        self.words().flat_map(|(block, bits)| {
            ones(bits).map(move |position| Row(block * BLOCK as u32 + position as u32))
        })
    }

    /// Touched blocks from `first` on with their rows, as far as block `end`.
    pub(super) fn blocks(&self, first: usize, end: usize) -> impl Iterator<Item = (usize, u64)> {
        let from = self
            .blocks
            .partition_point(|&block| (block as usize) < first);
        let to = self.blocks.partition_point(|&block| (block as usize) < end);
        let words = self.blocks[from..to].iter().zip(&self.bits[from..to]);
        words.map(|(&block, &bits)| (block as usize, bits))
    }

    fn words(&self) -> impl Iterator<Item = (u32, u64)> {
        self.blocks.iter().copied().zip(self.bits.iter().copied())
    }

    /// The position of a block; rising rows find theirs at the end.
    fn find(&self, block: u32) -> Result<usize, usize> {
        match self.blocks.last() {
            Some(&last) if last < block => Err(self.blocks.len()),
            Some(&last) if last == block => Ok(self.blocks.len() - 1),
            _ => self.blocks.binary_search(&block),
        }
    }
}

impl FromIterator<Row> for RowSet {
    fn from_iter<I: IntoIterator<Item = Row>>(rows: I) -> Self {
        let mut rows: Vec<Row> = rows.into_iter().collect();
        rows.sort_unstable();
        let mut set = Self::new();
        for row in rows {
            set.insert(row);
        }
        set
    }
}

fn split(row: Row) -> (u32, u64) {
    (row.0 / BLOCK as u32, 1 << (row.0 % BLOCK as u32))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::collections::BTreeSet;

    fn rows(numbers: &BTreeSet<u32>) -> Vec<Row> {
        numbers.iter().map(|&number| Row(number)).collect()
    }

    proptest! {
        #[test]
        fn a_set_of_rows_is_a_set(
            steps in prop::collection::vec((any::<bool>(), 0_u32..500), 0..300),
            other in prop::collection::btree_set(0_u32..1_000, 0..200),
            cut in 0_usize..16,
        ) {
            let (mut set, mut model) = (RowSet::new(), BTreeSet::new());
            for (add, number) in steps {
                if add {
                    prop_assert_eq!(set.insert(Row(number)), model.insert(number));
                } else {
                    prop_assert_eq!(set.remove(Row(number)), model.remove(&number));
                }
                prop_assert_eq!(set.contains(Row(number)), add);
            }
            prop_assert_eq!(set.len(), model.len());
            prop_assert_eq!(set.is_empty(), model.is_empty());
            prop_assert_eq!(set.iter().collect::<Vec<_>>(), rows(&model));
            prop_assert_eq!(&rows(&model).into_iter().rev().collect::<RowSet>(), &set);
            let parts: Vec<_> = set.blocks(0, cut).chain(set.blocks(cut, 99)).collect();
            prop_assert_eq!(parts, set.blocks(0, 99).collect::<Vec<_>>());

            set.unite(&rows(&other).into_iter().collect());
            let both: BTreeSet<u32> = model.union(&other).copied().collect();
            prop_assert_eq!(set.iter().collect::<Vec<_>>(), rows(&both));
        }
    }

    #[test]
    fn a_few_rows_far_apart_take_few_words() {
        let set: RowSet = [Row(u32::MAX), Row(0), Row(63)].into_iter().collect();
        assert_eq!((set.blocks.len(), set.len()), (2, 3));
        assert!(set.contains(Row(u32::MAX)) && !set.contains(Row(64)));
    }
}
