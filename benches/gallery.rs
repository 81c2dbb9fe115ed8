//! What a gallery costs on a disk: opening one, and each change made durable.
//!
//! `cargo bench -p vultus --bench gallery` prints a table; with `-- --write` it also
//! rewrites the table in `benches/results/<target>.md`. The disk is the temporary folder's.
//! `-- --quick` leaves out the largest galleries, `-- --test` all but the smallest. One thread; faces are noise of unit length.
#![allow(clippy::print_stdout, clippy::unwrap_used)]

#[path = "engine/clock.rs"]
mod clock;
#[path = "common/noise.rs"]
mod noise;
#[path = "common/report.rs"]
mod report;

use clock::cpu_ms;
use noise::unit_noise;
use report::Machine;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::Instant;
use vultus::Embedding;
use vultus::gallery::store::{FileStorage, Opening, Secret};
use vultus::gallery::{
    Edit, EnrolFace, Gallery, GroupId, Limits, Matcher, NewGroup, NewPerson, PersonId,
    UniquePersonControl,
};
use vultus::internals::model::Pack;
use vultus::licensing::licence::Tier;
use vultus::licensing::testkit;

/// Persons of one commit while a gallery is filled.
const BULK: usize = 5_000;
/// Changes that are timed one by one.
const SINGLE: usize = 100;
const OPENINGS: usize = 5;

struct Row {
    dimension: usize,
    faces: usize,
    /// Wall time of filling, a face.
    bulk_ms: f64,
    enrol_ms: f64,
    delete_ms: f64,
    open_ms: f64,
    /// CPU time of opening.
    open_cpu_ms: f64,
    file_bytes: u64,
}

fn main() {
    let arguments: Vec<String> = std::env::args().collect();
    let given = |name: &str| arguments.iter().any(|argument| argument == name);
    let sizes: &[usize] = if given("--test") {
        &[1_000]
    } else if given("--quick") {
        &[1_000, 10_000]
    } else {
        &[1_000, 10_000, 50_000]
    };
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let pack = Pack::open(&root.join("models/lite")).unwrap();
    let grant = testkit::grant(Tier::Recognise);
    let matcher = Matcher::new(&grant, pack.curve().unwrap()).unwrap();
    let mut rows = Vec::new();
    for dimension in [128, 512] {
        for &faces in sizes {
            rows.push(measure(&matcher, dimension, faces));
        }
    }
    let table = table(&rows);
    println!("{table}");
    if given("--write") {
        let machine = Machine::here();
        let text = format!(
            "A gallery in a file, {machine}, one thread, medians of {OPENINGS} openings and {SINGLE} changes, \
             each change a commit of its own.\n\n{table}"
        );
        report::rewrite(&machine, "gallery", &text);
    }
}

/// A folder that goes when it is dropped.
struct Folder(PathBuf);

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

fn measure(matcher: &Matcher, dimension: usize, faces: usize) -> Row {
    let folder = Folder(std::env::temp_dir().join(format!("vultus-bench-{}", std::process::id())));
    fs::create_dir_all(&folder.0).unwrap();
    let file = folder.0.join("bench.gallery");
    let storage = || Box::new(FileStorage::new(&file));
    let secret = Secret::new([7; 32]);
    let limits = Limits::default();

    let gallery = Gallery::create(storage(), &secret, limits).unwrap();
    let group = NewGroup::new(group(), "bench", matcher.model_id());
    gallery.edit(|edit| edit.create_group(&group)).unwrap();
    let bulk_ms = wall_ms(|| {
        for first in (0..faces).step_by(BULK) {
            let numbers = first..faces.min(first + BULK);
            let enrol = |edit: &mut Edit| {
                numbers
                    .clone()
                    .try_for_each(|number| enrol(edit, matcher, dimension, number))
            };
            gallery.edit(enrol).unwrap();
        }
    });
    let enrol_ms = median(SINGLE, |i| {
        gallery
            .edit(|edit| enrol(edit, matcher, dimension, faces + i))
            .unwrap();
    });
    let delete_ms = median(SINGLE, |i| {
        let id = person(faces + i);
        gallery.edit(|edit| edit.delete_person(&id)).unwrap();
    });
    drop(gallery);

    let mut open_cpu = Vec::new();
    let open_ms = median(OPENINGS, |_| {
        let mut gallery = None;
        open_cpu.push(cpu_ms(|| {
            let opening = Opening::default();
            gallery = Some(Gallery::open(storage(), &secret, &opening, limits).unwrap());
        }));
        assert_eq!(gallery.unwrap().snapshot().face_count(), faces);
    });
    open_cpu.sort_by(f64::total_cmp);
    Row {
        dimension,
        faces,
        bulk_ms: bulk_ms / faces as f64,
        enrol_ms,
        delete_ms,
        open_ms,
        open_cpu_ms: open_cpu[OPENINGS / 2],
        file_bytes: fs::metadata(&file).unwrap().len(),
    }
}

fn group() -> GroupId {
    "bench".parse().unwrap()
}

fn person(number: usize) -> PersonId {
    format!("person-{number:06}").parse().unwrap()
}

fn enrol(
    edit: &mut Edit,
    matcher: &Matcher,
    dimension: usize,
    number: usize,
) -> vultus::error::Result<()> {
    let new = NewPerson::new(person(number), "Somebody");
    let values = unit_noise(dimension, number);
    let embedding = Embedding::from_parts(matcher.model_id(), values).unwrap();
    let face = EnrolFace::new(embedding, 50.0);
    let anyone = UniquePersonControl::default();
    edit.create_person(matcher, &group(), &new, face, anyone)
        .map(drop)
}

fn wall_ms(work: impl FnOnce()) -> f64 {
    let start = Instant::now();
    work();
    start.elapsed().as_secs_f64() * 1e3
}

fn median(count: usize, mut work: impl FnMut(usize)) -> f64 {
    let mut times: Vec<f64> = (0..count).map(|i| wall_ms(|| work(i))).collect();
    times.sort_by(f64::total_cmp);
    times[count / 2]
}

fn table(rows: &[Row]) -> String {
    let mut text = String::from(
        "| values × faces | open ms | of it CPU | enrol one ms | delete one ms | enrol in bulk, faces a second | bytes of file a face |\n\
         |---|---|---|---|---|---|---|\n",
    );
    for row in rows {
        writeln!(
            text,
            "| {} × {} | **{:.0}** | {:.0} | {:.2} | {:.2} | {:.0} | {:.0} |",
            row.dimension,
            row.faces,
            row.open_ms,
            row.open_cpu_ms,
            row.enrol_ms,
            row.delete_ms,
            1e3 / row.bulk_ms,
            row.file_bytes as f64 / row.faces as f64
        )
        .unwrap();
    }
    text
}
