//! Time of every stage, for the committed pack and, where its weights are here, the standard one.
//!
//! `cargo bench --bench pipeline` prints a table; with `-- --write` it also rewrites the table in
//! `benches/results/<target>.md` and keeps the raw rows by date. One thread, wall time, medians;
//! run it on a machine with nothing else to do.
#![allow(clippy::print_stdout, clippy::unwrap_used)]

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Instant;
use vultus::frame::{Frame, FrameLayout, Photo, PixelFormat};
use vultus::licensing::licence::Tier;
use vultus::licensing::testkit;
use vultus::model::Pack;
use vultus::pipeline::DetectOptions;
use vultus::sdk::{Config, Sdk};

const ROUNDS: usize = 31;
const BEGIN: &str = "<!-- pipeline: begin -->";
const END: &str = "<!-- pipeline: end -->";

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
    match standard_pack(&root) {
        Some(folder) => {
            rows.extend(measure_pack(&folder, &root));
            fs::remove_dir_all(folder).unwrap();
        }
        None => println!("standard: skipped, its weights are not on this machine"),
    }
    let report = table(&rows);
    println!("{report}");
    if arguments.iter().any(|argument| argument == "--write") {
        write(&root, &rows, &report);
    }
}

/// The manifest of the repository beside the published weights, in a folder of its own.
fn standard_pack(root: &Path) -> Option<PathBuf> {
    let weights = fs::read_dir(root.join("../shared/models")).ok()?;
    let folder = std::env::temp_dir().join(format!("vultus-bench-{}", std::process::id()));
    fs::create_dir_all(&folder).unwrap();
    for entry in fs::read_dir(root.join("models/standard")).unwrap() {
        let entry = entry.unwrap();
        fs::copy(entry.path(), folder.join(entry.file_name())).unwrap();
    }
    for entry in weights {
        let entry = entry.unwrap();
        if entry
            .path()
            .extension()
            .is_some_and(|ending| ending == "onnx")
        {
            fs::copy(entry.path(), folder.join(entry.file_name())).unwrap();
        }
    }
    Some(folder)
}

fn measure_pack(folder: &Path, root: &Path) -> Vec<Row> {
    let pack = Pack::open(folder).unwrap().model_id().to_string();
    let portrait = Photo::decode(&fs::read(root.join("tests/data/probe.jpg")).unwrap()).unwrap();
    let options = DetectOptions::default();
    let mut rows = Vec::new();
    let mut add = |stage: &str, work: &mut dyn FnMut()| {
        let times = (0..ROUNDS).map(|_| timed(work)).collect();
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
        vultus::pipeline::Face {
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

fn write(root: &Path, rows: &[Row], report: &str) {
    let rustc = output("rustc", &["-vV"]);
    let line = |key: &str| {
        let found = rustc.lines().find_map(|line| line.strip_prefix(key));
        found.unwrap_or("unknown").trim().to_owned()
    };
    let (target, compiler) = (line("host:"), line("release:"));
    let date = output("date", &["-u", "+%F"]);
    let results = root.join("benches/results");
    let file = results.join(format!("{target}.md"));
    let machine = format!(
        "{BEGIN}\n{} on {target}, rustc {compiler}, {}, one thread, {ROUNDS} rounds, wall time.\n\n{report}{END}",
        cpu(),
        date.trim(),
    );
    let old = fs::read_to_string(&file)
        .unwrap_or_else(|_| format!("# Results on {target}\n\n{BEGIN}{END}\n"));
    let (before, rest) = old.split_once(BEGIN).expect("the file has its markers");
    let (_, after) = rest.split_once(END).expect("the file has its markers");
    fs::write(&file, format!("{before}{machine}{after}")).unwrap();

    let raw = results.join("raw").join(&target);
    fs::create_dir_all(&raw).unwrap();
    let mut csv = String::from("pack,stage,round,ms\n");
    for row in rows {
        for (round, ms) in row.times.iter().enumerate() {
            writeln!(csv, "{},\"{}\",{round},{ms:.4}", row.pack, row.stage).unwrap();
        }
    }
    fs::write(raw.join(format!("pipeline-{}.csv", date.trim())), csv).unwrap();
}

fn output(program: &str, arguments: &[&str]) -> String {
    String::from_utf8(
        Command::new(program)
            .args(arguments)
            .output()
            .unwrap()
            .stdout,
    )
    .unwrap()
}

fn cpu() -> String {
    let text = fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let field = |key: &str| {
        let line = text.lines().find(|line| line.starts_with(key))?;
        Some(line.split_once(':')?.1.trim().to_owned())
    };
    let name = field("model name").unwrap_or_else(|| "unknown processor".to_owned());
    let cores = text.matches("processor").count();
    let family = field("cpu family").unwrap_or_default();
    format!("{name} (family {family}, {cores} cores visible)")
}
