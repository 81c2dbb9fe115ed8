//! What a device pays from a cold start: time and memory of one process, told once.
//!
//! `device frame PHOTOGRAPH FILE` writes a photograph as 640 × 480 RGB pixels, what a camera would hand over.
//! `device start opening|use PACK FILE FACES` opens a pack whose files are verified on opening or on first use,
//! makes one session, embeds the largest face of that frame, with FACES above 0 enrols it beside that many strangers
//! and finds it, and prints `name value` lines:
//!
//! | name | value |
//! |---|---|
//! | `open_ms` | CPU time of opening the pack: its manifest, and reading and hashing its files unless that waits |
//! | `first_ms` | CPU time from there to the first embedding: planning, packing of weights, detection, mesh where needed, embedding |
//! | `next_ms` | CPU time of the second embedding |
//! | `peak_kib` | largest resident memory (`VmHWM`), after the second embedding and the search |
//!
//! A process each, because peak memory cannot be taken back; `scripts/measure-device.sh` runs it. Built by
//! `-p vultus` it is the library as a device links it, without threads, and test keys for the grant.
#![allow(clippy::print_stdout, clippy::unwrap_used)]

#[path = "engine/clock.rs"]
mod clock;
#[path = "common/noise.rs"]
mod noise;

use clock::cpu_ms;
use noise::unit_noise;
use std::fs;
use std::process::ExitCode;
use vultus::DetectOptions;
use vultus::Embedding;
use vultus::Verification;
use vultus::frame::{Frame, FrameLayout, Photo, PixelFormat};
use vultus::internals::matching::index::Index;
use vultus::licensing::licence::Tier;
use vultus::licensing::testkit;
use vultus::{Config, Sdk, Session};

const WIDTH: u32 = 640;
const HEIGHT: u32 = 480;

fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    match words.as_slice() {
        ["frame", photograph, file] => frame(photograph, file),
        ["start", "opening", pack, file, faces] => {
            start(Verification::OnOpening, pack, file, faces.parse().unwrap());
        }
        ["start", "use", pack, file, faces] => {
            start(Verification::OnFirstUse, pack, file, faces.parse().unwrap());
        }
        // What cargo itself asks of a bench.
        words
            if words
                .iter()
                .all(|word| ["--bench", "--test"].contains(word)) =>
        {
            println!("scripts/measure-device.sh runs it");
        }
        _ => {
            println!(
                "usage: device frame PHOTOGRAPH FILE | device start opening|use PACK FILE FACES"
            );
            return ExitCode::FAILURE;
        }
    }
    ExitCode::SUCCESS
}

/// The nearest pixel of the photograph for each of the frame's.
fn frame(photograph: &str, file: &str) {
    let photo = Photo::decode(&fs::read(photograph).unwrap()).unwrap();
    let (from_width, from_height) = photo.image().size();
    let [from_width, from_height] = [from_width, from_height].map(u64::from);
    let pixels = photo.image().pixels().as_chunks::<3>().0;
    let pixel = |i: u32| {
        let [x, y] = [i % WIDTH, i / WIDTH].map(u64::from);
        let row = y * from_height / u64::from(HEIGHT);
        pixels[(row * from_width + x * from_width / u64::from(WIDTH)) as usize]
    };
    let bytes: Vec<u8> = (0..WIDTH * HEIGHT).flat_map(pixel).collect();
    fs::write(file, bytes).unwrap();
}

fn start(verification: Verification, pack: &str, file: &str, faces: usize) {
    let pixels = fs::read(file).unwrap();
    let layout = FrameLayout::packed(PixelFormat::Rgb8, WIDTH, HEIGHT);
    let frame = Frame::new(layout, &pixels).unwrap();
    let grant = testkit::grant(Tier::Recognise);
    let (mut sdk, mut session) = (None, None);
    let config = Config::builder(pack).verification(verification).build();
    let open = cpu_ms(|| sdk = Some(Sdk::open(&config, grant).unwrap()));
    let sdk = sdk.unwrap();
    let first = cpu_ms(|| {
        let mut fresh = sdk.session().unwrap();
        embed(&mut fresh, &frame);
        session = Some(fresh);
    });
    let mut session = session.unwrap();
    let mut embedding = None;
    let next = cpu_ms(|| embedding = Some(embed(&mut session, &frame)));
    if faces > 0 {
        find_among(&embedding.unwrap(), faces);
    }
    println!("open_ms {open:.3}\nfirst_ms {first:.3}\nnext_ms {next:.3}");
    println!("peak_kib {}", peak_kib());
}

fn embed(session: &mut Session, frame: &Frame<'_>) -> Embedding {
    let face = session.largest_face(frame, &DetectOptions::default());
    session.embed(frame, &face.unwrap()).unwrap()
}

fn find_among(embedding: &Embedding, faces: usize) {
    let dimension = embedding.values().len();
    let mut index = Index::new(embedding.model_id(), dimension).unwrap();
    for number in 0..faces {
        index.extend(&unit_noise(dimension, number)).unwrap();
    }
    let row = index.insert(embedding).unwrap();
    let hits = index.search(embedding, 5, None).unwrap();
    assert_eq!(hits.first().map(|hit| hit.row), Some(row));
}

fn peak_kib() -> u64 {
    let status = fs::read_to_string("/proc/self/status").unwrap();
    let line = status
        .lines()
        .find_map(|line| line.strip_prefix("VmHWM:"))
        .expect("Linux tells the peak");
    line.trim().trim_end_matches(" kB").parse().unwrap()
}
