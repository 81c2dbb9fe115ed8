//! `vultus gallery bench`: a gallery of made-up faces in a folder of its own.

use crate::failure::{Failure, Result, WithFile};
use crate::observer::Observer;
use crate::secrets::random_bytes;
use crate::statistics::SplitMix64;
use crate::terminal::{Outcome, Output};
use clap::Args;
use serde_json::{Value, json};
use std::fs;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::time::Instant;
use vultus::Embedding;
use vultus::config::TargetFpir;
use vultus::gallery::store::{FileStorage, Opening, Secret};
use vultus::gallery::{
    Against, EnrolFace, Gallery, GroupId, Limits, Matcher, NewGroup, NewPerson, PersonId,
    SearchOptions, UniquePersonControl,
};
use vultus::internals::model::hex_of;
use vultus::licensing::grant::Grant;
use vultus::pack::{Curve, CurveSource};

#[derive(Args)]
pub(crate) struct BenchArgs {
    /// Persons with one face each.
    #[arg(long, value_name = "N", default_value_t = 50_000, value_parser = clap::value_parser!(u32).range(1..=1_000_000))]
    faces: u32,
    /// Values of an embedding.
    #[arg(long, value_name = "N", default_value_t = 512, value_parser = clap::value_parser!(u32).range(2..=4096))]
    dimension: u32,
    /// Searches to time.
    #[arg(long, value_name = "N", default_value_t = 200, value_parser = clap::value_parser!(u32).range(1..=100_000))]
    searches: u32,
}

const MODEL: &str = "bench@1";

/// Persons of one commit while the gallery is filled.
const PER_COMMIT: u32 = 1_000;

/// Persons enrolled one by one, each with a commit of its own.
const ONE_BY_ONE: u32 = 50;

pub(super) fn run(args: &BenchArgs, output: &Output) -> Result<Outcome> {
    let folder = TemporaryFolder::new()?;
    let secret = Secret::new(random_bytes()?);
    let storage = || Box::new(FileStorage::new(folder.0.join("bench.gallery")));
    let matcher = Matcher::new(&Grant::demo(), &curve()?)?;
    let group = GroupId::new("all")?;
    let mut faces = Faces {
        numbers: SplitMix64::new(1),
        dimension: args.dimension,
    };

    let gallery = Gallery::create(storage(), &secret, Limits::default())?;
    gallery.edit(|edit| edit.create_group(&NewGroup::new(group.clone(), "all", MODEL)))?;
    let progress = output.begin("enrolling", args.faces as usize);
    let begun = Instant::now();
    for first in (0..args.faces).step_by(PER_COMMIT as usize) {
        let last = (first + PER_COMMIT).min(args.faces);
        enrol(&gallery, &matcher, &group, first..last, &mut faces)?;
        progress.set(last as usize);
    }
    drop(progress);
    let in_bulk = f64::from(args.faces) / begun.elapsed().as_secs_f64();
    drop(gallery);

    let begun = Instant::now();
    let gallery = Gallery::open(storage(), &secret, &Opening::default(), Limits::default())?;
    let load = begun.elapsed().as_secs_f64();

    let snapshot = gallery.snapshot();
    let options = SearchOptions {
        fpir: TargetFpir::new(0.5)?,
        ..SearchOptions::default()
    };
    let groups = [group.clone()];
    let mut times = Vec::new();
    for _ in 0..args.searches {
        let probe = faces.next()?;
        let begun = Instant::now();
        snapshot.search(&matcher, &probe, &groups, Against::Faces, &options)?;
        times.push(begun.elapsed().as_secs_f64() * 1e3);
    }
    times.sort_by(f64::total_cmp);

    let begun = Instant::now();
    for number in args.faces..args.faces + ONE_BY_ONE {
        enrol(&gallery, &matcher, &group, number..number + 1, &mut faces)?;
    }
    let one_by_one = begun.elapsed().as_secs_f64() * 1e3 / f64::from(ONE_BY_ONE);
    let bytes = fs::metadata(folder.0.join("bench.gallery"))
        .map(|file| file.len())
        .with_file(&folder.0)?;
    let at = |share: f64| times[((times.len() - 1) as f64 * share) as usize];
    let json: Value = json!({
        "faces": args.faces,
        "dimension": args.dimension,
        "enrol_in_bulk_per_second": in_bulk.round(),
        "enrol_one_ms": one_by_one,
        "load_seconds": load,
        "search_median_ms": at(0.5),
        "search_p99_ms": at(0.99),
        "file_bytes": bytes,
    });
    output.result(&json, || {
        format!(
            "{} faces of {} values, {:.0} MB on disk\n  \
             enrol {in_bulk:.0} a second by the thousand, {one_by_one:.1} ms one by one\n  \
             load {load:.2} s\n  search {:.2} ms median, {:.2} ms p99",
            args.faces,
            args.dimension,
            bytes as f64 / 1e6,
            at(0.5),
            at(0.99)
        )
    });
    Ok(Outcome::Yes)
}

fn enrol(
    gallery: &Gallery,
    matcher: &Matcher,
    group: &GroupId,
    numbers: Range<u32>,
    faces: &mut Faces,
) -> Result<()> {
    let embeddings: Result<Vec<Embedding>> = numbers.clone().map(|_| faces.next()).collect();
    let embeddings = embeddings?;
    gallery.edit(|edit| {
        for (number, embedding) in numbers.zip(embeddings) {
            let new = NewPerson::new(PersonId::new(&format!("p{number}"))?, "n");
            let face = EnrolFace::new(embedding, 50.0);
            edit.create_person(matcher, group, &new, face, UniquePersonControl::default())?;
        }
        Ok(())
    })?;
    Ok(())
}

/// A curve that supports the thresholds of large groups: the rate at cosine `c` is `1 - c`.
fn curve() -> Result<Curve> {
    let pairs = 20_000_000_u32;
    let cosines = (0..pairs).map(|i| (f64::from(i) / f64::from(pairs)) as f32);
    let source = CurveSource {
        set: "made up".to_owned(),
        images: 0,
        people: 0,
        failed_to_detect: 0,
        impostor_pairs: 0,
    };
    Curve::measure(MODEL, source, cosines.collect()).map_err(Failure::text)
}

/// Unit vectors.
struct Faces {
    numbers: SplitMix64,
    dimension: u32,
}

impl Faces {
    fn next(&mut self) -> Result<Embedding> {
        let values: Vec<f32> = (0..self.dimension).map(|_| self.value()).collect();
        let norm = values.iter().map(|value| value * value).sum::<f32>().sqrt();
        let values = values.iter().map(|value| value / norm).collect();
        Ok(Embedding::from_parts(MODEL, values)?)
    }

    /// From -1 to 1.
    fn value(&mut self) -> f32 {
        (self.numbers.next_bits() >> 40) as f32 / (1 << 23) as f32 - 1.0
    }
}

/// A folder that goes away with the value.
struct TemporaryFolder(PathBuf);

impl TemporaryFolder {
    fn new() -> Result<Self> {
        let random = hex_of(&random_bytes()?[..8]);
        let folder: &Path = &std::env::temp_dir().join(format!("vultus-bench-{random}"));
        fs::create_dir(folder).with_file(folder)?;
        Ok(Self(folder.to_owned()))
    }
}

impl Drop for TemporaryFolder {
    fn drop(&mut self) {
        // What cannot be removed is in the folder for such things.
        let _ = fs::remove_dir_all(&self.0);
    }
}
