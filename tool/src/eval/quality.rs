//! `vultus eval quality`: does leaving out the worst faces lower the error? The error-versus-reject
//! (error-versus-discard) characteristic of ISO/IEC 29794-1.

use super::pairs::{Pair, read_rows};
use super::plots;
use super::report::{STYLE, escaped};
use super::statistics::tar_at_fmr;
use crate::Outcome;
use crate::args::{Half, QualityEvalArgs};
use crate::context::{FaceChoice, open_sdk, session_in};
use crate::embed::is_no_face;
use crate::failure::{CliResult, Failure, WithFile};
use crate::output::Output;
use indicatif::ParallelProgressIterator;
use rayon::prelude::*;
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::PathBuf;
use vultus::internals::matching::cosine;
use vultus::quality::Component;

/// Shares of the mated comparisons that are left out.
pub(super) const REJECTED: [f64; 8] = [0.0, 0.01, 0.02, 0.05, 0.10, 0.15, 0.20, 0.30];

/// False match rate that the threshold is set at, on all impostor pairs.
const FMR: f64 = 1e-3;

/// Resamplings of the people behind an interval.
const RESAMPLES: usize = 1000;

/// A mated comparison: whose it is, whether it failed, and how good its worse face is by each
/// component.
struct Mated {
    person: usize,
    failed: bool,
    goodness: Vec<Option<f32>>,
}

/// The curve of one component.
pub(super) struct Curve {
    pub(super) name: &'static str,
    /// FNMR with its 95 % interval for each share of [`REJECTED`].
    pub(super) fnmr: Vec<(f64, f64, f64)>,
    /// FNMR less that of the unsorted comparisons, with its interval: the people are resampled for
    /// both at once.
    change: Vec<(f64, f64, f64)>,
}

