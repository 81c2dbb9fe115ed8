//! Time of every stage of liveness for one frame, on simulated faces, with the committed pack and, with
//! `-- --pack DIR`, another one, such as the standard pack, which alone judges colour pictures.
//!
//! `cargo bench -p vultus --bench liveness` prints a table; with `-- --write` it also rewrites the table in
//! `benches/results/<target>.md` and keeps the raw rows by date. One thread, processor time, medians.
#![allow(clippy::print_stdout, clippy::print_stderr, clippy::unwrap_used)]

#[path = "common/report.rs"]
mod report;
#[path = "common/rounds.rs"]
mod rounds;

use report::Machine;
use rounds::rounds;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;
use vultus::DetectOptions;
use vultus::error::Status;
use vultus::frame::Photo;
use vultus::internals::model::{Pack, PackNetwork, Role};
use vultus::internals::stages::liveness::{Judge, Scratch};
use vultus::licensing::licence::Tier;
use vultus::licensing::testkit;
use vultus::liveness::colour::ColourLiveness;
use vultus::liveness::decision::{DecisionRules, FrameLiveness, LivenessDecision};
use vultus::liveness::depth::{DepthLiveness, SensorClass};
use vultus::liveness::infrared::{InfraredFrames, InfraredLiveness};
use vultus::liveness::{Evidence, Liveness};
use vultus::{Config, Sdk, TrackId};
use vultus_simulator::{Conditions, Species};
use vultus_testkit::simulated::depth::{Shot, geometry};
use vultus_testkit::simulated::infrared::NirShot;

const ROUNDS: usize = 31;

/// Seeds that nothing else uses.
const FROM: u64 = 5_000_000;

/// Faces that take turns, at 320 to 620 mm.
const FACES: usize = 4;

struct Row {
    pack: String,
    stage: &'static str,
    /// Milliseconds of each round.
    times: Vec<f64>,
}

impl Row {
    fn quantile(&self, share: f64) -> f64 {
        let mut sorted = self.times.clone();
        sorted.sort_by(f64::total_cmp);
        sorted[((sorted.len() - 1) as f64 * share).round() as usize]
    }
}

/// Processor time of this process so far.
fn now() -> Duration {
    let time = rustix::time::clock_gettime(rustix::time::ClockId::ProcessCPUTime);
    Duration::new(time.tv_sec as u64, time.tv_nsec as u32)
}

/// Milliseconds of one call, each round over so many calls.
fn timed(calls: usize, mut work: impl FnMut(usize)) -> Vec<f64> {
    work(0);
    let round = |round: usize| {
        let before = now();
        (0..calls).for_each(|call| work(round * calls + call));
        (now() - before).as_secs_f64() * 1e3 / calls as f64
    };
    (0..rounds(ROUNDS)).map(round).collect()
}

fn conditions(face: usize) -> Conditions {
    Conditions::draw(320.0 + 100.0 * face as f32, FROM + face as u64)
}

fn main() {
    let arguments: Vec<String> = std::env::args().collect();
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
    let mut rows = vec![decision()];
    let other = arguments.windows(2).find(|pair| pair[0] == "--pack");
    let other = other.map(|pair| PathBuf::from(&pair[1]));
    for folder in std::iter::once(root.join("models/lite")).chain(other) {
        rows.extend(of_pack(&folder, &root));
    }
    let report = table(&rows);
    println!("{report}");
    if arguments.iter().any(|argument| argument == "--write") {
        write(&rows, &report);
    }
}

fn of_pack(folder: &Path, root: &Path) -> Vec<Row> {
    let pack = Pack::open(folder).unwrap();
    let id = pack.model_id().to_string();
    let missing = |role: Role| eprintln!("{id} has no network of role {}", role.table());
    let mut rows = depth(pack.with_role(Role::LivenessDepth).next());
    if rows.len() == 1 {
        missing(Role::LivenessDepth);
    }
    match pack.with_role(Role::LivenessInfrared).next() {
        Some(network) => rows.extend(infrared(network)),
        None => missing(Role::LivenessInfrared),
    }
    match ColourLiveness::new((), pack.with_role(Role::LivenessColour)) {
        Ok(judge) => rows.push(colour(&judge, folder, root)),
        Err(error) if error.status() == Status::FeatureNotAvailable => {
            missing(Role::LivenessColour);
        }
        Err(error) => panic!("{error}"),
    }
    let row = |(stage, times)| Row {
        pack: id.clone(),
        stage,
        times,
    };
    rows.into_iter().map(row).collect()
}

