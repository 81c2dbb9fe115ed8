//! Is the face before a depth sensor alive?
//!
//! ```sh
//! cargo run --release --example liveness_depth -- LICENCE_FOLDER models/lite face.png face.z16 580
//! ```
//!
//! `face.png` is a picture in the sensor's own pixels, such as its infrared one; `face.z16` its depth at the same moment, 16 bits
//! a pixel in millimetres, little endian; 580 is the sensor's focal length in pixels. Exit code 0 for a living face, 1 for any
//! other answer, 2 for an error. What this stops, and what not, is in docs/liveness.md.

#![allow(clippy::print_stdout, clippy::print_stderr)]

use std::error::Error;
use std::process::ExitCode;
use vultus::frame::{DepthFormat, DepthLayout};
use vultus::geom::{Intrinsics, Orientation};
use vultus::liveness::depth::{DepthFace, SensorClass};
use vultus::{Config, DepthFrame, DetectOptions, Device, Liveness, Photo, Sdk};

/// Of both pictures. A camera says when it took a frame; files do not.
const CAPTURED_US: u64 = 1;

fn main() -> ExitCode {
    match run() {
        Ok(Liveness::Live) => ExitCode::SUCCESS,
        Ok(_) => ExitCode::from(1),
        Err(error) => {
            eprintln!("{error}");
            ExitCode::from(2)
        }
    }
}

fn run() -> Result<Liveness, Box<dyn Error>> {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let [licence, pack, picture, depth, focal] = words.as_slice() else {
        return Err("usage: liveness_depth LICENCE_FOLDER PACK FACE.png FACE.z16 FOCAL".into());
    };
    let grant = Device::here(licence.as_ref())?.activate()?;
    let sdk = Sdk::open(&Config::new(pack), grant)?;
    let mut session = sdk.session()?;
    // Made once for a sensor.
    let judge = sdk.liveness_depth(SensorClass::B)?;

    let photo = Photo::decode(&std::fs::read(picture)?)?;
    let found = session.largest_face(&photo.frame(), &DetectOptions::default())?;
    let face = DepthFace {
        // A colour camera beside the sensor needs a `Registration` from its pixels to these.
        landmarks: found.landmarks,
        timestamp_us: CAPTURED_US,
    };
    let samples = std::fs::read(depth)?;
    let layout = layout(photo.frame().size(), focal.parse()?);
    let frame = DepthFrame::new(layout, &samples)?;
    let said = session.liveness_depth(&judge, &frame, &face)?;
    match said.verdict {
        Liveness::Live => println!("live: {}", said.evidence),
        Liveness::Spoof(reasons) => println!("a spoof: {reasons}"),
        Liveness::Inconclusive(reasons) => println!("it cannot be said: {reasons}"),
    }
    Ok(said.verdict)
}

/// Everything that a depth frame has to say of itself.
fn layout((width, height): (u32, u32), focal: f32) -> DepthLayout {
    DepthLayout {
        format: DepthFormat::Z16,
        width,
        height,
        stride: width as usize * 2,
        unit_mm: 1.0,
        intrinsics: Intrinsics {
            fx: focal,
            fy: focal,
            cx: width as f32 / 2.0,
            cy: height as f32 / 2.0,
        },
        orientation: Orientation::default(),
        timestamp_us: CAPTURED_US,
    }
}
