//! The search itself: a scan of codes that keeps every row which can still be among the best,
//! then the exact cosines of those.

use super::bound::{Bounds, Probe};
use super::chunk::{Block, Chunk};
use super::rows::ones;
use super::{Index, Row, RowSet};
use crate::matching::kernels::{BLOCK, Kernels, Products};
use crate::matching::rounded;
use std::cmp::Ordering;
use std::collections::BinaryHeap;
use std::num::NonZeroUsize;
use std::ops::Range;

/// Up to so many rows of a block are cheaper one by one than all together.
const FEW: u32 = 8;

/// Candidates that may gather before those that fell behind are dropped.
const MOST_CANDIDATES: usize = 4_096;

/// A row and how close it is.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Hit {
    /// The row.
    pub row: Row,
    /// Its cosine with the probe, `-1..=1`: exactly what [`cosine`](crate::matching::cosine) of
    /// the two embeddings gives.
    pub cosine: f32,
}

/// See [`Index::search_on`].
pub(super) fn search(
    index: &Index,
    values: &[f32],
    top: usize,
    within: Option<&RowSet>,
    threads: NonZeroUsize,
) -> Vec<Hit> {
    let probe = Probe::new(index.kernels, values);
    let top = top.min(index.len);
    if top == 0 {
        return Vec::new();
    }
    let scan = |chunks| {
        let mut scan = Scan::new(index, &probe, top);
        scan.chunks(chunks, within);
        scan.kept
    };
    let mut parts = shares(index.chunks.len(), threads);
    let own = parts.next().expect("an index with rows has a chunk");
    let kept = std::thread::scope(|scope| {
        let others: Vec<_> = parts.map(|part| scope.spawn(|| scan(part))).collect();
        others.into_iter().fold(scan(own), |kept, other| {
            kept.with(
                other
                    .join()
                    .unwrap_or_else(|panic| std::panic::resume_unwind(panic)),
            )
        })
    });
    kept.best(index, values)
}

/// Splits `count` chunks into one range a thread, none of them empty.
fn shares(count: usize, threads: NonZeroUsize) -> impl Iterator<Item = Range<usize>> {
    let parts = threads.get().min(count).max(1);
    (0..parts).map(move |part| count * part / parts..count * (part + 1) / parts)
}

/// One thread's way through its chunks.
struct Scan<'a> {
    index: &'a Index,
    kernels: Kernels,
    probe: &'a Probe,
    kept: Kept,
    products: Products,
}

impl<'a> Scan<'a> {
    fn new(index: &'a Index, probe: &'a Probe, top: usize) -> Self {
        Self {
            index,
            kernels: index.kernels,
            probe,
            kept: Kept::new(top),
            products: [0; BLOCK],
        }
    }

    fn chunks(&mut self, chunks: Range<usize>, within: Option<&RowSet>) {
        let Some(set) = within else {
            for at in chunks {
                self.chunk(at);
            }
            return;
        };
        let each = self.index.chunk_rows() / BLOCK;
        for (block, mask) in set.blocks(chunks.start * each, chunks.end * each) {
            let chunk = &self.index.chunks[block / each];
            if let Some(head) = chunk.blocks().get(block % each) {
                let bounds = self.probe.against(chunk.worst());
                self.some(chunk, block, head, mask & head.used, bounds);
            }
        }
    }

    fn chunk(&mut self, at: usize) {
        let chunk = &self.index.chunks[at];
        let bounds = self.probe.against(chunk.worst());
        let first = at * self.index.chunk_rows() / BLOCK;
        for (block, head) in chunk.blocks().iter().enumerate() {
            self.all(chunk.codes(block), first + block, head, u64::MAX, bounds);
        }
    }

    /// Rows of a block that a set names.
    fn some(&mut self, chunk: &Chunk, block: usize, head: &Block, mask: u64, bounds: Bounds) {
        let within = block % (self.index.chunk_rows() / BLOCK);
        if mask.count_ones() > FEW {
            return self.all(chunk.codes(within), block, head, mask, bounds);
        }
        for place in ones(mask) {
            let code = chunk.code(within * BLOCK + place);
            let product = self.kernels.product(code, &self.probe.codes);
            self.kept
                .look(block * BLOCK + place, head.scales[place], product, bounds);
        }
    }