/// Stage A, and where there is a network both stages.
fn depth(network: Option<&PackNetwork>) -> Vec<(&'static str, Vec<f64>)> {
    let judge = geometry(SensorClass::A);
    // Those that stage A refuses never come to stage B.
    let mut seeds = FROM..FROM + 100;
    let mut next = |face| {
        let mut shots = seeds
            .by_ref()
            .map(|seed| Shot::under(Species::Live, SensorClass::A, &conditions(face), seed));
        let live = shots.find(|shot| shot.assess(&judge).verdict.is_live());
        live.expect("most people are accepted")
    };
    let shots: Vec<Shot> = (0..FACES).map(&mut next).collect();
    let mut scratch = Scratch::default();
    let first = timed(4, |i| {
        let shot = &shots[i % FACES];
        let found = judge.assess(&mut scratch, &shot.frame(), &shot.face);
        found.unwrap();
    });
    let mut rows = vec![("depth, stage A", first)];
    if let Some(network) = network {
        let judge = DepthLiveness::new(SensorClass::A, [network]).unwrap();
        let both = timed(4, |i| {
            let shot = &shots[i % FACES];
            let found = judge.assess(&mut scratch, &shot.frame(), &shot.face);
            let asked = found.unwrap().networks.len();
            assert_eq!(asked, 1, "the network was asked");
        });
        rows.push(("depth, stages A and B", both));
    }
    rows
}

fn infrared(network: &PackNetwork) -> Vec<(&'static str, Vec<f64>)> {
    let judge = InfraredLiveness::new((), [network]).unwrap();
    let mut scratch = Scratch::default();
    let shots: Vec<NirShot> = (0..FACES)
        .map(|face| NirShot::under(Species::Live, &conditions(face), 0.2, FROM + face as u64))
        .collect();
    let mut ask = |frames: &dyn for<'a> Fn(&'a NirShot) -> InfraredFrames<'a>| {
        timed(1, |i| {
            let shot = &shots[i % FACES];
            let frames = (&shot.colour(), &frames(shot));
            let found = judge.assess(&mut scratch, frames, &shot.face);
            assert!(found.unwrap().score.is_some(), "the network was asked");
        })
    };
    vec![
        ("infrared, lit and unlit", ask(&|shot| shot.pair())),
        ("infrared, lit alone", ask(&|shot| shot.lit_alone())),
    ]
}

/// A photograph: the networks are asked of no drawn face, because the gates see that it is none.
fn colour(judge: &ColourLiveness, folder: &Path, root: &Path) -> (&'static str, Vec<f64>) {
    let file = root.join("tests/data/people/barack_obama/portrait.jpg");
    let photo = Photo::decode(&fs::read(file).unwrap()).unwrap();
    let sdk = Sdk::open(&Config::new(folder), testkit::grant(Tier::Detect)).unwrap();
    let mut session = sdk.session().unwrap();
    let face = session
        .largest_face(&photo.frame(), &DetectOptions::default())
        .unwrap();
    let mut scratch = Scratch::default();
    let times = timed(1, |_| {
        let found = judge
            .assess(&mut scratch, &photo.frame(), &face.rect)
            .unwrap();
        assert!(found.score.is_some(), "the networks were asked");
    });
    ("colour, gates and both networks", times)
}

fn decision() -> Row {
    let track = TrackId::new(1);
    let mut decision = LivenessDecision::new(track, DecisionRules::default());
    let times = timed(10_000, |i| {
        let frame = FrameLiveness {
            timestamp_us: 1 + i as u64 * 100_000,
            verdict: Liveness::Live,
            score: Some(0.9),
            evidence: Evidence::default(),
        };
        decision.add(track, frame).unwrap();
    });
    Row {
        pack: "–".to_owned(),
        stage: "decision over five frames",
        times,
    }
}

fn table(rows: &[Row]) -> String {
    let mut text =
        String::from("| pack | stage | median ms | 10 % | 90 % |\n|---|---|---|---|---|\n");
    for row in rows {
        writeln!(
            text,
            "| {} | {} | {:.4} | {:.4} | {:.4} |",
            row.pack,
            row.stage,
            row.quantile(0.5),
            row.quantile(0.1),
            row.quantile(0.9)
        )
        .unwrap();
    }
    text
}

fn write(rows: &[Row], report: &str) {
    let machine = Machine::here();
    let text = format!(
        "One face in frames of 640 × 480: {machine}, one thread, {ROUNDS} rounds, processor time.\n\n{report}"
    );
    report::rewrite(&machine, "liveness", &text);

    let raw = report::results().join("raw").join(&machine.target);
    fs::create_dir_all(&raw).unwrap();
    let mut csv = String::from("pack,stage,round,ms\n");
    for row in rows {
        for (round, ms) in row.times.iter().enumerate() {
            writeln!(csv, "{},\"{}\",{round},{ms:.6}", row.pack, row.stage).unwrap();
        }
    }
    fs::write(raw.join(format!("liveness-{}.csv", machine.date)), csv).unwrap();
}
