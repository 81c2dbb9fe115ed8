//! Where buffers lie in one piece of memory, so that those that never live at the same time share it.

use std::ops::Range;

/// How long a buffer lives and how much memory it takes.
#[derive(Clone, Debug)]
pub(super) struct Lifetime {
    /// Values.
    pub(super) len: usize,
    /// The groups of steps during which it is in use; empty for never.
    pub(super) groups: Range<usize>,
}

/// Values between the starts of buffers: a cache line, so that vectors never straddle two.
const GRAIN: usize = 16;

/// The values of the arena that each buffer takes, and the size of the whole. Buffers that live at the same time never
/// overlap. The largest are placed first, each as low as it fits.
pub(super) fn assign(lifetimes: &[Lifetime]) -> (Vec<Range<usize>>, usize) {
    let mut order: Vec<usize> = (0..lifetimes.len())
        .filter(|&i| !lifetimes[i].groups.is_empty())
        .collect();
    order.sort_by_key(|&i| (std::cmp::Reverse(lifetimes[i].len), i));
    let mut ranges = vec![0..0; lifetimes.len()];
    let mut placed: Vec<usize> = Vec::new();
    for &buffer in &order {
        let mut taken: Vec<Range<usize>> = placed
            .iter()
            .filter(|&&other| overlap(&lifetimes[other].groups, &lifetimes[buffer].groups))
            .map(|&other| ranges[other].clone())
            .collect();
        taken.sort_by_key(|range| range.start);
        let mut start = 0_usize;
        for range in taken {
            if range.start >= start.saturating_add(lifetimes[buffer].len) {
                break;
            }
            start = start.max(range.end.next_multiple_of(GRAIN));
        }
        ranges[buffer] = start..start.saturating_add(lifetimes[buffer].len);
        placed.push(buffer);
    }
    let size = ranges.iter().map(|range| range.end).max().unwrap_or(0);
    (ranges, size)
}

fn overlap(a: &Range<usize>, b: &Range<usize>) -> bool {
    a.start < b.end && b.start < a.end
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn buffers_that_live_at_the_same_time_never_share_memory(
            lifetimes in prop::collection::vec((1_usize..300, 0_usize..12, 0_usize..6), 1..40),
        ) {
            let lifetimes: Vec<Lifetime> = lifetimes
                .into_iter()
                .map(|(len, start, length)| Lifetime { len, groups: start..start + length })
                .collect();
            let (ranges, size) = assign(&lifetimes);
            for (i, a) in lifetimes.iter().enumerate() {
                prop_assert!(ranges[i].end <= size && ranges[i].start % GRAIN == 0);
                prop_assert_eq!(ranges[i].len(), if a.groups.is_empty() { 0 } else { a.len });
                for (j, b) in lifetimes.iter().enumerate().skip(i + 1) {
                    if overlap(&a.groups, &b.groups) && !a.groups.is_empty() && !b.groups.is_empty() {
                        prop_assert!(!overlap(&ranges[i], &ranges[j]), "{:?} {:?}", ranges[i], ranges[j]);
                    }
                }
            }
        }
    }

    #[test]
    fn a_chain_needs_no_more_than_its_two_largest_neighbours() {
        let chain = [160, 320, 80, 240, 16].into_iter().enumerate();
        let lifetimes: Vec<Lifetime> = chain
            .map(|(at, len)| Lifetime {
                len,
                groups: at..at + 2,
            })
            .collect();
        assert_eq!(assign(&lifetimes).1, 480);
    }
}