    /// Rows of a block, computed together.
    fn all(&mut self, codes: &[u8], block: usize, head: &Block, mask: u64, bounds: Bounds) {
        let line = bounds.line(self.kept.least);
        let reached = self.kernels.scan(
            codes,
            &head.scales,
            &self.probe.codes,
            line,
            &mut self.products,
        );
        for place in ones(reached & mask) {
            let product = self.products[place];
            self.kept
                .look(block * BLOCK + place, head.scales[place], product, bounds);
        }
    }
}

/// Rows that can still be among the best.
struct Kept {
    top: usize,
    /// The `top` highest lower bounds, lowest first.
    floor: BinaryHeap<Lowest>,
    /// The lowest of them once there are `top`: what the last of the best reaches at least.
    least: f32,
    candidates: Vec<Candidate>,
}

/// A row with the most that its cosine can be.
#[derive(Clone, Copy)]
struct Candidate {
    upper: f32,
    row: u32,
}

impl Kept {
    fn new(top: usize) -> Self {
        Self {
            top,
            floor: BinaryHeap::new(),
            least: f32::NEG_INFINITY,
            candidates: Vec::new(),
        }
    }

    fn look(&mut self, row: usize, scale: f32, product: i32, bounds: Bounds) {
        let upper = bounds.upper(scale, product);
        if upper < self.least {
            return;
        }
        let row = row as u32;
        self.candidates.push(Candidate { upper, row });
        self.raise(bounds.lower(scale, product));
        if self.candidates.len().is_multiple_of(MOST_CANDIDATES) {
            self.drop_hopeless();
        }
    }

    /// Takes one more lower bound into account.
    fn raise(&mut self, lower: f32) {
        if self.floor.len() < self.top {
            self.floor.push(Lowest(lower));
        } else if lower > self.least {
            self.floor.pop();
            self.floor.push(Lowest(lower));
        }
        if self.floor.len() == self.top {
            self.least = self.floor.peek().map_or(self.least, |lowest| lowest.0);
        }
    }

    fn drop_hopeless(&mut self) {
        let least = self.least;
        self.candidates.retain(|candidate| candidate.upper >= least);
    }

    /// What two threads kept.
    fn with(mut self, other: Self) -> Self {
        self.candidates.extend(other.candidates);
        for lowest in other.floor {
            self.raise(lowest.0);
        }
        self
    }

    /// The best rows by their exact cosines. Candidates come by falling upper bound, so the
    /// search ends where none of the rest can enter.
    fn best(mut self, index: &Index, probe: &[f32]) -> Vec<Hit> {
        self.drop_hopeless();
        self.candidates
            .sort_unstable_by(|a, b| b.upper.total_cmp(&a.upper));
        let mut best = BinaryHeap::with_capacity(self.top + 1);
        for candidate in self.candidates {
            let full = best.len() == self.top;
            if full
                && best
                    .peek()
                    .is_some_and(|worst: &Last| candidate.upper < worst.0.cosine)
            {
                break;
            }
            let row = Row::new(candidate.row);
            let values = index.values(row).expect("a candidate is in use");
            let cosine = rounded(index.kernels.exact(probe, values));
            best.push(Last(Hit { row, cosine }));
            if full {
                best.pop();
            }
        }
        let best = best.into_sorted_vec();
        best.into_iter().map(|last| last.0).collect()
    }
}

/// A lower bound; of a heap of them the lowest is on top.
#[derive(PartialEq)]
struct Lowest(f32);

impl Eq for Lowest {}

impl Ord for Lowest {
    fn cmp(&self, other: &Self) -> Ordering {
        other.0.total_cmp(&self.0)
    }
}

impl PartialOrd for Lowest {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
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