pub(crate) fn run(args: &QualityEvalArgs, output: &Output) -> CliResult<Outcome> {
    let sdk = open_sdk(&args.sdk, output)?;
    let choice = FaceChoice::new(&args.face, args.pick)?;
    let mut rows = read_rows(&args.pairs)?;
    let person = |image: &str| image.split('/').next().unwrap_or_default().to_owned();
    let people: BTreeSet<String> = rows.iter().map(|row| person(&row.image_a)).collect();
    let numbers: BTreeMap<String, usize> = people.into_iter().zip(0..).collect();
    rows.retain(|row| args.half.keeps(numbers[&person(&row.image_a)]));
    let images: BTreeSet<&str> = rows
        .iter()
        .flat_map(|row| [row.image_a.as_str(), row.image_b.as_str()])
        .collect();
    let images: Vec<&str> = images.into_iter().collect();
    let paths: Vec<PathBuf> = images.iter().map(|image| args.root.join(image)).collect();
    let bar = output.progress("judging", paths.len());
    let judged = paths
        .par_iter()
        .progress_with(bar.clone())
        .map_init(
            || None,
            |session, path| match choice.judge(session_in(session, &sdk)?, path) {
                Ok(found) => Ok(Some(found)),
                Err(failure) if is_no_face(&failure) => Ok(None),
                Err(failure) => Err(failure),
            },
        )
        .collect::<CliResult<Vec<_>>>();
    bar.finish_and_clear();
    let judged: BTreeMap<&str, _> = images.iter().copied().zip(judged?).collect();
    let (mut pairs, mut mated) = (Vec::new(), Vec::new());
    for row in &rows {
        let both = (&judged[row.image_a.as_str()], &judged[row.image_b.as_str()]);
        let (cosine, goodness) = match both {
            (Some((a, qa)), Some((b, qb))) => {
                let worse = |c: Component| Some(c.goodness(qa)?.min(c.goodness(qb)?));
                let goodness = Component::ALL.into_iter().map(worse).collect();
                (Some(cosine(a, b)?), goodness)
            }
            // No face at all is the worst quality there is.
            _ => (None, vec![Some(f32::MIN); Component::ALL.len()]),
        };
        let same = row.same == 1;
        if same {
            mated.push((numbers[&person(&row.image_a)], cosine, goodness));
        }
        pairs.push(Pair {
            fold: row.fold,
            same,
            cosine,
        });
    }
    if mated.is_empty() || mated.len() == pairs.len() {
        let message = "it needs pairs of the same and of different people";
        return Err(Failure::text(message).about(&args.pairs));
    }
    let point = tar_at_fmr(&pairs, FMR);
    let mated: Vec<Mated> = mated
        .into_iter()
        .map(|(person, cosine, goodness)| Mated {
            person,
            failed: cosine.is_none_or(|c| f64::from(c) <= point.threshold),
            goodness,
        })
        .collect();
    let curves = curves(&mated);
    let json = to_json(
        &curves,
        sdk.pack().model_id(),
        mated.len(),
        pairs.len() - mated.len(),
    );
    output.result(&json, || to_text(&curves, mated.len()));
    if let Some(file) = &args.report {
        let page = page(&curves, sdk.pack().model_id(), mated.len())
            .map_err(|cause| Failure::text(cause).about(file))?;
        fs::write(file, page).with_file(file)?;
    }
    Ok(Outcome::Yes)
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

/// One curve for each component that all comparisons have.
fn curves(mated: &[Mated]) -> Vec<Curve> {
    let curve = |(index, component): (usize, Component)| {
        let goodness: Option<Vec<f32>> = mated.iter().map(|m| m.goodness[index]).collect();
        Some(of_component(mated, component.name(), &goodness?))
    };
    let components: Vec<(usize, Component)> = Component::ALL.into_iter().enumerate().collect();
    components.into_par_iter().filter_map(curve).collect()
}

fn of_component(mated: &[Mated], name: &'static str, goodness: &[f32]) -> Curve {
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
        (value, at(0.025), at(0.975))
    };
    Curve {
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

fn to_json(curves: &[Curve], model_id: &str, mated: usize, impostors: usize) -> Value {
    let triple = |&(value, low, high): &(f64, f64, f64)| json!([value, low, high]);
    let curve = |c: &Curve| {
        json!({
            "component": c.name,
            "fnmr": c.fnmr.iter().map(triple).collect::<Vec<_>>(),
            "change": c.change.iter().map(triple).collect::<Vec<_>>(),
        })
    };
    json!({
        "model_id": model_id,
        "mated": mated,
        "impostors": impostors,
        "fmr": FMR,
        "rejected": REJECTED,
        "curves": curves.iter().map(curve).collect::<Vec<_>>(),
    })
}

fn cell(&(value, low, high): &(f64, f64, f64)) -> String {
    format!(
        "{:.2} % ({:.2} to {:.2})",
        value * 100.0,
        low * 100.0,
        high * 100.0
    )
}

/// Where the shares of 5 % and 10 % are in [`REJECTED`].
const SHOWN: [usize; 2] = [3, 4];

fn to_text(curves: &[Curve], mated: usize) -> String {
    let mut text = format!("FNMR at FMR {FMR:.0e} of {mated} mated comparisons");
    if let Some(first) = curves.first() {
        text += &format!(": {}", cell(&first.fnmr[0]));
    }
    text += "\n  without the worst 5 % and 10 % by";
    for curve in curves {
        let [five, ten] = SHOWN.map(|at| cell(&curve.fnmr[at]));
        text += &format!("\n    {:<14} {five}   {ten}", curve.name);
    }
    text
}

fn page(curves: &[Curve], model_id: &str, mated: usize) -> Result<String, String> {
    let mut rows = String::new();
    for curve in curves {
        rows += &format!("<tr><td>{}</td>", curve.name);
        for at in SHOWN {
            rows += &format!(
                "<td>{}</td><td>{}</td>",
                cell(&curve.fnmr[at]),
                cell(&curve.change[at])
            );
        }
        rows += "</tr>";
    }
    Ok(format!(
        "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><title>Quality of {model}</title>\
         <style>{STYLE}</style></head><body><h1>Error versus reject of {model}</h1>\
         <p>{mated} mated comparisons. The threshold is fixed at FMR {FMR:.0e} on all impostor pairs; then the \
         comparisons whose worse face is worst are left out (ISO/IEC 29794-1). Intervals: 95 %, {RESAMPLES} \
         resamplings of the people.</p>{plot}\
         <table><tr><th>by</th><th>FNMR without 5 %</th><th>change</th><th>without 10 %</th><th>change</th></tr>{rows}</table>\
         </body></html>\n",
        model = escaped(model_id),
        plot = plots::error_versus_reject(curves)?,
    ))
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
            .map(|rate| rate.0)
            .collect();
        assert!((rates[0] - 0.10).abs() < 1e-9);
        assert!((rates[3] - 5.0 / 95.0).abs() < 1e-9);
        assert_eq!(rates[4], 0.0);
        // One that has it the wrong way round makes it worse.
        let wrong: Vec<f32> = (0..100).map(|i| -(i as f32)).collect();
        let curve = of_component(&all, "wrong", &wrong);
        assert!((curve.fnmr[4].0 - 10.0 / 90.0).abs() < 1e-9);
        assert!(curve.change[4].0 > 0.0);
    }

    #[test]
    fn intervals_hold_their_value() {
        let all = mated(400, |i| i % 20 == 0);
        let by_chance: Vec<f32> = (0..400).map(|i| (i * 37 % 400) as f32).collect();
        for (value, low, high) in of_component(&all, "chance", &by_chance).fnmr {
            assert!(low <= value && value <= high && high - low < 0.1);
        }
    }
}
