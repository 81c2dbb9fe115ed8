//! The search: a scan of high nibbles, then the low nibbles of the rows that can still be among the
//! best, then the exact cosines of those that remain.

use super::bound::{Probe, joined};
use super::chunk::{Block, Chunk};
use super::error::IndexError;
use super::rows::{Row, RowSet};
use super::vectors::Index;
use crate::matching::compare::rounded;
use crate::matching::kernels::{BLOCK, Products, ones};
use crate::stages::embed::Embedding;
use std::cmp::Ordering;
use std::collections::BinaryHeap;
use std::num::NonZeroUsize;
use std::ops::Range;

/// Up to so many rows of a block are cheaper one by one than all together.
const FEW: u32 = 8;

/// Rows that may be put off before those that fell behind are dropped.
const MOST_DEFERRED: usize = 4_096;

/// A row and how close it is.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Hit {
    /// The row.
    pub row: Row,
    /// Its cosine with the probe, `-1..=1`: exactly what [`cosine`](crate::matching::cosine) of
    /// the two embeddings gives.
    pub cosine: f32,
}

impl Index {
    /// The `top` rows closest to `probe`, closest first; equal cosines in the order of rows. With
    /// `within`, only its rows count; those not in use are passed over.
    ///
    /// # Errors
    /// [`IndexError::Match`] for a probe of another model or dimension.
    pub fn search(
        &self,
        probe: &Embedding,
        top: usize,
        within: Option<&RowSet>,
    ) -> Result<Vec<Hit>, IndexError> {
        self.search_on(probe, top, within, NonZeroUsize::MIN)
    }

    /// The same on several threads, started for this search. The answer does not depend on their
    /// number; below some ten thousand rows one is fastest.
    ///
    /// # Errors
    /// As [`search`](Self::search).
    pub fn search_on(
        &self,
        probe: &Embedding,
        top: usize,
        within: Option<&RowSet>,
        threads: NonZeroUsize,
    ) -> Result<Vec<Hit>, IndexError> {
        self.fits(probe)?;
        Ok(search(self, probe.values(), top, within, threads))
    }
}

/// See [`Index::search_on`].
fn search(
    index: &Index,
    values: &[f32],
    top: usize,
    within: Option<&RowSet>,
    threads: NonZeroUsize,
) -> Vec<Hit> {
    let probe = Probe::new(index.kernels, values);
    let top = top.min(index.len());
    if top == 0 {
        return Vec::new();
    }
    let scan = |chunks| {
        let mut scan = Scan {
            index,
            values,
            probe: &probe,
            best: Best::new(top),
        };
        scan.chunks(chunks, within);
        scan.finish()
    };
    let mut parts = shares(index.chunks.len(), threads);
    let own = parts.next().expect("an index with rows has a chunk");
    let best = std::thread::scope(|scope| {
        let others: Vec<_> = parts.map(|part| scope.spawn(|| scan(part))).collect();
        others.into_iter().fold(scan(own), |best, other| {
            best.with(
                other
                    .join()
                    .unwrap_or_else(|panic| std::panic::resume_unwind(panic)),
            )
        })
    });
    best.into_hits()
}

/// Splits `count` chunks into one range a thread, none of them empty.
fn shares(count: usize, threads: NonZeroUsize) -> impl Iterator<Item = Range<usize>> {
    let parts = threads.get().min(count).max(1);
    (0..parts).map(move |part| count * part / parts..count * (part + 1) / parts)
}

/// What one thread searches.
struct Scan<'a> {
    index: &'a Index,
    values: &'a [f32],
    probe: &'a Probe,
    best: Best,
}

impl Scan<'_> {
    fn chunks(&mut self, chunks: Range<usize>, within: Option<&RowSet>) {
        let each = self.index.chunk_rows() / BLOCK;
        let Some(set) = within else {
            for at in chunks {
                let chunk = &self.index.chunks[at];
                for (block, head) in chunk.blocks().iter().enumerate() {
                    self.all(&Visit::new(chunk, head, block, at * each), u64::MAX);
                }
            }
            return;
        };
        for (block, mask) in set.blocks(chunks.start * each, chunks.end * each) {
            let (at, block) = (block / each, block % each);
            let chunk = &self.index.chunks[at];
            if let Some(head) = chunk.blocks().get(block) {
                let visit = Visit::new(chunk, head, block, at * each);
                self.some(&visit, mask & head.used);
            }
        }
    }

    /// Rows of a block that a set names.
    fn some(&mut self, visit: &Visit<'_>, mask: u64) {
        if mask.count_ones() > FEW {
            return self.all(visit, mask);
        }
        let mut high = [0; BLOCK];
        let kernels = self.index.kernels;
        kernels.products_of(visit.high(), mask, &self.probe.codes, &mut high);
        self.refine(visit, mask, &high);
    }

    /// Rows of a block, computed together.
    fn all(&mut self, visit: &Visit<'_>, mask: u64) {
        let mut high = [0; BLOCK];
        let reached = self.index.kernels.scan(
            visit.high(),
            &visit.head.scales,
            &self.probe.codes,
            self.probe.cutoff(visit.chunk.bounds(), self.best.least),
            &mut high,
        );
        if reached & mask != 0 {
            self.refine(visit, reached & mask, &high);
        }
    }

    /// Reads the low nibbles of rows as well, and the values of those that they do not exclude.
    fn refine(&mut self, visit: &Visit<'_>, mask: u64, high: &Products) {
        let mut low = [0; BLOCK];
        let kernels = self.index.kernels;
        kernels.products_of(visit.low(), mask, &self.probe.codes, &mut low);
        let ceiling = self.probe.ceiling(visit.chunk.bounds());
        for position in ones(mask) {
            let product = joined(high[position], low[position]);
            let scale = visit.head.scales.scales[position];
            let upper = ceiling.upper(scale, product);
            if upper < self.best.least {
                continue;
            }
            let row = Row::new((visit.row + position) as u32);
            if ceiling.likely(scale, product) < self.best.least {
                self.best.defer(row, upper);
            } else {
                self.best.push(self.hit(row));
            }
        }
    }

    /// The best rows, those put off included.
    fn finish(mut self) -> Best {
        for one in std::mem::take(&mut self.best.deferred) {
            if one.upper >= self.best.least {
                self.best.push(self.hit(one.row));
            }
        }
        self.best
    }

    fn hit(&self, row: Row) -> Hit {
        let stored = self.index.values(row).expect("a row in use");
        let cosine = rounded(self.index.kernels.exact(self.values, stored));
        Hit { row, cosine }
    }
}

