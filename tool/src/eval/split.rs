//! Halves of the people of a set: one makes a curve, the other shows what it is worth.

use crate::args::HalvesArgs;
use crate::context::{FaceChoice, open_sdk};
use crate::dataset::{LabelledFaces, impostor_cosines};
use crate::failure::{CliResult, Failure};
use crate::output::Output;
use vultus::Embedding;
use vultus::pack::{Curve, CurveSource};

/// Faces, each with its person's number.
pub(super) type Faces<'a> = Vec<(usize, &'a Embedding)>;

/// One half of the people, and the others.
pub(super) struct Halves<'a> {
    pub(super) split: Split,
    pub(super) model_id: &'a str,
    pub(super) mine: Faces<'a>,
    pub(super) others: Faces<'a>,
}

impl Halves<'_> {
    /// The curve of the impostor pairs of one half.
    pub(super) fn curve(&self) -> CliResult<Curve> {
        let source = CurveSource {
            set: "half of the people".to_owned(),
            images: self.mine.len() as u64,
            people: 0,
            failed_to_detect: 0,
            impostor_pairs: 0,
        };
        let impostors = impostor_cosines(&self.mine)?;
        Curve::measure(self.model_id, source, impostors).map_err(Failure::text)
    }
}

/// Runs a trial on every split, both ways. The pack's model id and what the trials returned.
pub(super) fn each<T>(
    args: &HalvesArgs,
    title: &'static str,
    output: &Output,
    mut trial: impl FnMut(&Halves<'_>) -> CliResult<T>,
) -> CliResult<(String, Vec<T>)> {
    let sdk = open_sdk(&args.sdk, output)?;
    let choice = FaceChoice::new(&args.face, args.pick)?;
    let same = args.same.as_deref();
    let faces = LabelledFaces::read(&sdk, &args.images, same, &choice, output)?;
    let model_id = sdk.pack().model_id();
    let splits = Split::several(args.splits, args.seed);
    let bar = output.progress(title, splits.len());
    let mut trials = Vec::new();
    for split in splits {
        let in_first = split.first_half(faces.people.names.len());
        for first in [true, false] {
            trials.push(trial(&Halves {
                split,
                model_id,
                mine: faces.of(|person| in_first[person] == first),
                others: faces.of(|person| in_first[person] != first),
            })?);
        }
        bar.inc(1);
    }
    bar.finish_and_clear();
    Ok((model_id.to_string(), trials))
}

/// A text of two paragraphs: the alternating split, in which everybody is in the other half once,
/// and the random ones.
pub(super) fn paragraphs<T>(
    heading: &str,
    trials: &[T],
    split: impl Fn(&T) -> Split,
    lines: impl Fn(&[&T]) -> String,
) -> String {
    let (alternating, random): (Vec<&T>, Vec<&T>) = trials
        .iter()
        .partition(|trial| split(trial) == Split::Alternating);
    let mut text = format!(
        "{heading}; every second name, both ways:{}",
        lines(&alternating)
    );
    if !random.is_empty() {
        text += &format!(
            "\n{} trials on random halves:{}",
            random.len(),
            lines(&random)
        );
    }
    text
}

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
                order.sort_by_key(|&person| mix(seed ^ mix(person as u64 + 1)));
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

/// The finaliser of SplitMix64 (Steele, Lea, Flood, 2014).
fn mix(mut x: u64) -> u64 {
    x = x.wrapping_add(0x9e37_79b9_7f4a_7c15);
    x = (x ^ (x >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    x = (x ^ (x >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    x ^ (x >> 31)
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
