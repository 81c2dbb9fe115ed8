//! Does leaving out the worst faces lower the error? The error-versus-reject (error-versus-discard) characteristic of
//! ISO/IEC 29794-1.

use super::accuracy::tar_at_fmr;
use crate::datasets::{PairRow, ScoredPair, read_pairs};
use crate::failure::{Failure, Result};
use crate::inputs::{FaceChoice, each_photograph};
use crate::observer::Observer;
use crate::statistics::Rate;
use clap::ValueEnum;
use rayon::prelude::*;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use vultus::internals::matching::cosine;
use vultus::quality::{Component, QualityReport};
use vultus::{Embedding, Sdk};

/// Shares of the mated comparisons that are left out.
pub const REJECTED: [f64; 8] = [0.0, 0.01, 0.02, 0.05, 0.10, 0.15, 0.20, 0.30];

/// Where the shares of 5 % and 10 % are in [`REJECTED`], which tables show.
pub const SHOWN: [usize; 2] = [3, 4];

/// False match rate that the threshold is set at, on all impostor pairs.
pub const FMR: f64 = 1e-3;

/// Resamplings of the people behind an interval.
pub const RESAMPLES: usize = 1000;

/// What quality is worth on a file of labelled pairs.
#[derive(Clone, Debug)]
pub struct ErrorVersusReject {
    /// The model.
    pub model_id: String,
    /// Comparisons of the same person.
    pub mated: usize,
    /// Comparisons of different people.
    pub impostors: usize,
    /// One curve for each component that all comparisons have.
    pub curves: Vec<RejectCurve>,
}

/// The curve of one component.
#[derive(Clone, Debug)]
pub struct RejectCurve {
    /// The component, as JSON keys write it.
    pub name: &'static str,
    /// FNMR with its 95 % interval for each share of [`REJECTED`].
    pub fnmr: Vec<Rate>,
    /// FNMR less that of the unsorted comparisons, with its interval: the people are resampled for
    /// both at once.
    pub change: Vec<Rate>,
}

// The comments of the variants are the help of `--half`.
/// Which people count.
#[derive(Clone, Copy, Debug, Eq, PartialEq, ValueEnum)]
pub enum Half {
    /// Everybody.
    All,
    /// Every second name, from the first on: to choose settings on.
    First,
    /// The others: to report them on.
    Second,
}

impl Half {
    fn keeps(self, person: usize) -> bool {
        match self {
            Self::All => true,
            Self::First => person.is_multiple_of(2),
            Self::Second => !person.is_multiple_of(2),
        }
    }
}

/// A mated comparison: whose it is, whether it failed, and how good its worse face is by each
/// component.
struct Mated {
    person: usize,
    failed: bool,
    goodness: Vec<Option<f32>>,
}

/// The face of a photograph, and how good it is; `None` where there is no usable one.
type RatedFace = Option<(Embedding, QualityReport)>;

impl ErrorVersusReject {
    /// Embeds and rates the photographs of a pairs file, which lie below `root`; the first folder of an image names its
    /// person.
    ///
    /// # Errors
    /// When a file cannot be read, and when the file has pairs of one kind alone.
    pub fn measure(
        sdk: &Sdk,
        file: &Path,
        root: &Path,
        half: Half,
        choice: &FaceChoice,
        observer: &dyn Observer,
    ) -> Result<Self> {
        let (rows, people) = rows_of_half(file, half)?;
        let images = rows.iter().flat_map(|row| &row.images);
        let images: BTreeSet<&str> = images.map(String::as_str).collect();
        let paths: Vec<PathBuf> = images.iter().map(|image| root.join(image)).collect();
        let faces = each_photograph(
            sdk,
            &paths,
            observer,
            "judging",
            |session, path| match choice.embed_and_rate(session, path) {
                Ok(found) => Ok(Some(found)),
                Err(failure) if failure.is_no_face() => Ok(None),
                Err(failure) => Err(failure),
            },
        )?;
        let faces: BTreeMap<&str, RatedFace> = images.into_iter().zip(faces).collect();
        let mut pairs = Vec::with_capacity(rows.len());
        let mut goodness = Vec::with_capacity(rows.len());
        for row in &rows {
            let [a, b] = row.images.each_ref().map(|image| &faces[image.as_str()]);
            let (cosine, worse) = compared(a, b)?;
            pairs.push(ScoredPair {
                fold: row.fold,
                same: row.same,
                cosine,
            });
            goodness.push(worse);
        }
        let same = rows.iter().filter(|row| row.same).count();
        if same == 0 || same == rows.len() {
            let message = "it needs pairs of the same and of different people";
            return Err(Failure::text(message).about(file));
        }
        let threshold = tar_at_fmr(&pairs, FMR).threshold;
        let compared = rows.iter().zip(&pairs).zip(goodness);
        let mated: Vec<Mated> = compared
            .filter(|((row, _), _)| row.same)
            .map(|((row, pair), goodness)| Mated {
                person: people[person(row)],
                failed: pair.cosine.is_none_or(|c| f64::from(c) <= threshold),
                goodness,
            })
            .collect();
        Ok(Self {
            model_id: sdk.pack().model_id().to_string(),
            mated: mated.len(),
            impostors: pairs.len() - mated.len(),
            curves: curves(&mated),
        })
    }
}

/// The rows of the people that count, and the numbers of all people in the order of their names.
fn rows_of_half(file: &Path, half: Half) -> Result<(Vec<PairRow>, BTreeMap<String, usize>)> {
    let mut rows = read_pairs(file)?;
    let names: BTreeSet<String> = rows.iter().map(|row| person(row).to_owned()).collect();
    let people: BTreeMap<String, usize> = names.into_iter().zip(0..).collect();
    rows.retain(|row| half.keeps(people[person(row)]));
    Ok((rows, people))
}