/// A block that a scan reads.
struct Visit<'a> {
    chunk: &'a Chunk,
    head: &'a Block,
    /// Its number in the chunk.
    block: usize,
    /// The number of that row in the index.
    row: usize,
}

impl<'a> Visit<'a> {
    /// Block `block` of a chunk before which the index has `before` blocks.
    fn new(chunk: &'a Chunk, head: &'a Block, block: usize, before: usize) -> Self {
        Self {
            chunk,
            head,
            block,
            row: (before + block) * BLOCK,
        }
    }

    fn high(&self) -> &'a [u8] {
        self.chunk.codes().high_block(self.block)
    }

    fn low(&self) -> &'a [u8] {
        self.chunk.codes().low_block(self.block)
    }
}

/// The best rows so far.
struct Best {
    top: usize,
    hits: BinaryHeap<Last>,
    /// The cosine of the last of them once there are `top`: what another one has to reach.
    least: f32,
    /// Rows that can reach it and hardly will. Few are left when `least` has risen to its end, so
    /// their values are read last.
    deferred: Vec<Deferred>,
}

/// A row, and the most that its cosine can be.
#[derive(Clone, Copy)]
struct Deferred {
    row: Row,
    upper: f32,
}

impl Best {
    fn new(top: usize) -> Self {
        Self {
            top,
            hits: BinaryHeap::new(),
            least: f32::NEG_INFINITY,
            deferred: Vec::new(),
        }
    }

    fn defer(&mut self, row: Row, upper: f32) {
        self.deferred.push(Deferred { row, upper });
        if self.deferred.len().is_multiple_of(MOST_DEFERRED) {
            let least = self.least;
            self.deferred.retain(|one| one.upper >= least);
        }
    }

    fn push(&mut self, hit: Hit) {
        self.hits.push(Last(hit));
        if self.hits.len() > self.top {
            self.hits.pop();
        }
        if self.hits.len() == self.top {
            self.least = self.hits.peek().map_or(self.least, |last| last.0.cosine);
        }
    }

    /// The best of what two threads found.
    fn with(mut self, other: Self) -> Self {
        for hit in other.hits {
            self.push(hit.0);
        }
        self
    }

    /// Closest first.
    fn into_hits(self) -> Vec<Hit> {
        let hits = self.hits.into_sorted_vec();
        hits.into_iter().map(|last| last.0).collect()
    }
}

/// A hit; of a heap of them the one that comes last is on top.
struct Last(Hit);

impl Ord for Last {
    fn cmp(&self, other: &Self) -> Ordering {
        let closer = other.0.cosine.total_cmp(&self.0.cosine);
        closer.then(self.0.row.cmp(&other.0.row))
    }
}

impl PartialOrd for Last {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Last {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other).is_eq()
    }
}

impl Eq for Last {}

#[cfg(test)]
mod tests {
    use super::*;

    /// Rows that fell behind are dropped when so many were put off, those that can still reach the last hit are kept.
    #[test]
    fn of_many_rows_put_off_those_that_can_still_count_are_kept() {
        let mut best = Best::new(1);
        for n in 0..MOST_DEFERRED - 2 {
            best.defer(Row::new(n as u32), 0.4);
        }
        best.defer(Row::new(9_000), 0.5);
        best.push(Hit {
            row: Row::new(9_001),
            cosine: 0.5,
        });
        assert_eq!(best.deferred.len(), MOST_DEFERRED - 1, "not yet");
        best.defer(Row::new(9_002), 0.6);
        let left: Vec<u32> = best.deferred.iter().map(|one| one.row.number()).collect();
        assert_eq!(left, [9_000, 9_002]);
    }

    #[test]
    fn a_heap_of_hits_keeps_the_first_of_equal_rows() {
        let hit = |row: u32, cosine: f32| Hit {
            row: Row::new(row),
            cosine,
        };
        let mut best = Best::new(2);
        for one in [hit(9, 0.5), hit(4, 0.5), hit(7, 0.5), hit(8, 0.1)] {
            best.push(one);
        }
        assert_eq!(best.least, 0.5);
        assert_eq!(best.into_hits(), [hit(4, 0.5), hit(7, 0.5)]);
    }
}
