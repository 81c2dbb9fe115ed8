//! How the people of a set are divided into halves.

use crate::statistics::SplitMix64;

/// How the people are divided.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Split {
    /// Every other name. Neighbours in the order of names often share an origin, so both halves
    /// hold about the same shares of each.
    Alternating,
    /// By chance, so that the shares of origins differ as much as chance allows.
    Random(u64),
}

impl Split {
    /// The alternating split and so many random ones.
    pub(super) fn several(random: u64, seed: u64) -> Vec<Self> {
        let random = (seed..).take(random as usize).map(Self::Random);
        std::iter::once(Self::Alternating).chain(random).collect()
    }

    /// Which people are in the first half.
    pub(super) fn first_half(self, people: usize) -> Vec<bool> {
        let mut first = vec![false; people];
        let mut order: Vec<usize> = (0..people).collect();
        match self {
            Self::Alternating => order.sort_by_key(|&person| (person % 2, person)),
            Self::Random(seed) => {
                order.sort_by_key(|&person| mixed(seed ^ mixed(person as u64 + 1)));
            }
        }
        for &person in &order[..people / 2] {
            first[person] = true;
        }
        first
    }

    pub(super) fn name(self) -> String {
        match self {
            Self::Alternating => "alternating".to_owned(),
            Self::Random(seed) => format!("random {seed}"),
        }
    }
}

/// A number that looks like chance, of another one.
fn mixed(number: u64) -> u64 {
    SplitMix64::new(number).next_bits()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn halves_are_halves_and_depend_on_the_seed() {
        for split in [Split::Alternating, Split::Random(1)] {
            let first = split.first_half(101);
            assert_eq!(first.iter().filter(|&&f| f).count(), 50);
            assert_eq!(first, split.first_half(101));
        }
        assert_ne!(
            Split::Random(1).first_half(101),
            Split::Random(2).first_half(101)
        );
        assert_eq!(Split::Alternating.first_half(4), [true, false, true, false]);
    }
}