/// The first folder of a pair's first image.
fn person(row: &PairRow) -> &str {
    row.images[0].split('/').next().unwrap_or_default()
}

/// The cosine of two faces, and for each component how good the worse one is.
fn compared(a: &RatedFace, b: &RatedFace) -> Result<(Option<f32>, Vec<Option<f32>>)> {
    let (Some((a, of_a)), Some((b, of_b))) = (a, b) else {
        // No face at all is the worst quality there is.
        return Ok((None, vec![Some(f32::MIN); Component::ALL.len()]));
    };
    let worse = |c: Component| Some(c.goodness(of_a)?.min(c.goodness(of_b)?));
    let goodness = Component::ALL.into_iter().map(worse).collect();
    Ok((Some(cosine(a, b)?), goodness))
}

/// One curve for each component that all comparisons have.
fn curves(mated: &[Mated]) -> Vec<RejectCurve> {
    let curve = |(index, component): (usize, Component)| {
        let goodness: Option<Vec<f32>> = mated.iter().map(|m| m.goodness[index]).collect();
        Some(of_component(mated, component.name(), &goodness?))
    };
    let components: Vec<(usize, Component)> = Component::ALL.into_iter().enumerate().collect();
    components.into_par_iter().filter_map(curve).collect()
}

fn of_component(mated: &[Mated], name: &'static str, goodness: &[f32]) -> RejectCurve {
    // Worst first. Ties keep the order of the file, which knows nothing of quality.
    let mut order: Vec<usize> = (0..mated.len()).collect();
    order.sort_by(|&a, &b| goodness[a].total_cmp(&goodness[b]));
    let people = mated.iter().map(|m| m.person).max().unwrap_or(0) + 1;
    let seen = after_rejecting(mated, &order, &vec![1; people]);
    let mut resampled = vec![Vec::with_capacity(RESAMPLES); REJECTED.len()];
    let mut changes = resampled.clone();
    let mut state = 1_u64;
    for _ in 0..RESAMPLES {
        let mut times = vec![0_u32; people];
        for _ in 0..people {
            // Knuth's MMIX generator; the same people for every component.
            state = state
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1_442_695_040_888_963_407);
            times[((state >> 33) as usize) % people] += 1;
        }
        let rates = after_rejecting(mated, &order, &times);
        for (at, rate) in rates.iter().enumerate() {
            resampled[at].push(*rate);
            changes[at].push(rate - rates[0]);
        }
    }
    let interval = |value: f64, mut values: Vec<f64>| {
        values.sort_by(f64::total_cmp);
        let at = |share: f64| values[((values.len() - 1) as f64 * share).round() as usize];
        Rate {
            value,
            low: at(0.025),
            high: at(0.975),
        }
    };
    RejectCurve {
        name,
        change: seen
            .iter()
            .zip(changes)
            .map(|(v, values)| interval(v - seen[0], values))
            .collect(),
        fnmr: seen
            .iter()
            .zip(resampled)
            .map(|(v, values)| interval(*v, values))
            .collect(),
    }
}

/// FNMR after each share of rejections, with every person's comparisons counted `times`.
fn after_rejecting(mated: &[Mated], order: &[usize], times: &[u32]) -> Vec<f64> {
    let weight = |i: usize| f64::from(times[mated[i].person]);
    let total: f64 = order.iter().map(|&i| weight(i)).sum();
    let mut left_failed: f64 = order
        .iter()
        .map(|&i| weight(i) * f64::from(u8::from(mated[i].failed)))
        .sum();
    let (mut left, mut next, mut rates) = (total, 0, Vec::new());
    for share in REJECTED {
        while next < order.len() && total - left + weight(order[next]) <= share * total + 1e-9 {
            let i = order[next];
            left -= weight(i);
            left_failed -= weight(i) * f64::from(u8::from(mated[i].failed));
            next += 1;
        }
        rates.push(if left > 0.0 {
            (left_failed / left).max(0.0)
        } else {
            0.0
        });
    }
    rates
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mated(n: usize, failed: impl Fn(usize) -> bool) -> Vec<Mated> {
        (0..n)
            .map(|i| Mated {
                person: i,
                failed: failed(i),
                goodness: vec![],
            })
            .collect()
    }

    #[test]
    fn a_quality_that_knows_the_failures_removes_them_first() {
        let all = mated(100, |i| i < 10);
        let known: Vec<f32> = (0..100).map(|i| i as f32).collect();
        let rates: Vec<f64> = of_component(&all, "known", &known)
            .fnmr
            .iter()
            .map(|rate| rate.value)
            .collect();
        assert!((rates[0] - 0.10).abs() < 1e-9);
        assert!((rates[3] - 5.0 / 95.0).abs() < 1e-9);
        assert_eq!(rates[4], 0.0);
        // One that has it the wrong way round makes it worse.
        let wrong: Vec<f32> = (0..100).map(|i| -(i as f32)).collect();
        let curve = of_component(&all, "wrong", &wrong);
        assert!((curve.fnmr[4].value - 10.0 / 90.0).abs() < 1e-9);
        assert!(curve.change[4].value > 0.0);
    }

    #[test]
    fn intervals_hold_their_value() {
        let all = mated(400, |i| i % 20 == 0);
        let by_chance: Vec<f32> = (0..400).map(|i| (i * 37 % 400) as f32).collect();
        for Rate { value, low, high } in of_component(&all, "chance", &by_chance).fnmr {
            assert!(low <= value && value <= high && high - low < 0.1);
        }
    }
}
