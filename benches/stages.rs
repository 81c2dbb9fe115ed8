//! Time of every stage, for the committed pack and, with `-- --pack DIR`, another one, such as the
//! standard pack that `vultus models import` makes.
//!
//! `cargo bench -p vultus --bench stages` prints a table; with `-- --write` it also rewrites the table in
//! `benches/results/<target>.md` and keeps the raw rows by date. One thread, wall time, medians;
//! run it on a machine with nothing else to do.
#![allow(clippy::print_stdout, clippy::unwrap_used)]

#[path = "common/report.rs"]
mod report;
#[path = "common/rounds.rs"]
mod rounds;

use report::Machine;
use rounds::rounds;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::Instant;
use vultus::DetectOptions;
use vultus::frame::{Frame, FrameLayout, Photo, PixelFormat};
use vultus::internals::model::Pack;
use vultus::licensing::licence::Tier;
use vultus::licensing::testkit;
use vultus::{Config, Sdk};

const ROUNDS: usize = 31;

fn open(pack: &Path) -> Sdk {
    Sdk::open(&Config::new(pack), testkit::grant(Tier::Recognise)).unwrap()
}

struct Row {
    pack: String,
    stage: String,
    /// Milliseconds of each round.
    times: Vec<f64>,
}

impl Row {
    fn median(&self) -> f64 {
        self.quantile(0.5)
    }

    fn quantile(&self, share: f64) -> f64 {
        let mut sorted = self.times.clone();
        sorted.sort_by(f64::total_cmp);
        sorted[((sorted.len() - 1) as f64 * share).round() as usize]
    }
}

fn main() {
    let arguments: Vec<String> = std::env::args().collect();
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
    let mut rows = measure_pack(&root.join("models/lite"), &root);
    let other = arguments.windows(2).find(|pair| pair[0] == "--pack");
    if let Some(pair) = other {
        rows.extend(measure_pack(Path::new(&pair[1]), &root));
    }
    let report = table(&rows);
    println!("{report}");
    if arguments.iter().any(|argument| argument == "--write") {
        write(&rows, &report);
    }
}

fn measure_pack(folder: &Path, root: &Path) -> Vec<Row> {
    let pack = Pack::open(folder).unwrap().model_id().to_string();
    let portrait = Photo::decode(&fs::read(root.join("tests/data/probe.jpg")).unwrap()).unwrap();
    let options = DetectOptions::default();
    let mut rows = Vec::new();
    let mut add = |stage: &str, work: &mut dyn FnMut()| {
        let times = (0..rounds(ROUNDS)).map(|_| timed(work)).collect();
        rows.push(Row {
            pack: pack.clone(),
            stage: stage.to_owned(),
            times,
        });
    };
    let small = picture(&portrait, 640, 480);
    let large = picture(&portrait, 1920, 1080);
    let frame = |bytes, width, height| {
        Frame::new(FrameLayout::packed(PixelFormat::Rgb8, width, height), bytes).unwrap()
    };
    let (small, large) = (frame(&small, 640, 480), frame(&large, 1920, 1080));

    add("open + first embedding 640×480", &mut || {
        let mut session = open(folder).session().unwrap();
        let face = session.largest_face(&small, &options).unwrap();
        session.embed(&small, &face).unwrap();
    });
    let sdk = open(folder);
    let mut session = sdk.session().unwrap();
    let face = session.largest_face(&small, &options).unwrap();
    session.embed(&small, &face).unwrap();
    session.detect(&large, &options).unwrap();
    add("detect 640×480, 2 faces", &mut || {
        assert_eq!(session.detect(&small, &options).unwrap().faces.len(), 2);
    });
    add("detect 1920×1080, 2 faces", &mut || {
        assert_eq!(session.detect(&large, &options).unwrap().faces.len(), 2);
    });
    let meshed = {
        let mesh = session.mesh(&small, &face).unwrap();
        vultus::Face {
            mesh: Some(mesh),
            ..face.clone()
        }
    };
    add(
        "quality beyond detection and mesh, networks included",
        &mut || {
            session.quality(&small, &meshed).unwrap();
        },
    );
    add("quality: pixels and pose alone", &mut || {
        session.measure(&small, &meshed).unwrap();
    });
    add("align 1 face", &mut || {
        session.align(&small, &face).unwrap();
    });
    add("align + embed 1 face", &mut || {
        session.embed(&small, &face).unwrap();
    });
    add("end to end 640×480, largest face", &mut || {
        let face = session.largest_face(&small, &options).unwrap();
        session.embed(&small, &face).unwrap();
    });
    rows
}

/// The photograph stretched over `width × height`, nearest pixel.
fn picture(photo: &Photo, width: usize, height: usize) -> Vec<u8> {
    let (from_width, from_height) = photo.image().size();
    let pixels = photo.image().pixels().as_chunks::<3>().0;
    let pixel = |i: usize| {
        let (x, y) = (i % width, i / width);
        pixels[y * from_height as usize / height * from_width as usize
            + x * from_width as usize / width]
    };
    (0..width * height).flat_map(pixel).collect()
}

fn timed(work: &mut dyn FnMut()) -> f64 {
    let start = Instant::now();
    work();
    start.elapsed().as_secs_f64() * 1e3
}

fn table(rows: &[Row]) -> String {
    let mut text =
        String::from("| pack | stage | median ms | 10 % | 90 % |\n|---|---|---|---|---|\n");
    for row in rows {
        writeln!(
            text,
            "| {} | {} | {:.2} | {:.2} | {:.2} |",
            row.pack,
            row.stage,
            row.median(),
            row.quantile(0.1),
            row.quantile(0.9)
        )
        .unwrap();
    }
    text
}

fn write(rows: &[Row], report: &str) {
    let machine = Machine::here();
    let text = format!("{machine}, one thread, {ROUNDS} rounds, wall time.\n\n{report}");
    report::rewrite(&machine, "stages", &text);

    let raw = report::results().join("raw").join(&machine.target);
    fs::create_dir_all(&raw).unwrap();
    let mut csv = String::from("pack,stage,round,ms\n");
    for row in rows {
        for (round, ms) in row.times.iter().enumerate() {
            writeln!(csv, "{},\"{}\",{round},{ms:.4}", row.pack, row.stage).unwrap();
        }
    }
    fs::write(raw.join(format!("stages-{}.csv", machine.date)), csv).unwrap();
}
