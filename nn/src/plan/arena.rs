//! Where buffers lie in one piece of memory, so that those never alive together share it.

use std::ops::Range;

/// A buffer to place.
#[derive(Clone, Debug)]
pub(super) struct Tenant {
    /// Values.
    pub(super) len: usize,
    /// When it is alive; empty for never.
    pub(super) life: Range<usize>,
}

/// Values between the starts of buffers: a cache line, so that vectors never straddle two.
const GRAIN: usize = 16;

/// Gives each tenant its place; those alive at the same time never overlap. Returns the places and
/// the size of the whole. The largest are placed first, each as low as it fits.
pub(super) fn place(tenants: &[Tenant]) -> (Vec<Range<usize>>, usize) {
    let mut order: Vec<usize> = (0..tenants.len())
        .filter(|&i| !tenants[i].life.is_empty())
        .collect();
    order.sort_by_key(|&i| (std::cmp::Reverse(tenants[i].len), i));
    let mut places = vec![0..0; tenants.len()];
    let mut placed: Vec<usize> = Vec::new();
    for &tenant in &order {
        let mut taken: Vec<Range<usize>> = placed
            .iter()
            .filter(|&&other| overlap(&tenants[other].life, &tenants[tenant].life))
            .map(|&other| places[other].clone())
            .collect();
        taken.sort_by_key(|range| range.start);
        let mut start = 0_usize;
        for range in taken {
            if range.start >= start.saturating_add(tenants[tenant].len) {
                break;
            }
            start = start.max(range.end.next_multiple_of(GRAIN));
        }
        places[tenant] = start..start.saturating_add(tenants[tenant].len);
        placed.push(tenant);
    }
    let size = places.iter().map(|place| place.end).max().unwrap_or(0);
    (places, size)
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
        fn buffers_alive_together_never_share_memory(
            tenants in prop::collection::vec((1_usize..300, 0_usize..12, 0_usize..6), 1..40),
        ) {
            let tenants: Vec<Tenant> = tenants
                .into_iter()
                .map(|(len, start, length)| Tenant { len, life: start..start + length })
                .collect();
            let (places, size) = place(&tenants);
            for (i, a) in tenants.iter().enumerate() {
                prop_assert!(places[i].end <= size && places[i].start % GRAIN == 0);
                prop_assert_eq!(places[i].len(), if a.life.is_empty() { 0 } else { a.len });
                for (j, b) in tenants.iter().enumerate().skip(i + 1) {
                    if overlap(&a.life, &b.life) && !a.life.is_empty() && !b.life.is_empty() {
                        prop_assert!(!overlap(&places[i], &places[j]), "{:?} {:?}", places[i], places[j]);
                    }
                }
            }
        }
    }

    #[test]
    fn a_chain_needs_no_more_than_its_two_largest_neighbours() {
        let chain = [160, 320, 80, 240, 16].into_iter().enumerate();
        let tenants: Vec<Tenant> = chain
            .map(|(at, len)| Tenant {
                len,
                life: at..at + 2,
            })
            .collect();
        assert_eq!(place(&tenants).1, 480);
    }
}
